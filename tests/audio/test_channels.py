"""Of a recording's channels those with the speech are heard; two that alternate are two people."""

import wave
from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio import decode, read
from pipeline.data import Audio

RATE = media.RATE


def hum(seconds: float) -> np.ndarray:
    """Mains hum and noise, as loud as speech."""
    noise = media.hiss(seconds, 0.02, seed=3)
    return 0.3 * media.tone(seconds, 50.0, 1.0) + 0.2 * media.tone(seconds, 150.0, 1.0) + noise


def decoded(folder: Path, left: np.ndarray, right: np.ndarray) -> Audio:
    file = media.write(folder / "talk.wav", np.stack([left, right]), layout="stereo")
    return decode([file], folder / "out.wav")


def test_a_channel_that_is_the_others_inverse_does_not_cancel_it(tmp_path: Path) -> None:
    sound = media.speech(12)
    audio = decoded(tmp_path, sound, -0.7 * sound)
    assert media.likeness(audio, sound) > 0.99
    assert "inverse" in audio.said[0]


def test_a_loud_channel_turned_over_does_not_overflow(tmp_path: Path) -> None:
    loud = np.clip(1.2 * media.speech(12) / np.abs(media.speech(12)).max(), -1, 1)
    heard = read(decoded(tmp_path, loud, np.where(loud == 1, -32768 / 32767, -loud)))
    assert np.abs(np.diff(heard)).max() < 1.5 * np.abs(np.diff(loud)).max()


def test_a_channel_that_is_turned_over_half_way_cancels_nothing(tmp_path: Path) -> None:
    sound = media.speech(12)
    other = np.where(np.arange(len(sound)) < len(sound) // 3, sound, -sound)
    assert media.likeness(decoded(tmp_path, sound, other), sound) > 0.99


@pytest.mark.parametrize("side", [0, 1])
def test_a_channel_of_hum_is_left_out(tmp_path: Path, side: int) -> None:
    sound = media.speech(12)
    pair = [sound, hum(12)]
    audio = decoded(tmp_path, pair[side], pair[1 - side])
    assert media.likeness(audio, sound) > 0.99
    assert audio.said == (f"talk.wav: channel {side + 1} of 2 is heard",)
    assert audio.known is None


@pytest.mark.parametrize("side", [0, 1])
def test_a_channel_on_which_a_room_murmurs_is_left_out(tmp_path: Path, side: int) -> None:
    sound = 0.5 * media.speech(20, 30)
    pair = [sound, media.murmur(20)[: len(sound)]]
    audio = decoded(tmp_path, pair[side], pair[1 - side])
    assert audio.said == (f"talk.wav: channel {side + 1} of 2 is heard",)
    assert audio.warnings == ()


def test_a_channel_whose_peaks_are_cut_off_is_no_inverse_that_was_mixed(tmp_path: Path) -> None:
    sound = 0.5 * media.speech(12)
    audio = decoded(tmp_path, np.clip(-12 * sound, -1, 1), sound)
    assert media.likeness(audio, sound) > 0.99
    assert audio.said == ("talk.wav: channel 2 of 2 is heard",)


def test_of_two_microphones_the_clearer_is_heard(tmp_path: Path) -> None:
    near = media.speech(14)
    far = 0.25 * np.concatenate([media.silence(0.012), near])[: len(near)] + media.hiss(14, 0.02)
    audio = decoded(tmp_path, far, near)
    assert media.likeness(audio, near) > 0.99
    assert audio.known is None


def test_a_channel_that_misses_one_of_two_people_is_not_taken_alone(tmp_path: Path) -> None:
    ada, oscar = media.in_turn(5, 5, 4, 4)
    audio = decoded(tmp_path, oscar, ada + oscar)
    assert media.likeness(audio, ada + oscar) > 0.99
    assert audio.known is None


@pytest.mark.parametrize("lengths", [(40, 2), (2, 40), (20, 2, 20)])
def test_who_speaks_once_on_a_channel_of_their_own_is_heard(
    tmp_path: Path, lengths: tuple[float, ...]
) -> None:
    """A moderator who only opens, a guest who asks one question."""
    ada, oscar = media.in_turn(*lengths)
    heard = read(decoded(tmp_path, ada, oscar))
    assert all(np.abs(heard[: len(each)][each != 0]).max() > 0.05 for each in (ada, oscar))


def test_who_speaks_once_into_a_microphone_that_clips_is_heard(tmp_path: Path) -> None:
    ada, oscar = media.in_turn(40, 2)
    heard = read(decoded(tmp_path, ada, np.clip(6 * oscar, -0.9, 0.9)))
    assert np.abs(heard[: len(oscar)][oscar != 0]).max() > 0.05


@pytest.mark.parametrize("side", [0, 1])
def test_a_channel_whose_peaks_are_cut_off_is_left_out(tmp_path: Path, side: int) -> None:
    sound = media.speech(12)
    pair = [0.5 * sound, np.clip(20 * sound, -0.9, 0.9)]
    audio = decoded(tmp_path, pair[side], pair[1 - side])
    assert media.likeness(audio, sound) > 0.99
    assert audio.said == (f"talk.wav: channel {side + 1} of 2 is heard",)


def test_two_channels_whose_speech_alternates_are_two_people(tmp_path: Path) -> None:
    ada, oscar = media.in_turn(5, 6, 4, 3)
    audio = decoded(tmp_path, ada, 0.5 * oscar)
    assert audio.known is not None
    assert audio.known.by == "channels"
    assert media.speakers(audio) == ["SPEAKER_00", "SPEAKER_01"] * 2
    assert audio.known.turns[0].start == pytest.approx(0.1, abs=0.3)
    assert audio.known.turns[-1].end == pytest.approx(19.5, abs=0.6)
    assert media.likeness(audio, ada + oscar) > 0.95


def test_two_people_who_are_heard_on_each_others_microphones_too(tmp_path: Path) -> None:
    ada, oscar = media.in_turn(5, 6, 4, 3)
    bleed = 10 ** (-14 / 20)
    audio = decoded(
        tmp_path,
        ada + bleed * oscar + media.hiss(20, 0.001)[: len(ada)],
        oscar + bleed * ada + media.hiss(20, 0.001, seed=1)[: len(ada)],
    )
    assert audio.known is not None
    assert media.speakers(audio) == ["SPEAKER_00", "SPEAKER_01"] * 2


def test_one_person_on_both_channels_stays_one(tmp_path: Path) -> None:
    sound = media.speech(14)
    noise = [media.hiss(14, 0.004, seed=seed) for seed in (1, 2)]
    swing = 1 + 0.3 * np.sin(np.arange(len(sound)) / RATE)  # who walks before a pair of microphones
    audio = decoded(tmp_path, sound * swing + noise[0], sound / swing + noise[1])
    assert audio.known is None
    assert media.likeness(audio, sound) > 0.95


def test_two_languages_at_once_are_not_mixed(tmp_path: Path) -> None:
    floor, other = media.speech(20), media.speech(20, 60)
    audio = decoded(tmp_path, floor, other)
    assert media.likeness(audio, floor) > 0.99
    assert "different speech at the same time" in audio.warnings[0]


def test_eight_channels_of_which_each_has_a_word_lose_none(tmp_path: Path) -> None:
    channels = np.zeros((8, 8 * RATE), np.float32)
    for number in range(8):
        at = number * RATE
        channels[number, at : at + 14_000] = media.speech(14_000 / RATE, 3 * number)
    file = tmp_path / "ids.wav"
    with wave.open(str(file), "wb") as out:
        out.setparams((8, 2, RATE, 0, "NONE", ""))
        out.writeframes((channels.T * 32767).astype("<i2").tobytes())
    heard = read(decode([file], tmp_path / "out.wav"))
    spoken = [np.abs(heard[n * RATE : n * RATE + 14_000]).max() for n in range(8)]
    assert min(spoken) > 0.1 * max(spoken)


def test_voices_tell_apart_where_only_one_part_has_a_speaker_a_channel(tmp_path: Path) -> None:
    first = media.write(tmp_path / "1.wav", np.stack(media.in_turn(4, 4, 4, 4)), layout="stereo")
    second = media.write(tmp_path / "2.wav", media.speech(9, 70))
    audio = decode([first, second], tmp_path / "out.wav")
    assert audio.known is None
    assert "only some of the recordings" in audio.warnings[-1]


def test_of_three_microphones_in_one_room_none_loses_its_speaker(tmp_path: Path) -> None:
    """Each hears the others too, and one of them speaks softly."""
    sides = np.zeros((3, 42 * RATE), np.float32)
    for number in range(6):
        at, said = 7 * number * RATE, media.speech(6, 8 * number)
        sides[number % 3, at : at + len(said)] = said * (0.2 if number % 3 == 1 else 1)
    near = 0.9 * sides + 0.1 * sides.sum(axis=0) + media.hiss(42, 0.0003)
    file = media.write(tmp_path / "talk.wav", near, layout="2.1")
    known = decode([file], tmp_path / "out.wav").known
    assert known is None or len({turn.speaker for turn in known.turns}) == 3
