"""Receipts as they are made and as a post shows them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from pipeline.claims.meaning import content
from pipeline.data import Correction, Note, Receipt, RoomSound
from pipeline.notes import sums
from pipeline.notes.tongue import tongue
from pipeline.notes.wording import tokens
from pipeline.text import ends_sentence, unmarked

NUMBER = 3  # how many other words a number is worth in a receipt that is cut
MOST = 12  # words of a receipt in a post
_SEARCHED = 3  # words of those that were looked for in vain
_FEWEST = 4  # words of a run of clauses: no more say little by themselves
_AFTER = 4  # words behind a stretch in which a "not" still turns it around
_DOTS = "\u2026"


def of_sound(sound: RoomSound) -> Receipt:
    """What was heard of the room: "[applause]"."""
    return Receipt(f"[{sound.kind}]", sound.start, sound.end, None, kind="sound")


def as_heard(note: Note, corrections: Sequence[Correction]) -> Note:
    """The note with what was heard in its quotes, where a name was written otherwise."""
    return replace(note, receipts=tuple(_as_heard(one, corrections) for one in note.receipts))


def _as_heard(receipt: Receipt, corrections: Sequence[Correction]) -> Receipt:
    quote, cited = receipt.quote, receipt.cited
    for one in corrections if receipt.kind == "quote" else ():
        if receipt.start <= one.time <= receipt.end:
            quote = quote.replace(one.written, one.heard, 1)
            cited = cited.replace(one.written, one.heard, 1)
    return replace(receipt, quote=quote, cited=cited)


def of_absence(words: Iterable[str], start: float, end: float) -> Receipt:
    """Words that were looked for in vain."""
    return Receipt(", ".join(dict.fromkeys(words)), start, end, None, kind="absent")


def of_sum(expression: str, time: float) -> Receipt:
    """Arithmetic and what it comes to."""
    return Receipt(sums.shown(expression), time, time, None, kind="sum")


def of_source(line: str, place: str, time: float, cited: str) -> Receipt:
    """A line of a file, and the words of it that bear the note."""
    return Receipt(line, time, time, None, place, "source", cited)


def shown(receipt: Receipt, language: str = "en", note: str = "") -> str:
    """What a post quotes of a receipt: at most MOST words, those that bear the note, numbers first;
    a negation or a condition that governs them is never cut off."""
    if receipt.kind == "absent":
        words = receipt.quote.split(", ")
        return ", ".join(words if len(words) <= _SEARCHED else [*words[:_SEARCHED], _DOTS])
    if receipt.kind not in ("quote", "source"):
        return receipt.quote
    cited = (receipt.cited or receipt.quote).split()
    return " ".join(cited) if len(cited) <= MOST else _Cut(cited, language, note).text()


class _Cut:
    """A long quote, cut to its best whole clauses, or to a stretch of a clause that is too long."""

    def __init__(self, words: Sequence[str], language: str, note: str) -> None:
        self._words = words
        self._weights = _weights(words, language, note)
        self._denials, self._conditions = _turning(words, language)
        self._clauses = {i + 1 for i, word in enumerate(words) if word[-1] in ",.;:?!"}
        self._stops = {i + 1 for i, w in enumerate(words) if ends_sentence(w)}

    def text(self) -> str:
        """The words that are shown, with dots where words are left out inside of a clause."""
        first, last = max(self._spans(), key=self._merit)
        ahead = self._before(first)[-1:]
        last = min(last, first + MOST - len(ahead))
        before = [*(self._words[place] for place in ahead), _DOTS] if self._is_cut(first) else []
        after = [_DOTS] if self._is_cut(last) else []
        return " ".join([*before, *self._words[first:last], *after])

    def _spans(self) -> Iterator[tuple[int, int]]:
        """Runs of whole clauses that fit; where none does, stretches of words."""
        cuts = sorted({0, *self._clauses, len(self._words)})
        runs = [(a, b) for a, b in combinations(cuts, 2) if _FEWEST < b - a <= MOST]
        places = range(len(self._words) - MOST + 1)
        stretches = [(place, place + MOST) for place in places]
        best = max((self._merit(span) for span in stretches), default=None)
        whole = [run for run in runs if best and self._merit(run)[:2] >= best[:2]]
        return iter(whole or stretches)

    def _merit(self, span: tuple[int, int]) -> tuple[bool, int, int, int]:
        """Nothing turned around, most that bears the note; then short, else long, and early."""
        first, last = span
        after = set(range(last, last + _AFTER)) & self._denials
        is_whole = not self._before(first) and (not after or last in self._stops)
        inside = sum(self._weights[first:last])
        size = last - first
        return is_whole, inside, -size if inside else size, -first

    def _before(self, first: int) -> list[int]:
        """The "not" of the same clause and the "if" of the same sentence that are left out."""
        clause = max((end for end in self._clauses if end <= first), default=0)
        sentence = max((stop for stop in self._stops if stop <= first), default=0)
        denials = (place for place in self._denials if clause <= place < first)
        return sorted([*denials, *(p for p in self._conditions if sentence <= p < first)])

    def _is_cut(self, place: int) -> bool:
        if place in (0, len(self._words)):
            return False
        return place not in self._clauses or bool(self._before(place))


def _weights(words: Sequence[str], language: str, note: str) -> list[int]:
    """How much each word bears a note: its numbers most, then the words that it says too."""
    told = {token.text for token in tokens(tuple(note.split()), language)}
    stems = content(note, language)
    weights = [int(bool(content(word, language) & stems)) for word in words]
    for token in tokens(tuple(words), language):
        if any(map(str.isdigit, token.text)) and (not note or token.text in told):
            weights[token.first] = NUMBER
    return weights


def _turning(words: Sequence[str], language: str) -> tuple[set[int], set[int]]:
    """Where words stand that turn around what is next to them: each "not", each "if"."""
    known = tongue(language)
    bare = [unmarked(word) for word in words]
    if known is None:
        return set(), set()
    denials = {place for place, word in enumerate(bare) if known.denies(word)}
    return denials, {place for place, word in enumerate(bare) if word in known.conditions}
