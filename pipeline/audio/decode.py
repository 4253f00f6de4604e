"""Recordings become one WAV on one time line: streamed, levelled, whole or not there at all."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import numpy as np
from filelock import FileLock

from pipeline.audio import level
from pipeline.audio.media import Samples, Track, opened, tracks
from pipeline.audio.wav import (
    BYTES_PER_SAMPLE,
    HEADER_BYTES,
    SAMPLE_RATE,
    Tick,
    content_digest,
    header,
    ignore,
)
from pipeline.data import Audio, Part, ms
from pipeline.errors import InputError, StoreError

SHORTEST = 0.5  # seconds of sound under which a file is no recording
LONGEST = 37 * 3600  # seconds that a WAV's 32-bit length can hold


def decode(
    files: Sequence[Path], into: Path, tick: Tick = ignore, digest: str | None = None
) -> Audio:
    """The sound of `files`, one after the other, as a WAV at `into`; quiet files are levelled.

    Memory stays flat whatever the length. `into` is written under another name and renamed, so a
    kill leaves no half file there. `digest` is `content_digest(files)` where it is known already.
    What could be decoded only in part is there, with a warning.

    Raises InputError for a file that is missing, damaged, without sound or shorter than half a
    second; StoreError when `into` cannot be written.
    """
    parts: list[Part] = []
    warnings: list[str] = []
    with _writing(into) as sink:
        for file in files:
            start = sink.samples
            warnings += _append(file, sink, tick)
            length = (sink.samples - start) / SAMPLE_RATE
            parts.append(Part(file.name, ms(start / SAMPLE_RATE), ms(length)))
        duration = ms(sink.samples / SAMPLE_RATE)
    return Audio(into, duration, digest or content_digest(files), tuple(parts), tuple(warnings))


class _Sink:
    """The WAV while it grows."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file
        self.cut(0)

    @property
    def samples(self) -> int:
        return (self._file.tell() - HEADER_BYTES) // BYTES_PER_SAMPLE

    def write(self, samples: Samples) -> None:
        self._file.write(samples.tobytes())

    def cut(self, samples: int) -> None:
        """Go back to the first `samples` of it."""
        self._file.seek(0)
        self._file.write(header(0))
        self._file.truncate(HEADER_BYTES + samples * BYTES_PER_SAMPLE)
        self._file.seek(0, 2)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        count = self.samples
        self._file.seek(0)
        self._file.write(header(count))


@contextmanager
def _writing(into: Path) -> Iterator[_Sink]:
    """A sink that becomes `into` when the block ends well; a lock keeps a second writer waiting."""
    partial = into.with_name(f".{into.name}.part")
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(into.with_name(f".{into.name}.lock")):
            try:
                partial.touch(mode=0o600)  # what people said is its owner's
                with partial.open("w+b") as file:
                    sink = _Sink(partial, file)
                    yield sink
                    sink.close()
                partial.replace(into)
            finally:
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{into}: cannot be written ({error.strerror}); free the disk or fix its permissions"
        ) from error


def _append(file: Path, sink: _Sink, tick: Tick) -> list[str]:
    """Decode one file to the end of the sink; returns what the user should know of it."""
    start = sink.samples
    warnings: list[str] = []
    with opened(file) as container:
        order = tracks(container)
    if not order:
        raise InputError(f"{file}: holds no sound; give a recording that has an audio track")
    for place, index in enumerate(order):
        sink.cut(start)
        warnings = _append_track(file, index, sink, tick)
        heard = level.levels(sink.path, start, sink.samples)
        if level.loudness(heard) > level.SILENT_DB:
            gain = level.gain_for(heard)
            if gain > 1:
                level.amplify(sink.path, start, sink.samples, gain)
            if place:
                warnings.append(f"{file.name}: its first sound track is silent; another was used")
            break
    return warnings


def _append_track(file: Path, index: int, sink: _Sink, tick: Tick) -> list[str]:
    start = sink.samples
    with opened(file) as container:
        track = Track(container, container.streams[index])  # type: ignore[arg-type]
        for second in _by_the_second(track.samples()):
            sink.write(second)
            if sink.samples > LONGEST * SAMPLE_RATE:
                raise InputError(f"{file}: makes the event longer than 37 hours; split it")
            tick(sink.samples / SAMPLE_RATE)
        sink.flush()
        seconds = (sink.samples - start) / SAMPLE_RATE
        if seconds < SHORTEST:
            raise InputError(
                f"{file}: holds {seconds:.1f} s of sound; "
                f"a recording needs at least {SHORTEST} s: copy or record it again"
            )
        return _faults(file, track, seconds)


def _by_the_second(pieces: Iterator[Samples]) -> Iterator[Samples]:
    """The same sound in pieces of about a second: fewer writes, fewer ticks."""
    held: list[Samples] = []
    for piece in pieces:
        held.append(piece)
        if sum(map(len, held)) >= SAMPLE_RATE:
            yield np.concatenate(held)
            held.clear()
    if held:
        yield np.concatenate(held)


def _faults(file: Path, track: Track, seconds: float) -> list[str]:
    """What was wrong with a track, in words for the user."""
    claimed = track.cut_off()
    if track.jumped:
        return [f"{file.name}: its clock jumps; times after the jump may be wrong"]
    if claimed is not None:
        lengths = f"it claims {_clock(claimed)} and ends at {_clock(seconds)}"
        return [f"{file.name}: is cut off: {lengths}; what is there was used"]
    if track.damaged:
        return [f"{file.name}: {track.damaged} damaged pieces were left out"]
    return []


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
