"""Sentences of one talk as clauses of a note: told in the third person, or quoted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.data import Quantity, Talk, Word
from pipeline.notes import quantities
from pipeline.writer.context import Context
from pipeline.writer.phrases import figure, from_figure, in_digits, shorten, spelled, third_person
from pipeline.writer.sentences import core, plain, reads_well

CLAUSE_WORDS = 18
QUOTE_WORDS = 14
READABLE = 0.4  # of `reads_well`, under which nothing is quoted or told
_TITLES = ("Dr", "Prof", "Doctor", "Professor")


@dataclass(frozen=True, slots=True)
class Teller:
    """Knows whose words they are and how names are written."""

    talk: Talk
    context: Context
    spelling: Mapping[str, str]

    def clause(self, words: Sequence[Word], speaker: str) -> str:
        """ "we serve nine million" as "they serve 9 million"; "" where it cannot be told well."""
        words = core(words)
        if reads_well(words) < READABLE:
            return ""
        text = " ".join(word.text for word in words)
        text = in_digits(text, quantities.parse(text, self.context.language))
        told = third_person(shorten(text, CLAUSE_WORDS), self.first_name(speaker))
        return self._begun_small(self._spell(told)) if told else ""

    def figure(self, words: Sequence[Word], quantity: Quantity) -> str:
        """A number with what it is of: "20x faster than any graphics card"."""
        text = in_digits(" ".join(word.text for word in words), (quantity,))
        told = third_person(from_figure(text, figure(quantity)), "")
        return self._spell(told or figure(quantity))

    def quote(self, words: Sequence[Word]) -> str:
        """The words themselves, short and whole; "" where they are not."""
        words = core(words)
        if reads_well(words) < READABLE:
            return ""
        return self._begun_small(self._spell(shorten(" ".join(w.text for w in words), QUOTE_WORDS)))

    def first_name(self, speaker: str) -> str:
        """What a speaker is called in a note, when the name is known."""
        for known in self.context.outline.speakers:
            if known.id == speaker and known.name:
                names = [name for name in known.name.split() if name.rstrip(".") not in _TITLES]
                return names[0] if names else ""
        return ""

    def _spell(self, text: str) -> str:
        names = {name: name for name in self.context.names() if " " in name or name.isupper()}
        return spelled(text, {**names, **self.spelling})

    def _begun_small(self, text: str) -> str:
        """With a small first letter, unless the first word is a name."""
        first = plain(text.split()[0]) if text else ""
        named = {plain(word) for name in self.context.names() for word in name.split()}
        if not first or first in named or first in self.spelling or text[1:2].isupper():
            return text
        return text[0].lower() + text[1:]
