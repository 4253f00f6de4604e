"""Receipts as they are made and as a post shows them."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import combinations, product

from pipeline.claims.meaning import content
from pipeline.data import Correction, Note, Receipt
from pipeline.notes.cue_words import cue_words
from pipeline.notes.matching import QUOTED, tokens
from pipeline.text import ends_sentence, stem, unmarked

NUMBER = 3  # worth of a number where a receipt is cut; of a word that the note has, 1
IN_MARKS = 10  # and of one that stands in the note's quotation marks: those are shown before all
MOST = 12  # words of a receipt in a post
_SEARCHED = 3  # words of those that were looked for in vain
_FEWEST = 4  # words of a run of clauses: no more say little by themselves
_AFTER = 4  # words behind a stretch in which a "not" still turns it around
_DOTS = "\u2026"


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


def shown(receipt: Receipt, language: str = "en", note: str = "") -> str:
    """What a post quotes of a receipt: at most MOST words, those that bear the note, numbers first;
    a negation or a condition that governs them is never cut off."""
    if receipt.kind == "absent":
        told = content(note, language)
        words = receipt.quote.split(", ")
        named = {known: one for one in reversed(words) for known in content(one, language) & told}
        words = list(dict.fromkeys([*sorted(named.values(), key=words.index), *words]))
        return ", ".join(words if len(words) <= _SEARCHED else [*words[:_SEARCHED], _DOTS])
    if receipt.kind not in ("quote", "source"):
        return receipt.quote
    cited = (receipt.cited or receipt.quote).split()
    return " ".join(cited) if len(cited) <= MOST else _Cut(cited, language, note).text()


class _Cut:
    """A long quote, cut to its best whole clauses, or to one or two stretches of it."""

    def __init__(self, words: Sequence[str], language: str, note: str) -> None:
        self._words = words
        self._stems = [stem(unmarked(word), language) for word in words]
        self._weights = _weights(words, language, note)
        self._denials, self._conditions = _turning(words, language)
        self._clauses = {i + 1 for i, word in enumerate(words) if word[-1] in ",.;:?!"}
        self._stops = {i + 1 for i, w in enumerate(words) if ends_sentence(w)}

    def text(self) -> str:
        """The words that are shown, with dots where words are left out inside of a clause."""
        shown: list[str] = []
        end = 0
        for first, last in max(self._choices(), key=self._merit):
            ahead = [place for place in self._before(first)[-1:] if place >= end]
            shown += (self._words[place] for place in ahead)
            if end or self._is_cut(first):
                shown.append(_DOTS)
            end = min(last, first + MOST - len(ahead))
            shown += self._words[first:end]
        return " ".join([*shown, _DOTS] if self._is_cut(end) else shown)

    def _choices(self) -> Iterator[tuple[tuple[int, int], ...]]:
        """Runs of whole clauses that fit, stretches, and two short ones that begin with words
        which bear the note or turn it around."""
        count = len(self._words)
        cuts = sorted({0, *self._clauses, count})
        yield from (((a, b),) for a, b in combinations(cuts, 2) if _FEWEST < b - a <= MOST)
        yield from (((place, place + MOST),) for place in range(count - MOST + 1))
        turning = self._denials | self._conditions
        bearing = [
            place for place, weight in enumerate(self._weights) if weight or place in turning
        ]
        for (one, two), size in product(combinations(bearing, 2), range(_FEWEST, MOST - 2)):
            rest = MOST - size
            last = min(count, two + rest)
            if one + size < last - rest:
                yield (one, one + size), (last - rest, last)

    def _merit(self, spans: Sequence[tuple[int, int]]) -> tuple[bool, int, int, bool, int]:
        """Nothing turned around, most that bears the note; in one piece, of whole clauses; then
        short, else long; of equal ones the first is shown."""
        shown = [place for first, last in spans for place in range(first, last)]
        whole = all(self._is_whole(first, last, set(shown)) for first, last in spans)
        inside = sum({self._stems[place]: self._weights[place] for place in shown}.values())
        cuts = {0, *self._clauses, len(self._words)}
        is_run = all(first in cuts and last in cuts for first, last in spans)
        length = -len(shown) if inside else len(shown)
        return whole, inside, -len(spans), is_run, length

    def _is_whole(self, first: int, last: int, shown: Set[int]) -> bool:
        after = (set(range(last, last + _AFTER)) & self._denials) - shown
        return set(self._before(first)) <= shown and (not after or last in self._stops)

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
    """How much each word bears a note: its numbers most, then its words."""
    told = {token.text for token in tokens(tuple(note.split()), language)}
    stems = content(note, language)
    weights = [int(bool(content(word, language) & stems)) for word in words]
    for token in tokens(tuple(words), language):
        if any(map(str.isdigit, token.text)) and (not note or token.text in told):
            weights[token.first] = NUMBER
    for place in _quoted(words, note):
        weights[place] = IN_MARKS
    return weights


def _quoted(words: Sequence[str], note: str) -> Iterator[int]:
    """Where the words stand that a note has in quotation marks."""
    bare = [unmarked(word) for word in words]
    for quotation in QUOTED.findall(note):
        said = [unmarked(word) for word in quotation.split()]
        for first in range(len(bare) - len(said) + 1):
            if bare[first : first + len(said)] == said:
                yield from range(first, first + len(said))


def _turning(words: Sequence[str], language: str) -> tuple[set[int], set[int]]:
    """Where words stand that turn around what is next to them: each "not", each "if"."""
    known = cue_words(language)
    bare = [unmarked(word) for word in words]
    denials = {place for place, word in enumerate(bare) if known.denies(word)}
    return denials, {place for place, word in enumerate(bare) if word in known.conditions}
