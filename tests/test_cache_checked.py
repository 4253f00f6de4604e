"""The cache is checked, not trusted: flipped bits, swapped files, files replaced while read."""

import json
import os
import random
import shutil
from pathlib import Path

import media
import pytest

from pipeline import audio as sound
from pipeline import config, steps
from pipeline.audio.inputs import EventInput
from pipeline.audio.seal import is_whole
from pipeline.choose import choose
from pipeline.data import Span, Word
from pipeline.errors import InputError
from pipeline.event import EventInfo
from pipeline.job import Settings, make_kit, one
from pipeline.kept import content
from pipeline.progress import Watch
from pipeline.store import Store

FLIPS = 400


def flipped(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[EventInput, Settings]:
    """An event that was run to its end."""
    root = tmp_path_factory.mktemp("cache")
    file = media.write(root / "talk.wav", media.speech(3.0, 5.0))
    options = config.load(profile="offline")
    given = Settings(options, root / "out", choose(options))
    event = EventInput("talk", EventInfo(), (file,))
    assert one(event, make_kit(given), given, lambda told: None).state == "done"
    return event, given


def test_of_400_flipped_bits_a_step_none_is_accepted(done: tuple[EventInput, Settings]) -> None:
    _, given = done
    rng = random.Random(12)
    kept = sorted(path for path in given.house.rglob("*.json") if path.parent.name != "written")
    names = {path.parent.name for path in kept}
    assert {"content", "decode", "speech", "room", "transcribe", "diarize", "event"} <= names
    for place in kept:
        whole = place.read_bytes()
        json.loads(whole)
        store = AsIs(given.house, place)
        assert store.find("step", None, object) is not None
        for _ in range(FLIPS):
            place.write_bytes(flipped(whole, rng))
            assert store.find("step", None, object) is None
        for shorter in (whole[:-1], whole + b" ", b"", whole[: len(whole) // 2]):
            place.write_bytes(shorter)
            assert store.find("step", None, object) is None
        place.write_bytes(whole)


class AsIs(Store):
    """A store of one file, whatever its key."""

    def __init__(self, root: Path, file: Path) -> None:
        super().__init__(root)
        self.file = file

    def place(self, step: str, key: object) -> Path:
        return self.file


def test_of_400_flipped_bits_of_the_sound_none_is_accepted(
    done: tuple[EventInput, Settings],
) -> None:
    _, given = done
    (place,) = (given.house / "audio").glob("*.wav")
    whole, rng = place.read_bytes(), random.Random(12)
    assert is_whole(place)
    for _ in range(FLIPS):
        place.write_bytes(flipped(whole, rng))
        assert not is_whole(place)
    place.write_bytes(whole[:-2])
    assert not is_whole(place)
    place.write_bytes(whole)
    note = place.with_suffix(".seal")
    written = note.read_bytes()
    for _ in range(FLIPS):
        note.write_bytes(flipped(written, rng))
        assert not is_whole(place)
    note.write_bytes(written)
    assert is_whole(place)


def test_damaged_sound_is_decoded_anew(done: tuple[EventInput, Settings], tmp_path: Path) -> None:
    event, given = done
    (place,) = (given.house / "audio").glob("*.wav")
    whole = place.read_bytes()
    place.write_bytes(whole[:1000] + b"\xff" * 100 + whole[1100:])
    seen: list[str] = []
    watch = Watch("talk", lambda told: seen.append(f"{told.stage} {told.state}"))
    steps.decode(event, make_kit(given), watch)
    assert "decode begun" in seen
    assert place.read_bytes() == whole


def test_swapped_files_are_not_taken_for_each_other(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for key, start in (("a", 0), ("b", 1)):
        store.keep("speech", key, tuple[Span, ...], (Span(start, start + 1),))
    one_of_them, other = store.place("speech", "a"), store.place("speech", "b")
    shutil.copy(other, one_of_them)
    assert store.find("speech", "a", tuple[Span, ...]) is None
    assert store.find("speech", "b", tuple[Span, ...]) == (Span(1, 2),)
    store.keep("room", "b", tuple[Word, ...], ())
    shutil.copy(store.place("room", "b"), other)
    assert store.find("speech", "b", tuple[Span, ...]) is None, "of another step"


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
            steps.decode(event, make_kit(given), Watch("talk", lambda told: None))
    assert list((given.house / "audio").glob("*.wav")) == []
    steps.decode(event, make_kit(given), Watch("talk", lambda told: None))


def test_a_swapped_recording_of_the_same_size_and_date_is_another(tmp_path: Path) -> None:
    one_of_them, other = tmp_path / "a.wav", tmp_path / "b.wav"
    one_of_them.write_bytes(b"1" * 100)
    other.write_bytes(b"2" * 100)
    for file in (one_of_them, other):
        os.utime(file, ns=(1, 1))
    store = Store(tmp_path / "house")
    first = content([one_of_them], store)
    os.replace(other, one_of_them)
    assert content([one_of_them], store) != first
