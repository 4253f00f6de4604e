"""Captions as a transcript: their words with times, and who says them where they name speakers."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from pipeline.captions.cues import Cue, Shown, Source, read
from pipeline.captions.rolling import without_repeats
from pipeline.captions.voices import VoicePiece, pieces, shown_name
from pipeline.data import Known, Span, Transcript, Turn, Word, ms
from pipeline.languages import code
from pipeline.text import clock

ENDS = frozenset(".?!\u2026\u3002\uff1f\uff01")
UNPUNCTUATED = 0.02  # sentence ends a word: people's captions have one in about fifteen words
ENOUGH = 30  # words from which that is asked
LATE = 5.0  # seconds that captions may run on behind the recording's end
NEAR = 2.0  # seconds by which a cue may be early or late
UNCAPTIONED = 0.1  # share of the speech that may be without captions
UNCAPTIONED_SECONDS = 20.0
SURE = 1.0  # the probability of a word that was read and not heard


@dataclass(frozen=True, slots=True)
class Captioned:
    """What captions say: the transcript, the speakers if they name any, and where it stands."""

    transcript: Transcript
    known: Known | None
    source: str


@dataclass(frozen=True, slots=True)
class PlacedCaptions:
    """The captions of a part of the event, which begins at `start` and is `duration` long.

    `duration` is None where there is no sound beside them, `spoken` the language of the sound where
    its file tells it.
    """

    source: Source
    start: float = 0.0
    duration: float | None = None
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A part's words, who says each, and what is to be said of its captions."""

    words: tuple[Word, ...]
    speakers: tuple[str | None, ...]
    language: str
    warnings: tuple[str, ...]


def captioned(
    parts: Sequence[PlacedCaptions],
    speech: Sequence[Span],
    language: str | None,
    names: Sequence[str] = (),
) -> Captioned:
    """The captions of all parts as one transcript; raises InputError where they cannot be read.

    `language` is the one wanted, `speech` where somebody speaks, if there is sound, and `names`
    those that the event knows: so they are spelt.
    """
    spoken = [_spoken(part, names) for part in parts]
    words = tuple(word for each in spoken for word in each.words)
    labels = [label for each in spoken for label in each.speakers]
    stated = next((each.language for each in spoken if each.language), "")
    warnings = [warning for each in spoken for warning in each.warnings]
    warnings += _about_language(parts[0].source, stated, language)
    warnings += _about_gaps(words, speech)
    transcript = Transcript(stated or language or "en", words, tuple(warnings))
    named = any(label is not None for label in labels)
    known = _known(words, labels, names) if named else None
    return Captioned(transcript, known, ", ".join(part.source.name for part in parts))


def _spoken(part: PlacedCaptions, names: Sequence[str]) -> _Spoken:
    shown = read(part.source)
    cues = without_repeats(shown.cues)
    found = [pair for each in _by_cue(cues, names) for pair in each]
    end = found[-1][0].end if found else 0.0
    inside = part.duration if part.duration is not None else end
    kept = [(word, label) for word, label in found if word.start < inside]
    words = tuple(
        Word(ms(part.start + word.start), ms(part.start + min(word.end, inside)), word.text, SURE)
        for word, _ in kept
    )
    warnings = [
        *_about_lost(part.source, shown),
        *_about_end(part, end),
        *_about_machine(part.source, words),
        *_about_translation(part, shown.language),
    ]
    return _Spoken(words, tuple(label for _, label in kept), shown.language, tuple(warnings))


def _by_cue(cues: Sequence[Cue], names: Sequence[str]) -> Iterator[list[tuple[Word, str | None]]]:
    """The words of each cue with their speaker's label, spread over its time."""
    last = 0.0
    for number, of_cue in groupby(pieces(cues, names), key=lambda piece: piece.cue):
        cue = cues[number]
        following = cues[number + 1].start if number + 1 < len(cues) else cue.end
        end = min(cue.end, following) if following > cue.start else cue.end
        spread = _spread(list(of_cue), max(last, cue.start), max(end, cue.start + 0.001))
        last = spread[-1][0].end if spread else last
        yield spread


def _spread(found: Sequence[VoicePiece], start: float, end: float) -> list[tuple[Word, str | None]]:
    """Words in time: each as long as its letters, between the times that the cue gives."""
    start = min(start, end)
    texts = [(text, piece) for piece in found for text in piece.text.split()]
    marks = [piece.at for _, piece in texts]
    spread: list[tuple[Word, str | None]] = []
    for at, group in groupby(range(len(texts)), key=lambda n: marks[n]):
        places = list(group)
        begin = min(max(start, at), end) if at is not None else start
        after = next((m for m in marks[places[-1] + 1 :] if m is not None and m > begin), end)
        stop = min(max(after, begin), end)
        spread += _evenly([texts[n] for n in places], begin, stop)
        start = stop
    return spread


def _evenly(
    texts: Sequence[tuple[str, VoicePiece]], start: float, end: float
) -> Iterator[tuple[Word, str | None]]:
    weights = [len(text) + 1 for text, _ in texts]
    each, at = (end - start) / sum(weights), start
    for (text, piece), weight in zip(texts, weights, strict=True):
        yield Word(ms(at), ms(at + each * weight), text, SURE), piece.speaker
        at += each * weight


def _known(words: Sequence[Word], labels: Sequence[str | None], names: Sequence[str]) -> Known:
    """The speakers' turns and names."""
    keys = [(label or "").casefold() for label in labels]
    first = {key: label or "" for key, label in reversed(list(zip(keys, labels, strict=True)))}
    ids = {key: f"SPEAKER_{n:02}" for n, key in enumerate(dict.fromkeys(keys))}
    turns = []
    for key, group in groupby(range(len(words)), key=lambda n: keys[n]):
        places = list(group)
        turns.append(Turn(words[places[0]].start, words[places[-1]].end, ids[key]))
    named = ((ids[key], shown_name(label, names)) for key, label in first.items())
    return Known(tuple(turns), "captions", tuple(sorted(pair for pair in named if pair[1])))


def _about_lost(source: Source, shown: Shown) -> Iterator[str]:
    if shown.lost:
        whole = shown.lost + len(shown.cues)
        yield (
            f"{source.name}: {shown.lost} of {whole} captions cannot be read and are not in the "
            "post; mend their times"
        )


def _about_end(part: PlacedCaptions, end: float) -> Iterator[str]:
    if part.duration is not None and end > part.duration + LATE:
        yield (
            f"{part.source.name}: its captions run to {clock(end)} and the recording ends at "
            f"{clock(part.duration)}: they may belong to another cut; the rest was left out"
        )


def _about_machine(source: Source, words: Sequence[Word]) -> Iterator[str]:
    ends = sum(word.text[-1] in ENDS for word in words)
    if len(words) >= ENOUGH and ends < UNPUNCTUATED * len(words):
        yield (
            f"{source.name}: captions without punctuation, as machines write them: "
            "names and numbers in them are a machine's guess"
        )


def _about_translation(part: PlacedCaptions, stated: str) -> Iterator[str]:
    if stated and part.spoken and stated != part.spoken:
        yield (
            f"{part.source.name}: is in {stated} and the sound in {part.spoken}: a translation, "
            "so what is quoted was not said in these words"
        )


def _about_language(source: Source, stated: str, wanted: str | None) -> Iterator[str]:
    if source.others:
        yield f"{source.name}: read, not {', '.join(source.others)}; event.toml's language decides"
    if not stated and not wanted:
        yield f"{source.name}: says no language and was read as English; event.toml can say another"
    elif stated and wanted and stated != code(wanted):
        yield f"{source.name}: is in {stated}, and {wanted} was asked for"


def _about_gaps(words: Sequence[Word], speech: Sequence[Span]) -> Iterator[str]:
    """Warns where somebody speaks and no caption says what."""
    whole = sum(span.end - span.start for span in speech)
    missing = whole - sum(_covered(span, words) for span in speech)
    if missing > max(UNCAPTIONED_SECONDS, UNCAPTIONED * whole):
        yield (
            f"captions leave {clock(missing)} of {clock(whole)} of speech without words; "
            "what is said there is not in the post"
        )


def _covered(span: Span, words: Sequence[Word]) -> float:
    """Seconds of a span that lie near a word."""
    total, reached = 0.0, span.start
    for word in islice(words, bisect_left(words, reached - NEAR, key=lambda w: w.end), None):
        if word.start - NEAR >= span.end:
            break
        begin, end = max(reached, word.start - NEAR), min(span.end, word.end + NEAR)
        total += max(0.0, end - begin)
        reached = max(reached, end)
    return total
