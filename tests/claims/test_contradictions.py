"""A claim and a source with two numbers for one thing, and all that only looks like it."""

import pytest
from spoken import talk

from pipeline.claims.claims import find_claims
from pipeline.claims.contradictions import find_contradictions
from pipeline.claims.evidence import Passage, Sources

TWENTY = "Our chip is twenty times faster than a graphics card."


def against(said: str, *lines: str) -> list[tuple[str, str]]:
    """What lines of a source have against what is said."""
    told = [Passage(line, f"sources/a.md:{place}") for place, line in enumerate(lines, start=1)]
    found = find_contradictions(find_claims(talk(f"ANN: {said}")), Sources(told))
    return [(each.quote, each.source) for each in found]


def test_a_source_that_says_otherwise() -> None:
    drew, faster = "The chip drew 40 watts.", "A chip was 11 times faster than a graphics card."
    assert against(TWENTY, drew, faster) == [(faster, "sources/a.md:2")]


@pytest.mark.parametrize(
    ("said", "source"),
    [
        (TWENTY, "The chip is 20 times faster than a graphics card."),
        (TWENTY, "The chip is 3 times cheaper than a power station."),
        (TWENTY, "The chip has a hundred and twenty graphics cores."),
        ("Is the chip ten times faster than a graphics card?", TWENTY),
        ("The kettle saves 30 percent of the water.", "It saves 20 percent of the power."),
        ("The kettle loses 30 percent of its heat.", "Our kettle is 60 percent cheaper."),
        ("In 2024 the old kettle had 4,000 parts.", "In 2019 the old kettle had 900 parts."),
        ("On a weekday we do six hundred thousand builds.", "86 workstations do 11,400 builds."),
    ],
)
def test_what_only_looks_like_a_contradiction(said: str, source: str) -> None:
    assert against(said, source) == []


@pytest.mark.parametrize(("source", "differs"), [("98.9", True), ("99.8", True), ("99.9", False)])
def test_shares_near_all_are_told_apart_by_what_is_missing(source: str, differs: bool) -> None:
    said = "The service of Kettle was available 99.9 percent of the time."
    assert bool(against(said, f"Kettle's service was available {source}% of the time.")) == differs


def test_without_claims_and_in_an_unknown_language() -> None:
    sources = Sources([Passage("The chip is 11 times faster than a graphics card.", "a.md:1")])
    assert find_contradictions((), sources) == ()
    claims = find_claims(talk(f"ANN: {TWENTY}"))
    assert find_contradictions(claims, sources, "xx") == ()
