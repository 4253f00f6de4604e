import io
from pathlib import Path

import av
import media
import numpy as np
import pytest

from pipeline.audio import clip, decode, read
from pipeline.data import Audio, Span


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Audio:
    folder = tmp_path_factory.mktemp("clip")
    return decode([media.write(folder / "a.flac", media.speech(10))], folder / "out.wav")


def again(data: bytes, folder: Path) -> Audio:
    (folder / "1.mp3").write_bytes(data)
    return decode([folder / "1.mp3"], folder / "again.wav")


def test_a_clip_holds_its_span(tmp_path: Path, audio: Audio) -> None:
    found = again(clip(audio, Span(2.0, 4.5)), tmp_path)
    assert found.duration == pytest.approx(2.5, abs=0.06)
    heard, wanted = read(found), read(audio, 2.0, 4.5)
    product = np.correlate(wanted, heard[:36_000], "full")
    likeness = product.max() / np.linalg.norm(wanted) / np.linalg.norm(heard[:36_000])
    assert likeness > 0.9


def test_a_clip_begins_and_ends_softly(audio: Audio) -> None:
    with av.open(io.BytesIO(clip(audio, Span(2.0, 4.5)))) as container:
        sound = np.concatenate([f.to_ndarray().reshape(-1) for f in container.decode(audio=0)])
    assert np.abs(sound[[0, -1]]).max() < 50 / 32768


def test_a_span_beyond_the_end_stops_at_the_end(tmp_path: Path, audio: Audio) -> None:
    found = again(clip(audio, Span(9.0, 20.0)), tmp_path)
    assert found.duration == pytest.approx(1, abs=0.06)
