"""People, products and terms written as the event's lists write them, where they were misheard.

A recogniser writes a name that it does not know as words that it does: "grace walker" becomes
"great walker", Kubernetes "cooper netties". Such words are put right only where the sound agrees
and so does the context: a phrase that calls for a name, another part of the name said right, a
capital that ordinary words do not have, or the company of words that the term keeps elsewhere.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Correction, Utterance, Word, ms
from pipeline.talks.cohesion import stem
from pipeline.talks.cues import Cue
from pipeline.talks.lexicon import bare, ends_sentence, listed, stripped
from pipeline.talks.people import cased
from pipeline.talks.sound import alike, key, plain

CALLED_FOR = 0.74  # likeness that is enough where a phrase calls for a name
PARTLY = 0.82  # where another part of the name is right
CAPITAL = 0.84  # where a capital says that it is a name
IN_COMPANY = 0.85  # where the words around it are those around the term elsewhere
EACH = 0.68  # and of each word of it
START = 0.65  # likeness of a first word that is worth a closer look
SLOT = {"intro": 12, "thanks": 3, "self": 2}  # words after a phrase in which its name begins
COMPANY = 8  # words on each side that are a term's company


@dataclass(frozen=True, slots=True)
class Term:
    """Something that is written one way: a person's name, or a part of it, or a term."""

    text: str
    words: tuple[str, ...]
    person: bool


@dataclass(frozen=True, slots=True)
class Fit:
    """A term that words `first` to `last` of an utterance may be a mishearing of."""

    term: Term
    first: int
    last: int
    likeness: float


class Speller:
    """Puts right what was misheard of some people and terms."""

    def __init__(self, people: Iterable[str], glossary: Iterable[str]) -> None:
        names = [Term(name, tuple(name.split()), True) for name in dict.fromkeys(people)]
        firsts = Counter(term.words[0] for term in names if len(term.words) > 1)
        names += [Term(first, (first,), True) for first, count in firsts.items() if count == 1]
        terms = [Term(text, tuple(text.split()), False) for text in dict.fromkeys(glossary)]
        self.terms = [term for term in (*names, *terms) if term.words]
        self._exact = {plain(term.text) for term in self.terms}
        self._endings: dict[str, list[Term]] = defaultdict(list)
        for term in names:
            if len(term.words) > 1:
                self._endings[bare(term.words[-1])].append(term)
        self._parts = {plain(word) for term in names for word in term.words}

    def correct(
        self, utterances: Sequence[Utterance], cues: Sequence[Sequence[Cue]]
    ) -> tuple[tuple[Utterance, ...], tuple[Correction, ...]]:
        """The utterances as they should be written, and what was heard instead."""
        if not self.terms:
            return tuple(utterances), ()
        openings = self._openings(utterances)
        company = self._company(utterances)
        written, corrections = [], []
        for utterance, found in zip(utterances, cues, strict=True):
            fits = list(self._fits(utterance, found, openings, company))
            written.append(_rewritten(utterance, fits))
            corrections += [_correction(utterance, fit) for fit in fits]
        return tuple(written), tuple(corrections)

    def _openings(self, utterances: Sequence[Utterance]) -> dict[str, list[Term]]:
        """For each word of the event, the terms that it may be the first word of."""
        words = {bare(word.text) for utterance in utterances for word in utterance.words}
        by_sound: dict[str, list[str]] = defaultdict(list)
        for word in words:
            by_sound[key(word)[:1]].append(word)
        found: dict[str, list[Term]] = defaultdict(list)
        for term in self.terms:
            for word in by_sound[key(term.words[0])[:1]]:
                if _may_open(word, term):
                    found[word].append(term)
        return found

    def _company(self, utterances: Sequence[Utterance]) -> dict[str, set[str]]:
        """For each term, the stems that are near it where it is heard right."""
        singles = {plain(t.text): t.text for t in self.terms if len(t.words) == 1}
        found: dict[str, set[str]] = defaultdict(set)
        for utterance in utterances:
            shown = [word.text for word in utterance.words]
            for place, word in enumerate(map(plain, shown)):
                if word in singles:
                    found[singles[word]] |= _around(shown, place, place)
        return found

    def _fits(
        self,
        utterance: Utterance,
        cues: Sequence[Cue],
        openings: dict[str, list[Term]],
        company: dict[str, set[str]],
    ) -> Iterator[Fit]:
        """The corrections of an utterance, in order, none over another."""
        shown = [word.text for word in utterance.words]
        called_for = _slots(cues)
        done = -1
        for place, terms in self._candidates(shown, openings):
            fits = [
                fit
                for fit in (_readings(terms, shown, place) if place > done else ())
                if self._agrees(fit, shown, place in called_for, company)
            ]
            best = max(
                fits,
                key=lambda f: (len(f.term.words) > 1, f.likeness, f.last, f.term.text),
                default=None,
            )
            if best:
                done = best.last
                heard = " ".join(map(stripped, shown[best.first : best.last + 1]))
                if heard != best.term.text:
                    yield best

    def _candidates(
        self, shown: Sequence[str], openings: dict[str, list[Term]]
    ) -> list[tuple[int, set[Term]]]:
        """Places of words at which a term may begin, and which: by its first or its last word."""
        found: dict[int, set[Term]] = defaultdict(set)
        for place, word in enumerate(map(bare, shown)):
            if word in openings:
                found[place].update(openings[word])
            for first in range(max(0, place - 3), place) if word in self._endings else ():
                found[first].update(self._endings[word])
        return sorted(found.items(), key=lambda one: one[0])

    def _agrees(
        self, fit: Fit, shown: Sequence[str], called_for: bool, company: dict[str, set[str]]
    ) -> bool:
        """Whether the context agrees with the sound."""
        heard = shown[fit.first : fit.last + 1]
        if fit.likeness == 1.0:
            return True
        if plain(" ".join(heard)) in self._exact or self._is_other_person(fit, heard):
            return False
        if fit.term.person:
            return fit.likeness >= _bar(fit, heard, shown, called_for)
        if _capital(shown, fit) and fit.likeness >= CAPITAL:
            return True
        near = _around(shown, fit.first, fit.last) & company.get(fit.term.text, set())
        return fit.likeness >= IN_COMPANY and bool(near)

    def _is_other_person(self, fit: Fit, heard: Sequence[str]) -> bool:
        """ "Greg Walker" is not Grace Walker misheard: Greg is a name of its own."""
        if not fit.term.person:
            return False
        first, wanted = plain(heard[0]), plain(fit.term.words[0])
        own = first in listed("given_names") or first in self._parts
        return own and first != wanted and key(first) != key(wanted) and heard[0][:1].isupper()


def _may_open(word: str, term: Term) -> bool:
    """By its sound: the first word of the term, the start of it, or all of it in one word."""
    if alike(word, term.words[0]) >= START or alike(word, term.text) >= CAPITAL:
        return True
    sound = key(word)
    return len(sound) >= 2 and key(term.words[0]).startswith(sound)


def _readings(terms: Collection[Term], shown: Sequence[str], first: int) -> Iterator[Fit]:
    """The words from one on, as many as could be one of the terms."""
    heard = _heard(shown, first, max(len(term.words) for term in terms) + 2)
    for term in terms:
        wanted = plain(term.text)
        for last, said in enumerate(heard[: len(term.words) + 2], first):
            if plain(said).endswith(wanted) and _said_later(wanted, shown[first + 1 : last + 1]):
                break
            likeness = alike(term.text, said)
            if likeness >= CALLED_FOR and _word_by_word(term, shown[first : last + 1]):
                yield Fit(term, first, last, likeness)


def _heard(shown: Sequence[str], first: int, most: int) -> list[str]:
    """What is said from a word on: that word, the first two ... to the end of the sentence."""
    found: list[str] = []
    for text in shown[first : first + most]:
        found.append(f"{found[-1]} {bare(text)}" if found else bare(text))
        if ends_sentence(text):
            break
    return found


def _said_later(wanted: str, shown: Sequence[str]) -> bool:
    """Whether some words end with a term, said right."""
    return any(plain(" ".join(shown[place:])) == wanted for place in range(len(shown)))


def _word_by_word(term: Term, heard: Sequence[str]) -> bool:
    """Whether the first and the last word of a term are each there, wherever they are cut."""
    if len(term.words) < 2 or alike(term.text, " ".join(heard)) >= 0.95:
        return True
    words = [bare(word) for word in heard]
    if words[-1] in listed("not_names"):
        return False
    return any(
        alike(term.words[0], " ".join(words[:cut])) >= EACH
        and alike(" ".join(term.words[1:]), " ".join(words[cut:])) >= EACH
        for cut in range(1, len(words))
    )


def _bar(fit: Fit, heard: Sequence[str], shown: Sequence[str], called_for: bool) -> float:
    """How like a person's name the heard words have to be."""
    if len(fit.term.words) < 2:
        return CAPITAL + 0.04 if called_for or _capital(shown, fit) else 2.0
    parts = {plain(word) for word in fit.term.words}
    if called_for:
        return CALLED_FOR
    if parts & {plain(word) for word in heard}:
        return PARTLY
    return CAPITAL if _capital(shown, fit) else 0.93


def _capital(shown: Sequence[str], fit: Fit) -> bool:
    """Whether every heard word is written like a name, and not for beginning a sentence."""
    heard = shown[fit.first : fit.last + 1]
    opens = fit.first == 0 or ends_sentence(shown[fit.first - 1])
    strange = bare(heard[0]) not in listed("not_names")
    return all(w[:1].isupper() for w in heard) and (not opens or strange) and cased(shown)


def _slots(cues: Sequence[Cue]) -> set[int]:
    """Words where a phrase calls for a name."""
    return {
        place
        for cue in cues
        if cue.kind in SLOT and cue.side in ("after", "around")
        for place in range(cue.last + 1, cue.last + 2 + SLOT[cue.kind])
    }


def _around(shown: Sequence[str], first: int, last: int) -> set[str]:
    near = (*shown[max(0, first - COMPANY) : first], *shown[last + 1 : last + 1 + COMPANY])
    return {stem(word) for word in near} - {""}


def _correction(utterance: Utterance, fit: Fit) -> Correction:
    words = utterance.words[fit.first : fit.last + 1]
    heard = " ".join(stripped(word.text) for word in words)
    return Correction(words[0].start, heard, fit.term.text)


def _rewritten(utterance: Utterance, fits: Sequence[Fit]) -> Utterance:
    words: list[Word] = []
    place = 0
    for fit in fits:
        words += utterance.words[place : fit.first]
        words += _respelt(utterance.words[fit.first : fit.last + 1], fit.term.words)
        place = fit.last + 1
    return replace(utterance, words=(*words, *utterance.words[place:])) if fits else utterance


def _respelt(heard: Sequence[Word], written: Sequence[str]) -> Iterator[Word]:
    """The written words over the time of the heard ones, which they share by their letters."""
    start, end = heard[0].start, heard[-1].end
    text = heard[-1].text
    tail = text[len(text.rstrip("\"'\u201d).,;:!?\u2026")) :]
    if bare(text).endswith("'s") and not written[-1].endswith("s"):
        tail = "'s" + tail
    letters = sum(map(len, written))
    probability = min(word.probability for word in heard)
    done = 0
    for number, word in enumerate(written, 1):
        first = ms(start + (end - start) * done / letters)
        done += len(word)
        last = end if number == len(written) else ms(start + (end - start) * done / letters)
        shown = word + tail if number == len(written) else word
        yield Word(first, last, shown, probability, heard[0].speaker)
