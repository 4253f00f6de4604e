"""Where a window's words leave speech out, or look made up: heard again alone until they do not.

Whisper stops early in a window, most of all where another speaker begins or where a sentence is cut
off, and says nothing of it. What it left out is speech without words: from the last word on to the
next one, and never more than that, it is heard again, with other settings each time. Words that a
guard finds suspicious are heard again in the same way. What stays is told. A window of which most
was left out is heard again in two (window_transcriber.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.asr.hallucinations import PHANTOM, Suspicion, doubted, hardly_begins, suspect
from pipeline.asr.windows import Pauses, Window
from pipeline.data import Doubt, Span, Word
from pipeline.text import joined, unmarked

NO_WORDS = "speech in which no words were heard"
HOLE = 0.8  # seconds of speech that must hold a word: in shorter ones breath was heard as words

_SHORT, _LETTER = 0.4, 0.08  # seconds that a word takes: 95% of the sample's take less
_FIGURE = 5  # letters in the name of one: "99%" is said as long as "ninetynine percent"
_EARLY, _LATE = 0.1, 0.3  # seconds around a word's end in which the cut is looked for

Words = tuple[Word, ...]
Hear = Callable[[Sequence[Window]], Sequence[Words]]


def mend(
    window: Window, words: Words, pauses: Pauses, others: Sequence[Hear], vocabulary: Sequence[str]
) -> tuple[Words, tuple[Doubt, ...]]:
    """The words of a window with its troubles heard again, each until one of `others` is right.

    What stays suspicious is kept at a low probability and told; so is speech without words. A
    phrase that models make of applause is left out and told, word for word.
    """
    for hear in others:
        found = troubles(window, words, pauses, vocabulary)
        if not found:
            break
        words = _heard_again(window, words, found, pauses, hear, vocabulary)
    found = troubles(window, words, pauses, vocabulary)
    doubts = tuple(
        Doubt(span.start, span.end, _told(one, words))
        for one, span in zip(found, _stretches(window, words, found), strict=True)
    )
    kept = doubted(words, [(one.first, one.after) for one in found])
    made_up = {n for one in found if one.why == PHANTOM for n in range(one.first, one.after)}
    return tuple(word for n, word in enumerate(kept) if n not in made_up), doubts


def _told(one: Suspicion, words: Words) -> str:
    """Why a stretch is doubted; of words that are left out, also which."""
    if one.why != PHANTOM:
        return one.why
    left_out = joined(word.text for word in words[one.first : one.after])
    return f"left out “{left_out}”, {PHANTOM}"


def troubles(
    window: Window, words: Words, pauses: Pauses, vocabulary: Sequence[str]
) -> tuple[Suspicion, ...]:
    """All that is wrong with a window's words, in order; a hole in the speech has no words."""
    made_up = suspect(words, vocabulary)
    holes = [
        Suspicion(place, place, NO_WORDS)
        for place, gap in enumerate(_gaps(window, words))
        if pauses.loud(gap.start, gap.end) >= HOLE
        and not any(one.first <= place <= one.after for one in made_up)
    ]
    return tuple(sorted((*made_up, *holes), key=lambda one: (one.first, one.after)))


def hardly_heard(window: Window, words: Words, pauses: Pauses) -> bool:
    """Whether most of the speech has no words: those that there are have wrong times, too."""
    loud = [pauses.loud(gap.start, gap.end) for gap in _gaps(window, words)]
    silent = sum(seconds for seconds in loud if seconds >= HOLE)
    return bool(words) and silent > pauses.loud(window.start, window.end) / 2


def _gaps(window: Window, words: Words) -> list[Span]:
    """What lies before, between and behind the words."""
    ends = [window.start, *(_end(word) for word in words)]
    starts = [*(word.start for word in words), window.end]
    return [Span(end, max(end, start)) for end, start in zip(ends, starts, strict=True)]


def _heard_again(
    window: Window,
    words: Words,
    found: Sequence[Suspicion],
    pauses: Pauses,
    hear: Hear,
    vocabulary: Sequence[str],
) -> Words:
    """The words with each trouble's replaced by what is heard there alone, where that is better."""
    cut = [window.part(*_edges(window, s, pauses)) for s in _stretches(window, words, found)]
    pieces = [(one, piece) for one, piece in zip(found, cut, strict=True) if piece]
    again = hear([piece for _, piece in pieces])
    mended = list(words)
    for (one, _), heard in reversed(list(zip(pieces, again, strict=True))):
        kept = _not_twice(heard, words[: one.first], words[one.after :])
        if _better(kept, words[one.first : one.after], vocabulary):
            mended[one.first : one.after] = kept
    return tuple(mended)


def _stretches(window: Window, words: Words, found: Sequence[Suspicion]) -> list[Span]:
    """Where each trouble lies: from the word before it to the word behind it."""
    gaps = _gaps(window, words)
    return [Span(gaps[one.first].start, gaps[one.after].end) for one in found]


def _edges(window: Window, stretch: Span, pauses: Pauses) -> tuple[float, float]:
    """A stretch, cut where it is quietest near its ends."""
    start, end = stretch.start, stretch.end
    if start > window.start:
        start = pauses.quietest(start - _EARLY, min(start + _LATE, end))
    if end < window.end:
        end = pauses.quietest(max(end - _LATE, start), end + _EARLY)
    return start, end


def _not_twice(heard: Words, before: Words, after: Words) -> Words:
    """Without a first or last word that is the neighbour's, heard again at the edge."""
    if heard and before and unmarked(heard[0].text) == unmarked(before[-1].text):
        heard = heard[1:] if heard[0].start - before[-1].end < _EARLY else heard
    if heard and after and unmarked(heard[-1].text) == unmarked(after[0].text):
        heard = heard[:-1] if after[0].start - heard[-1].end < _EARLY else heard
    return heard


def _better(again: Words, was: Words, vocabulary: Sequence[str]) -> bool:
    """Fewer suspicious words; in a hole, any that are not."""
    if not was and hardly_begins(again):
        return False
    suspicious = sum(found.after - found.first for found in suspect(again, vocabulary))
    return suspicious < len(was) or (bool(again) and not suspicious)


def _end(word: Word) -> float:
    """Where a word ends, if it is no longer than a word is: an aligner stretches it over a hole."""
    letters = sum(_FIGURE if sign.isdigit() or sign in "%$€" else 1 for sign in word.text)
    return min(word.end, word.start + _SHORT + _LETTER * letters)
