"""The offline engine on the sample's panel: real audio, real weights."""

import json
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import media
import numpy as np
import pytest

from pipeline.config import Diarize, Run
from pipeline.data import Diarization, Span, Turn
from pipeline.diarize import campplus
from pipeline.diarize.campplus import CamPlusPlus, load
from pipeline.diarize.embedding import SIZE
from pipeline.diarize.pieces import VoicedPieces
from pipeline.event import SpeakerCount

RATE = 16000
ANY = SpeakerCount()
FIRST, LAST = 242.0, 325.5  # of the sample: the panel's fast turns, then a question
SHORT = 16  # seconds from there, in which several people speak
SAMPLE = next((Path(__file__).parents[2] / "samples").glob("*/truth.json")).parent


def ignore(_: float) -> None:
    """A tick that nobody hears."""


@pytest.fixture(scope="module")
def engine() -> CamPlusPlus:
    return load(Diarize(), Run())


@pytest.fixture(scope="module")
def sound() -> np.ndarray:
    """The panel, 16 kHz mono."""
    return np.ascontiguousarray(media.evening()[int(FIRST * RATE) : int(LAST * RATE)])


@pytest.fixture(scope="module")
def truth() -> list[Turn]:
    turns = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["turns"]
    inside = [t for t in turns if t["start"] < LAST and t["end"] > FIRST]
    return [
        Turn(max(0.0, t["start"] - FIRST), min(LAST, t["end"]) - FIRST, t["speaker"])
        for t in inside
    ]


@pytest.fixture(scope="module")
def speech(truth: list[Turn]) -> list[Span]:
    """The truth's turns; those with hardly a pause between them are one span, as Silero's are."""
    spans = [Span(truth[0].start, truth[0].end)]
    for turn in truth[1:]:
        if turn.start - spans[-1].end < 0.5:
            spans[-1] = Span(spans[-1].start, turn.end)
        else:
            spans.append(Span(turn.start, turn.end))
    return spans


@pytest.fixture(scope="module")
def found(engine: CamPlusPlus, sound: np.ndarray, speech: list[Span]) -> Diarization:
    return engine.diarize(sound, speech, ANY, ignore)


@pytest.fixture(scope="module")
def opening(engine: CamPlusPlus, sound: np.ndarray, speech: list[Span]) -> Diarization:
    """What is found in the panel's first seconds."""
    return engine.diarize(sound[: SHORT * RATE], begun(speech), ANY, ignore)


def begun(speech: list[Span]) -> list[Span]:
    """The speech of the panel's first seconds."""
    return [Span(each.start, min(each.end, SHORT)) for each in speech if each.start < SHORT]


def wrong_seconds(truth: list[Turn], found: Diarization) -> float:
    """Seconds whose speaker is not the one that their speaker is most often taken for."""
    shared: dict[tuple[str, str], float] = {}
    for true in truth:
        for turn in found.turns:
            both = min(true.end, turn.end) - max(true.start, turn.start)
            pair = (turn.speaker, true.speaker)
            shared[pair] = shared.get(pair, 0.0) + max(0.0, both)
    right = {
        name: max(seconds for (who, _), seconds in shared.items() if who == name)
        for name, _ in shared
    }
    return sum(shared.values()) - sum(right.values())


@pytest.mark.slow
def test_fast_turns_go_to_the_right_speakers(found: Diarization, truth: list[Turn]) -> None:
    assert len(found.voices) == len({turn.speaker for turn in truth})
    assert wrong_seconds(truth, found) <= 0.05 * sum(turn.end - turn.start for turn in truth)


def test_turns_are_in_order_apart_and_cover_the_speech(
    opening: Diarization, speech: list[Span]
) -> None:
    for turn, following in zip(opening.turns, opening.turns[1:], strict=False):
        assert turn.start < turn.end <= following.start
    told = begun(speech)
    inside = sum(
        max(0.0, min(t.end, s.end) - max(t.start, s.start)) for t in opening.turns for s in told
    )
    assert inside >= 0.94 * sum(s.end - s.start for s in told)


def test_speakers_are_numbered_as_they_appear_with_one_voice_each(opening: Diarization) -> None:
    names = list(dict.fromkeys(turn.speaker for turn in opening.turns))
    assert names == [f"SPEAKER_{n:02d}" for n in range(len(names))] and len(names) > 1
    assert [voice.speaker for voice in opening.voices] == names
    for voice in opening.voices:
        assert len(voice.embedding) == SIZE
        assert np.linalg.norm(voice.embedding) == pytest.approx(1, abs=1e-3)


@pytest.mark.slow
def test_loudness_is_no_voice(
    engine: CamPlusPlus, sound: np.ndarray, speech: list[Span], opening: Diarization
) -> None:
    quiet = engine.diarize(sound[: SHORT * RATE] * 0.02, begun(speech), ANY, ignore)
    assert quiet.turns == opening.turns


@pytest.mark.slow
@pytest.mark.parametrize(("count", "expected"), [(2, 2), (6, 6)])
def test_a_given_count_is_kept(
    engine: CamPlusPlus, sound: np.ndarray, speech: list[Span], count: int, expected: int
) -> None:
    half = [span for span in speech if span.end < 40]
    made = engine.diarize(sound[: 40 * RATE], half, SpeakerCount(count=count), ignore)
    assert len(made.voices) == expected


@pytest.mark.slow
def test_progress_rises_to_the_end(
    engine: CamPlusPlus, sound: np.ndarray, speech: list[Span]
) -> None:
    heard: list[float] = []
    engine.diarize(sound[: 20 * RATE], speech[:1], ANY, heard.append)
    assert heard == sorted(heard)
    assert heard[-1] == pytest.approx(20)


def test_nothing_to_hear_is_no_speaker(engine: CamPlusPlus) -> None:
    nothing = Diarization((), ())
    assert engine.diarize(np.zeros(RATE, np.float32), [], ANY, ignore) == nothing
    assert engine.diarize(np.zeros(0, np.float32), [Span(0, 1)], ANY, ignore) == nothing


@pytest.mark.parametrize("seconds", [0.6, 1.0])
def test_a_word_is_one_speakers(engine: CamPlusPlus, sound: np.ndarray, seconds: float) -> None:
    word = sound[: int(seconds * RATE)]
    made = engine.diarize(word, [Span(0, seconds)], ANY, ignore)
    assert [turn.speaker for turn in made.turns] == ["SPEAKER_00"]
    assert len(made.voices) == 1


def test_whom_the_segmentation_does_not_hear_is_nobody(engine: CamPlusPlus) -> None:
    """Whose words then are all one speaker's, see merge."""
    hiss = np.random.default_rng(0).normal(0, 0.01, 3 * RATE).astype(np.float32)
    made = engine.diarize(hiss, [Span(1.0, 1.5), Span(2.0, 9.0)], ANY, ignore)
    assert made == Diarization((), ())


@pytest.mark.slow
def test_torch_is_not_imported() -> None:
    code = (
        "import sys; from pipeline.diarize.campplus import load; from pipeline import config; "
        "load(config.Diarize(), config.Run()); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_sound_is_held_for_no_longer_than_its_features_take(
    engine: CamPlusPlus, sound: np.ndarray, speech: list[Span], monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[weakref.ref[np.ndarray]] = []
    left: list[np.ndarray | None] = []
    fbank, embed = campplus.fbank, campplus.embed

    def noted(samples: np.ndarray, gain: float) -> np.ndarray:
        held.append(weakref.ref(samples))
        return fbank(samples, gain)

    def looked(*given: Any) -> VoicedPieces:
        left.extend(each() for each in held)
        return embed(*given)

    def read() -> np.ndarray:
        held.append(weakref.ref(made := sound[: SHORT * RATE].copy()))
        return made

    monkeypatch.setattr(campplus, "fbank", noted)
    monkeypatch.setattr(campplus, "embed", looked)
    engine.diarize(read(), begun(speech), ANY, ignore)
    assert left and all(each is None for each in left)
