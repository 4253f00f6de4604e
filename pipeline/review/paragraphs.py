"""The transcript as the page shows it: paragraphs of words, each with its time and its doubt."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.data import Utterance, Word
from pipeline.render.transcript_page import in_paragraphs
from pipeline.text import joined

FEW, MANY = 30, 80  # words from which a paragraph may end with a sentence, and has to end
LOW = 0.5  # probability below which a word is marked: 29 of the sample's 1,009


@dataclass(frozen=True, slots=True)
class ReviewParagraph:
    """A few sentences of one speaker; the fields are short, a day of words has many."""

    s: str  # the speaker's id
    e: int  # where it ends; times are milliseconds
    w: list[str]
    t: list[int]
    p: dict[int, float] = field(default_factory=dict)  # words of low probability
    h: dict[int, str] = field(default_factory=dict)  # what was heard, where it was put right


def paragraphs(said: Sequence[Utterance], heard: Sequence[Word]) -> Iterator[ReviewParagraph]:
    """The utterances, long ones cut at sentences; `heard` are the words as an engine gave them."""
    starts = [word.start for word in heard]
    for one in said:
        for words in in_paragraphs(one.words, FEW, MANY):
            yield ReviewParagraph(
                s=one.speaker,
                e=round(1000 * words[-1].end),
                w=[word.text for word in words],
                t=[round(1000 * word.start) for word in words],
                p={
                    n: round(word.probability, 2)
                    for n, word in enumerate(words)
                    if word.probability < LOW
                },
                h=dict(_put_right(words, heard, starts)),
            )


def _put_right(
    words: Sequence[Word], heard: Sequence[Word], starts: Sequence[float]
) -> Iterator[tuple[int, str]]:
    """What an engine heard in place of each word that is not as it heard it."""
    for place, word in enumerate(words):
        first = bisect_left(starts, word.start)
        if first and starts[first : first + 1] != [word.start]:  # in the middle of a heard word
            first -= 1
        last = max(first + 1, bisect_left(starts, word.end))
        was = joined(each.text for each in heard[first:last])
        if was and was != word.text:
            yield place, was
