"""A window heard until nothing about its words is suspicious, or as well as it can be."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pipeline.asr.guards import Suspicion, doubted, suspect, wordless
from pipeline.asr.windows import Window
from pipeline.data import Doubt, Span, Word

_USUAL_RATE = 2.5  # words a second

Heard = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A window heard once, and what the guards say about it."""

    words: Heard
    suspicions: tuple[Suspicion, ...]
    silent: tuple[Span, ...]  # speech in which no word was heard

    @property
    def badness(self) -> float:
        """Words that are doubted, and about how many are missing."""
        made_up = sum(found.after - found.first for found in self.suspicions)
        return made_up + sum(_USUAL_RATE * (span.end - span.start) for span in self.silent)

    def doubts(self) -> tuple[Doubt, ...]:
        """What is wrong, in order of time."""
        why = "speech in which no words were heard"
        dropped = [Doubt(span.start, span.end, why) for span in self.silent]
        made_up = [
            Doubt(self.words[found.first].start, self.words[found.after - 1].end, found.why)
            for found in self.suspicions
        ]
        return tuple(sorted((*made_up, *dropped), key=lambda doubt: doubt.start))


def settled(
    window: Window,
    heard: Heard,
    others: Iterable[Callable[[], Heard]],
    vocabulary: Sequence[str],
) -> tuple[Heard, tuple[Doubt, ...]]:
    """The words of the best of `heard` and the `others`, which are tried until nothing is wrong.

    What stays suspicious is told, and its words get a low probability.
    """
    best = _judged(window, heard, vocabulary)
    for hear_again in others:
        if not best.badness:
            break
        again = _judged(window, hear_again(), vocabulary)
        best = min(best, again, key=lambda attempt: attempt.badness)
    return doubted(best.words, best.suspicions), best.doubts()


def _judged(window: Window, heard: Heard, vocabulary: Sequence[str]) -> Attempt:
    found = suspect(heard, window.spans, vocabulary)
    return Attempt(heard, found, wordless(heard, window.spans))
