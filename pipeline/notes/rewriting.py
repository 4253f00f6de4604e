"""Names and words that a person put right, in lines that were written before they were."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.corrections.moments import likeness
from pipeline.corrections.words import Change, text_positions
from pipeline.data import Note, Outline, Receipt, Word
from pipeline.notes.matching import QUOTED, quote_positions
from pipeline.text import joined

_EDGE = 0.001  # seconds: times are rounded to that
MISSPELT = 75.0  # rapidfuzz ratio (0..100) from which a name is another, spelt wrong; not measured


@dataclass(frozen=True)
class Rewriting:
    """An event as it was when its lines were written, as it is now, and what was changed."""

    before: Outline
    after: Outline
    changes: tuple[Change, ...]

    def note(self, note: Note) -> Note:
        """A note with what its receipts say now: their words, and the names of who says them."""
        receipts = tuple(map(self._receipt, note.receipts))
        said = [one.quote for one in receipts if one.kind == "quote"]
        speakers = {one.speaker for one in receipts if one.speaker}
        touched = [change for one in note.receipts for change in self.within(one)]
        return replace(note, text=self._text(note.text, touched, said, speakers), receipts=receipts)

    def text(self, text: str, start: float, end: float, speakers: Iterable[str]) -> str:
        """A heading or a line that rests on all that is said in a stretch."""
        touched = [one for one in self.changes if start <= one.end and one.start <= end]
        said = (u.text for u in self.after.utterances if start <= u.end and u.start <= end)
        return self._text(text, touched, list(said) if touched else [], set(speakers))

    def within(self, receipt: Receipt) -> list[Change]:
        """What was changed in the words that a receipt quotes."""
        if receipt.kind != "quote":
            return []
        start, end = receipt.start - _EDGE, receipt.end + _EDGE
        return [one for one in self.changes if start <= one.start and one.end <= end]

    def _text(
        self, text: str, changes: Sequence[Change], said: Sequence[str], speakers: set[str]
    ) -> str:
        """Words that nobody says any more are replaced, and the names of speakers."""
        left = " ".join(said).split()
        gone = (one for one in changes if not list(text_positions(one.heard, left)))
        words = {one.heard: one.written for one in gone}
        return _swapped(text, words, self._names(speakers))

    def _names(self, speakers: set[str]) -> dict[str, str]:
        """What stood for a name, whole and in parts, and what stands for it now.

        A name that was spelt wrong is wrong wherever it stands; one that was another person's only
        where its voice is told.
        """
        new = {one.id: one.name for one in self.after.speakers}
        pairs: dict[str, str] = {}
        for one in self.before.speakers:
            name = new.get(one.id)
            if not one.name or not name or name == one.name:
                continue
            if one.id not in speakers and likeness(one.name, name) < MISSPELT:
                continue
            old, now = one.name.split(), name.split()
            pairs |= dict(zip(old, now, strict=True)) if len(old) == len(now) else {}
            pairs[one.name] = name
        return pairs

    def _receipt(self, receipt: Receipt) -> Receipt:
        if not self.within(receipt):
            return receipt
        heard = words_of(self.before, receipt)
        quote = joined(word.text for word in words_of(self.after, receipt))
        if quote == receipt.quote:  # it was written from the words as they are now
            return receipt
        span = quote_positions(receipt.cited, heard) if receipt.cited else range(0)
        if not span:
            return replace(receipt, quote=quote, cited=quote if receipt.cited else "")
        begin, end = heard[span[0]].start, heard[span[-1]].end
        cited = words_of(self.after, replace(receipt, start=begin, end=end))
        return replace(receipt, quote=quote, cited=joined(word.text for word in cited))


def words_of(known: Outline, receipt: Receipt) -> list[Word]:
    """What the speaker of a receipt says in its time."""
    start, end = receipt.start - _EDGE, receipt.end + _EDGE
    return [
        word
        for one in known.utterances
        if one.speaker == receipt.speaker and one.start <= end and one.end >= start
        for word in one.words
        if start <= word.start and word.end <= end
    ]


def _swapped(text: str, words: Mapping[str, str], names: Mapping[str, str]) -> str:
    """A text with some words in the place of others, all at once: two names may change places.

    In quotation marks stands what was said: names stay there, words do not.
    """
    parts, at = list[str](), 0
    for quote in QUOTED.finditer(text):
        parts += (_some(text[at : quote.start()], words, names), _some(quote[0], words, {}))
        at = quote.end()
    swapped = "".join((*parts, _some(text[at:], words, names)))
    return swapped if swapped == text else " ".join(swapped.split())


def _some(text: str, words: Mapping[str, str], names: Mapping[str, str]) -> str:
    """The words however they are written, a name as it is: "Green" is a person, "green" is not.

    What stands there already stays: "Ada Park" for "Ada" makes no "Ada Park Park".
    """
    low = {old.casefold(): new for old, new in words.items()}
    known = {*words, *words.values(), *names, *names.values()} - {""}
    some = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    found = re.compile(rf"(?<!\w)(?:{some})(?!\w)", re.IGNORECASE)

    def now(each: re.Match[str]) -> str:
        return low.get(each[0].casefold(), names.get(each[0], each[0]))

    return found.sub(now, text) if known else text
