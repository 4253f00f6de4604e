"""Where talks begin and end, as a person knows it, whatever a program or a model has cut.

A correction holds for the talk in which its moment lies. Talks that none touches stay the very
same, so that nothing is asked about them again; where an utterance is cut in two, both parts keep
its number, so that the transcript which every question shows stays the same too.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.corrections.file import Moment, TalkFix
from pipeline.corrections.fits import Fit
from pipeline.corrections.places import OUTSIDE, NotThere, word_at
from pipeline.data import Outline, Talk, Utterance, seconds_by_voice

SHOUT = 0.02  # share of a talk's speech under which a voice is none of its speakers
SNAP = 2.0  # seconds from a time without words to the beginning of an utterance that is meant


def speakers_of(held: Sequence[Utterance]) -> tuple[str, ...]:
    """Who speaks in a talk, the one who speaks most first; shouts left out."""
    seconds = seconds_by_voice(held)
    bar = SHOUT * sum(seconds.values())
    return tuple(s for s in sorted(seconds, key=lambda s: -seconds[s]) if seconds[s] >= bar)


def cut(known: Outline, fixes: Sequence[TalkFix]) -> tuple[Outline, tuple[Fit, ...]]:
    """The outline with its talks cut, joined, hidden and of the kind that a person says.

    A hidden talk is a break. Titles stay, see `titled`.
    """
    if not fixes or not known.talks:
        return known, tuple(Fit(fix, "there are no talks") for fix in fixes)
    cuts = _Cuts(known)
    whys = [cuts.apply(fix) for fix in fixes]
    fits = [Fit(f, why or cuts.contradicts(f)) for f, why in zip(fixes, whys, strict=True)]
    return replace(known, talks=tuple(cuts.talks())), tuple(fits)


def titled(known: Outline, fixes: Sequence[TalkFix]) -> Outline:
    """The outline with the titles that a person gave its talks."""
    titles: dict[int, str] = {}
    for fix in fixes:
        if fix.title and known.talks:
            titles[(known.talk_at(fix.at.time) or known.talks[0]).index] = fix.title
    talks = (replace(talk, title=titles.get(talk.index, talk.title)) for talk in known.talks)
    return replace(known, talks=tuple(talks))


class _Cuts:
    """The words of an event as one row, and at which of them talks begin."""

    def __init__(self, known: Outline) -> None:
        self._said: list[Utterance] = []  # as they were cut before
        self._firsts: list[int] = []  # which word of the event the first of each is
        self._begins: dict[int, Talk] = {}  # by the first word of each
        self._count = 0
        for talk in known.talks:
            self._begins[self._count] = talk
            for one in talk.utterances:
                self._said.append(one)
                self._firsts.append(self._count)
                self._count += len(one.words)

    def apply(self, fix: TalkFix) -> str:
        """Do what a correction says; why that cannot be done."""
        at = self._word(fix.at)
        if isinstance(at, NotThere):
            return at.why
        moves = {"begin": self._begin, "end": self._end, "split": self._split}
        for name, place in self._edges(fix, at):
            if isinstance(place, NotThere):
                return place.why
            moves[name](at, place)
        if fix.join and not self._join(at):
            return "there is no talk before it"
        kind = "break" if fix.hide else fix.kind
        if kind:
            first = self._first(at)
            self._begins[first] = replace(self._begins[first], kind=kind)
        return ""

    def contradicts(self, fix: TalkFix) -> str:
        """Which of its edges another correction has moved; nothing where they stand."""
        at = self._word(fix.at)
        for name, place in self._edges(fix, at) if isinstance(at, int) else ():
            if place not in (*self._begins, self._count):
                return f"its {name} contradicts another correction"
        return ""

    def _edges(self, fix: TalkFix, at: int) -> Iterator[tuple[str, int | NotThere]]:
        """The edges that a correction gives, with the word of each or why there is none."""
        for name, edge in (("begin", fix.begin), ("end", fix.end), ("split", fix.split)):
            place = self._place(edge) if edge else None
            if isinstance(place, int):
                place = min(place, at) if name == "begin" else place
                place = max(place, at + 1) if name == "end" else place
            if name == "split" and place == self._count:
                place = NotThere(OUTSIDE)
            if place is not None:
                yield name, place

    def talks(self) -> list[Talk]:
        """The talks as they are cut now; those that are as they were, unchanged."""
        made = []
        for index, (first, end) in enumerate(pairwise([*sorted(self._begins), self._count])):
            talk, held = self._begins[first], self._between(first, end)
            same = tuple(talk.utterances) == held
            who = talk.speakers if same else speakers_of(held)
            made.append(replace(talk, index=index, utterances=held, speakers=who))
        return made

    # ---- edges

    def _begin(self, at: int, place: int) -> None:
        """The talk at a word begins at a place; what is before goes to the talk before."""
        first = self._first(at)
        talk = self._begins[first]
        self._forget(min(first, place), at)
        if place and not any(begin < place for begin in self._begins):
            self._begins[0] = replace(talk, kind="break")  # nobody's, at the start
        self._begins[place] = talk

    def _end(self, at: int, place: int) -> None:
        """It ends at a place; what is behind goes to the talk after it."""
        after = min((begin for begin in self._begins if begin > at), default=self._count)
        behind = self._begins[self._first(max(after, place))]
        self._forget(at + 1, max(after, place))
        if place < self._count:  # behind the last talk is nobody's
            last = after == self._count
            self._begins[place] = replace(behind, kind="break") if last else behind

    def _split(self, at: int, place: int) -> None:
        self._begins.setdefault(place, self._begins[self._first(place)])

    def _join(self, at: int) -> bool:
        first = self._first(at)
        if first:
            del self._begins[first]
        return bool(first)

    def _forget(self, first: int, last: int) -> None:
        """No talk begins from one word to another."""
        for begin in [begin for begin in self._begins if first <= begin <= last]:
            del self._begins[begin]

    # ---- words

    def _first(self, word: int) -> int:
        """The first word of the talk that holds a word."""
        return max(begin for begin in self._begins if begin <= word)

    def _word(self, at: Moment) -> int | NotThere:
        found = word_at(at, self._said)
        if isinstance(found, NotThere):
            return found
        return self._firsts[found.utterance] + found.word

    def _place(self, at: Moment) -> int | NotThere:
        """The word at which an edge lies; without words, an utterance's first that is near."""
        found = word_at(at, self._said)
        if isinstance(found, NotThere):
            return found
        if not at.words:
            apart, near = min((abs(u.start - at.time), n) for n, u in enumerate(self._said))
            if apart <= SNAP:
                return self._firsts[near]
            if at.time >= self._said[-1].end:
                return self._count
        return self._firsts[found.utterance] + found.word

    def _between(self, first: int, end: int) -> tuple[Utterance, ...]:
        """The utterances of some words, those at the edges cut."""
        held = []
        for number in range(bisect_right(self._firsts, first) - 1, bisect_left(self._firsts, end)):
            one, begin = self._said[number], self._firsts[number]
            words = one.words[max(0, first - begin) : end - begin]
            held.append(one if words == one.words else replace(one, words=words))
        return tuple(held)
