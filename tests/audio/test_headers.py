"""A file is read whole, whatever its header says; what is missing is said with both lengths."""

import struct
from pathlib import Path

import media
import pytest

from pipeline.audio import decode, probed
from pipeline.data import Audio
from pipeline.errors import InputError


def decoded(file: Path) -> Audio:
    return decode([file], file.parent / "out.wav")


def wav_that_says(file: Path, size: int) -> Path:
    """A WAV of 12 s whose data chunk claims another length."""
    data = bytearray(media.write(file, media.speech(12)).read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", size)
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("size", [0, 3 * 32_000, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_wav_that_holds_more_than_it_says(tmp_path: Path, size: int) -> None:
    audio = decoded(wav_that_says(tmp_path / "a.wav", size))
    assert media.likeness(audio, media.speech(12)) > 0.99
    assert audio.duration == pytest.approx(12, abs=0.01)


def test_what_lies_behind_a_wavs_sound_is_no_sound(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.wav", media.speech(3))
    with file.open("ab") as out:
        out.write(b"LIST" + struct.pack("<I", 2000) + b"INFO" + b"x" * 1996)
    assert decoded(file).duration == pytest.approx(3, abs=0.01)


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.flac"])
def test_a_file_that_was_cut_off_is_said_with_both_lengths(tmp_path: Path, name: str) -> None:
    file = media.cut(media.write(tmp_path / name, media.speech(20)), 0.6)
    (warning,) = decoded(file).warnings
    assert warning.startswith(f"{name}: is cut off: it claims 0:00:20 and ends at 0:00:12")


def test_an_ogg_without_its_end(tmp_path: Path) -> None:
    file = media.cut(media.write(tmp_path / "a.ogg", media.speech(20)), 0.6)
    (warning,) = decoded(file).warnings
    assert "its end is missing: it stops at 0:00:12" in warning


@pytest.mark.parametrize(
    "name", ["a.wav", "a.mp3", "a.flac", "a.ogg", "a.m4a", "a.aac", "a.webm", "a.mkv"]
)
def test_recordings_put_one_behind_the_other_are_all_heard(tmp_path: Path, name: str) -> None:
    first = media.write(tmp_path / name, media.speech(8))
    second = media.write(tmp_path / f"b{first.suffix}", media.speech(5, 30))
    first.write_bytes(first.read_bytes() + second.read_bytes())
    assert decoded(first).duration == pytest.approx(13, abs=0.3)


def test_a_small_file_that_decodes_to_hours_is_refused(tmp_path: Path) -> None:
    sound = media.tone(0.1)
    file = media.write_with_gap(tmp_path / "bomb.mkv", sound, 3500.0, sound)
    with pytest.raises(InputError, match=r"bomb\.mkv: is \d+ kB long and decodes to"):
        decoded(file)


def latin_1(file: Path, title: str) -> Path:
    """A WAV whose title is not UTF-8."""
    data = media.write(file, media.speech(3)).read_bytes()
    text = title.encode("cp1252") + b"\0"
    text += b"\0" * (len(text) % 2)
    info = b"INFOINAM" + struct.pack("<I", len(text)) + text
    whole = data + b"LIST" + struct.pack("<I", len(info)) + info
    file.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    return file


def test_tags_that_are_not_utf_8(tmp_path: Path) -> None:
    file = latin_1(tmp_path / "a.wav", "Vortrag Müller")
    assert decoded(file).duration == pytest.approx(3, abs=0.01)
    found = probed(file)
    assert found
    assert found.title == "Vortrag Müller"


def test_an_id3v1_tag_that_is_not_utf_8(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.mp3", media.speech(3), options={"id3v2_version": "0"})
    tag = b"TAG" + "Grüße".encode("latin-1").ljust(30, b"\0")
    file.write_bytes(file.read_bytes() + tag.ljust(128, b"\0"))
    found = probed(file)
    assert found
    assert found.title == "Grüße"


def test_title_artist_date_and_chapters(tmp_path: Path) -> None:
    tags = {"title": "Kettle Night", "artist": "Ada Park", "date": "2025-05-15"}
    file = media.write(tmp_path / "a.mp3", media.speech(3), tags=tags)
    found = probed(file)
    assert found
    assert (found.title, found.artist, found.date) == ("Kettle Night", "Ada Park", "2025-05-15")
    assert found.chapters == ()


def test_a_year_alone_is_no_date(tmp_path: Path) -> None:
    found = probed(media.write(tmp_path / "a.mp3", media.speech(1), tags={"date": "2025"}))
    assert found
    assert found.date is None
