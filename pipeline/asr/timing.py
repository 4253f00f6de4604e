"""Word times that can be shown: in order, not overlapping, none longer than a word is."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.data import Word, ms

_LONGEST = 1.2  # seconds of a short word, drawn out
_LETTER = 0.12  # seconds more for each letter beyond the sixth


def sane(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words in their order, each shortened to what it can take and clear of its neighbours.

    An attention-based aligner stretches the word beside a pause over the pause. The end that
    touches a neighbour is the one that was heard; the other is moved.
    """
    timed: list[Word] = []
    for place, word in enumerate(words):
        before = timed[-1].end if timed else 0.0
        after = words[place + 1].start if place + 1 < len(words) else word.end
        timed.append(_fitted(word, before, after))
    return tuple(timed)


def _fitted(word: Word, before: float, after: float) -> Word:
    start = max(word.start, before)
    end = max(word.end, start)
    longest = _LONGEST + _LETTER * max(0, len(word.text) - 6)
    if end - start > longest:
        if start - before > after - end:
            start = end - longest
        else:
            end = start + longest
    return replace(word, start=ms(start), end=ms(end))
