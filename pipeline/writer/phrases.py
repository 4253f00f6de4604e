"""The speaker's words as a note-taker writes them down: shorter, in digits, in the third person."""

import re
from collections.abc import Mapping, Sequence

from pipeline.data import Quantity
from pipeline.writer.sentences import cannot_end, plain
from pipeline.writer.words import english

_NUMBER_WORD = re.compile(
    r"(?:\d[\d.,]*|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|"
    r"hundred|thousand|million|billion|trillion|point|and|a|an)(?:-\w+)?",
    re.IGNORECASE,
)
FIGURE_WORDS = 10  # of a figure with what it is of
OF_WORDS = 4  # after a preposition, with the article
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
FIRST_PERSON = frozenset(("i", "i'm", "i've", "i'll", "i'd", "me", "my", "mine", "myself"))


def figure(quantity: Quantity) -> str:
    """A quantity with its number in digits: "20x", "99.99%", "$4 million a year", "9 seconds"."""
    if re.search(r"\d", quantity.text):
        return _compact(quantity.text)
    if quantity.value == 1 or (quantity.unit == "x" and quantity.value < 1):
        return quantity.text  # "one user", "a third of them"
    words = quantity.text.split()
    counted = 0
    while counted < len(words) and _NUMBER_WORD.fullmatch(words[counted]):
        counted += 1
    if counted == 0:  # "half the power", "doubled", "twice"
        return quantity.text
    number, rest = digits(quantity.value), " ".join(words[counted:])
    if quantity.unit in ("x", "%") and len(words) - counted == 1:
        return f"{number}{quantity.unit}"
    sign = quantity.unit[:1]
    if sign in ("$", "€", "£"):
        rest = " ".join(words[counted + 1 :])
        return f"{sign}{number} {rest}".strip()
    return f"{number} {rest}".strip()


def _compact(text: str) -> str:
    """ "62 percent" as "62%", "25 dollars a month" as "$25 a month", "5 times" as "5x"."""
    text = re.sub(r"(?<=\d) ?(?:percent|per cent)\b", "%", text)
    text = re.sub(r"(?<=\d) times\b", "x", text)
    return re.sub(
        r"^(\d[\d.,]*(?: (?:thousand|million|billion|trillion))?) dollars?\b", r"$\1", text
    )


def digits(value: float) -> str:
    """A number as a person writes it: 9, 99.95, 2,300, 4 million."""
    for size, name in _SCALES:
        if value >= size:
            return f"{value / size:g} {name}"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:g}"


def in_digits(text: str, values: Sequence[Quantity]) -> str:
    """A text with each of its quantities as `figure` writes it."""
    for quantity in values:
        article = r"(?:\ba (?=hundred|thousand))?" if quantity.value >= 100 else ""
        found = re.compile(rf"(?<![\w.]){article}{re.escape(quantity.text)}(?!\w)", re.IGNORECASE)
        match = found.search(text)
        if match:
            before, after = text[: match.start()], text[match.end() :]
            text = before + _within(quantity, after) + after
    return text


def _within(quantity: Quantity, after: str) -> str:
    """A quantity as it stands in a sentence: "15x faster", but "blocked 14 times"."""
    written = figure(quantity)
    follows = plain((after.split() or [""])[0])
    compares = follows in english().comparatives | english().determiners | {"any"}
    counts = quantity.unit == "x" and quantity.text.endswith("times") and not compares
    return f"{written.removesuffix('x')} times" if counts else written


def spelled(text: str, spelling: Mapping[str, str]) -> str:
    """Names and abbreviations as they are written ("gpu": "GPU"), whatever the engine wrote."""
    for heard, written in spelling.items():
        text = re.sub(rf"(?<!\w){re.escape(heard)}(?!\w)", written, text, flags=re.IGNORECASE)
    return text


def third_person(text: str) -> str | None:
    """ "We trained our model" as told by somebody else; None where it says "I"."""
    words, known = text.split(), english().third_person
    bare = [plain(word) for word in words]
    if not FIRST_PERSON.isdisjoint(bare):
        return None
    tails = (word[len(word.rstrip(".,;:!?")) :] for word in words)
    return " ".join(
        known[token] + tail if token in known else word
        for word, token, tail in zip(words, bare, tails, strict=True)
    )


def from_figure(text: str, written: str) -> str:
    """A figure and what it is of: "20x faster than any graphics card".

    Without punctuation nothing marks where that ends: after a preposition come at most three
    words, and a pronoun, a verb or another article begins something new.
    """
    begin = text.lower().find(written.lower())
    if begin < 0:
        return tidy(written)
    words = text[begin:].split()
    taken = words[: len(written.split())]
    start, group, run = len(taken), len(taken), 0
    for word in words[start:]:
        head = plain(word) in english().prepositions
        run = 0 if head else run + 1
        if taken[-1].endswith((",", ";", ":", ".")) or run > OF_WORDS + (start == len(taken)):
            break
        if not head and not _goes_on(plain(word), plain(taken[-1]), len(taken) == start):
            break
        group = len(taken) if head else group
        taken.append(word)
    return tidy(" ".join(taken if len(taken) <= FIGURE_WORDS else taken[:group]))


def _goes_on(word: str, before: str, first: bool) -> bool:
    """Whether a word that is no preposition may follow in a figure with what it is of."""
    known = english()
    if word in known.determiners | {"any", "this", "that"}:
        return before in known.prepositions or (first and before.endswith("x"))
    if word in known.comparatives:
        return first and before.endswith(("x", "%"))
    return not first and word not in known.clause_bounds | known.subjects | known.finite


def tidy(text: str) -> str:
    """Without links at the front, loose ends at the back and closing punctuation."""
    words = text.split()
    while len(words) > 1 and plain(words[0]) in english().links:
        words = words[1:]
    while len(words) > 1 and cannot_end(words[-1]):
        words = words[:-1]
    return " ".join(words).rstrip(".,;:!? ")


def shorten(text: str, most: int) -> str:
    """At most so many words, cut where a clause begins; "" where there is no such place."""
    words = tidy(text).split()
    if len(words) <= most:
        return " ".join(words)
    places = [i for i in range(5, most + 1) if plain(words[i]) in english().clause_bounds]
    places += [i + 1 for i in range(4, most) if words[i].endswith((",", ";"))]
    return tidy(" ".join(words[: max(places)])) if places else ""


def capital(text: str) -> str:
    """With a capital first letter; "iPhone" and the like keep theirs."""
    first = text.split()[0] if text else ""
    return text[:1].upper() + text[1:] if first == first.lower() else text


def listed(words: Sequence[str]) -> str:
    """ "memory, models and power"; "" of none."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
