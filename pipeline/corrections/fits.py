"""What became of each correction: it holds now, or it no longer fits and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pipeline.corrections.file import (
    FILE,
    Fix,
    Moment,
    NameFix,
    NoteFix,
    ReplaceFix,
    VoiceFix,
    WordFix,
    moment,
    stamp,
)
from pipeline.data import Doubted

F = TypeVar("F", bound=Fix)


class Misfit(Exception):
    """Why a correction cannot be applied, in words for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A correction, and why it could not be applied; nothing where what it wants is so."""

    fix: Fix
    why: str = ""
    doubted: bool = False  # its line stands among the doubts itself
    aside: str = ""  # what a person may not expect of it

    @property
    def time(self) -> float:
        """Where it belongs; 0 for one that holds everywhere."""
        at = _moment(self.fix)
        return at.time if at else 0.0

    @property
    def text(self) -> str:
        """The correction in a few words, with its place in the file."""
        when = "" if _moment(self.fix) is None else f" at {stamp(self.time)}"
        return f"[{self.fix.table}]{when}: {_what(self.fix)}"


def try_fix(fix: F, work: Callable[[F], None]) -> Fit:
    """What became of a correction; `work` applies it, or raises Misfit."""
    try:
        work(fix)
    except Misfit as why:
        return Fit(fix, str(why))
    return Fit(fix)


def _moment(fix: Fix) -> Moment | None:
    at: Moment | None = getattr(fix, "at", None) or getattr(fix, "turn", None)
    return moment(fix.voice) if isinstance(fix, NameFix) else at


def _what(fix: Fix) -> str:
    match fix:
        case NameFix():
            return f"{fix.voice} is {fix.name}"
        case ReplaceFix() | WordFix():
            return f"“{fix.heard}” is “{fix.written}”"
        case VoiceFix():
            return " and ".join(fix.merge) or fix.split or f"the turn of {fix.to}"
        case NoteFix():
            return f"“{fix.note or fix.add}”"
    given = fix.model_dump(exclude_defaults=True, exclude={"at"}, mode="json")
    return ", ".join(f"{key} {value}" for key, value in given.items())


def no_longer_fitting(fits: Sequence[Fit]) -> tuple[Doubted, ...]:
    """The corrections that no longer fit, for a person to look at."""
    gone = (fit for fit in fits if fit.why and not fit.doubted)
    return tuple(Doubted("correction", fit.time, fit.text, fit.why) for fit in gone)


def summary(fits: Sequence[Fit]) -> str:
    """The sentence of a run: how many were applied, and each that no longer fits."""
    gone = [fit for fit in fits if fit.why]
    applied = f"{FILE}: {len(fits) - len(gone)} applied"
    verb = "fits" if len(gone) == 1 else "fit"
    places = "; ".join(f"{one.text}: {one.why}" for one in gone)
    said = f"{applied}, {len(gone)} no longer {verb}: {places}" if gone else applied
    return "; ".join((said, *(f"{fit.text}: {fit.aside}" for fit in fits if fit.aside)))
