"""A sentence taken apart for comparison: its subject's words, its numbers and what is next to
them, its time, whose side it speaks of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.claims.lexicon import Lexicon, Words, pattern, plain
from pipeline.claims.measures import compared_unit
from pipeline.claims.stems import meaning, meanings, tokens
from pipeline.data import Claim, Other, Quantity

_NEAR = 5  # words around a number that tell what it counts
_LEAD = 2  # words before a number that lead up to it: "is deleted after"
_CLAUSE = re.compile(r"[,;:]\s|\b(?:and|but|because|which|while)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence stands in."""

    heading: str = ""  # the talk's or document's title, or the speaker's name
    before: str = ""  # the sentence before it
    talk: frozenset[str] = frozenset()  # stems of the whole talk


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a sentence, with the stems around it."""

    value: Quantity
    unit: str  # as units are compared
    loose: bool  # "over" or "about" stands before it
    bound: int  # 1 for "over", -1 for "under", else 0
    head: frozenset[str]  # before it in the sentence
    pronoun: bool  # "it", "they" or "we" is among them
    lead: frozenset[str]  # the last few of them
    near: frozenset[str]
    clause: frozenset[str]  # of its clause, or of the whole sentence where that is written


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as it is compared."""

    quote: str
    text: str  # plain
    numbers: tuple[Number, ...]
    terms: frozenset[str]  # stems that carry meaning
    before: str  # the sentence before it
    hints: frozenset[str]  # its stems, where "they" or "it" may stand for one of them
    where: Other
    title: frozenset[str]  # names in the heading: people, companies
    talk: frozenset[str]
    condition: frozenset[str]  # stems of "when you stream music"
    having: bool  # says what somebody has
    periods: frozenset[str]
    years: frozenset[str]
    claim: Claim | None


class Reader:
    """Takes sentences apart with the word lists of one language."""

    def __init__(self, lexicon: Lexicon, language: str) -> None:
        self.language = language
        self.lists = lexicon.comparing
        self._stations = self.stems(self.lists.stations)
        self._measures = self.stems(name for names in lexicon.units.values() for name in names)

    def stems(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(meaning(word, self.language) for word in words)

    def said(
        self,
        quote: str,
        values: tuple[Quantity, ...],
        where: Other,
        setting: Setting,
        claim: Claim | None = None,
    ) -> Said:
        """A sentence, ready to be compared; `claim` is what it is, if it is said at this event."""
        text, lists = plain(quote), self.lists
        return Said(
            quote=quote,
            text=text,
            numbers=tuple(self._number(quote, value, where) for value in values),
            terms=self._content([quote]) - self._of_numbers(values),
            before=setting.before,
            hints=self._hints(text, setting.before),
            where=where,
            title=self._content([setting.heading]) - self._stations,
            talk=setting.talk,
            condition=self._condition(text),
            having=self._has(lists.having, text),
            periods=frozenset(found.group() for found in pattern(lists.periods).finditer(text)),
            years=frozenset(_YEAR.findall(text)),
            claim=claim,
        )

    def _of_numbers(self, values: Sequence[Quantity]) -> frozenset[str]:
        """Stems of the numbers and of their measures; what they count is a subject."""
        spoken = self.stems(token for value in values for token in tokens(value.text))
        counted = self.stems(token for value in values for token in tokens(value.unit))
        return spoken - (counted - self._measures)

    def _number(self, quote: str, value: Quantity, where: Other) -> Number:
        before, _, after = quote.partition(value.text)
        head, tail = before.split(), after.split()
        near = [*head[-_NEAR:], value.text, *tail[:_NEAR]]
        said = plain(" ".join(head[-3:]))
        clause = [_CLAUSE.split(before)[-1], value.text, _CLAUSE.split(after)[0]]
        return Number(
            value=value,
            unit=compared_unit(value, plain(quote), self.lists),
            loose=self._has(self.lists.loose, said),
            bound=self._has(self.lists.at_least, said) - self._has(self.lists.at_most, said),
            head=self._content(head),
            pronoun=self._has(self.lists.subjects, plain(before)),
            lead=self._content(head[-_LEAD:]),
            near=self._content(near),
            clause=self._content([quote] if where.source else clause),
        )

    def _condition(self, text: str) -> frozenset[str]:
        after = (text[found.end() :] for found in pattern(self.lists.conditions).finditer(text))
        return self._content(word for each in after for word in _CLAUSE.split(each)[0].split())

    def _content(self, words: Iterable[str]) -> frozenset[str]:
        return meanings(" ".join(words), self.language)

    def _hints(self, text: str, before: str) -> frozenset[str]:
        first = text.split()[:1]
        pronoun = bool(first) and first[0].strip(",") in self.lists.pronouns
        return self._content([before]) if pronoun else frozenset()

    def _has(self, words: Words, text: str) -> bool:
        return pattern(words).search(text) is not None
