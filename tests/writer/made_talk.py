"""Talks made of plain lines, timed as if they had been spoken."""

from collections.abc import Sequence

from pipeline.claims import examine
from pipeline.claims.claims import find
from pipeline.claims.omissions import load_caveats
from pipeline.data import Findings, Outline, RoomSound, Speaker, Talk, Utterance, Word, ms
from pipeline.event import EventInfo
from pipeline.prompts import Prompts
from pipeline.writer.context import Context

WORD_SECONDS = 0.3
PAUSE = 0.6  # after a line, within an utterance


def utterance(number: int, speaker: str, text: str, start: float) -> Utterance:
    """One utterance; a "/" in the text is a pause."""
    words: list[Word] = []
    time = start
    for word in text.split():
        if word == "/":
            time += PAUSE
            continue
        words.append(Word(ms(time), ms(time + WORD_SECONDS), word, 0.95, speaker))
        time += WORD_SECONDS
    return Utterance(number, speaker, tuple(words))


def talk(*lines: str, title: str = "Keynote", index: int = 0, start: float = 0.0) -> Talk:
    """A talk of lines like "ADA: We are the first."."""
    said: list[Utterance] = []
    for number, line in enumerate(lines):
        speaker, _, text = line.partition(": ")
        begin = said[-1].end + 1.5 if said else start
        said.append(utterance(number, speaker, text, begin))
    speakers = tuple(dict.fromkeys(each.speaker for each in said))
    return Talk(index, title, "talk", speakers, tuple(said))


def context(*talks: Talk, **people: str) -> Context:
    """The event of some talks; people are known by their first names."""
    ids = dict.fromkeys(speaker for each in talks for speaker in each.speakers)
    speakers = tuple(Speaker(known, people.get(known), None, 0.9) for known in ids)
    said = tuple(u for each in talks for u in each.utterances)
    return Context(EventInfo(title="Steam Night"), Outline(speakers, talks, said), "en")


def findings(of: Talk, sounds: Sequence[RoomSound] = ()) -> Findings:
    """What the detector finds in a talk."""
    caveats = load_caveats(Prompts().find("caveats").path)
    return examine([of], [find(of)], caveats, sounds)[0]


def keynote() -> Talk:
    """A talk with claims, things left out, and a claim taken back."""
    return talk(
        "ADA: Good evening. We built this company to end the waiting. Our chip runs the largest "
        "open models twenty times faster than any graphics card, and it uses half the power.",
        "ADA: Last month we served ninety million requests a day. Sorry, nine million requests a "
        "day. Our service was up ninety nine point nine percent of the time.",
        "ADA: We are the first company to put a whole model inside one chip. You change one line "
        "of code, and you are done. The doctors at Willow Hospital use it every morning.",
        "BOB: Is that for one user, or for the whole machine?",
        "ADA: That is a great question. We will come back to it another evening, I promise.",
    )
