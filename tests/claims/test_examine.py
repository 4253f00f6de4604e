"""All findings of an event's talks together."""

from pathlib import Path

from spoken import talk

from pipeline.claims import Sources, examine
from pipeline.claims.claims import find_claims
from pipeline.claims.evidence import Passage
from pipeline.claims.omissions import load_caveats
from pipeline.data import RoomSound

CAVEATS = load_caveats(Path(__file__).parents[2] / "prompts" / "caveats.toml")
FIRST = "ANN: Good evening. Our chip is twenty times faster than a graphics card."
SECOND = "BOB: Our chip is fifteen times faster than a graphics card on the same model."


def test_findings_of_two_talks() -> None:
    talks = [talk(FIRST, 0), talk(SECOND, 1)]
    passage = Passage("The chip was eleven times faster than a graphics card.", "sources/a.md:3")
    clap = RoomSound(talks[0].end + 1, talks[0].end + 4, "applause", 0.5)
    first, second = examine(
        talks, [find_claims(of) for of in talks], CAVEATS, [clap], Sources([passage])
    )
    assert [claim.quote for claim in first.claims] == [FIRST[19:]]
    assert (first.sounds, second.sounds) == ((clap,), ())
    assert "price" in {omission.topic for omission in first.omissions}
    assert [each.source for each in second.contradictions] == ["sources/a.md:3"]


def test_an_unknown_language_keeps_what_needs_no_words() -> None:
    of = talk("ANN: Wir sind 20x schneller als die anderen.")
    (found,) = examine([of], [find_claims(of, "de")], CAVEATS, language="de")
    assert [claim.values[0].value for claim in found.claims] == [20]
    assert found.omissions == ()


def test_an_empty_evening_and_a_talk_of_one_sentence() -> None:
    assert examine([], [], CAVEATS) == ()
    of = talk("ANN: Hello.")
    (found,) = examine([of], [find_claims(of)], CAVEATS)
    assert (found.claims, found.omissions, found.contradictions) == ((), (), ())
