"""What was never said: code looks for the words, their forms and the topic's other words."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
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

NEAR = 1  # sentences further in which "card + price" are one thing that is spoken of


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
    form, or of another word of the topic that they name; None where none was. Both words of "card +
    price" have to be said close to one another."""
    part = _begun(start, end, evening)
    said = list(zip(evening.sentences[part], evening.mentioned[part], strict=True))
    for together in dict.fromkeys(wanted):
        words_of = [  # each with the other words of the topic that it names
            [word, *(other for topic in _topics(word, evening) for other in topic.words)]
            for word in map(str.strip, together.split("+"))
        ]
        reach = NEAR if len(words_of) > 1 else 0
        for place, (sentence, _) in enumerate(said):
            near = [text for _, text in said[place : place + reach + 1]]
            found = [
                next((w for w in some if any(text.holds([w]) for text in near)), "")
                for some in words_of
            ]
            if all(found):
                meant = "" if found[0] in together else f", which tells of “{together}”,"
                said_in = f"is said in utterance {sentence.utterance}: “{sentence.text}”"
                told = (re.sub("^#", "a figure in ", word) for word in found)  # of caveats.toml
                return f"“{' + '.join(told)}”{meant} {said_in}"
    return None


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
