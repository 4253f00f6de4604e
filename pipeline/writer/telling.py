"""Sentences of one talk as clauses of a note: told in the third person, or quoted."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.data import Quantity, Talk, Word
from pipeline.notes import quantities
from pipeline.writer.context import Context
from pipeline.writer.phrases import (
    figure,
    from_figure,
    in_digits,
    shorten,
    spelled,
    third_person,
    tidy,
)
from pipeline.writer.sentences import core, plain, reads_well

CLAUSE_WORDS = 18
QUOTE_WORDS = 14
READABLE = 0.4  # of `reads_well`, under which nothing is quoted or told
_HOSTS = ("host", "moderator", "emcee", "chair")
# in its middle a sentence that puts a number right: told whole, both numbers would stand there
_TAKEN_BACK = re.compile(r"\w,? (?:no|sorry|I mean|correction|scratch that|make that),? \w", re.I)
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
        if not self.english or reads_well(words) < READABLE:
            return ""
        text = " ".join(word.text for word in words)
        if _TAKEN_BACK.search(text):
            return ""
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
        if not self.english:  # nothing is known about its grammar: short and whole, or not at all
            return tidy(" ".join(w.text for w in words)) if 4 <= len(words) <= QUOTE_WORDS else ""
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

    def who(self, speaker: str, clause: str) -> str:
        """The name to put before a clause, where a talk has several speakers who matter."""
        name = self.first_name(speaker) if self.talk.kind in ("panel", "qa") else ""
        return "" if name in clause else name

    def is_hosted(self, speaker: str) -> bool:
        """Whether the speaker only leads through a talk that others give."""
        roles = {known.id: (known.role or "").lower() for known in self.context.outline.speakers}
        leads = any(role in roles.get(speaker, "") for role in _HOSTS)
        return leads and self.talk.kind not in ("opening", "closing")

    def cast(self) -> str:
        """Who speaks: "Ada Park, founder of Kestrel", "Tom Miller and Walter Green".

        "" where the heading names them already.
        """
        mattering = [s for s in self.talk.speakers if not self.is_hosted(s)] or self.talk.speakers
        known = [s for s in self.context.outline.speakers if s.id in mattering]
        known.sort(key=lambda speaker: mattering.index(speaker.id))
        called = [s for s in known if s.name or s.role]
        if called and all(s.name and s.name in self.talk.title for s in called):
            return ""
        if len(known) == 1 and known[0].name and known[0].role:
            return f"{known[0].name}, {known[0].role}"
        told = [s.name for s in known if s.name]
        if not told and len(known) == 1 and known[0].role:
            return f"the {known[0].role}"
        others = len(mattering) - len(told)
        if not told or len(told) > 3:
            return f"{len(mattering)} speakers" if len(mattering) > 1 else "one speaker"
        if others and self.talk.kind != "qa":  # who asks from the floor is no speaker
            told.append("another" if others == 1 else f"{others} others")
        return f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]

    @property
    def english(self) -> bool:
        """Whether the writer knows the grammar; what it does not know it quotes."""
        return self.context.language.startswith("en")

    def _spell(self, text: str) -> str:
        names = {name: name for name in self.context.names() if " " in name or name.isupper()}
        return spelled(text, {**names, **self.spelling})

    def _begun_small(self, text: str) -> str:
        """With a small first letter, unless the first word is a name."""
        first = plain(text.split()[0]) if text else ""
        names = (word for name in self.context.names() for word in name.split())
        named = {plain(word) for word in names if word[0].isupper()}
        if not first or first in named or first in self.spelling or text[1:2].isupper():
            return text
        return text[0].lower() + text[1:]
