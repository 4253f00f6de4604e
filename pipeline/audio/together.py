"""Files of one event that run side by side: copies of one recording, or a file for each speaker.

What several recorders, downloaders and meeting programs leave has equal lengths. Where the sound is
the same too it is one recording; where speech alternates it is one conversation; else the files
follow one another.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.audio import arrange, level, likeness
from pipeline.audio.arrange import LIMITS, Strand, Taken
from pipeline.audio.folder import core
from pipeline.audio.likeness import Levels

ABOUT = 2.0  # seconds by which the lengths of one recording's pieces may differ
ABOUT_SHARE = 0.005  # and the share of it
SAME_SOUND = 0.95  # correlation of levels over which two files hold one recording
SHIFT = 30  # tenths of a second by which one may begin later
FLOOR_DB = -60.0  # levels under this count as silence
ADVICE = (
    "[[tracks]] tables with file and speaker in event.toml say so and name them; "
    "files = [...] says that they follow one another"
)


@dataclass(frozen=True, slots=True)
class Side:
    """Files heard together from one start, as one recording, and those that add nothing."""

    files: tuple[Path, ...]
    taken: Taken
    copies: tuple[Path, ...] = ()


def peers(file: Path, lengths: Mapping[Path, float | None]) -> list[Path]:
    """The files that may belong to one, itself with them, in their order.

    They are about as long, or their names are those of one recording's pieces.
    """
    own = lengths[file]
    return [
        other
        for other, length in lengths.items()
        if core(other) == core(file) or (own and length and about_equal(own, length))
    ]


def about_equal(one: float, other: float) -> bool:
    """Whether two lengths in seconds may be those of one recording's pieces."""
    return abs(one - other) <= max(ABOUT, ABOUT_SHARE * max(one, other))


def sides(takes: Mapping[Path, Taken]) -> Side | None:
    """The files as one recording; None where they follow one another.

    Copies are left out first; what is left is one file, or a speaker each.
    """
    files = list(takes)
    kept, copies = _without_copies(takes)
    if len(kept) == 1:
        own = takes[kept[0]]
        names = ", ".join(file.name for file in copies)
        said = (*own.said, f"{kept[0].name}: {names} hold the same sound and were left out")
        return Side((kept[0],), replace(own, said=said), tuple(copies)) if copies else None
    single = [file for file in kept if len(takes[file].strands) == 1]
    if len(single) < len(kept):
        return None
    strands = [named(takes[file], file) for file in kept]
    heard = arrange.profiles(strands)
    verdict = arrange.judge(heard)
    if verdict.kind != "speakers":
        return None
    speaking = [heard[n] for n in verdict.places]
    if arrange.alternations(speaking) < LIMITS.changes:
        return None
    used = [kept[n] for n in verdict.places]
    left = [file for file in files if file not in used]
    told = f"{_names(used)} are as long as one another and their speech alternates, so each was "
    told += f"taken for one speaker of one conversation; {ADVICE}"
    said = (f"{_names(left)}: left out, all speech is in the others",) if left else ()
    taken = _speakers([strands[n] for n in verdict.places], speaking, takes, used, said, (told,))
    return Side(tuple(used), taken, tuple(left))


def listed(takes: Mapping[Path, Taken]) -> Side:
    """The files that event.toml lists as a speaker each: so they are, whatever they sound like."""
    strands = [named(taken, file) for file, taken in takes.items()]
    heard = arrange.profiles(strands)
    said = (f"{_names(list(takes))} are a speaker each, as event.toml says",)
    return Side(tuple(takes), _speakers(strands, heard, takes, list(takes), said, ()))


def same_sound(one: Taken, other: Taken) -> bool:
    """Whether two recordings hold the same, a few seconds apart at most."""
    a, b = (_levels(taken) for taken in (one, other))
    size = min(len(a), len(b))
    if size < 10 or min(a.std(), b.std()) < 1.0:
        return False
    return max(_correlation(a, b, shift) for shift in range(-SHIFT, SHIFT + 1)) >= SAME_SOUND


def named(taken: Taken, file: Path) -> Strand:
    """All of a file as one strand."""
    whole = taken.strands[0] if len(taken.strands) == 1 else arrange.added(taken.strands)
    return replace(whole, name=file.name)


def _without_copies(takes: Mapping[Path, Taken]) -> tuple[list[Path], list[Path]]:
    kept: list[Path] = []
    copies: list[Path] = []
    for file, taken in takes.items():
        known = any(same_sound(taken, takes[other]) for other in kept)
        (copies if known else kept).append(file)
    return kept, copies


def _speakers(
    strands: Sequence[Strand],
    heard: Sequence[likeness.Profile],
    takes: Mapping[Path, Taken],
    used: Sequence[Path],
    said: tuple[str, ...],
    told: tuple[str, ...],
) -> Taken:
    warnings = [warning for file in used for warning in takes[file].warnings]
    return Taken(tuple(strands), tuple(heard), said, (*warnings, *told))


def _levels(taken: Taken) -> Levels:
    rows = [
        level.levels(strand.lanes[0].path, 0, strand.lanes[0].samples) for strand in taken.strands
    ]
    size = max(len(row) for row in rows)
    padded = [np.pad(row, (0, size - len(row)), constant_values=-120.0) for row in rows]
    loudest: Levels = np.maximum(np.max(padded, axis=0), FLOOR_DB)
    return loudest


def _correlation(a: Levels, b: Levels, shift: int) -> float:
    a, b = a[max(0, shift) :], b[max(0, -shift) :]
    size = min(len(a), len(b))
    a, b = a[:size], b[:size]
    if size < 10 or min(a.std(), b.std()) == 0:
        return 0.0
    return float(np.corrcoef(a, b)[0, 1])


def _names(files: Sequence[Path]) -> str:
    *most, last = [file.name for file in files]
    return f"{', '.join(most)} and {last}" if most else last
