import re
from pathlib import Path

import pytest

from pipeline.errors import ConfigError
from pipeline.notes.lint import bounds, counted, lint
from pipeline.prompts import Prompts

GOOD = """+++
title = "Steam Night"
+++

## Ada Park, keynote

Ada Park on chips, 12 minutes

Claims the chip runs 20x faster than any graphics card, benchmark please lol[^1]

Not a word on the price of the machine, which would have been nice[^2]

They put the memory next to the math, and then nothing has to travel[^3]

Applause for the demo, which was short and worked the first time[^4]

99.9% of the time, brave to say out loud with engineers in the room lol[^5]

## Bob Lane, panel

They answer the phone for restaurants and take the order as well[^6]

Most of the time is not a number, says the bank, and is right[^7]

Someone asks what it costs, I heard no number in the answer lol[^8]

The tenth customer gets a free dinner, supposedly, if the ninth was happy[^9]

Murmuring through most of this one, the room has checked out lmao[^10]

---

Heard by faster-whisper base

[^1]: 1:02 Ada Park: “twenty times faster”

[^2]: 0:00-9:10 not said: price, cost

[^10]: 12:01 [applause]
"""


def found(text: str, prompts: Prompts | None = None) -> list[str]:
    return [str(finding) for finding in lint(text, prompts or Prompts())]


def test_a_post_in_the_voice_passes() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("travel[^3]", "travel", "line 13: 1 notes without a receipt"),
        ("Not a word", "- Not a word", "line 11: a note is a plain line"),
        ("Someone asks", "The idiot asks", "about a person"),
        ("Applause for the demo", "Applause " * 42, "more than 41"),
        ("[^", ".[^", "final stops"),
    ],
)
def test_what_departs_from_it_is_found(old: str, new: str, message: str) -> None:
    body, notes, footnotes = GOOD.partition("---\n\nHeard")
    assert any(message in each for each in found(body.replace(old, new) + notes + footnotes))


def test_a_share_counts_where_it_is_no_chance() -> None:
    words = [
        "chip",
        "price",
        "room",
        "doctor",
        "bank",
        "phone",
        "wafer",
        "memory",
        "speed",
        "power",
    ]
    lines = [
        f"The {one} and the {other} are told flat here[^1]" for one in words for other in words
    ]

    def laughs(many: int) -> bool:
        body = "\n\n".join(["## Ada Park", *lines[:many], "[^1]: 1:02 Ada Park: “so”"])
        return any("laughs" in each for each in found(body))

    assert not laughs(11)
    assert laughs(33)


def test_a_note_that_says_what_another_said() -> None:
    line = "Not a word on the price of the machine, which would have been nice"
    twice = GOOD.replace("They answer the phone for restaurants and take the order as well", line)
    assert any("says what line 11 says" in each for each in found(twice))


def test_a_post_without_notes() -> None:
    assert "no notes" in found("# Hello\n\nNothing here\n")[0]


def test_a_post_without_receipts_is_told_so_once() -> None:
    bare = "\n".join(line.partition("[^")[0] for line in GOOD.splitlines() if line[:2] != "[^")
    assert sum("without a receipt" in each for each in found(bare)) == 1


def test_a_post_that_was_made_without_receipts_passes() -> None:
    for name in ("post", "post-by-a-model"):
        made = Path(__file__).parents[2] / "samples" / "full-steam" / name / "index.md"
        lines = made.read_text("utf-8").splitlines()
        bare = "\n".join(line.partition("[^")[0] for line in lines if line[:2] != "[^")
        assert lint(bare, Prompts(), bare=True) == ()


def test_escaped_marks_are_read_as_they_are_shown() -> None:
    post = "## A\n\nThe \\*fast\\* one \\[sic\\] lol[^1]\n"
    assert counted(post, bounds(Prompts())).notes[0].text == "The *fast* one [sic] lol"


def test_bounds_are_the_users(tmp_path: Path) -> None:
    strict = Prompts().text("lint").replace("words_most = 41", "words_most = 5")
    (tmp_path / "lint.toml").write_text(strict)
    assert any("more than 5" in each for each in found(GOOD, Prompts(tmp_path)))
    (tmp_path / "lint.toml").write_text(strict.replace("words_most", "word_most"))
    with pytest.raises(ConfigError, match=r"lint\.toml.*words_most|word_most"):
        found(GOOD, Prompts(tmp_path))


def test_a_post_of_quotes_is_held_to_no_style_of_the_voice() -> None:
    sample = Path(__file__).parents[2] / "samples" / "full-steam" / "post" / "index.md"
    text = sample.read_text(encoding="utf-8")
    assert lint(text, Prompts()) == ()
    assert counted(text, bounds(Prompts())).shares["room"] > 0


def test_a_post_whose_receipts_are_links_is_read_too() -> None:
    linked = re.sub(r"\[\^(\d+)\](?!:)", r" [\\[\1\\]](#receipt-\1)", GOOD)
    linked = re.sub(r"(?m)^\[\^(\d+)\]: ", r'<span id="receipt-\1"></span>\\[\1\\] ', linked)
    assert "[^" not in linked
    assert counted(linked, bounds(Prompts())).notes == counted(GOOD, bounds(Prompts())).notes
    assert found(linked) == []


def test_a_post_of_one_line_a_talk_without_receipts_has_notes() -> None:
    post = "## A\n\nFast, they say\n\n## B\n\nNo price\n"
    assert [note.text for note in counted(post, bounds(Prompts())).notes] == [
        "Fast, they say",
        "No price",
    ]


def test_the_room_is_counted_in_a_german_post() -> None:
    cassette = Path(__file__).parents[1] / "cassettes" / "waermeabend" / "post.md"
    text = cassette.read_text(encoding="utf-8")
    assert "Gelächter" in text
    assert counted(text, bounds(Prompts())).shares["room"] > 0
