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
    with _temporary_wav(into) as (sink, folder):
        takes, said = _recordings(files, folder, wanted, tick)
        starts = [_append(taken, sink) for taken in takes]
        duration = ms(sink.tell() / SAMPLE_RATE)
    warnings = [warning for taken in takes for warning in (*taken.doubts, *taken.warnings)]
    apart = [(start, taken) for start, taken in zip(starts, takes, strict=True) if taken.speakers]
    known = turns.turns_from_lanes(apart, wanted.speakers)
    if known and len(apart) < len(takes):
        known = None
        warnings.append(PARTLY)
    said += [remark for taken in takes for remark in taken.remarks]
    return Audio(
        into,
        duration,
        digest or content_digest(files),
        tuple(_part(start, taken) for start, taken in zip(starts, takes, strict=True)),
        tuple(dict.fromkeys(warnings)),
        known,
        tuple(dict.fromkeys(said)),
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


def _recordings(
    files: Sequence[Path], folder: Path, wanted: TrackWish, tick: Tick
) -> tuple[list[Chosen], list[str]]:
    """All recordings in the order in which they are heard, and what is said of what is not heard:
    pictures whose sound is another file of the event, and copies. Their lanes lie below `folder`.
    """
    headers = {file: probed(file) for file in files}
    silent = [file for file, found in headers.items() if found and not found.tracks]
    if len(silent) == len(headers):
        raise InputError(f"{silent[0]}: holds no sound; give a recording that has an audio track")
    said = [f"{file.name}: holds no sound and was left out" for file in silent]
    takes: list[Chosen] = []
    done = 0.0  # seconds of sound
    for number, file in enumerate(file for file in files if file not in silent):

        def later(seconds: float, before: float = done) -> None:
            tick(before + seconds)

        takes.append(select_track(file, wanted, folder / str(number), later))
        done += takes[-1].samples / SAMPLE_RATE
    if wanted.speakers:
        return [parallel_files.one_per_speaker(takes)], said
    if wanted.in_order or len(headers) < len(files):
        return takes, said
    heard, of_copies = without_duplicates(parallel_files.arranged(takes, wanted.language))
    return heard, said + of_copies


def _append(taken: Chosen, sink: Wave_write) -> float:
    """Write a recording to the end of the event, as loud as the others; the second it begins at."""
    start = sink.tell()
    if start + taken.samples > LONGEST * SAMPLE_RATE:
        raise InputError(f"{taken.files[0]}: makes the event longer than 37 hours; split it")
    gain = level.gain_for(level.levels(_blocks(taken)))
    for block in _blocks(taken):
        louder = level.apply_gain(block, gain) if gain > 1 else block
        sink.writeframesraw(louder.tobytes())
    return start / SAMPLE_RATE


def _part(start: float, taken: Chosen) -> Part:
    length, skipped = taken.samples / SAMPLE_RATE, taken.lanes[0].first / SAMPLE_RATE
    return Part(taken.name, ms(start), ms(length), ms(skipped))


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
