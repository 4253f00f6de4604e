"""Captions as a transcript: their words with times, and who says them where they name speakers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.captions.cues import Cue, CueList, Source, read, strip_tags
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
ROLLING = 0.3  # share of the cues that begin with the end of the one before, where captions scroll
AT_ONCE = 0.5  # seconds between cues of which the later shows the earlier again


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
    its file tells it. Of its first `skipped` seconds another recording is heard.
    """

    source: Source
    start: float = 0.0
    duration: float | None = None
    spoken: str = ""
    skipped: float = 0.0
    whole: bool = True  # whether the recording is heard to its end


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
    spoken: list[Word] = []
    warnings: list[str] = []
    stated = ""
    for part in parts:
        shown = read(part.source)
        found = list(_timed_words(without_repeats(shown.cues), names))
        end = found[-1].end if found else 0.0
        until = end if part.duration is None else part.duration
        own = [word for word in found if part.skipped <= word.start < until]
        spoken += [_placed(word, part.start, until) for word in own]
        warnings += _about(part, shown, end, [word.text for word in own])
        stated = stated or shown.language
    words = tuple(replace(word, speaker=None) for word in spoken)
    warnings += _about_language(parts[0].source, stated, language)
    warnings += _about_gaps(words, speech)
    transcript = Transcript(stated or language or "en", words, tuple(warnings))
    sources = ", ".join(dict.fromkeys(part.source.name for part in parts))
    return Captioned(transcript, _known(spoken, names), sources)


def without_repeats(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The same words, each once, of live captions that scroll or grow; others as they are."""
    repeats = [
        _repeated(cues[n - 1], cues[n]) if n and _goes_on(cues[n - 1], cues[n]) else 0
        for n in range(len(cues))
    ]
    if sum(map(bool, repeats)) < ROLLING * max(1, len(cues) - 1):
        return tuple(cues)
    fresh = (
        replace(cue, lines=tuple(_behind(cue.lines, again)))
        for cue, again in zip(cues, repeats, strict=True)
    )
    return tuple(cue for cue in fresh if cue.lines)


def _goes_on(before: Cue, now: Cue) -> bool:
    """Whether a cue may show the one before again: it follows at once, or its first row of
    several is the other's last, which stood there through a pause."""
    rows = [row for line in now.lines if (row := strip_tags(line))]
    last = [row for line in before.lines if (row := strip_tags(line))][-1:]
    return now.start - before.end < AT_ONCE or (len(rows) > 1 and rows[:1] == last)


def _repeated(before: Cue, now: Cue) -> int:
    """How many of the first words are the last ones of the cue before: two or a line of it."""
    old, new = strip_tags(" ".join(before.lines)).split(), strip_tags(" ".join(now.lines)).split()
    most = min(len(old), len(new))
    again = next((n for n in range(most, 0, -1) if old[-n:] == new[:n]), 0)
    line = strip_tags("".join(before.lines[-1:])).split()
    return again if again > 1 or line == new[:again] else 0


def _behind(lines: Sequence[str], words: int) -> Iterator[str]:
    """The lines without their first words; those that stay whole keep their marks."""
    for line in lines:
        own = strip_tags(line).split()
        if own[words:]:
            yield line if words == 0 else " ".join(own[words:])
        words = max(0, words - len(own))


def _placed(word: Word, start: float, until: float) -> Word:
    """A word of a part that begins at `start`, cut off where its recording ends."""
    return replace(word, start=ms(start + word.start), end=ms(start + min(word.end, until)))


def _timed_words(cues: Sequence[Cue], names: Sequence[str]) -> Iterator[Word]:
    """The words of all cues, spread over the time of each; their speaker is a label as it is
    written there, None where nobody is named yet."""
    last = 0.0
    for number, of_cue in groupby(pieces(cues, names), key=lambda piece: piece.cue):
        cue = cues[number]
        following = cues[number + 1].start if number + 1 < len(cues) else cue.end
        end = min(cue.end, following) if following > cue.start else cue.end
        spread = list(_spread([*of_cue], max(last, cue.start), max(end, cue.start + 0.001)))
        last = spread[-1].end if spread else last
        yield from spread


def _spread(found: Sequence[VoicePiece], start: float, end: float) -> Iterator[Word]:
    """Words in time: each as long as its letters, between the times that the cue gives."""
    start = min(start, end)
    groups = [(at, list(group)) for at, group in groupby(found, key=lambda piece: piece.at)]
    for n, (at, group) in enumerate(groups, 1):
        begin = start if at is None else min(max(start, at), end)
        following = (mark for mark, _ in groups[n:] if mark is not None and mark > begin)
        start = min(next(following, end), end)
        labels = [piece.speaker for piece in group for _ in piece.text.split()]
        texts = [text for piece in group for text in piece.text.split()]
        for word, label in zip(evenly(texts, begin, start), labels, strict=True):
            yield replace(word, speaker=label)


def evenly(texts: Sequence[str], start: float, end: float) -> Iterator[Word]:
    """Words that were read and not heard, over a time that they share by their letters."""
    letters, at = sum(len(text) + 1 for text in texts), start
    for text in texts:
        until = at + (end - start) / letters * (len(text) + 1)
        yield Word(ms(at), ms(until), text, SURE)
        at = until


def _known(spoken: Sequence[Word], names: Sequence[str]) -> Known | None:
    """The speakers' turns and names; None where nobody is named."""
    if all(word.speaker is None for word in spoken):
        return None
    labels: dict[str, str] = {}  # as each is first written
    for word in spoken:
        labels.setdefault((word.speaker or "").casefold(), word.speaker or "")
    ids = {key: f"SPEAKER_{n:02}" for n, key in enumerate(labels)}
    turns = []
    for key, group in groupby(spoken, key=lambda word: (word.speaker or "").casefold()):
        words = list(group)
        turns.append(Turn(words[0].start, words[-1].end, ids[key]))
    named = ((ids[key], shown_name(label, names)) for key, label in labels.items())
    return Known(tuple(turns), "captions", tuple(sorted(pair for pair in named if pair[1])))


def _about(part: PlacedCaptions, shown: CueList, end: float, words: Sequence[str]) -> Iterator[str]:
    """Remarks and warnings about a part's captions, which run to `end`."""
    name = part.source.name
    if shown.lost:
        yield (
            f"{name}: {shown.lost} of {shown.lost + len(shown.cues)} captions cannot be read and "
            "are not in the post; mend their times"
        )
    if part.whole and part.duration is not None and end > part.duration + LATE:
        yield (
            f"{name}: its captions run to {clock(end)} and the recording ends at "
            f"{clock(part.duration)}: they may belong to another cut; the rest was left out"
        )
    ends = sum(word[-1] in ENDS for word in words)
    if len(words) >= ENOUGH and ends < UNPUNCTUATED * len(words):
        hear = "" if part.duration is None else "; --captions ignore hears the sound instead"
        yield (
            f"{name}: captions without punctuation, as machines write them: names and numbers in "
            "them are a machine's guess, and quotes, which need sentences, are few or cut wrongly"
            f"{hear}"
        )
    if shown.language and part.spoken and shown.language != part.spoken:
        yield (
            f"{name}: is in {shown.language} and the sound in {part.spoken}: a translation, "
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
    heard = _tenths((span.start, span.end) for span in speech)
    shown = _tenths((word.start - NEAR, word.end + NEAR) for word in words)
    whole, missing = len(heard) / 10, len(heard - shown) / 10
    if missing > max(UNCAPTIONED_SECONDS, UNCAPTIONED * whole):
        yield (
            f"captions leave {clock(missing)} of {clock(whole)} of speech without words; "
            "what is said there is not in the post"
        )


def _tenths(stretches: Iterable[tuple[float, float]]) -> set[int]:
    """The tenths of a second that lie in some stretches of time."""
    return {n for start, end in stretches for n in range(round(10 * start), round(10 * end))}
