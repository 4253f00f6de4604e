"""Where talks begin and end, as a person knows it, whatever a program or a model has cut.

A correction holds for the talk in which its moment lies. Talks that none touches stay the very
same, so that nothing is asked about them again; where an utterance is cut in two, both parts keep
its number, so that the transcript which every question shows stays the same too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

from pipeline.corrections.file import TalkFix
from pipeline.corrections.fits import Fit, try_fix
from pipeline.corrections.moments import OUTSIDE, Misfit, Moment, find_moment
from pipeline.data import Outline, Talk, speaker_ids

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
    """The words of an event in a row, and the word at which each talk begins."""

    def __init__(self, known: Outline) -> None:
        self._said = [one for talk in known.talks for one in talk.utterances]
        self._row = [(n, word) for n, one in enumerate(self._said) for word in one.words]
        firsts = accumulate((len(one.words) for one in self._said), initial=0)
        self._firsts = list(firsts)  # which word of the row the first of each utterance is
        sizes = (sum(len(one.words) for one in talk.utterances) for talk in known.talks)
        self._begins = dict(zip(accumulate(sizes, initial=0), known.talks, strict=False))

    def apply(self, fix: TalkFix) -> None:
        """Do what a correction says; raises Misfit."""
        at = self._word(fix.at)
        for name, place in self._edges(fix, at):
            {"begin": self._begin, "end": self._end, "split": self._split}[name](at, place)
        if fix.join:
            first, _ = self._span(at)
            if not first:
                raise Misfit("there is no talk before it")
            del self._begins[first]
        if kind := "break" if fix.hide else fix.kind:
            first, _ = self._span(at)
            self._begins[first] = replace(self._begins[first], kind=kind)

    def check(self, fix: TalkFix) -> None:
        """Raises Misfit where another correction has moved one of its edges."""
        for name, place in self._edges(fix, self._word(fix.at)):
            if place < len(self._row) and place not in self._begins:
                raise Misfit(f"its {name} contradicts another correction")

    def talks(self) -> Iterator[Talk]:
        """The talks as they are cut now; those that are as they were, unchanged."""
        begins = sorted(self._begins)
        for index, (first, end) in enumerate(pairwise([*begins, len(self._row)])):
            parts = groupby(self._row[first:end], key=lambda each: each[0])
            held = tuple(
                replace(self._said[number], words=tuple(word for _, word in part))
                for number, part in parts
            )
            talk = self._begins[first]
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
        self._move(first, place, self._begins[first])
        self._begins.setdefault(0, replace(self._begins[place], kind="break"))  # nobody's

    def _end(self, at: int, place: int) -> None:
        """It ends at a place; what is behind goes to the talk after it."""
        first, end = self._span(at)
        behind = max(place, end)
        nobody = replace(self._begins[first], kind="break")
        after = self._begins[self._span(behind)[0]] if behind < len(self._row) else nobody
        self._move(end, place, after)

    def _split(self, _: int, place: int) -> None:
        """A talk is two: the second begins at a place."""
        first, _ = self._span(place)
        self._begins[place] = self._begins[first]

    def _span(self, word: int) -> tuple[int, int]:
        """The first word of the talk that holds a word, and the first behind it."""
        first = max(begin for begin in self._begins if begin <= word)
        return first, min((b for b in self._begins if b > word), default=len(self._row))

    def _move(self, edge: int, place: int, talk: Talk) -> None:
        """A talk begins at a place and no more at an edge, nor does any other between the two."""
        low, high = sorted((edge, place))
        self._begins = {n: each for n, each in self._begins.items() if not low <= n <= high}
        if place < len(self._row):
            self._begins[place] = talk

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
