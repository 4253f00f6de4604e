import pytest

from pipeline.claims.quantities import parse
from pipeline.writer.phrases import capital, figure, from_figure, in_digits, shorten, third_person


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("twenty times faster", "20x"),
        ("ninety nine point nine five percent", "99.95%"),
        ("four million dollars a year", "$4 million a year"),
        ("nine million requests a day", "9 million requests a day"),
        ("twenty three thousand watts", "23,000 watts"),
        ("half the power", "half the power"),
        ("a third of them", "a third of"),
        ("nine seconds", "9 seconds"),
        ("62 percent of the code", "62%"),
        ("25 dollars per month", "$25 per month"),
        ("16x", "16x"),
    ],
)
def test_a_quantity_in_digits(said: str, written: str) -> None:
    assert figure(parse(said)[0]) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (
            "runs twenty times faster than any graphics card in the world and you get that",
            "20x faster than any graphics card in the world",
        ),
        ("it uses half the power more speed means better answers", "half the power"),
        ("found it in eighty seven percent of the cases a doctor did", "87% of the cases"),
        ("three times the memory and it will ship", "3x the memory"),
        ("we see two thousand words per second let me show you", "2,000 words per second"),
    ],
)
def test_a_figure_with_what_it_is_of(said: str, written: str) -> None:
    values = parse(said)
    assert from_figure(in_digits(said, values), figure(values[0])) == written


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("We trained our model", "They trained their model"),
        ("we're fast, and it helps us.", "they're fast, and it helps them."),
        ("I am a doctor", None),
        ("they copied my chip", None),
    ],
)
def test_told_by_somebody_else(said: str, told: str | None) -> None:
    heard = third_person(said)
    assert (heard.lower() if heard else heard) == (told.lower() if told else told)


def test_a_count_of_times_is_no_factor() -> None:
    said = "the cars were blocked fourteen times"
    assert in_digits(said, parse(said)) == "the cars were blocked 14 times"
    said = "it is fourteen times faster"
    assert in_digits(said, parse(said)) == "it is 14x faster"


def test_a_long_sentence_is_cut_at_a_clause_or_not_told() -> None:
    long = "we built a machine for the doctors of the town, and they use it every morning at nine"
    assert shorten(long, 12) == "we built a machine for the doctors of the town"
    assert shorten("one two three four five six seven eight nine ten", 5) == ""
    assert shorten("and so we built a machine", 12) == "we built a machine"


def test_a_capital_is_not_put_on_a_name_of_its_own() -> None:
    assert capital("they run") == "They run"
    assert capital("iPhone sales") == "iPhone sales"
    assert capital("") == ""
