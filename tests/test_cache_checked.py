"""The cache is checked, not trusted: flipped bits, swapped files, files replaced while read."""

import json
import os
import random
import shutil
from dataclasses import replace
from pathlib import Path

import media
import pytest

from pipeline import audio as sound
from pipeline import config, steps
from pipeline.audio.inputs import EventInput
from pipeline.audio.wav import matches_seal
from pipeline.cache import Cache
from pipeline.data import Span, Word
from pipeline.engines.choose import choose
from pipeline.errors import InputError
from pipeline.event import EventInfo
from pipeline.executors.job import run_event
from pipeline.finished import content
from pipeline.progress import Watch
from pipeline.session import Settings, make_session

FLIPS = 400


def flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def ended(root: Path, state: str, until: str | None = None) -> tuple[EventInput, Settings]:
    """An event that was run so far, and how."""
    file = media.write(root / "talk.wav", media.speech(3.0, 5.0))
    options = config.load(profile="offline")
    given = Settings(options, root / "out", choose(options), until=until)
    event = EventInput("talk", EventInfo(), (file,))
    assert run_event(event, make_session(given), lambda told: None).state == state
    return event, given


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[EventInput, Settings]:
    return ended(tmp_path_factory.mktemp("cache"), "done")


@pytest.fixture(scope="module")
def decoded(tmp_path_factory: pytest.TempPathFactory) -> tuple[EventInput, Settings]:
    return ended(tmp_path_factory.mktemp("cache"), "stopped", until="decode")


@pytest.mark.slow
def test_of_400_flipped_bits_a_step_none_is_accepted(done: tuple[EventInput, Settings]) -> None:
    _, given = done
    rng = random.Random(12)
    others = ("written", given.house.name)  # what was published, how fast this machine was
    kept = sorted(p for p in given.house.rglob("*.json") if p.parent.name not in others)
    names = {path.parent.name for path in kept}
    assert {"content", "decode", "speech", "room", "transcribe", "diarize", "event"} <= names
    for place in kept:
        whole = place.read_bytes()
        json.loads(whole)
        cache = AsIs(given.house, place)
        assert cache.find("step", None, object) is not None
        for _ in range(FLIPS):
            place.write_bytes(flipped(whole, rng))
            assert cache.find("step", None, object) is None
        for shorter in (whole[:-1], whole + b" ", b"", whole[: len(whole) // 2]):
            place.write_bytes(shorter)
            assert cache.find("step", None, object) is None
        place.write_bytes(whole)


class AsIs(Cache):
    """A cache of one file, whatever its key."""

    def __init__(self, root: Path, file: Path) -> None:
        super().__init__(root)
        self.file = file

    def place(self, step: str, key: object) -> Path:
        return self.file


def test_of_400_flipped_bits_of_the_sound_none_is_accepted(
    decoded: tuple[EventInput, Settings],
) -> None:
    _, given = decoded
    (place,) = (given.house / "audio").glob("*.wav")
    whole, rng = place.read_bytes(), random.Random(12)
    assert matches_seal(place)
    for _ in range(FLIPS):
        place.write_bytes(flipped(whole, rng))
        assert not matches_seal(place)
    place.write_bytes(whole[:-2])
    assert not matches_seal(place)
    place.write_bytes(whole)
    note = place.with_suffix(".seal")
    written = note.read_bytes()
    for _ in range(FLIPS):
        note.write_bytes(flipped(written, rng))
        assert not matches_seal(place)
    note.write_bytes(written)
    assert matches_seal(place)


def test_damaged_sound_is_decoded_anew(
    decoded: tuple[EventInput, Settings], tmp_path: Path
) -> None:
    event, given = decoded
    (place,) = (given.house / "audio").glob("*.wav")
    whole = place.read_bytes()
    place.write_bytes(whole[:1000] + b"\xff" * 100 + whole[1100:])
    seen: list[str] = []
    watch = Watch("talk", lambda told: seen.append(f"{told.stage} {told.state}"))
    steps.decode(event, make_session(replace(given, until=None)), watch)
    assert "decode begun" in seen
    assert place.read_bytes() == whole


def test_swapped_files_are_not_taken_for_each_other(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for key, start in (("a", 0), ("b", 1)):
        cache.keep("speech", key, tuple[Span, ...], (Span(start, start + 1),))
    one_of_them, other = cache.place("speech", "a"), cache.place("speech", "b")
    shutil.copy(other, one_of_them)
    assert cache.find("speech", "a", tuple[Span, ...]) is None
    assert cache.find("speech", "b", tuple[Span, ...]) == (Span(1, 2),)
    cache.keep("room", "b", tuple[Word, ...], ())
    shutil.copy(cache.place("room", "b"), other)
    assert cache.find("speech", "b", tuple[Span, ...]) is None, "of another step"


def test_a_file_replaced_while_it_is_read_is_no_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = media.write(tmp_path / "talk.wav", media.speech(2.0))
    other = media.write(tmp_path / "other.wav", media.speech(2.0, 9.0))
    options = config.load(profile="offline")
    given = Settings(options, tmp_path / "out", choose(options))
    event, whole = EventInput("talk", EventInfo(), (file,)), sound.decode

    def slow(*arguments: object, **named: object) -> object:
        audio = whole(*arguments, **named)  # type: ignore[arg-type]
        os.replace(other, file)
        return audio

    with monkeypatch.context() as patch:
        patch.setattr(sound, "decode", slow)
        with pytest.raises(InputError, match=r"talk\.wav: changed while it was read"):
            steps.decode(event, make_session(given), Watch("talk", lambda told: None))
    assert list((given.house / "audio").glob("*.wav")) == []
    steps.decode(event, make_session(given), Watch("talk", lambda told: None))


def test_a_swapped_recording_of_the_same_size_and_date_is_another(tmp_path: Path) -> None:
    one_of_them, other = tmp_path / "a.wav", tmp_path / "b.wav"
    one_of_them.write_bytes(b"1" * 100)
    other.write_bytes(b"2" * 100)
    for file in (one_of_them, other):
        os.utime(file, ns=(1, 1))
    cache = Cache(tmp_path / "house")
    first = content([one_of_them], cache)
    os.replace(other, one_of_them)
    assert content([one_of_them], cache) != first
