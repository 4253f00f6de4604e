"""Numbers with their units, spoken and written."""

import pytest

from pipeline.claims.quantities import parse


def found(text: str) -> list[tuple[float, str]]:
    return [(quantity.value, quantity.unit) for quantity in parse(text)]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("up ninety nine point nine five percent of the time", 99.95, "%"),
        ("99.95% uptime", 99.95, "%"),
        ("point five percent", 0.5, "%"),
        ("we are 20x faster", 20, "x"),
        ("twenty times faster than a GPU", 20, "x"),
        ("two and a half times faster", 2.5, "x"),
        ("it uses half the power", 0.5, "x"),
        ("a third of the cost", 0.333, "x"),
        ("two thirds of the price", 0.667, "x"),
        ("we cut latency in half", 0.5, "x"),
        ("we doubled revenue", 2, "x"),
        ("revenue grew four times", 4, "x"),
        ("a tenfold increase", 10, "x"),
        ("a 1.3 billion parameter model", 1.3e9, "parameters"),
        ("one point three billion parameters", 1.3e9, "parameters"),
        ("a 70B model", 70e9, "parameters"),
        ("we raised $4 million", 4e6, "$"),
        ("four million dollars", 4e6, "$"),
        ("forty cents per million tokens", 0.4, "$/1M tokens"),
        ("$4 per million tokens", 4, "$/1M tokens"),
        ("three point five million dollars a year", 3.5e6, "$/year"),
        ("$20 per user per month", 20, "$/user/month"),
        ("ten thousand tokens per second", 10000, "tokens/s"),
        ("2,600 tokens/s", 2600, "tokens/s"),
        ("sixty liters of water per second", 60, "liters/s"),
        ("19 dollars per seat and month", 19, "$/seat/month"),
        ("it took one customer four months", 4, "months"),
        ("we replaced 1,200 of those plates", 1200, "plates"),
        ("two years ago it was new, and now it takes 40 minutes", 40, "min"),
        ("50k requests per second", 50000, "requests/s"),
        ("under two hundred milliseconds", 200, "ms"),
        ("a sixty second delay", 60, "s"),
        ("half a million developers", 500000, "developers"),
        ("nine euros forty", 9.4, "€"),
        ("9 euros 40 per roof", 9.4, "€/roof"),
        ("We charge three pound forty for the survey", 3.4, "lb"),
        ("nine euros forty a roof", 9.4, "€"),
        ("fifty enterprise customers", 50, "customers"),
        ("twenty three thousand watts of power", 23000, "W"),
        ("900,000 cores", 900000, "cores"),
        ("a score of 93.4 on the test", 93.4, ""),
    ],
)
def test_number_and_unit(text: str, value: float, unit: str) -> None:
    assert found(text) == [(pytest.approx(value), unit)]


@pytest.mark.parametrize(
    "text",
    [
        "doors open at 3pm on May 15th, 2025",
        "we start at four thirty",
        "since 2016",
        "in twenty twenty five we moved",
        "nineteen ninety nine was a good year",
        "number one in the market",
        "Llama 4 and GPT-4o and the H100",
        "one of the first",
        "no one has this",
        "we met three times a week",
        "we ran it five times and it worked",
        "open 24/7",
        "the second version",
        "we double down on quality",
    ],
)
def test_dates_lists_and_names_are_no_quantities(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "eighteen, sorry, sixteen times faster",
        "eighteen times faster, I mean sixteen times faster",
        "18x, no, 16x faster",
        "we are eighteen, make that sixteen times faster",
        "not eighteen times but sixteen times",
        "sixteen times, not eighteen times",
    ],
)
def test_a_number_taken_back_does_not_count(text: str) -> None:
    assert found(text) == [(16, "x")]


def test_not_only_is_no_correction() -> None:
    assert found("not only 20 times faster but 3 times cheaper") == [(20, "x"), (3, "x")]


@pytest.mark.parametrize("text", ["plans at $10 20 and $30", "it was 30 euros 40 people came"])
def test_two_prices_are_no_price_with_cents(text: str) -> None:
    assert all(value == int(value) for value, _ in found(text))


def test_a_range_shares_its_unit() -> None:
    assert found("three to five percent") == [(3, "%"), (5, "%")]
    assert found("two to three million users") == [(2e6, "users"), (3e6, "users")]


def test_the_text_is_verbatim() -> None:
    quantity = parse("It uses Half the power, they say")[0]
    assert quantity.text == "Half"


def test_a_language_without_lists_still_has_its_digits() -> None:
    assert [(q.value, q.unit) for q in parse("das ist 20 % besser", "de")] == [(20, "%")]
    assert [(q.value, q.unit) for q in parse("es ist 20x besser", "xx")] == [(20, "x")]


def test_one_is_told_in_each_of_its_german_forms() -> None:
    said = "aus einer Kilowattstunde Strom fünf Kilowattstunden Wärme in einem Jahr"
    assert [(q.value, q.unit) for q in parse(said, "de")] == [(1, "kWh"), (5, "kWh"), (1, "years")]
