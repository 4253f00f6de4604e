"""Where a window's words leave speech out, or look made up: heard again alone until they do not.

Whisper stops early in a window, most of all where another speaker begins or where a sentence is cut
off, and says nothing of it. What it left out is speech without words: from the last word on to the
next one, and never more than that, it is heard again, with other settings each time. Words that a
guard finds suspicious are heard again in the same way. What stays is told. A window with a
hole is heard again as a whole, too: of two sentences that are nearly the same Whisper skips one and
gives its time to the other's words (window_transcriber.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.asr.hallucinations import (
    PHANTOM_PHRASE,
    Suspicion,
    has_improbable_onset,
    marked_doubtful,
    suspect,
)
from pipeline.asr.windows import Pauses, Window
from pipeline.data import Doubt, Span, Word
from pipeline.text import joined

NO_WORDS = "speech in which no words were heard"
MIN_WORDLESS = 0.8  # seconds of speech that hold a word: in shorter ones breath was heard as words

_UNHEARD = 0.1  # probability of a word that an aligner stretches over speech that has no words
_PER_WORD, _PER_LETTER = 0.4, 0.08  # seconds that a word takes: 95% of the sample's take less
_PER_DIGIT = 5  # letters in the name of one: "99%" is said as long as "ninetynine percent"
_EARLY, _LATE = 0.1, 0.3  # seconds around a word's end in which the cut is looked for

Words = tuple[Word, ...]
Redecode = Callable[[Sequence[Window]], Sequence[Words]]


def repair(
    window: Window, words: Words, pauses: Pauses, tries: Sequence[Redecode], names: Sequence[str]
) -> tuple[Words, tuple[Doubt, ...]]:
    """A window's words, what is wrong with them decoded again by each of `tries` in turn.

    What stays suspicious is kept at a low probability and told; so is speech without words. A
    phrase that models make of applause is left out and told, word for word.
    """
    for redecode in tries:
        if problems := find_problems(window, words, pauses, names):
            words = _redecoded(window, words, problems, pauses, redecode, names)
    problems = find_problems(window, words, pauses, names)
    doubts = tuple(
        Doubt(span.start, span.end, _doubt_reason(one, words))
        for one, span in zip(problems, _problem_spans(window, words, problems), strict=True)
    )
    kept = marked_doubtful(words, [(one.first, one.after) for one in problems])
    phantoms = [one for one in problems if one.why == PHANTOM_PHRASE]
    made_up = {n for one in phantoms for n in range(one.first, one.after)}
    return tuple(word for n, word in enumerate(kept) if n not in made_up), doubts


def _doubt_reason(one: Suspicion, words: Words) -> str:
    """Why a stretch is doubted; of words that are left out, also which."""
    if one.why != PHANTOM_PHRASE:
        return one.why
    left_out = joined(word.text for word in words[one.first : one.after])
    return f"left out “{left_out}”, {PHANTOM_PHRASE}"


def find_problems(
    window: Window, words: Words, pauses: Pauses, vocabulary: Sequence[str]
) -> tuple[Suspicion, ...]:
    """All that is wrong with a window's words, in order; a hole in the speech has no words."""
    made_up = suspect(words, vocabulary)
    heard = [place for place, word in enumerate(words) if not _is_stretched(word)]
    gaps = _gaps(window, [words[place] for place in heard])
    edges = zip([0, *(place + 1 for place in heard)], [*heard, len(words)], gaps, strict=True)
    holes = [
        Suspicion(first, after, NO_WORDS)
        for first, after, gap in edges
        if pauses.voiced(gap.start, gap.end) >= MIN_WORDLESS
        and not any(one.first <= after and first <= one.after for one in made_up)
    ]
    return tuple(sorted((*made_up, *holes), key=lambda one: (one.first, one.after)))


def _is_stretched(word: Word) -> bool:
    """Whether an aligner laid a word that is hardly there over other speech."""
    return word.probability < _UNHEARD and word.end > _plausible_end(word)


def _gaps(window: Window, words: Sequence[Word]) -> list[Span]:
    """What lies before, between and behind the words."""
    ends = [window.start, *(_plausible_end(word) for word in words)]
    starts = [*(word.start for word in words), window.end]
    return [Span(end, max(end, start)) for end, start in zip(ends, starts, strict=True)]


def _redecoded(
    window: Window,
    words: Words,
    problems: Sequence[Suspicion],
    pauses: Pauses,
    redecode: Redecode,
    vocabulary: Sequence[str],
) -> Words:
    """The words, each problem's replaced by what is decoded there alone, where that is better."""
    spans = _problem_spans(window, words, problems)
    cut = [window.part(*_cut_at_quiet(window, span, pauses)) for span in spans]
    pieces = [(problem, piece) for problem, piece in zip(problems, cut, strict=True) if piece]
    again = redecode([piece for _, piece in pieces])
    repaired = list(words)
    for (problem, _), heard in reversed(list(zip(pieces, again, strict=True))):
        lost = problem.why == NO_WORDS and not heard  # a stretched word is better than none
        if not lost and _is_better(heard, words[problem.first : problem.after], vocabulary):
            repaired[problem.first : problem.after] = heard
    return tuple(repaired)


def _problem_spans(window: Window, words: Words, problems: Sequence[Suspicion]) -> list[Span]:
    """Where each problem lies: from the word before it to the word behind it."""
    gaps = _gaps(window, words)
    return [Span(gaps[one.first].start, gaps[one.after].end) for one in problems]


def _cut_at_quiet(window: Window, stretch: Span, pauses: Pauses) -> tuple[float, float]:
    """A stretch, cut where it is quietest near its ends."""
    start, end = stretch.start, stretch.end
    if start > window.start:
        start = pauses.quietest(start - _EARLY, min(start + _LATE, end))
    if end < window.end:
        end = pauses.quietest(max(end - _LATE, start), end + _EARLY)
    return start, end


def _is_better(again: Words, was: Words, vocabulary: Sequence[str]) -> bool:
    """Fewer suspicious words; in a hole, any that are not."""
    if not was and has_improbable_onset(again):
        return False
    suspicious = sum(run.after - run.first for run in suspect(again, vocabulary))
    return suspicious < len(was) or (bool(again) and not suspicious)


def _plausible_end(word: Word) -> float:
    """Where a word ends, if it is no longer than a word is: an aligner stretches it over a hole."""
    letters = sum(_PER_DIGIT if sign.isdigit() or sign in "%$€" else 1 for sign in word.text)
    return min(word.end, word.start + _PER_WORD + _PER_LETTER * letters)
