"""What a post shows of a receipt: at most twelve words, and never the opposite of what was said."""

import pytest

from pipeline.data import Correction, Note, Receipt
from pipeline.notes.receipts import MOST, as_heard, shown

LONG = "and so we come to the part that everybody came for which is that the new machine is 20"


def receipt(cited: str) -> Receipt:
    return Receipt(f"Well, {cited}", 0.0, 1.0, "S0", cited=cited)


def test_a_short_one_is_shown_as_it_is() -> None:
    assert shown(receipt("20 times faster")) == "20 times faster"
    assert shown(Receipt("1610/124 = 13", 0.0, 0.0, None, kind="sum")) == "1610/124 = 13"


def test_of_a_long_one_the_part_with_the_number() -> None:
    assert shown(receipt(f"{LONG} times faster")).endswith("is 20 …") or "20 times" in shown(
        receipt(f"{LONG} times faster")
    )


@pytest.mark.parametrize(
    ("cited", "kept"),
    [
        (f"we do not say that {LONG[11:]} times faster than what you have", "not"),
        (
            "if all of you who are here tonight bought one of these then that would be 4 billion",
            "if",
        ),
        (
            "the machine that we built over the summer is really 20 times faster, no, it is not",
            "not",
        ),
    ],
)
def test_no_negation_is_cut_off(cited: str, kept: str) -> None:
    found = shown(receipt(cited))
    words = [word for word in found.split() if word != "…"]
    assert kept in words
    assert len(words) <= MOST


@pytest.mark.parametrize("quoted", ["nobody else can do this", "more speed means better answers"])
def test_what_the_note_has_in_quotation_marks_is_shown(quoted: str) -> None:
    cited = "If uses half the power, more speed means better answers, and nobody else can do this."
    assert quoted in shown(receipt(cited), "en", f"“{quoted}”, says the keynote about the power")


@pytest.mark.parametrize("words", range(1, 40, 3))
def test_never_more_than_twelve_words(words: int) -> None:
    found = shown(receipt(" ".join(f"w{number}" for number in range(words))))
    assert len([word for word in found.split() if word != "…"]) == min(words, MOST)


def test_a_quote_is_what_was_heard_and_the_note_writes_the_name_right() -> None:
    said = Receipt(
        "Please welcome Gareth Lindholm.", 66.0, 68.0, "SPEAKER_00", cited="welcome Gareth Lindholm"
    )
    source = Receipt("Gareth Lindholm, CEO", 66.0, 66.0, None, "a.md:1", "source")
    note = Note("Gareth Lindholm is welcomed", "claim", 66.0, (said, source))
    elsewhere = Correction(90.0, "Wendell Harrop", "Wendell Harrap")
    shown = as_heard(note, (Correction(66.5, "Dareth Lindholm", "Gareth Lindholm"), elsewhere))
    assert shown.text == note.text
    assert [receipt.quote for receipt in shown.receipts] == [
        "Please welcome Dareth Lindholm.",
        "Gareth Lindholm, CEO",
    ]
    assert shown.receipts[0].cited == "welcome Dareth Lindholm"
