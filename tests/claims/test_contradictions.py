"""Two numbers for one thing, and all that only looks like it."""

from collections.abc import Sequence

import pytest
from spoken import talk

from pipeline.claims.claims import find_claims as claims_of
from pipeline.claims.contradictions import find_contradictions
from pipeline.claims.evidence import Passage, Sources

TWENTY = "ANN: Our chip is twenty times faster than a graphics card."


def pairs(
    *said: str,
    sources: Sources | None = None,
    earlier: Sequence[Passage] = (),
    titles: tuple[str, ...] = (),
) -> list[tuple[str, str]]:
    """Quote and other quote of each contradiction in the talks that were given."""
    talks = [
        talk(text, index, titles[index] if titles else "A talk") for index, text in enumerate(said)
    ]
    found = find_contradictions(talks, [claims_of(of) for of in talks], sources, earlier)
    return [(each.quote, each.other.quote) for against in found for each in against]


def test_two_numbers_for_one_thing_in_two_talks() -> None:
    second = "BOB: Our chip is fifteen times faster than a graphics card on the same model."
    found = pairs(TWENTY, second)
    assert found == [(second[5:], TWENTY[5:])]


def test_a_speaker_against_what_was_said_ten_minutes_before() -> None:
    filler = "ANN: The weather was nice.\n" * 5
    text = f"{TWENTY}\n{filler}ANN: As I said, our chip is ten times faster than a graphics card."
    assert len(pairs(text)) == 1


def test_a_number_put_right_in_the_next_breath_is_no_contradiction() -> None:
    text = "ANN: Last month we served ninety million requests a day. Nine million requests a day."
    assert pairs(text) == []


@pytest.mark.parametrize(
    "second",
    [
        "BOB: Our chip is twenty times faster than a graphics card, as Ann said.",
        "BOB: Last year our chip was ten times faster than a graphics card.",
        "BOB: In 2019 our chip was ten times faster than a graphics card.",
        "BOB: Our prototype chip was ten times faster than a graphics card.",
        "BOB: The rival chip is ten times faster than a graphics card.",
        "BOB: Our chip is ten, sorry, twenty times faster than a graphics card.",
        "BOB: Our chip is three times cheaper than a graphics card.",
        "BOB: Our chip has a hundred and twenty graphics cores.",
        "BOB: Is the chip ten times faster than a graphics card?",
        "BOB: Our chip is more than nineteen times faster than a graphics card.",
        "BOB: Imagine our chip was a hundred times faster than a graphics card.",
    ],
)
def test_no_contradiction(second: str) -> None:
    assert pairs(TWENTY, second) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("It costs 40 dollars per acre to water.", "The price was 90 dollars per acre to water."),
    ],
)
def test_what_a_reader_would_call_a_contradiction(first: str, second: str) -> None:
    titles = ("Ann, head of Kettle", "Bob, engineer, Kettle")
    assert len(pairs(f"ANN: {first}", f"BOB: {second}", titles=titles)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Our latency is under 30 milliseconds.", "The median latency is 12 milliseconds."),
        ("It lasts thirty hours.", "It lasts nineteen hours when you stream music."),
    ],
)
def test_what_only_looks_like_one(first: str, second: str) -> None:
    titles = ("Ann, head of Kettle", "Bob, engineer, Kettle")
    assert pairs(f"ANN: {first}", f"BOB: {second}", titles=titles) == []


def test_we_of_two_companies_are_two() -> None:
    ours, theirs = "ANN: We have sixty customers.", "BOB: We have four thousand customers."
    assert pairs(ours, theirs, titles=("Ann, head of Kettle", "Bob of Paper Menu")) == []
    assert len(pairs(ours, theirs, titles=("Ann, head of Kettle", "Bob, engineer, Kettle"))) == 1


def test_a_source_that_says_otherwise() -> None:
    sources = Sources(
        [
            Passage("The chip drew 40 watts in our test.", "sources/test.md:3"),
            Passage("A chip of Kettle was 11 times faster than a graphics card.", "sources/b.md:9"),
        ]
    )
    talks = [talk(TWENTY)]
    ((against,),) = find_contradictions(talks, [claims_of(talks[0])], sources)
    assert against.other.source == "sources/b.md:9"


def test_a_claim_of_an_earlier_event() -> None:
    quote = "Tidemark answers in 4 milliseconds."
    said = "ANN: Tidemark answers in 9 milliseconds."
    past = Passage(quote, "Summit, 2024-05-14:1", "Ruth Adler")
    assert pairs(said, earlier=[past]) == [(said[5:], quote)]


def test_empty_talks_and_unknown_languages() -> None:
    assert find_contradictions([], []) == ()
    one = talk("ANN: Hello.")
    assert find_contradictions([one], [()]) == ((),)
    assert find_contradictions([one], [()], language="xx") == ((),)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Originally the kettle had 4,000 parts.", "The kettle has 900 parts."),
        ("Back then the chip had 40,000 cores.", "The chip has 900,000 cores."),
        ("The kettle used to take 40 minutes a litre.", "The kettle takes 4 minutes a litre."),
        ("At first the launch cost 400 dollars a seat.", "The launch costs 90 dollars a seat."),
        ("The kettle saves 30 percent of the water.", "The kettle saves 20 percent of the power."),
    ],
)
def test_another_time_and_another_share_contradict_nothing(before: str, now: str) -> None:
    assert pairs(f"ANN: {before}", f"BOB: {now}") == []


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("In 2024 the kettle had 4,000 parts.", "In 2019 the kettle had 900 parts."),
        ("The kettle loses 30 percent of its heat.", "Our kettle is 60 percent cheaper."),
        ("Our kettle is 60 percent cheaper.", "The kettle loses 30 percent of its heat."),
    ],
)
def test_a_source_of_another_year_or_share_contradicts_nothing(said: str, source: str) -> None:
    assert pairs(f"ANN: {said}", sources=Sources([Passage(source, "sources/a.md:1")])) == []
