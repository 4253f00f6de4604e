"""The one table of units, `units.toml`: how they are called, and what they are worth."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.languages import code

MONEY = frozenset("$€£")
_TIMES = frozenset({"s", "min", "h", "day", "week", "month", "year"})
_GENERIC = MONEY | {"x", "%", "", "W", "kW", "MW", "GB", "TB"}
_FILE = Path(__file__).with_name("units.toml")


@cache
def names(language: str) -> dict[str, str]:
    """Units by the words for them; in a language that the table does not know, signs alone."""
    found = {sign: sign for sign in (*MONEY, "%", "x", "\u00d7")}
    for row in _table()["names"].get(code(language), ()):
        unit, *others = (word.replace("_", " ") for word in row.split())
        shown = [unit.lower()] if unit[1:] or not unit.isalpha() else []  # "m" by itself is none
        found |= {form: unit for name in (*shown, *others) for form in (name, f"{name}s")}
    return found


@cache
def base(unit: str) -> tuple[str, float]:
    """The base unit of a unit and its factor: "ms" is 0.001 of "s"; a noun is its own base unit."""
    head = unit.partition("/")[0]
    return _sizes().get(head, (head, 1.0))


def is_measure(unit: str) -> bool:
    """Whether a unit is in the table, and no noun that is counted."""
    return unit.partition("/")[0] in _sizes()


def specificity(unit: str) -> int:
    """How much a unit alone tells of what is measured: 0 for "x" and "$/month", 1 for "cycles",
    2 for things in a time ("dishes/h") and the price of a thing."""
    head, *below = unit.split("/")
    if head not in _GENERIC and below and below[-1] in _TIMES:
        return 2
    if head in MONEY and any(each not in _TIMES for each in below):
        return 2
    return 0 if head in _GENERIC else 1


@cache
def _sizes() -> dict[str, tuple[str, float]]:
    rows = (row.split() for row in _table()["sizes"])
    return {
        unit: (first, float(size))
        for first, *rest in rows
        for unit, size in ((first, 1.0), *zip(rest[::2], rest[1::2], strict=True))
    }


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
