"""Phrases of the table, found in speech with and without punctuation."""

import pytest
from stage import played

from pipeline.talks import cues


def kinds(text: str) -> set[str]:
    said = played(f"A: {text}")
    return {cue.kind for cue in cues.find_cues(said[0])}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Please welcome our CEO.", "intro"),
        ("give it up for the next one", "intro"),
        ("Thank you so much, Ada.", "thanks"),
        ("okay so let's open it up for questions", "qa"),
        ("Are there any questions from the audience?", "qa"),
        ("We take a short coffee break, back in fifteen minutes.", "break"),
        ("Thank you all for coming, see you next year.", "close"),
        ("a word from our platinum sponsor", "sponsored"),
        ("now we have a short panel", "panel"),
        ("My name is Ada.", "self"),
    ],
)
def test_a_phrase_is_found(text: str, kind: str) -> None:
    assert kind in kinds(text)


def test_a_long_phrase_is_one_cue_of_its_kind() -> None:
    said = played("A: thank you so very much indeed")
    assert [cue.kind for cue in cues.find_cues(said[0])].count("thanks") == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a warm round of applause for ada", [("intro", 1, 5)]),  # and not "round of applause for"
        ("give it up once more for ada", [("intro", 0, 5)]),
        ("give it up ada", [("intro", 0, 2)]),
        ("my name is ada", [("self", 0, 2)]),
        ("my name", []),
        ("handful for ada", []),
    ],
)
def test_the_longest_phrase_that_begins_at_a_word(
    text: str, found: list[tuple[str, int, int]]
) -> None:
    said = played(f"A: {text}")
    assert [(cue.kind, cue.first, cue.last) for cue in cues.find_cues(said[0])] == found
