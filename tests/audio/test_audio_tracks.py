"""All audio tracks of a file are looked at; the one with the speech, or the asked one, is heard."""

import re
from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio import TrackWish, decode
from pipeline.errors import ConfigError


def two_languages(folder: Path) -> tuple[Path, np.ndarray, np.ndarray]:
    german, english = media.speech(6), media.speech(9, 40)
    file = media.write(folder / "talk.mkv", german, english, languages=["ger", "eng"])
    return file, german, english


def test_the_language_that_is_asked_for(tmp_path: Path) -> None:
    file, _, english = two_languages(tmp_path)
    audio = decode([file], tmp_path / "out.wav", wanted=TrackWish(language="en-GB"))
    assert media.likeness(audio, english) > 0.99
    assert audio.duration == pytest.approx(9, abs=0.05)
    assert audio.said == ("talk.mkv: of tracks 1 (ger), 2 (eng), number 2 is heard, as asked",)


@pytest.mark.parametrize("language", [None, "fr"])
def test_else_the_default_one_and_it_is_said(tmp_path: Path, language: str | None) -> None:
    file, german, _ = two_languages(tmp_path)
    audio = decode([file], tmp_path / "out.wav", wanted=TrackWish(language=language))
    assert media.likeness(audio, german) > 0.99
    assert "1 is heard, as the file's default" in audio.said[0]


def test_a_default_track_of_no_language_is_the_default_one(tmp_path: Path) -> None:
    """The hall, and two interpreters."""
    hall = media.speech(6)
    booths = [media.speech(6, 40), media.speech(6, 60)]
    file = media.write(tmp_path / "hall.mkv", hall, *booths, languages=["und", "eng", "ger"])
    audio = decode([file], tmp_path / "out.wav")
    assert media.likeness(audio, hall) > 0.99
    assert "1 is heard, as the file's default" in audio.said[0]


def test_of_two_tracks_of_which_one_says_its_language_the_asked_one(tmp_path: Path) -> None:
    first, english = media.speech(20), media.speech(20, 60)
    file = media.write(tmp_path / "a.mkv", first, english, languages=["und", "eng"])
    audio = decode([file], tmp_path / "out.wav", wanted=TrackWish(language="en"))
    assert media.likeness(audio, english) > 0.99
    assert "different speech at the same time" in audio.warnings[0]


def test_of_tracks_that_hold_the_same_the_first_is_heard(tmp_path: Path) -> None:
    """And not the one that a decibel makes the clearer."""
    noise = media.hiss(20, 0.004)
    sounds = [media.speech(20, 5) + loud * noise for loud in (1.0, 0.9)]
    file = media.write(tmp_path / "a.mkv", *sounds)
    audio = decode([file], tmp_path / "out.wav")
    assert audio.said == ("a.mkv: track 1 is heard, it holds all speech",)


def test_the_track_that_is_asked_for_wins(tmp_path: Path) -> None:
    file, _, english = two_languages(tmp_path)
    audio = decode([file], tmp_path / "out.wav", wanted=TrackWish(track=2, language="de"))
    assert media.likeness(audio, english) > 0.99


def test_a_track_that_is_not_there(tmp_path: Path) -> None:
    file, _, _ = two_languages(tmp_path)
    with pytest.raises(ConfigError, match="track 3 was asked for, and it has only 2"):
        decode([file], tmp_path / "out.wav", wanted=TrackWish(track=3))


def test_music_first_and_speech_second(tmp_path: Path) -> None:
    sound = media.speech(10)
    file = media.write(tmp_path / "screen.mkv", media.music(10), sound)
    audio = decode([file], tmp_path / "out.wav")
    assert media.likeness(audio, sound) > 0.99
    assert audio.warnings == ("screen.mkv: track 1 holds no speech; track 2 is heard",)


def test_a_speaker_on_each_track(tmp_path: Path) -> None:
    ada, oscar = media.in_turn(5, 6, 4, 3)
    audio = decode([media.write(tmp_path / "call.mkv", ada, oscar)], tmp_path / "out.wav")
    assert media.likeness(audio, ada + oscar) > 0.98
    assert audio.known is not None
    assert audio.known.by == "tracks"
    assert media.speakers(audio) == ["SPEAKER_00", "SPEAKER_01"] * 2


def test_a_mix_beside_the_speakers_tracks_is_not_a_third(tmp_path: Path) -> None:
    """What screen recorders write: all in one, then each alone."""
    ada, oscar = media.in_turn(5, 6, 4, 3)
    file = media.write(tmp_path / "screen.mkv", ada + oscar, ada, oscar)
    audio = decode([file], tmp_path / "out.wav")
    assert audio.known is not None
    assert {turn.speaker for turn in audio.known.turns} == {"SPEAKER_00", "SPEAKER_01"}
    assert media.likeness(audio, ada + oscar) > 0.98


@pytest.mark.parametrize("place", [0, 1])
def test_two_people_on_one_track_and_a_third_on_another(tmp_path: Path, place: int) -> None:
    """A call with a speaker a channel, and the host's own microphone."""
    sides = np.zeros((3, 42 * media.RATE), np.float32)
    for number in range(6):
        at, said = 7 * number * media.RATE, media.speech(6, 8 * number)
        sides[number % 3, at : at + len(said)] = said
    alone = np.stack([sides[2], sides[2]])
    tracks = [sides[:2], alone] if place else [alone, sides[:2]]
    file = media.write(tmp_path / "talk.mkv", *tracks, layout="stereo")
    assert len(set(media.speakers(decode([file], tmp_path / "out.wav")))) == 3
    file = media.write(tmp_path / "twice.mkv", sides[:2], sides[:2], layout="stereo")
    assert len(set(media.speakers(decode([file], tmp_path / "out.wav")))) == 2


def test_a_first_track_that_nothing_decodes(tmp_path: Path) -> None:
    sound = media.speech(6)
    file = media.write(tmp_path / "phone.mov", sound, sound)
    data = bytearray(file.read_bytes())
    found = re.search(rb"stsd.{8}.{4}(mp4a)", bytes(data), re.DOTALL)
    assert found
    data[found.start(1) : found.end(1)] = b"apac"
    box = bytes(data).index(b"esds", found.end(1))
    data[box : box + 4] = b"dapa"
    file.write_bytes(data)
    audio = decode([file], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(6, abs=0.1)
    assert audio.warnings[0].startswith("phone.mov: track 1 is in a format that cannot be decoded")


def test_different_speech_on_two_tracks_without_a_language(tmp_path: Path) -> None:
    first, second = media.speech(20), media.speech(20, 60)
    audio = decode([media.write(tmp_path / "a.mkv", first, second)], tmp_path / "out.wav")
    assert media.likeness(audio, first) > 0.99
    assert "track 1 and track 2 hold different speech at the same time" in audio.warnings[0]
