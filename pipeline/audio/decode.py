"""Recordings become one WAV on one time line: streamed, levelled, whole or not there at all."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from wave import Wave_write

import numpy as np
from filelock import FileLock

from pipeline.audio import level, parallel_files, turns
from pipeline.audio.deduplicate import without_duplicates
from pipeline.audio.lane_selection import Chosen
from pipeline.audio.lanes import LONGEST, summed
from pipeline.audio.probe import probed
from pipeline.audio.tracks import TrackWish, select_track
from pipeline.audio.wav import SAMPLE_RATE, Samples, content_digest, open_wav_writer
from pipeline.cache import writing
from pipeline.data import Audio, Part, ms
from pipeline.errors import InputError
from pipeline.progress import Tick, ignore

MOST_DB = 20.0  # by which a speaker's own lane is made louder, to be heard beside the others
AS_ASKED = TrackWish()

PARTLY = (
    "only some of the recordings hold a speaker on each channel or track; in all of them speakers "
    "are told apart by their voices"
)


def decode(
    files: Sequence[Path],
    into: Path,
    tick: Tick = ignore,
    digest: str | None = None,
    wanted: TrackWish = AS_ASKED,
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
    with _temporary_wav(into) as (sink, lanes):
        event = _EventWriter(files, sink, lanes, wanted, tick)
        event.add()
        duration = ms(sink.tell() / SAMPLE_RATE)
    known = turns.turns_from_lanes(event.speakers, wanted.speakers)
    if known and len(event.speakers) < len(event.parts):
        known = None
        event.warnings.append(PARTLY)
    return Audio(
        into,
        duration,
        digest or content_digest(files),
        tuple(event.parts),
        tuple(dict.fromkeys(event.warnings)),
        known,
        tuple(dict.fromkeys(event.said)),
    )


@contextmanager
def _temporary_wav(into: Path) -> Iterator[tuple[Wave_write, Path]]:
    """A locked WAV that becomes `into` when the block ends well, and a folder for its lanes."""
    partial, lanes = (into.with_name(f".{into.name}.{what}") for what in ("part", "lanes"))
    with writing(into):
        into.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(into.with_name(f".{into.name}.lock")):
            try:
                shutil.rmtree(lanes, ignore_errors=True)  # of a run that was killed
                lanes.mkdir(mode=0o700)  # what people said is its owner's
                partial.touch(mode=0o600)
                with open_wav_writer(str(partial)) as sink:
                    yield sink, lanes
                partial.replace(into)
            finally:
                partial.unlink(missing_ok=True)
                shutil.rmtree(lanes, ignore_errors=True)


class _EventWriter:
    """An event's recordings on their way into one WAV."""

    def __init__(
        self, files: Sequence[Path], sink: Wave_write, folder: Path, wanted: TrackWish, tick: Tick
    ) -> None:
        self.files, self.sink, self.folder = files, sink, folder
        self.wanted, self.tick = wanted, tick
        self.parts: list[Part] = []
        self.speakers: list[tuple[float, Chosen]] = []  # (start, part) where lanes are speakers
        self.warnings: list[str] = []
        self.said: list[str] = []
        self._decoded = 0.0  # seconds of sound

    def add(self) -> None:
        """All recordings, in order, but for pictures whose sound is another file of the event."""
        headers = {file: probed(file) for file in self.files}
        silent = [file for file, found in headers.items() if found and not found.tracks]
        if len(silent) == len(headers):
            raise InputError(
                f"{silent[0]}: holds no sound; give a recording that has an audio track"
            )
        self.said += [f"{file.name}: holds no sound and was left out" for file in silent]
        sounding = [file for file in self.files if file not in silent]
        if self.wanted.speakers:
            self._append(parallel_files.one_per_speaker(list(map(self._read, sounding))))
        elif self.wanted.in_order or len(headers) < len(self.files):
            for file in sounding:
                self._append(self._read(file))
                shutil.rmtree(self._lanes(file))
        else:
            lengths = {file: found.duration if found else None for file, found in headers.items()}
            self._arrange({file: lengths[file] for file in sounding})

    def _arrange(self, lengths: dict[Path, float | None]) -> None:
        """The recordings in order, those that belong together side by side, nothing twice."""
        takes = {file: self._read(file) for file in lengths}
        sides: dict[Path, Chosen] = {}
        ordered: list[Chosen] = []
        while lengths:
            file = next(iter(lengths))
            peers = parallel_files.same_length_files(file, lengths)
            if any(peer not in sides for peer in peers):  # one may be none of what was before
                mine = {peer: takes[peer] for peer in peers}
                for side in parallel_files.group_files(mine, self.wanted.language):
                    sides |= dict.fromkeys((*side.files, *side.copies), side)
            side = sides[file]
            ordered.append(side)
            for done in (*side.files, *side.copies):
                del lengths[done]
        heard, said = without_duplicates(ordered)
        for taken in heard:
            self._append(taken)
        self.said += said

    def _lanes(self, file: Path) -> Path:
        """The folder of a recording's lanes."""
        return self.folder / str(self.files.index(file))

    def _read(self, file: Path) -> Chosen:
        before = self._decoded
        taken = select_track(
            file, self.wanted, self._lanes(file), lambda seconds: self.tick(before + seconds)
        )
        self._decoded += taken.samples / SAMPLE_RATE
        return taken

    def _append(self, taken: Chosen) -> None:
        """Write a recording to the end of the event, as loud as the others."""
        start = self.sink.tell()
        if start + taken.samples > LONGEST * SAMPLE_RATE:
            raise InputError(f"{taken.files[0]}: makes the event longer than 37 hours; split it")
        levels = level.levels(_blocks(taken))
        gain = level.gain_for(levels)
        for block in _blocks(taken):
            louder = level.apply_gain(block, gain) if gain > 1 else block
            self.sink.writeframesraw(louder.tobytes())
        length, skipped = taken.samples, taken.lanes[0].first
        seconds = (ms(samples / SAMPLE_RATE) for samples in (start, length, skipped))
        self.parts.append(Part(taken.name, *seconds))
        if taken.speakers:
            self.speakers.append((start / SAMPLE_RATE, taken))
        self.warnings += (*taken.doubts, *taken.warnings)
        self.said += taken.remarks


def _blocks(taken: Chosen) -> Iterator[Samples]:
    """A recording's lanes added up, a minute at a time."""
    for whole in summed(taken.lanes, _gains(taken)):
        too_loud = np.abs(whole).max(initial=0) > 32767
        yield level.apply_gain(whole, 1.0) if too_loud else np.rint(whole).astype(np.int16)


def _gains(taken: Chosen) -> list[float]:
    """What each lane is multiplied by: where each is a speaker, all are about as loud."""
    if len(taken.lanes) == 1:
        return [1.0]
    found = [level.loudness(lane.levels) for lane in taken.lanes]
    return [float(10 ** (min(MOST_DB, max(found) - each) / 20)) for each in found]
