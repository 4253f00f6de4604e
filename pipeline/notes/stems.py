"""Words without their endings (Snowball), so that "scaling" counts as mentioning "scale"."""

import re
from functools import cache

import snowballstemmer

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
_FUNCTION = frozenset(
    "a an and are as at be been being but by can could did do does doing done for from get gets "
    "got had has have having he her here him his how i if in into is it its itself just let like "
    "me more most my no nor not now of on one only or other our ours out over own per really she "
    "so some such than that the their them then there these they this those through to too up "
    "us very was we were what when where which while who why will with would you your about "
    "after all also am any because before both down each few further off once same should "
    "under until yes yeah okay well".split()
)


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer | None":
    name = _NAMES.get(language.partition("-")[0].lower())
    return snowballstemmer.stemmer(name) if name else None


@cache
def stem(word: str, language: str = "en") -> str:
    """The stem of one word; the word itself, in lower case, in a language not known."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    stemmer = _stemmer(language)
    return str(stemmer.stemWord(word)) if stemmer else word


def tokens(text: str) -> list[str]:
    """Words, numbers and the signs of money and percent, in lower case."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def stems(text: str, language: str = "en") -> list[str]:
    """The stems of a text's tokens, in order."""
    return [stem(token, language) for token in tokens(text)]


def content(text: str, language: str = "en") -> frozenset[str]:
    """The stems that carry meaning: no function words, no bare numbers."""
    return frozenset(
        stem(token, language)
        for token in tokens(text)
        if token not in _FUNCTION and token[0].isalpha() and len(token) > 1
    )
