from pathlib import Path

import av
import media
import numpy as np
import pytest

from pipeline.audio import clip, decode, read
from pipeline.data import Audio, Span
from pipeline.errors import UsageError


@pytest.fixture(scope="module")
def audio(tmp_path_factory: pytest.TempPathFactory) -> Audio:
    folder = tmp_path_factory.mktemp("clip")
    return decode([media.write(folder / "a.flac", media.speech(10))], folder / "out.wav")


@pytest.mark.parametrize("ending", [".wav", ".mp3", ".opus", ".flac"])
def test_a_clip_holds_its_span(tmp_path: Path, audio: Audio, ending: str) -> None:
    path = tmp_path / "clips" / f"1{ending}"
    clip(audio, Span(2.0, 4.5), path)
    again = decode([path], tmp_path / "again.wav")
    assert again.duration == pytest.approx(2.5, abs=0.06)
    heard, wanted = read(again), read(audio, 2.0, 4.5)
    product = np.correlate(wanted, heard[:36_000], "full")
    likeness = product.max() / np.linalg.norm(wanted) / np.linalg.norm(heard[:36_000])
    assert likeness > 0.9
    assert {file.name for file in path.parent.iterdir()} == {path.name}


def test_a_clip_begins_and_ends_softly(tmp_path: Path, audio: Audio) -> None:
    clip(audio, Span(2.0, 4.5), tmp_path / "1.wav")
    with av.open(str(tmp_path / "1.wav")) as container:
        sound = np.concatenate([f.to_ndarray().reshape(-1) for f in container.decode(audio=0)])
    assert abs(int(sound[0])) < 50
    assert abs(int(sound[-1])) < 50


def test_a_span_beyond_the_end_stops_at_the_end(tmp_path: Path, audio: Audio) -> None:
    clip(audio, Span(9.0, 20.0), tmp_path / "1.wav")
    assert decode([tmp_path / "1.wav"], tmp_path / "o.wav").duration == pytest.approx(1, abs=0.01)


def test_another_ending_is_refused(tmp_path: Path, audio: Audio) -> None:
    with pytest.raises(UsageError, match=r"1\.xyz: a clip is one of \.wav, \.mp3"):
        clip(audio, Span(0, 1), tmp_path / "1.xyz")
