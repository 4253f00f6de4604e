"""Words in their times: within a block, and in blocks that become one transcript again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.asr.languages import another_language
from pipeline.asr.repair import NO_WORDS
from pipeline.data import Doubt, Transcript, Word, ms
from pipeline.text import clock

T = TypeVar("T", Word, Doubt)
_NAMED = 8  # places that a warning names
_HOLE = 3.0  # seconds of speech without words that a reader is told of; all are in `doubts`. Of
# the two holes of sample and firelight (seen) it tells of the one of 4 s and not of that of 0.9 s
_LONGEST = 1.2  # seconds of a short word, drawn out
_LETTER = 0.12  # seconds more for each letter beyond the sixth


def join(blocks: Sequence[tuple[float, Transcript]]) -> Transcript:
    """One transcript of (start of the block in the event, its transcript), in time order.

    Words are neither doubled nor lost at the edges: blocks are cut in silences and share no
    sound. Doubts become warnings here, when their times are the event's. The language is that of
    most speech; a block in another one is told.
    """
    language = _language(blocks)
    words = tuple(_later(word, start) for start, block in blocks for word in block.words)
    doubts = tuple(
        _later(doubt, start)
        for start, block in blocks
        for doubt in (*_another(block, language), *block.doubts)
    )
    telling = (each for each in doubts if each.why != NO_WORDS or each.end - each.start >= _HOLE)
    said = (warning for _, block in blocks for warning in block.warnings)
    warnings = tuple(dict.fromkeys([*said, *_said(telling)]))
    return Transcript(
        language,
        words,
        warnings,
        doubts,
        speech=ms(sum(block.speech for _, block in blocks)),
        wordless=ms(sum(block.wordless for _, block in blocks)),
    )


def _language(blocks: Sequence[tuple[float, Transcript]]) -> str:
    spoken: dict[str, float] = {}
    for _, block in blocks:
        spoken[block.language] = spoken.get(block.language, 0.0) + block.speech
    return max(spoken, key=lambda code: spoken[code])


def _another(block: Transcript, language: str) -> list[Doubt]:
    if block.language == language or not block.words:
        return []
    return [another_language(block.words[0].start, block.words[-1].end, block.language)]


def speech_without_words(wordless: float, speech: float) -> str:
    """ "speech without words: 3 s of 12 min"."""
    whole = f"{speech / 60:.0f} min" if speech >= 90 else f"{speech:.0f} s"
    return f"speech without words: {wordless:.0f} s of {whole}"


def _later(each: T, by: float) -> T:
    return replace(each, start=ms(each.start + by), end=ms(each.end + by))


def _said(doubts: Iterable[Doubt]) -> list[str]:
    """A sentence for each reason, with its first places: a day of sound may have hundreds."""
    places: dict[str, list[str]] = {}
    for doubt in doubts:
        for why in doubt.why.split("; "):
            times = dict.fromkeys((clock(doubt.start), clock(doubt.end)))
            places.setdefault(why, []).append("-".join(times))
    return [f"transcript, {why}: {_listed(at)}" for why, at in places.items()]


def _listed(places: Sequence[str]) -> str:
    more = len(places) - _NAMED
    return ", ".join(places[:_NAMED]) + (f" and {more} more" if more > 0 else "")


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
