"""Names in a note, of people, companies and products: somebody has named them."""

import re
from calendar import month_name
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from pipeline.config import Section
from pipeline.data import Note, Talk
from pipeline.notes.cue_words import cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.figures import days
from pipeline.talks.lexicon import HONORIFICS
from pipeline.text import folded, stem
from pipeline.toml import read, validate

_WORD = re.compile(r"[^\W_]+(?:['\u2019.&-][^\W_]+)*")
_FIGURE = re.compile(r"[a-z]?\d[\d.,]*(?:x|%|k|[KMGTP]?B|[kMG]?W|ms|s|h|th|st|nd|rd|[mb]n?)?")
_I = frozenset(("I", "I'm", "I'd", "I'll", "I've"))
_BEGINS = re.compile(
    r"(?:^|[.?!:;\u2026][\"\u201d\u2019\u201c)]?(?:\s*\u00bb)?\s+|[\"\u201c(]\s*)$"
)
_UNIT = 3  # letters of a unit behind a number: "23 kW"


def unnamed(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """The names of a note that nobody named."""
    places = (receipt.source for receipt in note.receipts if receipt.source)
    titles = (talk.title for talk in evening.outline.talks)
    texts = evening.cited_texts(note)
    months = (month_name[month] for text in texts for month, _ in days(text))
    cited = (*texts, *months, *places, *titles, *evening.known_before)
    terms, language = evening.terms, evening.language
    own = _known(cited, terms, language)
    for name in names(note.text, language):
        if folded(re.sub("['\u2019]s$", "", name)) in evening.unsure_names:
            yield f"{name} was heard badly: call them as the list of people does"
        elif not own.has(name) and not _known(evening.texts, terms, language).has(name):
            yield f"{name} stands in none of its receipts: name only what was named"


class Terms(Section):
    """The contents of terms.toml: what a note may say of the trade although nobody said it."""

    terms: tuple[str, ...] = ()


def load_terms(file: Path) -> frozenset[str]:
    """The terms of a file; raises ConfigError, which names the file and what is wrong."""
    return frozenset(validate(Terms, read(file), str(file)).terms)


def names(text: str, language: str) -> Iterator[str]:
    """The words of a note that are names."""
    nouns = cue_words(language).nouns
    for found in _WORD.finditer(text):
        word, before = found.group(), text[: found.start()]
        unit = len(word) <= _UNIT and re.search(r"\d\s?$", before)
        if word in _I or word.lower() in HONORIFICS or _FIGURE.fullmatch(word) or unit:
            continue
        if _looks_named(word) or (word[0].isupper() and not nouns and not _BEGINS.search(before)):
            yield word


def _looks_named(word: str) -> bool:
    """A capital or a digit where plain words have none: "iPhone", "GPT-4"."""
    digits = any(map(str.isdigit, word)) and any(map(str.isalpha, word)) and not word[0].isdigit()
    inside = any(letter.isupper() for part in re.split("[-.]", word) for letter in part[1:])
    return digits or inside


class KnownWords:
    """Words that were said or written, found in any form."""

    def __init__(self, texts: Iterable[str], terms: Iterable[str], language: str) -> None:
        words = [word for text in (*texts, *terms) for word in _WORD.findall(text)]
        parts = [part for word in words for part in re.split(r"[-.&]", word)]
        self._language = language
        self._stems = frozenset(stem(word, language) for word in (*words, *parts) if word)

    def has(self, name: str) -> bool:
        """Whether a name stands there: "GPT-4" also as "g p t 4"."""
        plural = name.endswith("s") and name[:-1].isupper()
        if stem(name[:-1] if plural else name, self._language) in self._stems:
            return True
        parts = [part for part in re.split(r"[-.&]", name) if part]
        return len(parts) > 1 and all(stem(part, self._language) in self._stems for part in parts)


_known = lru_cache(maxsize=256)(KnownWords)
