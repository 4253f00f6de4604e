"""Which stretches of a transcript were understood: only those are worth a line of a post.

An engine gives each word a probability. Held against the truth of four recordings, half of what
is missing to 1 is wrong (of small words a quarter), and a word of meaning under `GUESS` is as
often wrong as right. The engine's own language model says hardly more: the engine has asked it.
tests/benchmarks/printed_words.py counts what is printed wrong all the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.claims.sentences import is_punctuated
from pipeline.claims.statements import GUESS
from pipeline.data import Utterance, Word
from pipeline.writer.sentences import (
    begins,
    clauses,
    clauses_begin,
    core,
    fluent,
    pieces,
    plain,
    stands,
)
from pipeline.writer.words import english

USUAL = 14  # words of a line with which it says enough and runs on into nothing else
SMALL_GUESS = 0.1  # the same for "the" and "of", of which a reader loses less
WRONG = 0.1  # share of a stretch's words that may be expected to be wrong
FIGURE = 0.35  # least probability of a number's words: of 85 figures none above it was wrong
RIGHTED = 0.9  # probability of a word that was put right, or of which an engine says nothing


@dataclass(frozen=True, slots=True)
class Hearing:
    """How well one talk was understood.

    `names` were put right from the event's files, whatever the engine made of them. `silent`: the
    engine gives all words one probability, so only grammar can tell.
    """

    names: frozenset[str]
    silent: bool
    written: bool = False  # the engine writes commas: its sentences end where it says

    def stretches(
        self, words: Sequence[Word], most: int, verbatim: bool = False
    ) -> list[tuple[Word, ...]]:
        """The stretches of a sentence, of at most so many words, that stand alone and were
        understood: those that begin with a subject first, and the whole sentence. `verbatim`
        to be quoted: with its "um", and from any comma to any other."""
        words = core(words if verbatim else fluent(words))
        found = (
            part
            for part in dict.fromkeys(pieces(words) if verbatim else clauses(words))
            if len(part) <= most
            and stands(part, part[-1] == words[-1], self.written)
            and self.understood(part)
        )
        return sorted(found, key=lambda p: (not begins(p), p != words, abs(len(p) - USUAL)))

    def understood(self, words: Sequence[Word]) -> bool:
        """Whether a stretch says what was said, as far as the engine can tell."""
        wrong = sum((1 - self.probability(word)) / (4 if _is_small(word) else 2) for word in words)
        return wrong <= WRONG * len(words) and not any(map(self.is_guess, words))

    def is_guess(self, word: Word) -> bool:
        """Whether a word may as well be another."""
        return self.probability(word) < (SMALL_GUESS if _is_small(word) else GUESS)

    def figure_heard(self, words: Sequence[Word]) -> bool:
        """Whether a number and its unit can be printed."""
        return all(self.probability(word) >= FIGURE for word in words)

    def around(self, part: Sequence[Word], words: Sequence[Word]) -> tuple[Word, ...]:
        """A part of a sentence with the rest of its clauses, until the next guess on each side:
        what to cite of it."""
        starts = [word.start for word in words]
        first, last = starts.index(part[0].start), starts.index(part[-1].start)
        edges = (0, *clauses_begin(words), len(words))
        begin = max(edge for edge in edges if edge <= first)
        end = min(edge for edge in edges if edge > last)
        while first > begin and not self.is_guess(words[first - 1]):
            first -= 1
        while last < end - 1 and not self.is_guess(words[last + 1]):
            last += 1
        return core(words[first : last + 1])

    def probability(self, word: Word) -> float:
        """How sure it is that a word was said."""
        righted = self.silent or plain(word.text) in self.names
        return max(RIGHTED, word.probability) if righted else word.probability


def _is_small(word: Word) -> bool:
    """ "the", "of", "was": they carry little."""
    return plain(word.text) in english().cannot_end


def hearing(utterances: Sequence[Utterance], names: Iterable[str]) -> Hearing:
    """How well a talk was understood, of all its words and the names that are known."""
    known = frozenset(plain(part) for name in names for part in name.split())
    sure = {word.probability for utterance in utterances for word in utterance.words}
    return Hearing(known, len(sure) < 2, is_punctuated(utterances))
