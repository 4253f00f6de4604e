"""Whisper base on a few seconds of the sample, and models made to say a given text."""

from pathlib import Path
from typing import Any

import media
import numpy as np
import pytest
import scripted_whisper

from pipeline import config
from pipeline.asr import faster_whisper
from pipeline.asr.decoding import merge_subwords
from pipeline.asr.faster_whisper import FasterWhisper
from pipeline.data import Span, Transcript
from pipeline.errors import EngineError

RATE = 16_000
SPEECH = (Span(1.3, 9.5), Span(12.3, 20.5), Span(24.3, 34.1), Span(40.3, 67.7))
WIDE = (Span(1.0, 9.8), Span(12.0, 20.8), Span(24.0, 34.4), Span(40.0, 68.0))  # two windows
TEXT = scripted_whisper.babble()  # as much as a window holds, a word each 0.4 s


@pytest.fixture(scope="module")
def noise() -> np.ndarray:
    return np.random.default_rng(0).normal(size=70 * RATE).astype(np.float32) * 0.1


def load(folder: Path, **options: object) -> FasterWhisper:
    asr = config.Asr(model=str(folder), **{"beam_size": 1, **options})
    return faster_whisper.load(asr, config.Run(device="cpu"))


def hear(
    engine: FasterWhisper, sound: np.ndarray, speech: tuple[Span, ...] = SPEECH, **said: Any
) -> Transcript:
    return engine.transcribe(sound, speech, lambda seconds: None, **said)


def text(heard: Transcript) -> str:
    return " ".join(word.text for word in heard.words)


def in_speech(heard: Transcript, speech: tuple[Span, ...] = WIDE) -> bool:
    return all(
        any(span.start <= word.start <= word.end <= span.end for span in speech)
        for word in heard.words
    )


def in_order(heard: Transcript) -> bool:
    ends = [0.0, *(word.end for word in heard.words)]
    return all(word.start >= before for word, before in zip(heard.words, ends, strict=False))


@pytest.mark.parametrize("batch_size", [1, 8])
def test_each_window_is_heard_once_and_its_words_have_their_times(
    batch_size: int, tmp_path: Path, noise: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)  # a window to each: two batches
    engine = load(scripted_whisper.make(tmp_path, TEXT, TEXT), batch_size=batch_size)
    ticks: list[float] = []
    heard = engine.transcribe(noise, SPEECH, ticks.append)
    assert text(heard) == f"{TEXT} {TEXT}"
    first = [word.start for word in heard.words[:70]]
    before = [1.0] * 22 + [12.0 - 8.8] * 22 + [24.0 - 17.6] * 26
    spoken = [gap + 0.4 * place for place, gap in enumerate(before)]
    # the first word of a span begins with it, not in the silence that is given with it
    assert first == pytest.approx(spoken, abs=0.31)
    assert [word.start for word in heard.words[70:]] == pytest.approx(
        [40.0 + 0.4 * n for n in range(70)], abs=0.31
    )
    assert in_speech(heard)
    assert in_order(heard)
    assert heard.doubts == ()
    assert (ticks, heard.language) == ([34.4, 68.0], "en")


@pytest.mark.slow
def test_real_weights_hear_what_is_said_when_it_is_said(whisper_base: Path) -> None:
    """The founder: "When we started this company seven years ago, we had one idea. ..." """
    engine, names = load(whisper_base), ("Iron Kettle",)
    sound, speech = media.evening()[23 * RATE : 35 * RATE], (Span(0.3, 11.5),)
    heard = hear(engine, sound, speech, vocabulary=names)
    said = "when we started this company seven years ago we had one idea from the very first day"
    # some processors hear a word in the first fifth of a second, before it
    assert said in text(heard).lower().replace(",", "").replace(".", "")
    assert in_order(heard)
    starts = [word.start for word in heard.words if word.text.startswith("company")]
    assert starts == pytest.approx([1.656, 5.961], abs=0.15)  # of the sample's truth
    assert heard == hear(engine, sound, speech, vocabulary=names), "nothing is drawn at random"


def test_speech_that_a_batch_dropped_is_heard_again_alone(
    tmp_path: Path, noise: np.ndarray
) -> None:
    engine = load(scripted_whisper.make(tmp_path, "", TEXT))
    heard = hear(engine, noise)
    assert text(heard) == f"{TEXT} {TEXT}"
    assert heard.doubts == ()


def test_a_loop_is_heard_again_alone(tmp_path: Path, noise: np.ndarray) -> None:
    engine = load(scripted_whisper.make(tmp_path, "thank you...", TEXT))
    heard = hear(engine, noise)
    assert text(heard) == f"{TEXT} {TEXT}"
    assert heard.doubts == ()


def test_what_stays_suspicious_is_kept_and_marked(tmp_path: Path, noise: np.ndarray) -> None:
    engine = load(scripted_whisper.make(tmp_path, "thank you...", "my dear..."))
    heard = hear(engine, noise)
    assert len(heard.words) > 20
    assert any("again and again" in doubt.why for doubt in heard.doubts)
    doubted = [word for word in heard.words if word.probability <= 0.05]
    assert len(doubted) > 0.8 * len(heard.words)


def test_speech_that_nothing_hears_is_told(tmp_path: Path, noise: np.ndarray) -> None:
    heard = hear(load(scripted_whisper.make(tmp_path, "", "")), noise)
    assert heard.words == ()
    assert [(doubt.start, doubt.end) for doubt in heard.doubts] == [(1.0, 34.4), (40.0, 68.0)]
    assert all("no words" in doubt.why for doubt in heard.doubts)


def test_a_phantom_phrase_is_left_out_and_told(tmp_path: Path, noise: np.ndarray) -> None:
    phantom = "Subtitles by Amara.org"
    heard = hear(load(scripted_whisper.make(tmp_path, phantom, phantom)), noise)
    assert heard.words == ()
    assert any(f"left out “{phantom}”" in doubt.why for doubt in heard.doubts)


def test_a_multilingual_model_tells_the_language(tmp_path: Path, noise: np.ndarray) -> None:
    engine = load(scripted_whisper.make(tmp_path, TEXT, TEXT, language="de"))
    assert hear(engine, noise).language == "de"


def test_a_language_that_is_given_is_taken(tmp_path: Path, noise: np.ndarray) -> None:
    engine = load(scripted_whisper.make(tmp_path, TEXT, TEXT, language="de"))
    given = config.Asr(language="fr-CA").language
    assert hear(engine, noise, language=given).language == "fr"
    assert hear(engine, noise).language == "de", "the same model hears the next in another one"


def test_no_speech_gives_no_words(tmp_path: Path, noise: np.ndarray) -> None:
    assert hear(load(scripted_whisper.make(tmp_path, TEXT, TEXT)), noise, ()).words == ()


def test_one_short_span_is_heard(tmp_path: Path, noise: np.ndarray) -> None:
    heard = hear(load(scripted_whisper.make(tmp_path, "yes", "yes")), noise, (Span(3.0, 3.8),))
    assert text(heard) == "yes"


def test_hotwords_longer_than_a_prompt_are_accepted(tmp_path: Path, noise: np.ndarray) -> None:
    names = [f"word{n}" for n in range(600)]
    engine = load(scripted_whisper.make(tmp_path, TEXT, TEXT))
    assert text(hear(engine, noise, vocabulary=tuple(names))) == f"{TEXT} {TEXT}"


def test_an_english_model_refuses_another_language(tmp_path: Path, noise: np.ndarray) -> None:
    engine = load(scripted_whisper.make(tmp_path, TEXT, TEXT))
    with pytest.raises(EngineError, match="English only"):
        hear(engine, noise, language="fr")


def test_an_unknown_language_is_refused(tmp_path: Path, noise: np.ndarray) -> None:
    engine = load(scripted_whisper.make(tmp_path, TEXT, TEXT))
    with pytest.raises(EngineError, match="'ga'"):
        hear(engine, noise, language="ga")


def test_words_without_a_space_between_are_one_word() -> None:
    said = [
        {"word": " GPT", "start": 1.0, "end": 1.4, "probability": 0.9},
        {"word": "-4", "start": 1.4, "end": 1.8, "probability": 0.7},
        {"word": " is", "start": 1.8, "end": 2.0, "probability": 0.9},
    ]
    words = merge_subwords(said, "en")
    assert [(word.start, word.end, word.text, word.probability) for word in words] == [
        (1.0, 1.8, "GPT-4", 0.7),
        (1.8, 2.0, "is", 0.9),
    ]
    assert len(merge_subwords(said, "ja")) == 3
