"""Recordings become one WAV on one time line: streamed, levelled, whole or not there at all."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from wave import Wave_write

import numpy as np
from filelock import FileLock

from pipeline.audio import level, likeness, together
from pipeline.audio.arrange import Taken
from pipeline.audio.folder import core
from pipeline.audio.lanes import LONGEST
from pipeline.audio.media import Samples
from pipeline.audio.probe import Probe, probed
from pipeline.audio.together import Side
from pipeline.audio.tracks import Wanted, recording
from pipeline.audio.turns import TurnBook
from pipeline.audio.wav import BLOCK_SECONDS, SAMPLE_RATE, begun, content_digest, read_raw
from pipeline.data import Audio, Part, ms
from pipeline.errors import CacheError, InputError
from pipeline.progress import Tick, ignore

MOST_DB = 20.0  # by which a speaker's own lane is made louder, to be heard beside the others
AS_ASKED = Wanted()

TWICE = (
    "{} and {} hold the same sound at another time, so what is said is in the post twice; "
    "files = [...] in event.toml names what is to be heard"
)
PARTLY = (
    "only some of the recordings hold a speaker on each channel or track; in all of them speakers "
    "are told apart by their voices"
)


def decode(
    files: Sequence[Path],
    into: Path,
    tick: Tick = ignore,
    digest: str | None = None,
    wanted: Wanted = AS_ASKED,
) -> Audio:
    """The sound of `files` as a WAV at `into`, one after the other, or together on one clock.

    Of each file the channels and tracks that hold the speech are heard; where each holds a speaker,
    `known` says who speaks when. Quiet files are levelled. Memory stays flat whatever the length.
    `into` is written under another name and renamed, so a kill leaves no half file there. `digest`
    is `content_digest(files)` where it is known already. What could be decoded only in part is
    there, with a warning.

    Raises InputError for a file that is missing, damaged, without sound or shorter than half a
    second; CacheError when `into` cannot be written.
    """
    with _writing(into) as sink:
        event = _Event(sink, into.with_name(f".{into.name}.lanes"), wanted, tick)
        try:
            event.add(files)
        finally:
            event.clear()
        duration = ms(sink.samples / SAMPLE_RATE)
    known = event.turns.known(wanted.speakers)
    if known and event.turns.parts < len(event.parts):
        known = None
        event.warnings.append(PARTLY)
    return Audio(
        into,
        duration,
        digest or content_digest(files),
        tuple(event.parts),
        tuple(event.warnings),
        known,
        tuple(event.said),
    )


class _Sink:
    """The WAV while it grows."""

    def __init__(self, path: Path, file: BinaryIO, sound: Wave_write) -> None:
        self.path, self._file, self._sound = path, file, sound

    @property
    def samples(self) -> int:
        return self._sound.tell()

    def write(self, samples: Samples) -> None:
        self._sound.writeframesraw(samples.tobytes())
        self._file.flush()  # it is read again, to be levelled


@contextmanager
def _writing(into: Path) -> Iterator[_Sink]:
    """A sink that becomes `into` when the block ends well; a lock keeps a second writer waiting."""
    partial = into.with_name(f".{into.name}.part")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(into.with_name(f".{into.name}.lock")):
            try:
                partial.touch(mode=0o600)  # what people said is its owner's
                with partial.open("wb") as file, begun(file) as sound:
                    yield _Sink(partial, file, sound)
                partial.replace(into)
            finally:
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise CacheError(
            f"{into}: cannot be written ({error.strerror}); free the disk or fix its permissions"
        ) from error


class _Event:
    """An event's recordings on their way into one WAV."""

    def __init__(self, sink: _Sink, folder: Path, wanted: Wanted, tick: Tick) -> None:
        self.sink, self.folder, self.wanted, self.tick = sink, folder, wanted, tick
        self.parts: list[Part] = []
        self.warnings: list[str] = []
        self.said: list[str] = []
        self.turns = TurnBook()
        self._takes: dict[Path, Taken] = {}
        self._poured: dict[str, likeness.Levels] = {}
        self._follow: set[Path] = set()  # files that turned out to follow one another
        self.clear()
        folder.mkdir(mode=0o700)

    def clear(self) -> None:
        """No lane is left on disk."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def add(self, files: Sequence[Path]) -> None:
        """All recordings, in order."""
        headers = {file: probed(file) for file in files}
        sounding = self._with_sound(headers)
        if self.wanted.speakers:
            self._pour(together.as_listed({file: self._take(file) for file in sounding}))
        elif self.wanted.in_order or len(headers) < len(files):
            for file in (file for file in files if file in sounding):
                self._pour(Side((file,), self._take(file)))
                self._drop(file)
        else:
            self._sort_out(sounding)

    def _sort_out(self, sounding: Mapping[Path, Probe | None]) -> None:
        """The recordings in order, those that belong together side by side."""
        lengths = {file: found.duration if found else None for file, found in sounding.items()}
        while lengths:
            file = next(iter(lengths))
            side = self._side(file, together.peers(file, lengths))
            self._pour(side)
            for done in (*side.files, *side.copies):
                self._drop(done)
                del lengths[done]

    def _with_sound(self, headers: Mapping[Path, Probe | None]) -> dict[Path, Probe | None]:
        """The files but for pictures whose sound is another file of the event."""
        silent = [file for file, found in headers.items() if found and not found.tracks]
        if len(silent) == len(headers):
            raise InputError(
                f"{silent[0]}: holds no sound; give a recording that has an audio track"
            )
        for file in silent:
            self.said.append(f"{file.name}: holds no sound and was left out")
        return {file: found for file, found in headers.items() if file not in silent}

    def _side(self, file: Path, peers: Sequence[Path]) -> Side:
        """The recording that a file is, with those of its length that belong to it."""
        takes = {peer: self._take(peer) for peer in peers}
        side = None
        if len(peers) > 1 and file not in self._follow:
            side = together.sides(takes, self.wanted.language, self.warnings)
            self._follow.update(peers if side is None else ())
        if side is None:
            same = [peer for peer in peers if together.same_sound(takes[file], takes[peer])]
            side = together.sides({peer: takes[peer] for peer in same}) if len(same) > 1 else None
        if side and file in (*side.files, *side.copies):
            return side
        self._refuse_twins(file, peers)
        return Side((file,), takes[file])

    def _refuse_twins(self, file: Path, peers: Sequence[Path]) -> None:
        """talk.mp3 beside talk.mp4 with another sound: one recording twice, or two?"""
        for twin in peers:
            if twin != file and core(twin) == core(file):
                raise InputError(
                    f"{file.parent}: {file.name} and {twin.name} look like one recording twice and "
                    f"do not sound alike; name those to use in event.toml, like "
                    f'files = ["{file.name}"]'
                )

    def _take(self, file: Path) -> Taken:
        if file not in self._takes:
            start = self.sink.samples / SAMPLE_RATE
            lanes = self.folder / f"{len(self.parts)}-{len(self._takes)}"
            self._takes[file] = recording(
                file, self.wanted, lanes, lambda seconds: self.tick(start + seconds)
            )
        return self._takes[file]

    def _drop(self, file: Path) -> None:
        """Forget a file's lanes: they are the event's now."""
        shutil.rmtree(self._takes.pop(file).strands[0].lanes[0].path.parent)

    def _pour(self, side: Side) -> None:
        """Write a recording to the end of the event, as loud as the others."""
        start = self.sink.samples
        for block in _blocks(side.taken):
            self.sink.write(block)
            if self.sink.samples > LONGEST * SAMPLE_RATE:
                raise InputError(f"{side.files[0]}: makes the event longer than 37 hours; split it")
        end = self.sink.samples
        levels = level.levels(self.sink.path, start, end)
        gain = level.gain_for(levels)
        if gain > 1:
            level.amplify(self.sink.path, start, end, gain)
        name = " + ".join(file.name for file in side.files)
        for earlier, held in () if self.wanted.in_order else self._poured.items():
            if together.told_again(levels, held):
                self.warnings.append(TWICE.format(name, earlier))
        self._poured[name] = levels
        self.parts.append(Part(name, ms(start / SAMPLE_RATE), ms((end - start) / SAMPLE_RATE)))
        if side.taken.speakers:
            self.turns.add(side.taken, start / SAMPLE_RATE)
        self.warnings += side.taken.warnings
        self.said += side.taken.said
        self.tick(end / SAMPLE_RATE)


def _blocks(taken: Taken) -> Iterator[Samples]:
    """A recording's strands added up, a minute at a time."""
    gains = _gains(taken)
    step = int(BLOCK_SECONDS) * SAMPLE_RATE
    for at in range(0, taken.samples, step):
        stop = min(at + step, taken.samples)
        whole = np.zeros(stop - at, np.float32)
        for strand, gain in zip(taken.strands, gains, strict=True):
            for lane, sign in zip(strand.lanes, strand.signs, strict=True):
                piece = read_raw(lane.path, at, stop)
                whole[: len(piece)] += piece * np.float32(sign * gain / len(strand.lanes))
        too_loud = np.abs(whole).max(initial=0) > 32767
        yield level.limited(whole, 1.0) if too_loud else np.rint(whole).astype(np.int16)


def _gains(taken: Taken) -> list[float]:
    """What each strand is multiplied by: where each is a speaker, all are about as loud."""
    if len(taken.strands) == 1:
        return [1.0]
    lanes = [strand.lanes[0] for strand in taken.strands]
    found = [level.loudness(lane.levels) for lane in lanes]
    return [float(10 ** (min(MOST_DB, max(found) - each) / 20)) for each in found]
