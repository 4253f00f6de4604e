import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio import decode, find_speech, read
from pipeline.audio.vad import STEP, VadOptions, speech_probabilities, to_spans
from pipeline.data import Audio, Span

BEGUN = 120  # seconds
Found = tuple[tuple[Span, ...], list[float]]


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Audio:
    """The first two minutes of the sample."""
    folder = tmp_path_factory.mktemp("evening")
    begun = media.write(folder / "begun.wav", media.evening()[: BEGUN * media.RATE])
    return decode([begun], folder / "out.wav")


@pytest.fixture(scope="module")
def found(evening: Audio) -> Found:
    """Where somebody speaks in the sample, and the ticks that told how far it was heard."""
    ticks: list[float] = []
    return find_speech(evening, ticks.append), ticks


def _curve(*runs: tuple[float, float]) -> np.ndarray:
    """Probabilities from (seconds, probability) runs."""
    return np.concatenate([np.full(round(s / STEP), p, np.float32) for s, p in runs])


def test_streaming_gives_what_the_whole_file_gives(evening: Audio) -> None:
    from faster_whisper.vad import get_vad_model

    begun = replace(evening, duration=30.01)  # four batches; the last window ends in silence
    sound = read(begun)
    whole = get_vad_model()(np.pad(sound, (0, -len(sound) % 512))).reshape(-1)
    streamed = np.concatenate([probabilities for probabilities, _ in speech_probabilities(begun)])
    np.testing.assert_allclose(streamed, whole, atol=1e-4)


def test_speech_is_found_where_it_is(found: Found) -> None:
    turns = json.loads((media.EVENING.parent / "truth.json").read_text())["turns"]
    truth, heard = np.zeros(BEGUN * 100, bool), np.zeros(BEGUN * 100, bool)
    for turn in turns:
        truth[round(turn["start"] * 100) : round(turn["end"] * 100)] = True
    for span in found[0]:
        heard[round(span.start * 100) : round(span.end * 100)] = True
    assert (truth & ~heard).sum() < 0.02 * truth.sum()
    assert (heard & ~truth).sum() < 0.05 * truth.sum()


def test_spans_are_in_order_and_apart(evening: Audio, found: Found) -> None:
    spans, _ = found
    assert all(span.start < span.end for span in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert spans[-1].end <= evening.duration


def test_ticks_rise_to_the_length(evening: Audio, found: Found) -> None:
    _, ticks = found
    assert ticks == sorted(ticks)
    assert ticks[-1] == pytest.approx(evening.duration)


def test_short_pauses_stay_inside_and_clicks_fall_out() -> None:
    curve = _curve((1, 0), (2, 0.9), (0.3, 0), (2, 0.9), (2, 0), (0.1, 0.9), (1, 0))
    (span,) = to_spans(curve, 8.4, VadOptions(pad=0.0))
    assert span.start == pytest.approx(1, abs=0.05)
    assert span.end == pytest.approx(5.3, abs=0.07)


def test_a_doubtful_window_keeps_speech_going_but_starts_none() -> None:
    assert to_spans(_curve((3, 0.4)), 3.0) == ()
    (span,) = to_spans(_curve((1, 0.9), (2, 0.4)), 3.0)
    assert span.end == pytest.approx(3, abs=0.05)


def test_padding_stays_in_the_recording_and_between_neighbours() -> None:
    curve = _curve((0.05, 0), (1, 0.9), (0.6, 0), (1, 0.9))
    first, second = to_spans(curve, len(curve) * STEP, VadOptions(pad=0.5))
    assert first.start == 0
    assert first.end == pytest.approx(second.start, abs=0.002)
    assert second.end == pytest.approx(len(curve) * STEP, abs=0.002)


def test_endless_speech_is_cut_where_speech_is_least_likely() -> None:
    curve = _curve((80, 0.9), (0.1, 0.6), (80, 0.9))
    first, second = to_spans(curve, 160.1, VadOptions(longest=100, pad=0.0))
    assert first.end == second.start == pytest.approx(80, abs=0.2)
    assert second.end == pytest.approx(160.1, abs=0.1)


def test_speech_over_a_hundred_minutes_keeps_its_place(tmp_path: Path) -> None:
    word = media.speech(3)
    sound = np.concatenate([media.hiss(100, 0.0005), word, media.hiss(50, 0.0005)])
    audio = decode([media.write(tmp_path / "a.flac", sound)], tmp_path / "out.wav")
    spans = find_speech(audio)
    assert spans[0].start == pytest.approx(100, abs=0.3)
    assert isinstance(spans[0], Span)
    assert spans[-1].end == pytest.approx(103, abs=0.3)
