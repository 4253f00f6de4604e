"""What a talk is answered with: laughter, applause, and answers that lack the number asked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from pipeline.claims import units
from pipeline.claims.sentences import Sentence
from pipeline.data import RoomSound, Talk
from pipeline.notes.extractive.quotable import BRIEF, Quotable, Quotation, is_ceremony
from pipeline.notes.figures import figures
from pipeline.text import plain

BEFORE_SOUND = 8.0  # seconds between the last word and the sound that it earned
TALK_ENDS = 3.0  # seconds before a talk's end from which applause is for all of it
JOKE = 18  # words up to which a laugh's sentence takes those before it along

_WANTS_FIGURE = re.compile(
    r"\bhow (?:many|much|often|fast|long|large|big|far|old|soon|expensive|accurate)\b"
    r"|\bwhat (?:percentage|percent|share|fraction|number|does \w+ cost|is the (?:price|cost))\b"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was said, what came of it ("laughter", "no number"), and the sound where it is one."""

    passages: tuple[Quotation, ...]
    outcome: str
    sound: RoomSound | None = None


def reactions(talk: Talk, quotable: Quotable, sounds: Sequence[RoomSound]) -> Iterator[Exchange]:
    """Laughter and applause with what earned them, the loudest first."""
    for sound in sorted(sounds, key=lambda sound: -sound.strength):
        told = sound.kind == "applause" and _goes_on(talk, sound)
        passages = _before(quotable, sound) if told or sound.kind == "laughter" else ()
        if passages:
            yield Exchange(passages, sound.kind, sound)


def _goes_on(talk: Talk, sound: RoomSound) -> bool:
    """Whether one speaker goes on after the applause; else it is for coming or going."""
    before = [u.speaker for u in talk.utterances if u.start < sound.start]
    after = [u.speaker for u in talk.utterances if u.end > sound.start + TALK_ENDS]
    return bool(before and after) and before[-1] == after[0]


def _before(quotable: Quotable, sound: RoomSound) -> tuple[Quotation, ...]:
    """The point of the joke with what led up to it: a reply with what it replies to."""
    last = quotable.last(sound.start, BEFORE_SOUND)
    if last is None or is_ceremony(last.text):
        return ()
    before = quotable.said[max(0, quotable.place(last) - 1)]
    asked = quotable.sets_up([before]) if before.speaker != last.speaker else None
    if asked and (both := quotable.in_one_line(asked, last)):
        return both
    found = quotable.up_to(last, JOKE)
    return (found,) if found else ()


def unanswered(quotable: Quotable) -> Iterator[Exchange]:
    """A question that asked for a number, and its answer, which has none."""
    for place, asked in enumerate(quotable.said):
        if not (asked.text.endswith("?") and _WANTS_FIGURE.search(plain(asked.text))):
            continue
        answer = _answer(quotable.said[place + 1 :], asked.speaker)
        text = " ".join(each.text for each in answer)
        brief = len(text.split()) <= BRIEF  # in which "one" is a number
        found = figures(text, quotable.language)
        told = any(brief or not each.spoken_one or units.is_measure(each.unit) for each in found)
        both = quotable.in_one_line(asked, answer[0]) if answer and not told else ()
        if both:
            yield Exchange(both, "no number")


def with_question(quotable: Quotable, start: float, end: float) -> tuple[Quotation, ...]:
    """What another voice asked, all of it, and its answer from the beginning, of which a quote
    between these times has all but brief sentences ("It does."); none where no line holds both."""
    said = quotable.said
    place = next((at for at, each in enumerate(said) if each.end > start), len(said) - 1)
    first = next(at for at, each in enumerate(said) if each.utterance == said[place].utterance)
    if first == 0 or any(len(each.words) > BRIEF for each in said[first:place]):
        return ()
    asker = said[first - 1].speaker
    before = list(takewhile(lambda each: each.speaker == asker, said[first - 1 :: -1]))
    asked = list(takewhile(lambda each: each.text.endswith("?"), before))
    begun = not any(each.text.endswith(",") for each in before[len(asked) :][:1])
    other = asker != said[first].speaker
    whole = quotable.sets_up(asked[::-1]) if asked and begun and other else None
    answer = quotable.whole([each for each in said[first:] if each.start < end])
    return quotable.in_one_line(whole, answer) if whole and answer else ()


def goes_on(quotable: Quotable, time: float) -> bool:
    """Whether who speaks up to a time says more before somebody else speaks."""
    said = quotable.said
    after = next((at for at, each in enumerate(said) if each.start >= time), 0)
    return after > 0 and said[after].speaker == said[after - 1].speaker


def _answer(after: Sequence[Sentence], asker: str) -> Sequence[Sentence]:
    """What the next speaker says before somebody else speaks."""
    if not after or after[0].speaker == asker:
        return ()
    return list(takewhile(lambda each: each.speaker == after[0].speaker, after))
