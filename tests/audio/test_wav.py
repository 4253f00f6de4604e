from pathlib import Path

import media
import pytest

from pipeline.audio import decode, read
from pipeline.errors import CacheError


def test_reading_stays_inside(tmp_path: Path) -> None:
    audio = decode([media.write(tmp_path / "a.wav", media.speech(3))], tmp_path / "out.wav")
    assert len(read(audio, -5, 1)) == 16_000
    assert len(read(audio, 2.5, 99)) == 8_000
    assert len(read(audio, 5, 9)) == 0


def test_a_decoded_file_that_is_gone_is_said(tmp_path: Path) -> None:
    audio = decode([media.write(tmp_path / "a.wav", media.speech(1))], tmp_path / "out.wav")
    audio.path.unlink()
    with pytest.raises(CacheError, match="run again"):
        read(audio)
