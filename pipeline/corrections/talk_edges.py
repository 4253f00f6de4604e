"""Where talks begin and end, as a person knows it, whatever a program or a model has cut.

A correction holds for the talk in which its moment lies. Talks that none touches stay the very
same, so that nothing is asked about them again; where an utterance is cut in two, both parts keep
its number, so that the transcript which every question shows stays the same too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from pipeline.corrections.file import TalkFix
from pipeline.corrections.fits import Fit, try_fix
from pipeline.corrections.moments import OUTSIDE, Misfit, Moment, find_moment
from pipeline.data import Outline, Talk, TalkKind, speaker_ids

SNAP = 2.0  # seconds from a time without words to the beginning of an utterance that is meant


def apply_talk_fixes(known: Outline, fixes: Sequence[TalkFix]) -> tuple[Outline, tuple[Fit, ...]]:
    """The outline with its talks cut, joined, hidden and of the kind that a person says.

    A hidden talk is a break. Titles stay, see `retitled`.
    """
    if not fixes or not known.talks:
        return known, tuple(Fit(fix, "there are no talks") for fix in fixes)
    words = _Words(known)
    done = [(fix, try_fix(fix, words.apply)) for fix in fixes]
    fits = tuple(fit if fit.why else try_fix(fix, words.check) for fix, fit in done)
    return replace(known, talks=tuple(words.talks())), fits


def retitled(known: Outline, fixes: Sequence[TalkFix]) -> Outline:
    """The outline with the titles that a person gave its talks."""
    titles: dict[int, str] = {}
    for fix in fixes:
        if fix.title and known.talks:
            titles[(known.talk_at(fix.at.time) or known.talks[0]).index] = fix.title
    talks = (replace(talk, title=titles.get(talk.index, talk.title)) for talk in known.talks)
    return replace(known, talks=tuple(talks))


class _Words:
    """The words of an event in a row, and the talk to which each of them belongs."""

    def __init__(self, known: Outline) -> None:
        self._said = [one for talk in known.talks for one in talk.utterances]
        self._row = [(n, word) for n, one in enumerate(self._said) for word in one.words]
        firsts = accumulate((len(one.words) for one in self._said), initial=0)
        self._firsts = list(firsts)  # which word of the row the first of each utterance is
        self._talks = list(known.talks)
        sizes = (sum(len(one.words) for one in talk.utterances) for talk in known.talks)
        self._owner = [n for n, size in enumerate(sizes) for _ in range(size)]  # of each word

    def apply(self, fix: TalkFix) -> None:
        """Do what a correction says; raises Misfit."""
        at = self._word(fix.at)
        for name, place in self._edges(fix, at):
            {"begin": self._begin, "end": self._end, "split": self._split}[name](at, place)
        if fix.join:
            first, end = self._span(at)
            if not first:
                raise Misfit("there is no talk before it")
            self._give(first, end, self._owner[first - 1])
        if kind := "break" if fix.hide else fix.kind:
            talk = self._owner[at]
            self._talks[talk] = replace(self._talks[talk], kind=kind)

    def check(self, fix: TalkFix) -> None:
        """Raises Misfit where another correction has moved one of its edges."""
        for name, place in self._edges(fix, self._word(fix.at)):
            if self._owner[place - 1 : place] == self._owner[place : place + 1]:
                raise Misfit(f"its {name} contradicts another correction")

    def talks(self) -> Iterator[Talk]:
        """The talks as they are cut now; those that are as they were, unchanged."""
        runs = groupby(zip(self._owner, self._row, strict=True), key=lambda each: each[0])
        for index, (owner, run) in enumerate(runs):
            parts = groupby((each for _, each in run), key=lambda each: each[0])
            held = tuple(
                replace(self._said[number], words=tuple(word for _, word in part))
                for number, part in parts
            )
            talk = self._talks[owner]
            who = talk.speakers if talk.utterances == held else speaker_ids(held)
            yield replace(talk, index=index, utterances=held, speakers=who)

    # ---- edges

    def _edges(self, fix: TalkFix, at: int) -> Iterator[tuple[str, int]]:
        """The edges that a correction gives, with the word of each; raises Misfit."""
        if fix.begin:
            yield "begin", min(self._place(fix.begin), at)
        if fix.end:
            yield "end", max(self._place(fix.end), at + 1)
        if fix.split:
            place = self._place(fix.split)
            if place == len(self._row):
                raise Misfit(OUTSIDE)
            yield "split", place

    def _begin(self, at: int, place: int) -> None:
        """The talk at a word begins at a place; what is before goes to the talk before."""
        first, _ = self._span(at)
        self._give(place, first, self._owner[at])
        before = self._owner[first - 1] if first else self._new(at, "break")  # nobody's
        self._give(first, place, before)

    def _end(self, at: int, place: int) -> None:
        """It ends at a place; what is behind goes to the talk after it."""
        _, end = self._span(at)
        self._give(end, place, self._owner[at])
        after = self._owner[end] if end < len(self._row) else self._new(at, "break")  # nobody's
        self._give(place, end, after)

    def _split(self, _: int, place: int) -> None:
        """A talk is two: the second begins at a place."""
        first, end = self._span(place)
        if first < place:
            self._give(place, end, self._new(place))

    def _span(self, word: int) -> tuple[int, int]:
        """The first word of the talk that holds a word, and the first behind it."""
        first = self._owner.index(self._owner[word])
        return first, first + self._owner.count(self._owner[word])

    def _give(self, first: int, end: int, talk: int) -> None:
        """Words from one up to another belong to a talk; none where the other is before it."""
        self._owner[first:end] = [talk] * (end - first)

    def _new(self, word: int, kind: TalkKind | None = None) -> int:
        """Another talk like the one that holds a word."""
        talk = self._talks[self._owner[word]]
        self._talks.append(replace(talk, kind=kind or talk.kind))
        return len(self._talks) - 1

    # ---- words

    def _word(self, at: Moment) -> int:
        found = find_moment(at, self._said)
        return self._firsts[found.number] + found.first

    def _place(self, at: Moment) -> int:
        """The word at which an edge lies; without words, an utterance's first that is near."""
        word = self._word(at)
        if at.words:
            return word
        apart, near = min((abs(u.start - at.time), n) for n, u in enumerate(self._said))
        if apart <= SNAP:
            return self._firsts[near]
        return len(self._row) if at.time >= self._said[-1].end else word
