"""What was never said: code looks for the words, their forms and the topic's other words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from pipeline.claims import quantities
from pipeline.claims.lexicon import plain
from pipeline.claims.omissions import Caveat
from pipeline.claims.sentences import Sentence
from pipeline.claims.stems import content, meanings, stem, tokens
from pipeline.data import Talk
from pipeline.notes.evening import Evening
from pipeline.notes.tongue import tongue

Where = Literal["talk", "event"]
_FEW = 3  # content words of what a note misses: more are a sentence of its own


@dataclass(frozen=True, slots=True)
class Hit:
    """A word that was said after all, and the sentence that says it."""

    word: str
    sentence: Sentence


def claims_silence(text: str, language: str) -> bool:
    """Whether a note says that something was not said."""
    before, after = _unsaid(language)
    return bool(before.search(plain(text)) or after.search(plain(text)))


def missed(text: str, language: str) -> tuple[str, ...]:
    """The things that a note says were not said: "no word on price or power" are two."""
    said = plain(text)
    after = [said[found.end() :] for found in _unsaid(language)[0].finditer(said)]
    return tuple(dict.fromkeys(item for part in after for item in _items(part, language)))


def _items(text: str, language: str) -> Iterator[str]:
    """The items of a list, the first alone where no "or" holds it together."""
    parts = _listed(language).split(re.split(r"[.;:?!](?:\s|$)", text)[0])
    last = max(
        (place for place in range(1, len(parts), 2) if parts[place] not in ("", ",")), default=0
    )
    for item in parts[: last + 2 : 2]:
        wanted = content(item, language)
        if not wanted or len(wanted) > _FEW:
            return
        yield " ".join(word for word in item.split() if content(word, language))


def find(words: Iterable[str], scope: Sequence[Sentence], evening: Evening) -> Hit | None:
    """The first of some words that was said in some sentences, in any form; also another word of
    the topic that they name."""
    wanted = tuple(words)
    more = (word for topic in _topics(wanted, evening) for word in topic.words)
    for word in dict.fromkeys((*wanted, *more)):
        said = next((s for s in scope if _holds(s.text, word, evening.language)), None)
        if said:
            return Hit(word, said)
    return None


def find_together(item: str, scope: Sequence[Sentence], evening: Evening) -> Hit | None:
    """A sentence that holds all words of a thing that is missed, or a word of its topic."""
    wanted = content(item, evening.language)
    for sentence in scope:
        if wanted and wanted <= content(sentence.text, evening.language):
            return Hit(item, sentence)
    return find([w for topic in _topics((item,), evening) for w in topic.words], scope, evening)


def scope_of(where: Where, talk: Talk, evening: Evening) -> tuple[Sentence, ...]:
    """The sentences of the talk or of the event."""
    every = where == "event"
    return evening.sentences if every else between(talk.start, talk.end, evening)


def between(start: float, end: float, evening: Evening) -> tuple[Sentence, ...]:
    """The sentences that begin in a stretch of time."""
    return tuple(s for s in evening.sentences if start <= s.start <= end)


def _topics(words: Sequence[str], evening: Evening) -> Iterator[Caveat]:
    """The caveats that some words name: "price" is one, "percentile" is of "latency percentile".

    "In the price" names none: it is looked for as it stands.
    """
    caveats = evening.caveats
    topics = [each for kind in type(caveats).model_fields for each in caveats.of(kind)]
    names = {topic.topic for topic in topics}
    for word in words:
        wanted = meanings(word, evening.language)
        if not wanted or (len(wanted) < len(tokens(word)) and word not in names):
            continue
        owners = {topic.topic for topic in topics if word in topic.words} or names
        named = [
            (meanings(topic.topic, evening.language), topic)
            for topic in topics
            if topic.topic in owners
        ]
        exact = [topic for name, topic in named if name == wanted]
        yield from exact or (topic for name, topic in named if wanted < name)


@lru_cache(maxsize=65536)
def _holds(text: str, word: str, language: str) -> bool:
    """Whether a text has a word or phrase in any form, or a number of a "#unit"."""
    if word.startswith("#"):
        heads = (q.unit.partition("/")[0] for q in quantities.parse(text, language))
        return word[1:] in heads or word[1:] in (q.unit for q in quantities.parse(text, language))
    return bool(word.strip()) and _line(word, language) in _line(text, language)


@lru_cache(maxsize=16384)
def _line(text: str, language: str) -> str:
    """Stems between bars, so that a phrase is found by looking for its line in another."""
    return f"|{'|'.join(stem(token, language) for token in tokens(text))}|"


@cache
def _listed(language: str) -> re.Pattern[str]:
    """What stands between the items of a list."""
    known = tongue(language)
    words = "".join(rf"|\b{word}\b" for word in (known.ors if known else ()))
    return re.compile(rf"\s*(,{words})\s*")


@cache
def _unsaid(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before a thing that was not said, and what stands behind it."""
    known = tongue(language)
    lists = (known.unsaid, known.unnamed) if known else ((r"(?!)",), (r"(?!)",))
    before, after = (re.compile(rf"\b(?:{'|'.join(some)})\b") for some in lists)
    return before, after
