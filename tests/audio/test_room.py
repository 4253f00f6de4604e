import json
import os
from collections.abc import Callable
from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio import decode, find_speech, hear_room
from pipeline.data import RoomSound, SoundKind

REAL = Path(
    os.environ.get("BACKROW_EVAL_DATA", Path(__file__).parents[3] / "shared" / "data"), "real"
)


def _hear(tmp_path: Path, *files: Path) -> tuple[RoomSound, ...]:
    audio = decode(files, tmp_path / "out.wav")
    return hear_room(audio, find_speech(audio))


def _hear_sound(tmp_path: Path, sound: np.ndarray) -> tuple[RoomSound, ...]:
    return _hear(tmp_path, media.write(tmp_path / "event.flac", sound))


def _talk(*layers: tuple[float, np.ndarray]) -> np.ndarray:
    """Half a minute of the founder's speech with its pauses, a pause of ten seconds, and more."""
    founder = media.speech(26, 20.0)
    return media.mixed(70, (1, founder), (40, founder), *layers)


def _another() -> np.ndarray:
    """Another part, as long: with the same words it would be a copy, and heard once."""
    return media.mixed(70, (1, media.speech(26, 60.0)), (40, media.speech(26, 90.0)))


@pytest.mark.slow
def test_the_room_of_the_sample(tmp_path: Path) -> None:
    heard = _hear(tmp_path, media.EVENING)
    truth = json.loads((media.EVENING.parent / "truth.json").read_text())["sounds"]

    def found(sound: dict[str, float]) -> bool:
        same = [h for h in heard if h.kind == sound["kind"]]
        return any(h.start < sound["end"] and h.end > sound["start"] for h in same)

    for kind, least in (("applause", 1.0), ("laughter", 0.8)):
        there = [sound for sound in truth if sound["kind"] == kind]
        assert sum(map(found, there)) >= least * len(there)
    for sound in heard:
        same = [t for t in truth if t["kind"] == sound.kind]
        assert any(sound.start < t["end"] + 1 and sound.end > t["start"] - 4 for t in same)


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("applause", lambda: media.applause(5)),
        ("applause", lambda: media.applause(5, tilt=0.5)),
        ("laughter", lambda: media.laughter(3)),
    ],
    ids=["applause", "dull applause", "laughter"],
)
def test_a_sound_in_a_pause(
    tmp_path: Path, kind: SoundKind, made: Callable[[], np.ndarray]
) -> None:
    sound = made()
    (heard,) = _hear_sound(tmp_path, _talk((29, sound)))
    assert heard.kind == kind
    assert heard.start == pytest.approx(29, abs=1)
    assert heard.end == pytest.approx(29 + len(sound) / media.RATE, abs=2)
    assert heard.strength > 0.3


@pytest.mark.parametrize("loud", [0.01, 0.04])
def test_applause_and_laughter_in_a_hall_that_hums(tmp_path: Path, loud: float) -> None:
    talk = _talk((29, media.applause(5)), (50, media.laughter(3)))
    hum = [media.tone(len(talk) / media.RATE, 50 * n, loud / n) for n in range(2, 7)]
    sounds = _hear_sound(tmp_path, talk + np.sum(hum, axis=0))
    assert [heard.kind for heard in sounds] == ["applause", "laughter"]


def test_applause_under_the_next_words(tmp_path: Path) -> None:
    (heard,) = _hear_sound(tmp_path, _talk((37, media.applause(7))))
    assert heard.kind == "applause"
    assert heard.start == pytest.approx(37, abs=1)
    assert heard.end > 41


def test_soft_applause_is_weaker(tmp_path: Path) -> None:
    loud, soft = _hear_sound(
        tmp_path, _talk((28, media.applause(4, 0.1)), (33, media.applause(4, 0.03)))
    )
    assert loud.strength > soft.strength


@pytest.mark.parametrize(
    "noise",
    [
        lambda: media.hiss(9, 0.004),
        lambda: media.tone(9, 50, 0.2),
        lambda: media.tone(3, 1000, 0.2),
        lambda: np.concatenate([media.hiss(0.2, 0.3), media.silence(1.8)]),
        lambda: media.speech(0.6, 30.0),
        lambda: media.music(9),
        lambda: media.murmur(20),
    ],
    ids=["hiss", "hum", "beep", "bang", "a word", "music", "a murmur"],
)
def test_other_sounds_are_nothing(tmp_path: Path, noise: Callable[[], np.ndarray]) -> None:
    assert _hear_sound(tmp_path, _talk((29, noise()))) == ()


@pytest.mark.parametrize("loud", [0.006, 0.02])
def test_the_air_of_a_hall_is_no_applause(tmp_path: Path, loud: float) -> None:
    assert _hear_sound(tmp_path, _talk((0, media.hiss(70, loud)))) == ()


def test_a_noisy_part_is_measured_by_itself(tmp_path: Path) -> None:
    quiet = media.write(tmp_path / "1.flac", _another())
    noisy = media.write(tmp_path / "2.flac", _talk((0, media.murmur(70))))
    assert _hear(tmp_path, quiet, noisy) == ()


def test_the_second_parts_sounds_are_on_the_events_line(tmp_path: Path) -> None:
    first = media.write(tmp_path / "1.flac", _another())
    second = media.write(tmp_path / "2.flac", _talk((29, media.applause(5))))
    (heard,) = _hear(tmp_path, first, second)
    assert heard.start == pytest.approx(99, abs=1)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.exists(), reason="BACKROW_EVAL_DATA names no real recordings")
def test_real_recordings_hold_no_applause(tmp_path: Path) -> None:
    names = ["jfk.wav", "two_cities.wav", "pyannote_sample.wav"]
    files = [REAL / name for name in names] + [REAL / "ami" / f"trn0{n}.wav" for n in (3, 4, 5)]
    for file in [*files, *sorted((REAL / "voices").glob("*.flac"))]:
        assert _hear(tmp_path, file) == ()
