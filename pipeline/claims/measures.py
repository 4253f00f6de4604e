"""Units as they are compared, and whether two numbers in one unit may both be true."""

import re

from pipeline.claims.lexicon import Lists, pattern
from pipeline.claims.stems import stem
from pipeline.data import Quantity

_SECONDS = {"ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0, "days": 86400.0, "weeks": 604800.0,
            "months": 2.63e6, "years": 3.156e7}  # fmt: skip
_TIMES = frozenset({"s", "min", "h", "day", "week", "month", "year"})
_MONEY = frozenset({"$", "€", "£"})
_GENERIC = _MONEY | {"x", "%", "", "time", "time within", "W", "kW", "MW", "GB", "TB"}
_SHARE_OF = re.compile(r" of (?:all |the |our |their |its |your )*(\w+)")  # "of all tumors"
_WITHIN = re.compile(r"\b(?:in|within|after)(?: about| around| under| less than| only)? $")
_EVERY = re.compile(r"\b(?:every|per|each) $")
_SAME = 0.95  # numbers this near to one another agree: one of them was rounded
_SAME_LOOSE = 0.67  # "over twenty" and 25 agree


def compared_unit(value: Quantity, text: str, lists: Lists) -> str:
    """A unit in which different spellings of one measure meet, and which tells a percentage of
    the time from one of the tumors, and 480 miles from once every 480 miles."""
    before, _, after = text.partition(value.text.lower())
    if _EVERY.search(before):
        return f"every {value.unit}"
    if value.unit in _SECONDS:
        if pattern(lists.taking).search(text):
            return "time taken"
        return "time within" if _WITHIN.search(before) else "time"
    if value.unit != "%":
        return value.unit
    if pattern(lists.uptime).search(text):
        return "% up"
    share = _SHARE_OF.match(after)
    return f"% of {stem(share.group(1))}" if share else "%"


def common_unit(one: str, two: str, shared: frozenset[str] = frozenset()) -> str | None:
    """The unit of both; a percentage of something may be one that does not say of what, and a
    price per seat is one of a seat, where both sentences speak of seats."""
    if one == two:
        return one
    if {one, two} == {"time taken", "time within"}:
        return "time within"
    short, long = sorted((one, two), key=len)
    if short == "%" and long.startswith("% of "):
        return short
    head, *below = long.split("/")
    fewer = short.split("/")
    said = [each for each in below if each not in fewer]
    if head in _MONEY and fewer[0] == head and len(fewer) + len(said) == len(below) + 1:
        return long if said and all(stem(each) in shared for each in said) else None
    return None


def tells(unit: str) -> int:
    """How much a unit alone tells of what is measured: 0 for "x" and "$/month", 1 for "cycles",
    2 for a share of something, things in a time ("dishes/h") and the price of a thing."""
    head, *below = unit.split("/")
    if unit.startswith("% of ") or (head not in _GENERIC and below and below[-1] in _TIMES):
        return 2
    if is_price_of_thing(unit):
        return 2
    return 0 if head in _GENERIC else 1


def is_price_of_thing(unit: str) -> bool:
    """ "$/acre" and "$/user/month", but not "$/month"."""
    head, *below = unit.split("/")
    return head in _MONEY and any(each not in _TIMES for each in below)


def agree(first: Quantity, second: Quantity, loose: bool) -> bool:
    """Whether two numbers in one unit may both be true."""
    low, high = sorted((_size(first), _size(second)))
    if high <= 0 or low == high:
        return True
    if first.unit == "%" and 90 < low < 100 >= high:
        low, high = 100 - high, 100 - low  # 99.9 and 99.99 percent are far apart
    return low / high > (_SAME_LOOSE if loose else _SAME)


def within(value: Quantity, bound: Quantity, side: int) -> bool:
    """Whether a value keeps to "at least" (side 1) or "at most" (-1) a bound of its unit."""
    low, high = (bound, value) if side > 0 else (value, bound)
    return _size(low) * _SAME <= _size(high)


def _size(value: Quantity) -> float:
    return abs(value.value) * _SECONDS.get(value.unit, 1.0)
