"""What became of each correction: it holds now, or it no longer fits and why."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from pipeline.corrections.file import FILE, Fix
from pipeline.corrections.moments import Misfit
from pipeline.data import Doubted

F = TypeVar("F", bound=Fix)


class Fit(NamedTuple):
    """A correction, and why it could not be applied; nothing where what it wants is so."""

    fix: Fix
    why: str = ""
    doubted: bool = False  # its line stands among the doubts itself
    aside: str = ""  # what a person may not expect of it


def try_fix(fix: F, work: Callable[[F], None]) -> Fit:
    """What became of a correction; `work` applies it, or raises Misfit."""
    try:
        work(fix)
    except Misfit as why:
        return Fit(fix, str(why))
    return Fit(fix)


def no_longer_fitting(fits: Sequence[Fit]) -> tuple[Doubted, ...]:
    """The corrections that no longer fit, for a person to look at."""
    gone = (fit for fit in fits if fit.why and not fit.doubted)
    return tuple(Doubted("correction", fit.fix.time, str(fit.fix), fit.why) for fit in gone)


def summary(fits: Sequence[Fit]) -> str:
    """The sentence of a run: how many were applied, and each that no longer fits."""
    gone = [fit for fit in fits if fit.why]
    applied = f"{FILE}: {len(fits) - len(gone)} applied"
    verb = "fits" if len(gone) == 1 else "fit"
    places = "; ".join(f"{one.fix}: {one.why}" for one in gone)
    said = f"{applied}, {len(gone)} no longer {verb}: {places}" if gone else applied
    return "; ".join((said, *(f"{fit.fix}: {fit.aside}" for fit in fits if fit.aside)))
