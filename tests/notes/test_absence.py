""" "Never says" is said only of what code looked for in vain."""

import pytest
from made_evening import evening, note, quoting, reasons

from pipeline.notes.checks import absence
from pipeline.notes.evening import Evening

FASTER = (0, "Our chip is 20 times faster than the Norvane G400.")


def absent(*words: str, where: str = "talk") -> list[dict[str, object]]:
    return [{"absent": words, "where": where}]


@pytest.mark.parametrize(
    ("text", "words", "why"),
    [
        ("20x, no word on price", ("price", "cost"), ""),
        ("20x, no word on power", ("power",), ""),  # of kilowatts a judge is told
        ("20x, nothing on cores", ("core",), "cores"),  # another form
        ("20x, nothing on batches", ("batch",), ""),
    ],
)
def test_in_the_talk(text: str, words: tuple[str, ...], why: str) -> None:
    found = reasons(quoting(text, FASTER, absent=absent(*words)))
    assert why in found if why else found == ""


def test_two_words_are_missing_together() -> None:
    said = "The card has one slot. It holds 96 gigabytes. In the cloud it costs less. It is fast."
    known = evening((("S0", said),), 1)
    told = quoting("One slot, never said: what it costs", (0, "The card has one slot"))
    assert reasons(told | {"absent": absent("card + costs")}, known) == ""
    assert "cloud + cost" in reasons(told | {"absent": absent("cloud + cost")}, known)
    assert "gigabytes" in reasons(told | {"absent": absent("gigabytes + slot")}, known)


def in_other_words(known: Evening, *words: str) -> list[str]:
    said = known.outline.utterances
    return absence.said_in_other_words(words, said[0].start, said[-1].end, known)


def test_what_other_words_of_a_topic_say_is_for_a_judge() -> None:
    said = "One card fits. It is fast. In the cloud it is 19 dollars. It works. It halves the bill."
    known = evening((("S0", said),), 1)
    paid = ["In the cloud it is 19 dollars.", "It halves the bill."]
    assert in_other_words(known, "price", "costs") == paid
    assert in_other_words(known, "cloud + price") == paid[:1]
    assert in_other_words(known, "card + price", "percentile") == []


@pytest.mark.parametrize("text", ["20x, no word on batches", "20x, batches are not mentioned"])
def test_only_with_the_words_that_were_looked_for(text: str) -> None:
    assert "“absent”" in reasons(quoting(text, FASTER))


def test_an_omission_needs_them_too() -> None:
    assert "“absent”" in reasons(quoting("20x, and the bill", FASTER, kind="omission"))


def test_the_receipt_names_words_and_scope() -> None:
    known = evening()
    told = quoting("20x, no word on price", FASTER, absent=absent("price", "cost"))
    receipt = next(r for r in note(told, known).receipts if r.kind == "absent")
    talk = known.outline.talks[0]
    assert (receipt.quote, receipt.start, receipt.end) == ("price, cost", talk.start, talk.end)


def test_what_says_that_nothing_was_said() -> None:
    assert absence.claims_silence("Open, the licence is not named, price and power are", "en")
    assert absence.claims_silence("kein Wort zu Preis und Strom", "de")
    assert not absence.claims_silence("Adds nothing on top, nobody says hello", "fi")
    assert not absence.claims_silence("They add nothing on top", "en")


@pytest.mark.parametrize(("word", "said"), [("percentile", "slowest"), ("precision", "8 bits")])
def test_a_word_of_a_topic_brings_the_words_of_that_topic(word: str, said: str) -> None:
    text = "About a second for the slowest one in a hundred, with weights squeezed to 8 bits."
    known = evening((("S0", text),), 1)
    assert said in " ".join(in_other_words(known, word))
    assert in_other_words(known, "price") == []
