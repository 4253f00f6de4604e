"""Names and terms written as the user wrote them, where they were misheard.

Only towards what the user gave: event.toml with the titles of its agenda. A word that a dictionary
of the language knows is changed only behind a first name that is right, so "March" becomes no
"Marys"; what is changed has to sound like the name and, of one word, to have a capital. Terms that
were cut into words or run together are written as they are ("alpha sense": AlphaSense).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from pipeline.corrections.words import Change, replace_span
from pipeline.data import Correction, Utterance
from pipeline.talks.lexicon import stripped
from pipeline.talks.sound import sound_likeness
from pipeline.text import ends_sentence, folded, unmarked

WHOLE = 0.82  # likeness that is enough for a name or term of several words
ONE = 0.84  # and for one word
SHORT = 4  # letters under which likeness means nothing
MORE = 1  # words more than it has that a term may have been cut into

Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Mishearing:
    """A term that words `first` to `last` of an utterance are a mishearing of."""

    term: str
    first: int
    last: int
    likeness: float


def dictionary(language: str) -> Known:
    """Whether a word is in the dictionary of a language; all are, where there is none for it."""
    known = _words(language.split("-")[0].lower())
    return lambda word: known is None or known.get(stripped(word).lower().removesuffix("'s"), 0) > 0


@cache
def _words(language: str) -> "dict[str, int] | None":
    from spellchecker import SpellChecker

    try:
        return SpellChecker(language=language).word_frequency.dictionary
    except ValueError:
        return None


class Speller:
    """Puts right what was misheard of some people and terms."""

    def __init__(self, people: Iterable[str], glossary: Iterable[str], known: Known) -> None:
        names = tuple(dict.fromkeys(people))
        parts = [part for name in names for part in name.split() if len(name.split()) > 1]
        single = [part for part in parts if parts.count(part) == 1 and len(folded(part)) > SHORT]
        self._people = frozenset(names)
        self.terms = tuple(dict.fromkeys([*names, *glossary, *single]))
        self._known = known
        self._by_letters: dict[str, list[str]] = {}
        for term in self.terms:
            self._by_letters.setdefault(folded(term), []).append(term)
        self._right = {folded(word) for term in self.terms for word in (term, *term.split())}
        self._most = max((len(term.split()) for term in self.terms), default=0) + MORE

    def correct(
        self, utterances: Sequence[Utterance]
    ) -> tuple[tuple[Utterance, ...], tuple[Correction, ...]]:
        """The utterances as they should be written, and what was heard instead."""
        written, corrections = list[Utterance](), list[Correction]()
        for utterance in utterances:
            changes: list[Change] = []
            fits = list(self._fits([word.text for word in utterance.words]))
            for fit in reversed(fits):
                span = (fit.first, fit.last + 1)
                sure = min(word.probability for word in utterance.words[slice(*span)])
                utterance = replace_span(utterance, span, fit.term, changes, sure)
            written.append(utterance)
            corrections += (Correction(c.start, c.heard, c.written) for c in reversed(changes))
        return tuple(written), tuple(corrections)

    def _fits(self, shown: Sequence[str]) -> Iterator[Mishearing]:
        """The corrections of an utterance, in order, none over another."""
        place = 0
        while place < len(shown):
            best = max(
                self._readings(shown, place),
                key=lambda fit: (len(fit.term.split()), fit.likeness, fit.term),
                default=None,
            )
            if best and _heard(shown, best) != best.term:
                yield best
            place = best.last + 1 if best else place + 1

    def _readings(self, shown: Sequence[str], first: int) -> Iterator[Mishearing]:
        """The words from one on, as many as could be one of the terms: most can only be one that
        has their letters."""
        for last in range(first, min(len(shown), first + self._most)):
            heard = shown[first : last + 1]
            said, capitals = " ".join(map(unmarked, heard)), all(w[:1].isupper() for w in heard)
            wrong = [word for word in heard if folded(word) not in self._right]
            ordinary = any(map(self._known, wrong))
            alike = wrong and (not ordinary or (capitals and len(heard) == 2))
            for term in self.terms if alike else self._by_letters.get(folded(said), ()):
                if likeness := self._likeness(term, said, capitals, ordinary):
                    yield Mishearing(term, first, last, likeness)
            if ends_sentence(shown[last]):
                return

    def _likeness(self, term: str, said: str, capitals: bool, ordinary: bool) -> float:
        """How like a term some words are, of which a dictionary may know some that are wrong; 0
        where they may not be written so."""
        heard, words = said.split(), term.split()
        if folded(said) == folded(term):
            return float(capitals or len(heard) > 1 or len(words) > 1)
        if len(heard) > len(words) + MORE or min(len(folded(said)), len(folded(term))) < SHORT:
            return 0.0
        half_right = capitals and term in self._people and _only_family_name(words, heard)
        if (ordinary and not half_right) or (len(words) == 1 and not capitals):
            return 0.0
        likeness = sound_likeness(term, said)
        return likeness if likeness >= (WHOLE if len(words) > 1 else ONE) else 0.0


def _only_family_name(words: Sequence[str], heard: Sequence[str]) -> bool:
    """Whether a person's first name is right and the other sounds like it: "Tobias Asquith", where
    Tobias Askwith is expected, is no ordinary word; "the Askwiths" are others."""
    if len(words) != 2 or len(heard) != 2 or heard[1] == f"{unmarked(words[1])}s":
        return False
    return folded(words[0]) == folded(heard[0]) and sound_likeness(words[1], heard[1]) >= WHOLE


def _heard(shown: Sequence[str], fit: Mishearing) -> str:
    heard = " ".join(map(stripped, shown[fit.first : fit.last + 1]))
    return heard.removesuffix("'s")
