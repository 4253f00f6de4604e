"""What was never said: code looks for the words, their forms and the topic's other words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from operator import attrgetter

from pipeline.claims.meaning import meanings
from pipeline.claims.omissions import Caveat
from pipeline.claims.sentences import Sentence
from pipeline.data import Note, Talk
from pipeline.notes.cue_words import cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.matching import QUOTED
from pipeline.text import plain, words

_PLUS = re.compile(r"\s*\+\s*")  # "card + price" is both
NEAR = 1  # sentences further in which "card + price" are one thing that is spoken of
MENTIONS = 4  # sentences in other words that a judge sees


def unsearched(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """ "Never says" only with the words that were looked for."""
    claims_it = claims_silence(QUOTED.sub(" ", note.text), evening.language)
    if not note.receipts_of("absent") and (claims_it or note.kind == "omission"):
        yield "it says that something was not said: give the words to look for in “absent”"


def claims_silence(text: str, language: str) -> bool:
    """Whether a note says that something was not said."""
    return _unsaid(language).search(plain(text)) is not None


def said_after_all(wanted: Iterable[str], start: float, end: float, evening: Evening) -> str | None:
    """What a model is told of the first of some words that was said in a stretch of time, in any
    form; None where none was. Both words of "card + price" have to be said close to one another."""
    for word in dict.fromkeys(wanted):
        for sentence in _mentions([[each] for each in _PLUS.split(word)], start, end, evening):
            return f"“{word}” is said in utterance {sentence.utterance}: “{sentence.text}”"
    return None


def said_in_other_words(
    wanted: Iterable[str], start: float, end: float, evening: Evening
) -> list[str]:
    """The first sentences with another word of a topic that is looked for: for a judge, since "the
    bill" may or may not speak of the price that is meant."""
    found: dict[float, str] = {}
    for word in wanted:
        lists = [
            [each, *(other for topic in _topics(each, evening) for other in topic.words)]
            for each in _PLUS.split(word)
        ]
        found |= {each.start: each.text for each in _mentions(lists, start, end, evening)}
    return [found[time] for time in sorted(found)][:MENTIONS]


def _mentions(
    lists: Sequence[Sequence[str]], start: float, end: float, evening: Evening
) -> Iterator[Sentence]:
    """The sentences that hold a word of the last list, and one of each other close by."""
    part = _begun(start, end, evening)
    texts = evening.mentioned[part]
    for place, sentence in enumerate(evening.sentences[part]):
        pairs = texts[max(0, place - NEAR) : place + 1], texts[place : place + NEAR + 1]
        if texts[place].holds(lists[-1]) and any(
            all(any(text.holds(some) for text in pair) for some in lists[:-1]) for pair in pairs
        ):
            yield sentence


def between(start: float, end: float, evening: Evening) -> tuple[Sentence, ...]:
    """The sentences that begin in a stretch of time."""
    return evening.sentences[_begun(start, end, evening)]


def _begun(start: float, end: float, evening: Evening) -> slice:
    said, begin = evening.sentences, attrgetter("start")
    return slice(bisect_left(said, start, key=begin), bisect_right(said, end, key=begin))


def _topics(word: str, evening: Evening) -> list[Caveat]:
    """The caveats that a word names: "price" is one, "percentile" is of "latency percentile"."""
    own = meanings(word, evening.language)
    if len(own) != len(words(word)):  # "in the price" is looked for as it stands
        return []
    topics = (topic for _, some in evening.caveats for topic in some)
    named = [(meanings(topic.topic, evening.language), topic) for topic in topics]
    exact = [topic for name, topic in named if own == name]
    return exact or [topic for name, topic in named if word in topic.words and own < name]


@cache
def _unsaid(language: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(cue_words(language).unsaid)})\b")
