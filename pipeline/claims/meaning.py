"""What words mean, as far as stems tell: which carry meaning, and which mean the same."""

from functools import cache, lru_cache

from pipeline.claims.lexicon import WORDS, is_english
from pipeline.text import stem, words


@lru_cache(maxsize=65536)  # a day's notes ask for the same sentences and topics again and again
def content(text: str, language: str = "en") -> frozenset[str]:
    """The stems that carry meaning: no function words, no bare numbers."""
    empty = WORDS.function if is_english(language) else frozenset()
    return frozenset(
        stem(word, language)
        for word in words(text)
        if word not in empty and word[0].isalpha() and len(word) > 2
    )


@lru_cache(maxsize=65536)
def meanings(text: str, language: str = "en") -> frozenset[str]:
    """As `content`, and words that mean the same are one: a price, a cost, what is charged."""
    same = _same(language)
    return frozenset(same.get(each, each) for each in content(text, language))


def meaning(word: str, language: str = "en") -> str:
    """The stem of one word, or of the first of those that mean the same."""
    stemmed = stem(word, language)
    return _same(language).get(stemmed, stemmed)


@cache
def _same(language: str) -> dict[str, str]:
    groups = (group.split() for group in WORDS.same) if is_english(language) else ()
    return {stem(word, language): stem(group[0], language) for group in groups for word in group}
