"""Sentences of one talk as clauses of a note: told in the third person, or quoted."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from pipeline.claims import lexicon, quantities, stems
from pipeline.claims.claims import says_much
from pipeline.claims.sentences import places
from pipeline.data import Quantity, Receipt, Talk, Word
from pipeline.writer import receipts
from pipeline.writer.context import Context
from pipeline.writer.hearing import Hearing, hearing
from pipeline.writer.phrases import (
    figure,
    from_figure,
    in_digits,
    listed,
    spelled,
    third_person,
    tidy,
)
from pipeline.writer.sentences import core, fluent, plain, points_back
from pipeline.writer.words import english

SHORTEST_CLAUSE, CLAUSE_WORDS = 5, 26
QUOTE_WORDS = 14
PLAIN_WORDS = (6, 24)  # of a line that tells and claims nothing
_VAGUE = frozenset(("it", "them", "here", "there", "one", "ones", "this", "you", "your"))
_IDLE_ASKED = (
    "think tell see say know talk mean like want people thing question view going introduce"
)
MOST_NAMED = 4  # speakers that are rather counted than named
CLEAR = 2  # words of meaning in a question, or beside a figure and its unit
_HOSTS = ("host", "moderator", "emcee", "chair")
# in its middle a sentence that puts a number right: told whole, both numbers would stand there
_TAKEN_BACK = re.compile(r"\w,? (?:no|sorry|I mean|correction|scratch that|make that),? \w", re.I)
_TITLES = ("Dr", "Prof", "Doctor", "Professor")


@dataclass(frozen=True, slots=True)
class Told:
    """What a note says of some words, and what it cites for it."""

    text: str
    receipt: Receipt


@dataclass(frozen=True)
class Teller:
    """Knows whose words they are, how well they were heard, and how names are written."""

    talk: Talk
    context: Context
    spelling: Mapping[str, str]

    def clause(
        self,
        words: Sequence[Word],
        speaker: str,
        fits: Callable[[str], bool] = bool,
        whole: bool = False,
    ) -> Told | None:
        """ "We serve nine million" as "they serve 9 million", as much of it as was understood and
        says what is wanted (`fits`); with `whole` all of it or nothing.

        None where it cannot be told well: a reader has nothing but this line.
        """
        if not self.english:
            return None
        parts = self._parts(words, CLAUSE_WORDS)
        for part in parts:
            text = _text(part)
            if whole and len(part) < len(core(fluent(words))):
                continue
            if points_back(part) or _cannot_be_told(text, part) or not fits(text):
                continue
            digits = in_digits(text, quantities.parse(text, self.context.language))
            told = third_person(digits)
            if told:
                return self._told(self._begun_small(told), part, words, speaker)
        return None

    def figure(
        self, words: Sequence[Word], quantity: Quantity, speaker: str, verbatim: bool = False
    ) -> Told | None:
        """A number with what it is of: "20x faster than any graphics card"; None for a guess.

        `verbatim`: in the speaker's words, "twenty times faster".
        """
        at = places(quantity.text, words)
        number = words[at.start : at.stop]
        if not number or not self._hearing.figure_heard(number):
            return None
        after = list(words[at.stop :])
        guess = next((i for i, w in enumerate(after) if self._hearing.is_guess(w)), len(after))
        text = _text((*number, *after[:guess]))
        if verbatim:
            return self._told(from_figure(text, quantity.text), number, words, speaker)
        text = in_digits(text, (quantity, *quantities.parse(text, self.context.language)))
        told = third_person(from_figure(text, figure(quantity))) or figure(quantity)
        return self._told(told, number, words, speaker)

    def quote(self, words: Sequence[Word], speaker: str, last: bool = False) -> Told | None:
        """The words themselves, short and whole; with `last` those at the end: a joke's point."""
        if not self.english:  # nothing is known of its grammar: short and whole, or not at all
            whole = 4 <= len(words) <= QUOTE_WORDS
            return self._told(tidy(_text(words)), words, words, speaker) if whole else None
        parts = self._parts(words, QUOTE_WORDS, verbatim=True)
        if last:
            parts = [part for part in parts if part[-1] == core(words)[-1]]
        if not parts:
            return None
        text = self._begun_small(_text(parts[0], quoted=True))
        return self._told(text, parts[0], words, speaker)

    def _parts(
        self, words: Sequence[Word], most: int, verbatim: bool = False
    ) -> list[tuple[Word, ...]]:
        """The stretches that are worth printing, the longest first."""
        parts = self._hearing.stretches(words, most, verbatim)
        return [part for part in parts if not is_ceremony(_text(part))]

    def _told(self, text: str, part: Sequence[Word], words: Sequence[Word], speaker: str) -> Told:
        cited = self._hearing.around(part, words)
        return Told(self._spell(text), receipts.of_words(cited, speaker))

    @cached_property
    def _hearing(self) -> Hearing:
        return hearing(self.talk.utterances, self.context.names())

    def of_rivals(self, text: str) -> bool:
        """Whether somebody else's number may be in it: without its clause it would mislead."""
        known = lexicon.load(self.context.language)
        return known is not None and bool(
            lexicon.pattern(known.comparing.rivals).search(lexicon.plain(text))
        )

    def claims(self, text: str, number: Quantity | None) -> bool:
        """Whether a part of a claim is one by itself, with its number; "every patient has a
        story" is none."""
        known = lexicon.load(self.context.language)
        if known is None or (number and number.text not in text):
            return known is None
        values = quantities.parse(text, self.context.language)
        named = plain(text.split()[0]) in self.names
        full = values or named or len(stems.content(text, self.context.language)) > CLEAR
        return bool(full) and says_much(lexicon.plain(text), values, known)

    def is_plain(self, text: str) -> bool:
        """Whether a part of a sentence tells something that a reader who was not there follows."""
        known = lexicon.load(self.context.language)
        words = [plain(word) for word in text.split()]
        if known is None or not PLAIN_WORDS[0] <= len(words) <= PLAIN_WORDS[1]:
            return False
        named = any(word[:1].isupper() for word in text.split()[1:]) or words[0] in self.names
        if all(word[:1].isupper() or word in english().cannot_end for word in text.split()):
            return False  # "Doctor Paul Garden from Willow Street Hospital"
        ours = not {"we", "our", "we've", "we're"}.isdisjoint(words)
        made = ours and not english().making.isdisjoint(words)
        return (
            (named or made)
            and not any(word in _VAGUE for word in words)
            and not lexicon.pattern(known.claims.announced).search(lexicon.plain(text))
        )

    def asks_something(self, question: str) -> bool:
        """Whether a reader knows what is asked: not "is that so" and "what do you think"."""
        words = [plain(word) for word in question.split()]
        named = stems.content(question, self.context.language) - stems.content(_IDLE_ASKED)
        return len(named) >= CLEAR and words[1] not in english().pointing

    def is_clear(self, told: str, number: Quantity) -> bool:
        """Whether a figure says what it is of: "20x faster than any card", "9 meals an hour"; not
        "87% of cases"."""
        language = self.context.language
        more = stems.content(told, language) - stems.content(number.text, language)
        return len(more) >= CLEAR or ("/" in number.unit and number.unit[0].isalpha())

    def heard(self, words: Sequence[Word]) -> bool:
        """Whether some words were understood."""
        return self._hearing.understood(words)

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
        """Who speaks, where the heading does not name them: "Tom Miller and Walter Green"."""
        known = (s for s in self.context.outline.speakers if s.id in self.talk.speakers)
        named = [s.name for s in known if s.name and not self.is_hosted(s.id)]
        unnamed = [name for name in named if name not in self.talk.title]
        return listed(unnamed) if len(unnamed) < MOST_NAMED else ""

    @cached_property
    def names(self) -> frozenset[str]:
        """What is written with a capital inside sentences, and the names known beforehand."""
        known = (word for name in self.context.names() for word in name.split())
        said = (u.words for u in self.talk.utterances)
        inside = (
            word.text
            for words in said
            for before, word in pairwise(words)
            if not before.text.endswith((".", "?", "!", "\u201d", '"'))
        )
        named = (plain(word) for word in (*known, *inside) if word[0].isupper())
        return frozenset(word for word in named if stems.content(word, self.context.language))

    @property
    def english(self) -> bool:
        """Whether the writer knows the grammar; what it does not know it quotes."""
        return self.context.language.startswith("en")

    def _spell(self, text: str) -> str:
        names = {name: name for name in self.context.names() if " " in name or name.isupper()}
        return spelled(text, {**names, **self.spelling})

    def _begun_small(self, text: str) -> str:
        """With a small first letter, unless the first word is a name."""
        if not text:
            return text
        first, second = (*text.split(), "")[:2]
        titled = second[:1].isupper() and stems.content(first, self.context.language)
        inside = any(letter.isupper() for letter in first[1:])
        if plain(first) in {*self.names, *self.spelling} or inside or titled:
            return text
        return text[0].lower() + text[1:]


def _cannot_be_told(text: str, part: Sequence[Word]) -> bool:
    """A command, a question, a call, a number that is put right, and what is hardly a clause."""
    words = text.split()
    known = english()
    no_telling = (known.imperatives | known.finite | known.asking) - known.conditions
    no_telling = (no_telling | known.supposing) - known.subjects
    called = words[0].endswith(",") and len(words) > 1  # "Dana, please do not"
    short = len(words) < SHORTEST_CLAUSE and not part[-1].text.endswith((".", "!"))
    return plain(words[0]) in no_telling or called or short or _TAKEN_BACK.search(text) is not None


def is_ceremony(text: str) -> bool:
    """ "Thank you very much", "please welcome", "that is all for tonight"."""
    return lexicon.pattern(english().saying.ceremony).search(lexicon.plain(text)) is not None


def _text(words: Sequence[Word], quoted: bool = False) -> str:
    """As one clause: stops of pauses inside it and at its end are left out; what is `quoted` may
    be two sentences."""
    *inner, last = words
    anew = (quoted and after.text[:1].isupper() for after in words[1:])
    kept = (
        word.text if new else word.text.rstrip(".") for word, new in zip(inner, anew, strict=True)
    )
    return " ".join([*kept, last.text.rstrip(".,;:!? ")])
