"""A change of language is heard and told; what is no English to an English model is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from pipeline.asr.decoding import DecodedPiece
from pipeline.asr.languages import main_language
from pipeline.asr.window_transcriber import TranscribedWindow, WindowTranscriber
from pipeline.asr.windows import Pauses, Window
from pipeline.audio.wav import SAMPLE_RATE as RATE
from pipeline.data import Span, Word

# what a sample is worth says who speaks: 0.1 English, 0.2 German, 0.3 what sounds like Latin
SOUND = np.concatenate([np.full(12 * RATE, level, np.float32) for level in (0.1, 0.2, 0.1)])
for _second in (12, 24):
    SOUND[round(_second * RATE - 0.15 * RATE) : round(_second * RATE + 0.15 * RATE)] = 0.0
SPEECH = (Span(0.0, 36.0),)
CODES = {1: "en", 2: "de", 3: "la"}


@dataclass
class Bilingual:
    """Says a word a second; it is sure of it where it is asked in the language that is spoken."""

    multilingual: bool = True
    latin_is_english: bool = True
    asked: list[str] = field(default_factory=list)

    def decode(self, sounds: Sequence[np.ndarray], language: str, **_: Any) -> list[DecodedPiece]:
        self.asked.append(language)
        return [self._heard(sound, language) for sound in sounds]

    def detect_languages(self, sounds: Sequence[np.ndarray]) -> list[tuple[str, float]]:
        return [(_code(sound), 0.9) for sound in sounds]

    def _heard(self, sound: np.ndarray, language: str) -> DecodedPiece:
        words = []
        for second in range(len(sound) // RATE):
            spoken = _code(sound[second * RATE : (second + 1) * RATE])
            right = spoken == language
            sure = 0.9 if right else 0.1 if spoken == "de" else 0.6
            words.append(Word(second + 0.1, second + 0.9, f"{language}{second}", sure))
        likely = -0.1 if _code(sound) == language else -0.4
        if _code(sound) == "la" and language == "la":
            likely = -1.0
        return DecodedPiece(tuple(words), likely, _code(sound), 0.9)


def _code(sound: np.ndarray) -> str:
    return CODES[round(float(np.median(sound)) * 10)]


def listen(
    ear: Bilingual, sound: np.ndarray = SOUND, given: bool = False
) -> list[TranscribedWindow]:
    pauses = Pauses(sound, SPEECH)
    listener = WindowTranscriber(ear, sound, pauses, (), "en", given)  # type: ignore[arg-type]
    return listener.transcribe([Window(SPEECH)])


def said(passages: Sequence[TranscribedWindow]) -> list[str]:
    return [word.text[:2] for passage in passages for word in passage.words]


def test_a_change_of_language_inside_a_window_is_heard_and_told() -> None:
    passages = listen(Bilingual())
    assert said(passages) == ["en"] * 12 + ["de"] * 12 + ["en"] * 12
    (doubt,) = [doubt for passage in passages for doubt in passage.doubts]
    assert (doubt.start, doubt.end) == pytest.approx((12.0, 24.0), abs=0.15)
    assert doubt.why == "spoken in another language than the rest (de)"


def test_a_language_that_makes_the_words_no_likelier_is_not_believed() -> None:
    sound = np.where(SOUND > 0.15, np.float32(0.3), SOUND)
    passages = listen(Bilingual(), sound)
    assert set(said(passages)) == {"en"}
    assert [doubt for passage in passages for doubt in passage.doubts] == []


def test_where_all_is_sure_no_language_is_asked() -> None:
    ear = Bilingual()
    listen(ear, np.full(36 * RATE, 0.1, np.float32))
    assert ear.asked == ["en"]


def test_a_language_that_was_given_is_the_only_one() -> None:
    assert set(said(listen(Bilingual(), given=True))) == {"en"}


def test_an_english_model_refuses_other_speech_with_a_doubt() -> None:
    (passage,) = listen(Bilingual(multilingual=False))
    assert [word.start for word in passage.words if 12 <= word.start < 24] == []
    assert len(passage.words) == 24
    assert {doubt.why for doubt in passage.doubts} == {
        "speech that does not sound like English, the only language of this model"
    }
    refused = (passage.doubts[0].start, passage.doubts[-1].end)
    assert refused == pytest.approx((12.0, 24.0), abs=0.15)


def test_the_ruling_language_is_that_of_a_few_windows_spread_over_all() -> None:
    german, english = SOUND[13 * RATE : 20 * RATE], SOUND[: 7 * RATE]
    ear = Bilingual()
    assert main_language(ear, [german] * 9 + [english] * 3) == "de"  # type: ignore[arg-type]
    # of seven windows the first four are no fair choice
    assert main_language(ear, [english] * 2 + [german] * 5) == "de"  # type: ignore[arg-type]
