"""Words as text: the one way in which they are normalised, tokenised, stemmed, cut and joined."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import Any

from pipeline.languages import code

APOSTROPHE = "\u2019"
# scripts that are written without blanks: Chinese and Japanese with their punctuation, Thai, Lao,
# Burmese, Khmer
UNSPACED = (
    "\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u0e00-\u0eff"
    "\u1000-\u109f\u1780-\u17ff"
)
_MARKS = re.compile(r"^\W+|\W+$")
_BLANK = re.compile(f"(?<=[{UNSPACED}]) (?=[{UNSPACED}])")


def joined(words: Iterable[str]) -> str:
    """The words with blanks between them, but none inside what is written without."""
    text = " ".join(words)
    return text if text.isascii() else _BLANK.sub("", text)


# code pages of texts that say none, other than Western Europe's
_PAGES = ["cp1252", "cp1251", "koi8_r", "cp1253", "cp932", "gb18030", "big5", "cp949"]
_FOREIGN = re.compile(r"\ufffd|[^\x00-\x7f\s]{3}")  # Western words have no three such letters


def decoded(raw: bytes) -> str:
    """A text as it was meant: UTF-8 or UTF-16, or else in the code page that makes words of it."""
    odd, even = raw[1::2].count(0), raw[::2].count(0)
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    if abs(odd - even) > len(raw) / 8:  # the zeros between the letters of UTF-16
        return raw.decode("utf-16-le" if odd > even else "utf-16-be", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        western = raw.decode("cp1252", "replace")
    if not _FOREIGN.search(western):
        return western
    from charset_normalizer import from_bytes

    return str(from_bytes(raw, cp_isolation=_PAGES).best() or western)


# ---- normalised


@lru_cache(maxsize=65536)
def unmarked(word: str) -> str:
    """A word in lower case without the marks around it: "(Well,": "well"."""
    return _MARKS.sub("", plain(word))


def plain(text: str) -> str:
    """Lower case with straight apostrophes: the form in which lists are searched."""
    return text.lower().replace(APOSTROPHE, "'")


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """Letters and digits alone, in small letters without accents: "Peña's" is "penas"."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if letter.isalnum())


_SCALED = re.compile(r"(\d+(?:,\d{3})*(?:\.\d+)?) (1(?:000)+)\b")
SPOKEN = ("en", "fr", "es", "pt", "de", "it", "nl", "da")  # whose number words text2num reads


@lru_cache(maxsize=65536)
def in_digits(text: str, language: str) -> str:
    """Its number words as digits: "forty thousand" and "40 thousand" are "40000"."""
    from text_to_num import alpha2digit

    read = alpha2digit(plain(text), language, 0)  # "4 million" is "4 1000000"
    return _SCALED.sub(lambda n: f"{float(n[1].replace(',', '')) * int(n[2]):.15g}", read)


def clock(seconds: float) -> str:
    """A time as people read it: 75.9 is "0:01:15"; cut off, not to land after it."""
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}"


def clock_seconds(clock: str) -> float:
    """The seconds of a time as files and people write it: "0:01:15.9", "01:15.9"."""
    return sum(float(part) * 60.0**n for n, part in enumerate(reversed(clock.split(":"))))


# ---- tokenised

_TOKEN = re.compile(
    r"\d{1,4}(?:[-/]\d{1,2}){2}\b"  # a date
    r"|\d{1,2}:\d{2}|\d+/\d+"  # a clock time, a fraction or "24/7"
    r"|[^\W\d_]+-?\d[\w.]*\w|[^\W\d_]\d\b"  # a name: GPT-4o, H100, o3
    r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    rf"|[{UNSPACED}]"  # of a script without blanks: each sign
    r"|[^\W\d_]+(?:'[^\W\d_]+)?"
    r"|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number in digits or a sign, in lower case, and where it stands."""

    text: str
    start: int
    end: int
    glued: bool  # nothing stands between it and the token before


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a text; a hyphen inside a word only parts it ("ninety-nine")."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text.replace(APOSTROPHE, "'")):
        glued = bool(found) and found[-1].end == match.start()
        found.append(Token(match.group().lower(), match.start(), match.end(), glued))
    return tuple(token for place, token in enumerate(found) if not _is_hyphen(found, place))


def _is_hyphen(tokens: Sequence[Token], place: int) -> bool:
    around = tokens[max(0, place - 1) : place + 2]
    return tokens[place].text == "-" and any(token.text[0].isalpha() for token in around)


def words(text: str) -> list[str]:
    """The words and numbers of a text and its signs of money and percent, in lower case."""
    return [
        t.text for t in tokenize(text) if t.text[0].isalnum() or t.text in "$\u20ac\u00a3%\u00b0"
    ]


# ---- stemmed

_SNOWBALL = {"de": "german", "en": "english", "es": "spanish", "fr": "french", "it": "italian",
             "nl": "dutch", "pt": "portuguese", "ru": "russian", "sv": "swedish"}  # fmt: skip


_FORMS = (  # a word, and its forms that no ending tells
    "sell sold", "pay paid", "lose lost", "grow grew grown", "run ran", "build built",
    "buy bought", "break broke broken", "write wrote written", "draw drew drawn",
    "drive drove driven", "keep kept", "hold held", "send sent", "spend spent",
    "begin began begun", "choose chose chosen", "win won", "speak spoke spoken", "make made",
    "take took taken", "go went gone", "come came", "give gave given", "see saw seen",
    "find found", "say said", "tell told", "think thought", "know knew known", "person people",
)  # fmt: skip
_IRREGULAR = {form: word for word, *forms in map(str.split, _FORMS) for form in forms}
_ONE_AT_A_TIME = Lock()  # Snowball's stemmers keep the word that they work on


@cache
def _stemmer(language: str) -> Any:
    import snowballstemmer

    name = _SNOWBALL.get(code(language))
    return snowballstemmer.stemmer(name) if name else None


@lru_cache(maxsize=65536)
def stem(word: str, language: str = "en") -> str:
    """A word without its ending (Snowball); the word in lower case in a language not known."""
    word = plain(word).removesuffix("'s")
    if code(language) == "en":
        word = _IRREGULAR.get(word, word)
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    with _ONE_AT_A_TIME:
        return str(stemmer.stemWord(word))


def stems(text: str, language: str = "en") -> list[str]:
    """The stems of a text's words, in order."""
    return [stem(word, language) for word in words(text)]


ALIKE = 88.0  # rapidfuzz score (0..100) from which two lines say the same


def alikeness(one: str, other: str) -> float:
    """How much of two lines is the same (0..100), whatever the order and forms of the words."""
    from rapidfuzz import fuzz

    return fuzz.token_sort_ratio(_told(one), _told(other))


@lru_cache(maxsize=8192)  # each note of a post is held against each
def _told(line: str) -> str:
    return " ".join(stems(line))


# ---- cut

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_STOPS = (".", "?", "!", "\u2026")
_SHORTENED = re.compile(r"(?:[A-Z]|(?i:mr|mrs|ms|dr|prof|st|vs|e\.g|i\.e|inc|corp|no|u\.s))\.")


def sentences(text: str) -> list[str]:
    """A written text, cut at its full stops."""
    return _SENTENCE.split(" ".join(text.split()))


def ends_sentence(text: str) -> bool:
    """Whether a word ends a sentence: "done." does, "Dr." and "J." do not."""
    unquoted = text.rstrip("\"')\u2019\u201d")
    return unquoted.endswith(_STOPS) and not _SHORTENED.fullmatch(unquoted)
