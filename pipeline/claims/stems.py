"""Words without their endings (Snowball), so that "scaling" counts as mentioning "scale"."""

import re
from functools import cache

import snowballstemmer

from pipeline.claims import lexicon
from pipeline.claims.lexicon import APOSTROPHE, members

_NAMES = {
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
}
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?|[$€£%°]")


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer | None":
    name = _NAMES.get(language.partition("-")[0].lower())
    return snowballstemmer.stemmer(name) if name else None


@cache
def stem(word: str, language: str = "en") -> str:
    """The stem of one word; the word itself, in lower case, in a language not known."""
    word = word.lower().replace(APOSTROPHE, "'").removesuffix("'s")
    word = _irregular(language).get(word, word)
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


@cache
def _irregular(language: str) -> dict[str, str]:
    known = lexicon.load(language)
    groups = (group.split() for group in known.stems.irregular) if known else ()
    return {form: word for word, *forms in groups for form in forms}


def tokens(text: str) -> list[str]:
    """Words, numbers and the signs of money and percent, in lower case."""
    return _TOKEN.findall(text.lower().replace(APOSTROPHE, "'"))


def stems(text: str, language: str = "en") -> list[str]:
    """The stems of a text's tokens, in order."""
    return [stem(token, language) for token in tokens(text)]


def meanings(text: str, language: str = "en") -> frozenset[str]:
    """As `content`, and words that mean the same are one: a price, a cost, what is charged."""
    same = _same(language)
    return frozenset(same.get(each, each) for each in content(text, language))


def meaning(word: str, language: str = "en") -> str:
    """The stem of one word, or of the first of those that mean the same."""
    return _same(language).get(stem(word, language), stem(word, language))


@cache
def _same(language: str) -> dict[str, str]:
    known = lexicon.load(language)
    groups = known.same if known else ()
    return {stem(word, language): stem(group[0], language) for group in groups for word in group}


def content(text: str, language: str = "en") -> frozenset[str]:
    """The stems that carry meaning: no function words, no bare numbers."""
    words = lexicon.load(language)
    empty = members(words.stems.function) if words else frozenset[str]()
    return frozenset(
        stem(token, language)
        for token in tokens(text)
        if token not in empty and token[0].isalpha() and len(token) > 1
    )
