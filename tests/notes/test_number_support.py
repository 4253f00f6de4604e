"""Numbers of a note stand in its own receipts, in the same measure, or are a shown sum."""

import pytest
from made_evening import evening, note, quoting, reasons

from pipeline.notes import sums
from pipeline.notes.figures import days, figures, taken_back

FASTER = (0, "Our chip is 20 times faster than the Norvane G400.")
POWER = (0, "It draws forty kilowatts.")
CORES = (2, "400,000 cores, no, sorry, 40,000 cores.")
ROWS = ["speeds.md:5", "speeds.md:6"]


@pytest.mark.parametrize(
    "told",
    [
        quoting("20x faster than the Norvane G400", FASTER),
        quoting("20x quicker on 40,000 W", FASTER, POWER),
        quoting("400,000 cores, no, sorry, 40,000", CORES),
        quoting("Only 40,000 cores", CORES),
        quoting("20x, the table has 1,610 against 124, that is 13x", FASTER, sources=ROWS,
                sums=["1610/124"]),
        quoting("20x for 3 times the price", FASTER, sources=ROWS, sums=["1.90/0.62"]),
        quoting("8 h 52 min down and 99.85% up, 20x though", FASTER, sources=["speeds.md:8"]),
        quoting("20x, and a minute later 40 kilowatts", FASTER,
                (4, "One system needs 40 kilowatts")),
        quoting("20x on Ember Two", FASTER),
        quoting("20x here, I would ask which of the two is on the invoice", FASTER),
        quoting("20x. Those two I believe", FASTER),
        quoting("20x, down on 21 July and on 14 June", FASTER, sources=["speeds.md:9"]),
        quoting("20x, but for July 21", FASTER, sources=["speeds.md:9"]),
    ],
)  # fmt: skip
def test_borne(told: dict[str, object]) -> None:
    assert reasons(told) == ""


def test_a_number_of_another_noun_is_refused_with_what_it_was_said_of() -> None:
    told = reasons(quoting("9,000 towns", (4, "One system needs 40 kilowatts and costs $9,000")))
    assert told == (
        "“9,000 towns” stands in none of its receipts, which have “$ 9,000”: tell it of the same "
        "thing, in the same word, or cite what says yours"
    )


def test_a_number_that_is_said_again_is_not_taken_back() -> None:
    assert taken_back("We raised $14 million. Sorry, fourteen.", "en") == ()
    assert taken_back("We raised $40 million. Sorry, $14 million.", "en") == ((4e7, 1.4e7),)
    assert taken_back("Yes, if I get my button. That's six, sorry.", "en") == ()
    assert taken_back("We did lose two, I should say. Both old. One in May.", "en") == ()


def test_pounds_that_were_spoken_may_be_money() -> None:
    said = "It is two thousand pounds a year."
    known = evening((("S0", said),), 1)
    assert reasons(quoting("£2,000 a year", (0, said)), known) == ""
    assert "3,000" in reasons(quoting("£3,000 a year", (0, said)), known)


def test_a_sum_may_go_on_from_another_and_bears_what_it_reckons_with() -> None:
    first, then = "There were 1,610 films.", "In May 124 were left, of 900 sent away."
    known = evening((("S0", f"{first} {then}"),), 1)
    line = quoting("1,486 fewer, less 900 that is 586", (0, then), sums=["1610-124", "1486-900"])
    assert reasons(line, known) == ""
    turned = {**line, "sums": ["1486-900", "1610-124"]}
    assert "1486 of the sum" in reasons(turned, known)
    assert reasons(quoting("1,610, now 124", (0, then), sums=["1610-124"]), known) == ""
    assert "1,611" in reasons(quoting("1,611, now 124", (0, then), sums=["1610-124"]), known)


def test_days_of_a_month_enter_a_sum() -> None:
    said = "The hail came on the 14th, and cloud until the 25th."
    known = evening((("S0", said),), 1)
    assert reasons(quoting("11 days of cloud", (0, said), sums=["25-14"]), known) == ""
    assert "26" in reasons(quoting("12 days of cloud", (0, said), sums=["26-14"]), known)


def test_a_time_of_two_units_is_reckoned_in_the_sum() -> None:
    said = "Before, it was 4 minutes 10 a film. After, 3 minutes 20, so 50 seconds."
    known = evening((("S0", said),), 1)
    assert reasons(quoting("20% less", (0, said), sums=["50/(4*60+10)"]), known) == ""
    assert "260" in reasons(quoting("19% less", (0, said), sums=["50/260"]), known)


def test_years_are_counted_from_one_that_is_cited_to_another() -> None:
    said = "We took it out in 2024, and I said in 2022 that we would not."
    known = evening((("S0", said),), 1)
    assert reasons(quoting("It came out two years later", (0, said)), known) == ""
    assert "five years" in reasons(quoting("It came out five years later", (0, said)), known)


def test_a_half_may_be_rounded_up() -> None:
    assert sums.tells(figures("3.7 hours", "en")[0], "365*24/12*0.5/100")
    assert not sums.tells(figures("3.8 hours", "en")[0], "365*24/12*0.5/100")


def test_a_decade_is_no_time() -> None:
    known = evening((("S0", "I was at Inmos in the eighties."),), 1)
    told = quoting("Inmos, in the 80s", (0, "I was at Inmos in the eighties."))
    assert reasons(told, known) == ""


def test_how_often_something_is_done_is_no_factor() -> None:
    known = evening((("S0", "And is it in the contract? But is it in the contract?"),), 1)
    asked = (0, "But is it in the contract?")
    assert reasons(quoting("Asked twice whether it is in the contract", asked), known) == ""
    assert "twice" in reasons(quoting("In the contract, at twice the price", asked), known)


def test_a_number_before_another_has_its_own_measure() -> None:
    said = "The warranty is 70 % of capacity, 1,200 cycles or 4 years."
    known = evening((("S0", said),), 1)
    assert reasons(quoting("It stops at 1,200 and 70 percent", (0, said)), known) == ""


def test_things_that_are_counted_may_have_another_word_form() -> None:
    told = quoting("300 million downloads", (5, "Heron has been downloaded 300 million times."))
    assert reasons(told, talk=1) == ""


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (quoting("21x faster than the Norvane G400", FASTER), "“21 x”"),
        (quoting("40x faster on 20 kilowatts", FASTER, POWER), "“40 x”"),
        (quoting("20x cheaper than the Norvane G400", FASTER), "“20 x”"),
        (quoting("Draws 40 megawatts", POWER), "“40 megawatts”"),
        (quoting("400,000 cores", CORES), "taken back"),
        (quoting("20x, it draws 40 kilowatts", FASTER), "“40 kilowatts”"),
        (quoting("14x", FASTER, sources=ROWS, sums=["1610/124"]), "“14 x”"),
        (quoting("13x", FASTER, sums=["1610/124"]), "1610"),
        (quoting("20x, nine hours later", FASTER, POWER), "“nine hours”"),
        (
            quoting("20x, two systems fill a room", FASTER, (4, "One system needs 40 kilowatts")),
            "two",
        ),
        (quoting("20x, 14 engineers", FASTER, sources=["speeds.md:9"]), "“14 engineers”"),
        (quoting("20x, down on 22 July", FASTER, sources=["speeds.md:9"]), "“22”"),
        (quoting("20x, down in May", FASTER, sources=["speeds.md:9"]), "May"),
    ],
)
def test_not_borne(told: dict[str, object], why: str) -> None:
    assert why in reasons(told)


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("3,5-4,5", [3.5, 4.5]),
        ("1.200,50;", [1200.5]),
        ("10.000-20.000.", [10000, 20000]),
        ("0,125", [0.125]),
    ],
)
def test_german_numbers(written: str, values: list[float]) -> None:
    assert [abs(each.value) for each in figures(f"Es sind {written}", "de")] == values


def test_a_language_without_word_lists_keeps_its_units() -> None:
    known = evening((("S0", "Sie kostet neuntausend Euro und wiegt zwölf Kilo."),), 1, "de")
    quote = (0, "Sie kostet neuntausend Euro")
    assert reasons(quoting("9.000 Euro", quote), known) == ""
    assert reasons(quoting("Wiegt 12 Kilo, kostet 9.000; das ist viel", quote), known) == ""
    assert "9000 dollar" in reasons(quoting("9.000 Dollar", quote), known)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1610/124", 12.983),
        ("1,610 / 124 = 13", 12.983),
        ("365*24*60*0.0001", 52.56),
        ("-(2)+5", 3),
    ],
)
def test_sums(expression: str, value: float) -> None:
    assert sums.value(expression) == pytest.approx(value, abs=1e-3)


@pytest.mark.parametrize(
    "expression",
    ["", "1/0", "2**9", "x+1", "__import__('os')", "9" * 300, "1 1", "(" * 150, "True+True",
     "5_7*40", "4e1*40", "1e400+1"],
)  # fmt: skip
def test_what_is_no_sum(expression: str) -> None:
    assert sums.value(expression) is None


def test_a_large_result_is_shown_in_digits() -> None:
    assert sums.shown("320000000/2") == "320000000/2 = 160000000"
    assert sums.shown("120*900") == "120*900 = 108000"  # and not 110000
    assert sums.shown("1610/124") == "1610/124 ≈ 13"


def test_a_sum_is_shown_with_its_result() -> None:
    told = quoting("13x", FASTER, sources=ROWS, sums=["1610/124"])
    receipts = note(told, evening()).receipts
    assert [r.quote for r in receipts if r.kind == "sum"] == ["1610/124 ≈ 13"]


@pytest.mark.parametrize(
    ("told", "expression", "held"),
    [
        ("18,240 pounds", "152*120", True),
        ("18,100 pounds", "152*120", False),
        ("18,000 pounds", "152*120", True),
        ("2.1 billion", "2130000000*1", True),
        ("3 billion", "2950000000*1", True),
        ("2.3 billion", "2130000000*1", False),
    ],
)
def test_a_result_is_held_to_the_digits_that_are_told(
    told: str, expression: str, held: bool
) -> None:
    (figure,) = figures(told, "en")
    assert sums.tells(figure, expression) is held


@pytest.mark.parametrize(("told", "shown"), [("13x", "≈ 13"), ("12.98x", "≈ 12.98")])
def test_a_receipt_shows_a_sum_to_the_digits_of_its_line(told: str, shown: str) -> None:
    line = quoting(f"20x, by the table {told}", FASTER, sources=ROWS, sums=["1610/124"])
    (receipt,) = note(line, evening()).receipts_of("sum")
    assert receipt.quote == f"1610/124 {shown}"


@pytest.mark.parametrize(
    ("said", "told"), [("the ninth of January", "9 January"), ("July twenty first", "21 July")]
)
def test_a_day_is_the_same_in_words_and_in_figures(said: str, told: str) -> None:
    known = evening((("S0", f"On {said} the whole service went down for us."),), 1)
    note = quoting(f"On {told} the service went down", (0, f"On {said} the whole service"))
    assert reasons(note, known) == ""
    assert "“3”" in reasons(note | {"text": "On 3 January the service went down"}, known)


@pytest.mark.parametrize("said", ["One may ask why", "In May one of them", "In August twenty came"])
def test_a_number_beside_a_month_is_no_day(said: str) -> None:
    assert days(said) == frozenset()
