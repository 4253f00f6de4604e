"""Numbers, names and superlatives of a note have to stand in what the talk or its files say."""

import re
from collections.abc import Sequence
from itertools import combinations

from pipeline.claims import lexicon, quantities
from pipeline.claims.lexicon import pattern, plain
from pipeline.data import Note, Quantity
from pipeline.writer.case import Case
from pipeline.writer.ground import all_numbers, words_of
from pipeline.writer.words import english

_I = frozenset(("I", "I'm", "I'd", "I'll", "I've"))
_REST = re.compile(r"\b(?:the other|the rest|remaining|remainder)\b", re.IGNORECASE)
_NO_SUPERLATIVE = re.compile(r"(?:most|least) of|at (?:most|least)|first (?:question|up)")
_ORDINAL = re.compile(r"the (first \w+)")  # whatever follows it: "the first row laughs that off"


def numbers(note: Note, case: Case) -> str | None:
    language = case.context.language
    measured = quantities.parse(note.text, language)
    told = frozenset(all_numbers(note.text, language))
    for quantity in measured:
        if not _is_said(quantity, told, case):
            return f"nobody says {quantity.text}: use only numbers that were said"
    for value in told - {quantity.value for quantity in measured}:
        if not case.ground.has_number(value) and not _is_rest(value, note, language):
            return f"nobody says {value:g}: use only numbers that were said"
    return None


def _is_rest(value: float, note: Note, language: str) -> bool:
    """Whether a number is what two others leave: "six out of ten" are not "the other four"."""
    if not _REST.search(note.text):
        return False
    quoted = [sorted(all_numbers(receipt.quote, language)) for receipt in note.receipts]
    return any(high - low == value for each in quoted for low, high in combinations(each, 2))


def _is_said(quantity: Quantity, told: frozenset[float], case: Case) -> bool:
    """Also what was taken back, where what took its place is told too: "18x, then 16x"."""
    known = case.ground
    if known.has_quantity(quantity) or quantity.value in known.facts:
        return True
    return bool(known.put_right(quantity.value) & told)


def names(note: Note, case: Case) -> str | None:
    """A capital inside a note, or a digit inside a word, makes a name."""
    words = words_of(note.text)
    for place, word in enumerate(words):
        named = _looks_named(word) or (word[0].isupper() and (place > 0 or _is_subject(words)))
        if not named or word in _I or _is_figure(word) or _is_term(word):
            continue
        if not case.ground.has_word(word):
            return f"{word} is not in the talk: name only what was named"
    return None


def _is_term(word: str) -> bool:
    """Abbreviations of the trade and units: "GPU", "kW"."""
    known = lexicon.load("en")
    return word.casefold() in english().trade or (known is not None and word in known.units)


def _looks_named(word: str) -> bool:
    """A capital or a digit where plain words have none: "iPhone", "GPT-4"."""
    digits = any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)
    return digits or any(letter.isupper() for letter in word[1:])


def _is_subject(words: Sequence[str]) -> bool:
    """Whether the first word, which has a capital anyway, is used as a name is."""
    known = english()
    first, second = words[0].casefold(), words[1].casefold() if len(words) > 1 else ""
    if re.split("['\u2019]", first)[0] in known.openers or first.endswith("ing"):
        return False
    return first.endswith(("'s", "\u2019s")) or second in known.after_subject


def _is_figure(word: str) -> bool:
    """ "20x", "3.5x", "16GB": numbers, which have a check of their own."""
    return (
        re.fullmatch(r"p?\d[\d.,]*(?:x|%|k|[KMGTP]?B|[kMG]?W|ms|s|th|st|nd|rd)?", word) is not None
    )


def superlatives(note: Note, case: Case) -> str | None:
    known = lexicon.load("en")
    if known is None:
        return None
    for found in pattern(known.claims.superlatives).finditer(plain(note.text)):
        harmless = _NO_SUPERLATIVE.search(plain(note.text), max(0, found.start() - 3))
        row = _ORDINAL.match(found.group())
        wanted = pattern((row.group(1) if row else found.group(),))
        said = any(wanted.search(plain(text)) for text in case.ground.texts)
        if not said and not (harmless and harmless.end() >= found.end()):
            return f"nobody says “{found.group()}”: leave the superlative out"
    return None
