"""Word errors, words lost in runs, and how far word times are off, by jiwer.

Text is compared in lower case, without punctuation, numbers written one way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import jiwer
from text_to_num import alpha2digit

from pipeline.data import Doubt, Word

LOST = 3  # words in a row that were said and not heard: a run
SLACK = 0.5  # seconds by which a doubt may miss the place of a run
PLAIN = jiwer.Compose(
    [jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.RemoveMultipleSpaces()]
)


@dataclass(frozen=True)
class Errors:
    """What was said against what was heard, in words."""

    words: int
    errors: int
    lost: tuple[str, ...]  # the runs of words that were said, not heard, and not doubted

    @property
    def rate(self) -> float:
        return self.errors / max(1, self.words)

    @property
    def lost_words(self) -> int:
        return sum(len(run.split()) for run in self.lost)


def normal(text: str) -> str:
    """Words as they are compared."""
    text = re.sub(r"[-–—/]", " ", text)  # noqa: RUF001
    figures = PLAIN(alpha2digit(PLAIN(text), "en")).strip()
    return re.sub(r"\b(\d+) (1(?:000){1,3})\b", _times, figures)


def _times(figure: re.Match[str]) -> str:
    """ "9 million", which became "9 1000000", as "nine million" does."""
    return str(int(figure[1]) * int(figure[2]))


def errors(said: str, heard: Sequence[Word], doubts: Sequence[Doubt] = ()) -> Errors:
    """Compares all that was said with all that was heard; a doubt's time excuses a lost run."""
    truth, words = normal(said), _tokens(heard)
    found = jiwer.process_words(truth, " ".join(token for token, _ in words))
    counted = found.substitutions + found.deletions + found.insertions
    tokens, runs = truth.split(), []
    for one in found.alignments[0]:
        if one.type == "delete" and one.ref_end_idx - one.ref_start_idx >= LOST:
            before = words[one.hyp_start_idx - 1][1].end if one.hyp_start_idx else 0.0
            rest = words[one.hyp_start_idx :]
            after = rest[0][1].start if rest else float("inf")
            if not any(d.start < after + SLACK and d.end > before - SLACK for d in doubts):
                runs.append(" ".join(tokens[one.ref_start_idx : one.ref_end_idx]))
    return Errors(len(tokens), counted, tuple(runs))


def _tokens(heard: Sequence[Word]) -> list[tuple[str, Word]]:
    """The normal text of all words, each token with the word that it comes from, or nearly.

    Numbers of several words become one token: the places are shifted by so many at most.
    """
    tokens = normal(" ".join(word.text for word in heard)).split()
    owners = [word for word in heard for _ in normal(word.text).split()]
    share = len(owners) / max(1, len(tokens))
    return [(token, owners[min(len(owners) - 1, int(n * share))]) for n, token in enumerate(tokens)]


def starts_off(said: Sequence[Word], heard: Sequence[Word]) -> list[float]:
    """How many seconds each right word's start is off, sorted."""
    aligned = jiwer.process_words(_one_by_one(said), _one_by_one(heard)).alignments[0]
    return sorted(
        abs(said[one.ref_start_idx + n].start - heard[one.hyp_start_idx + n].start)
        for one in aligned
        if one.type == "equal"
        for n in range(one.ref_end_idx - one.ref_start_idx)
    )


def _one_by_one(words: Sequence[Word]) -> str:
    """A token for each word, whatever it becomes."""
    return " ".join(normal(word.text).replace(" ", "") or "-" for word in words)
