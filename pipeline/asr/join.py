"""Words in their times: within a block, and in blocks that become one transcript again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from pipeline.asr.languages import language_doubt
from pipeline.asr.repair import NO_WORDS
from pipeline.data import Doubt, Transcript, Word, ms
from pipeline.text import clock

T = TypeVar("T", Word, Doubt)
_MAX_PLACES = 8  # places that a warning names
_REPORTED_GAP = 3.0  # seconds of speech without words that readers hear of; all are in `doubts`. Of
# the two holes of sample and firelight (seen) it tells of the one of 4 s and not of that of 0.9 s
_MAX_WORD = 1.2  # seconds of a short word, drawn out
_PER_LETTER = 0.12  # seconds more for each letter beyond the sixth


def join_transcripts(blocks: Sequence[tuple[float, Transcript]]) -> Transcript:
    """One transcript of (start of the block in the event, its transcript), in time order.

    Words are neither doubled nor lost at the edges: blocks are cut in silences and share no
    sound. Doubts become warnings here, when their times are the event's. The language is that of
    most speech; a block in another one is told.
    """
    language = _main_language(blocks)
    words = tuple(_shifted(word, start) for start, block in blocks for word in block.words)
    doubts = tuple(
        _shifted(doubt, start)
        for start, block in blocks
        for doubt in (*_language_doubt(block, language), *block.doubts)
    )
    reported = (d for d in doubts if d.why != NO_WORDS or d.end - d.start >= _REPORTED_GAP)
    of_blocks = (warning for _, block in blocks for warning in block.warnings)
    warnings = tuple(dict.fromkeys([*of_blocks, *_doubt_warnings(reported)]))
    return Transcript(
        language,
        words,
        warnings,
        doubts,
        speech=ms(sum(block.speech for _, block in blocks)),
        wordless=ms(sum(block.wordless for _, block in blocks)),
    )


def _main_language(blocks: Sequence[tuple[float, Transcript]]) -> str:
    spoken: dict[str, float] = {}
    for _, block in blocks:
        spoken[block.language] = spoken.get(block.language, 0.0) + block.speech
    return max(spoken, key=lambda code: spoken[code])


def _language_doubt(block: Transcript, language: str) -> list[Doubt]:
    if block.language == language or not block.words:
        return []
    return [language_doubt(block.words[0].start, block.words[-1].end, block.language)]


def speech_without_words(wordless: float, speech: float) -> str:
    """ "speech without words: 3 s of 12 min"."""
    whole = f"{speech / 60:.0f} min" if speech >= 90 else f"{speech:.0f} s"
    return f"speech without words: {wordless:.0f} s of {whole}"


def _shifted(timed: T, by: float) -> T:
    return replace(timed, start=ms(timed.start + by), end=ms(timed.end + by))


def _doubt_warnings(doubts: Iterable[Doubt]) -> list[str]:
    """A sentence for each reason, with its first places: a day of sound may have hundreds."""
    places: dict[str, list[str]] = {}
    for doubt in doubts:
        for why in doubt.why.split("; "):
            times = dict.fromkeys((clock(doubt.start), clock(doubt.end)))
            places.setdefault(why, []).append("-".join(times))
    return [f"transcript, {why}: {_first_places(at)}" for why, at in places.items()]


def _first_places(places: Sequence[str]) -> str:
    more = len(places) - _MAX_PLACES
    return ", ".join(places[:_MAX_PLACES]) + (f" and {more} more" if more > 0 else "")


def clamp_word_times(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words in their order, each shortened to what it can take and clear of its neighbours.

    An attention-based aligner stretches the word beside a pause over the pause. The end that
    touches a neighbour is the one that was heard; the other is moved.
    """
    clamped: list[Word] = []
    for place, word in enumerate(words):
        before = clamped[-1].end if clamped else 0.0
        after = words[place + 1].start if place + 1 < len(words) else word.end
        clamped.append(_clamp_word(word, before, after))
    return tuple(clamped)


def _clamp_word(word: Word, before: float, after: float) -> Word:
    start = max(word.start, before)
    end = max(word.end, start)
    longest = _MAX_WORD + _PER_LETTER * max(0, len(word.text) - 6)
    if end - start > longest:
        if start - before > after - end:
            start = end - longest
        else:
            end = start + longest
    return replace(word, start=ms(start), end=ms(end))
