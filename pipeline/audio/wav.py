"""The decoded sound on disk: 16-bit 16 kHz mono WAV, read by the stretch and never whole.

Reading goes through `numpy.fromfile`, not a memory map: mapped pages count as resident memory,
and a day of sound is 900 MB of them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from wave import Wave_write

import numpy as np
from numpy.typing import NDArray

from pipeline.cache import PRIVATE, write_atomic
from pipeline.data import Audio
from pipeline.errors import CacheError, InputError

SAMPLE_RATE = 16_000
HEADER_BYTES = 44
BYTES_PER_SAMPLE = 2
MINUTE = 60 * SAMPLE_RATE  # samples that are held at once by whoever walks through a recording

Samples = NDArray[np.int16]
Sound = Samples | NDArray[np.float32]  # or in [-1, 1]


def open_wav_writer(file: BinaryIO | str) -> Wave_write:
    """A WAV to write samples to; when it is closed, its header says how many."""
    sink = Wave_write(file)
    sink.setparams((1, BYTES_PER_SAMPLE, SAMPLE_RATE, 0, "NONE", ""))
    return sink


def read_raw(path: Path, start: int, stop: int) -> Samples:
    """Samples `start` to `stop` (counted from the start of the sound); fewer where it ends."""
    offset = HEADER_BYTES + start * BYTES_PER_SAMPLE
    return np.fromfile(path, dtype="<i2", count=max(0, stop - start), offset=offset)


def read_minutes(path: Path, samples: int, first: int = 0) -> Iterator[Samples]:
    """So many samples of a sound from the first one on, a minute at a time."""
    for at in range(first, first + samples, MINUTE):
        yield read_raw(path, at, min(at + MINUTE, first + samples))


def read(audio: Audio, start: float = 0.0, end: float | None = None) -> NDArray[np.float32]:
    """The sound from `start` to `end` seconds, shape (samples,), in [-1, 1]."""
    return as_float(read_samples(audio, start, end))


def as_float(samples: Sound) -> NDArray[np.float32]:
    """16-bit samples in [-1, 1]; what is in [-1, 1] stays."""
    found = samples.astype(np.float32, copy=False)
    return found / np.float32(32768.0) if samples.dtype == np.int16 else found


def read_samples(audio: Audio, start: float = 0.0, end: float | None = None) -> Samples:
    """The same in 16 bits, half the memory; raises CacheError when the decoded file is gone."""
    first = max(0, round(start * SAMPLE_RATE))
    last = round((audio.duration if end is None else min(end, audio.duration)) * SAMPLE_RATE)
    try:
        return read_raw(audio.path, first, last)
    except OSError as error:
        raise CacheError(
            f"{audio.path}: the decoded sound cannot be read ({error.strerror}); run again, "
            "and it is decoded anew"
        ) from error


def content_digest(files: Sequence[Path]) -> str:
    """The sha256 of the files' contents in order, read as a stream; their names do not count.

    Raises InputError for a file that cannot be read.
    """
    whole = hashlib.sha256()
    for file in files:
        try:
            with file.open("rb") as source:
                whole.update(hashlib.file_digest(source, "sha256").digest())
        except OSError as error:
            raise InputError(f"{file}: cannot be read ({error.strerror}); check the path") from None
    return whole.hexdigest()


def write_seal(place: Path) -> None:
    """Note beside a decoded sound what it holds; raises CacheError or InputError."""
    write_atomic(place.with_suffix(".seal"), content_digest([place]).encode(), PRIVATE)


def matches_seal(place: Path) -> bool:
    """Whether what lies there is what was sealed; reads all of it."""
    try:
        return place.with_suffix(".seal").read_bytes() == content_digest([place]).encode()
    except (OSError, InputError):
        return False
