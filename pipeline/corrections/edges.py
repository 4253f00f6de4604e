"""Where talks begin and end, as a person knows it, whatever a program or a model has cut.

A correction holds for the talk in which its moment lies. Talks that none touches stay the very
same, so that nothing is asked about them again; where an utterance is cut in two, both parts keep
its number, so that the transcript which every question shows stays the same too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, groupby, pairwise

from pipeline.corrections.file import Moment, TalkFix
from pipeline.corrections.fits import Fit, Misfit, try_fix
from pipeline.corrections.places import OUTSIDE, word_at
from pipeline.data import Outline, Talk, Utterance, seconds_by_voice

MIN_SPEAKER_SHARE = 0.02  # share of a talk's speech under which a voice is none of its speakers
SNAP = 2.0  # seconds from a time without words to the beginning of an utterance that is meant


def speaker_ids(held: Sequence[Utterance]) -> tuple[str, ...]:
    """Who speaks in a talk, the one who speaks most first; shouts left out."""
    seconds = seconds_by_voice(held)
    bar = MIN_SPEAKER_SHARE * sum(seconds.values())
    return tuple(s for s in sorted(seconds, key=lambda s: -seconds[s]) if seconds[s] >= bar)


def apply_talk_fixes(known: Outline, fixes: Sequence[TalkFix]) -> tuple[Outline, tuple[Fit, ...]]:
    """The outline with its talks cut, joined, hidden and of the kind that a person says.

    A hidden talk is a break. Titles stay, see `retitled`.
    """
    if not fixes or not known.talks:
        return known, tuple(Fit(fix, "there are no talks") for fix in fixes)
    cuts = _Cuts(known)
    done = [(fix, try_fix(fix, cuts.apply)) for fix in fixes]
    fits = tuple(fit if fit.why else try_fix(fix, cuts.check) for fix, fit in done)
    return replace(known, talks=tuple(cuts.talks())), fits


def retitled(known: Outline, fixes: Sequence[TalkFix]) -> Outline:
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
        self._said = [one for talk in known.talks for one in talk.utterances]
        self._row = [(n, word) for n, one in enumerate(self._said) for word in one.words]
        firsts = accumulate((len(one.words) for one in self._said), initial=0)
        self._firsts = list(firsts)  # which word of the row the first of each utterance is
        ends = accumulate(sum(len(one.words) for one in talk.utterances) for talk in known.talks)
        self._begins = dict(zip((0, *ends), known.talks, strict=False))  # by the first word of each

    def apply(self, fix: TalkFix) -> None:
        """Do what a correction says; raises Misfit."""
        at = self._word(fix.at)
        moves = {"begin": self._begin, "end": self._end, "split": self._split}
        for name, place in self._edges(fix, at):
            moves[name](at, place)
        if fix.join:
            self._join(at)
        kind = "break" if fix.hide else fix.kind
        if kind:
            first = self._first(at)
            self._begins[first] = replace(self._begins[first], kind=kind)

    def check(self, fix: TalkFix) -> None:
        """Raises Misfit where another correction has moved one of its edges."""
        for name, place in self._edges(fix, self._word(fix.at)):
            if place not in (*self._begins, len(self._row)):
                raise Misfit(f"its {name} contradicts another correction")

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

    def talks(self) -> Iterator[Talk]:
        """The talks as they are cut now; those that are as they were, unchanged."""
        edges = pairwise([*sorted(self._begins), len(self._row)])
        for index, (first, end) in enumerate(edges):
            talk, held = self._begins[first], self._between(first, end)
            who = talk.speakers if talk.utterances == held else speaker_ids(held)
            yield replace(talk, index=index, utterances=held, speakers=who)

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
        count = len(self._row)
        after = min((begin for begin in self._begins if begin > at), default=count)
        behind = self._begins[self._first(max(after, place))]
        self._forget(at + 1, max(after, place))
        if place < count:  # behind the last talk is nobody's
            self._begins[place] = replace(behind, kind="break") if after == count else behind

    def _split(self, at: int, place: int) -> None:
        self._begins.setdefault(place, self._begins[self._first(place)])

    def _join(self, at: int) -> None:
        first = self._first(at)
        if not first:
            raise Misfit("there is no talk before it")
        del self._begins[first]

    def _forget(self, first: int, last: int) -> None:
        """No talk begins from one word to another."""
        for begin in [begin for begin in self._begins if first <= begin <= last]:
            del self._begins[begin]

    # ---- words

    def _first(self, word: int) -> int:
        """The first word of the talk that holds a word."""
        return max(begin for begin in self._begins if begin <= word)

    def _word(self, at: Moment) -> int:
        found = word_at(at, self._said)
        return self._firsts[found.utterance] + found.word

    def _place(self, at: Moment) -> int:
        """The word at which an edge lies; without words, an utterance's first that is near."""
        word = self._word(at)
        if at.words:
            return word
        apart, near = min((abs(u.start - at.time), n) for n, u in enumerate(self._said))
        if apart <= SNAP:
            return self._firsts[near]
        return len(self._row) if at.time >= self._said[-1].end else word

    def _between(self, first: int, end: int) -> tuple[Utterance, ...]:
        """The utterances of some words, those at the edges cut."""
        runs = groupby(self._row[first:end], key=lambda each: each[0])
        return tuple(
            replace(self._said[number], words=tuple(word for _, word in run))
            for number, run in runs
        )
