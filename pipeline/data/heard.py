"""From recordings to talks: sound, words, turns, utterances, who is who."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Literal

from pipeline.text import joined


def ms(seconds: float) -> float:
    """Seconds rounded to the millisecond, so that JSON is stable."""
    return round(float(seconds), 3)


# ---- recordings -> audio


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time: speech, a block, a pause."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Part:
    """One media file of an event and its place on the event's time line.

    Its first `skipped` seconds are not heard: another recording holds them.
    """

    name: str
    start: float
    duration: float
    skipped: float = 0.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's stretch of speech; turns of one diarization do not overlap."""

    start: float
    end: float
    speaker: str


@dataclass(frozen=True, slots=True)
class Known:
    """Who speaks when, where the recording itself says so: no engine is asked.

    `names` are (speaker, name) for those whom event.toml or captions name.
    """

    turns: tuple[Turn, ...]
    by: Literal["channels", "tracks", "files", "captions"]
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Audio:
    """A decoded event: a 16-bit 16 kHz mono WAV on disk, read by the stretch and never whole."""

    path: Path
    duration: float
    digest: str  # of all that it was made from: files' contents, what was asked, the version
    parts: tuple[Part, ...]
    warnings: tuple[str, ...] = ()  # what of the recordings could not be decoded
    known: Known | None = None  # the speakers, where channels, tracks or files tell them apart
    said: tuple[str, ...] = ()  # how the recordings were taken; no fault

    @property
    def sounding(self) -> bool:
        """Whether there is sound: an event of captions alone has none."""
        return self.path != Path()


SoundKind = Literal["applause", "laughter", "music"]


@dataclass(frozen=True, slots=True)
class RoomSound:
    """How the room took it: something heard that is not speech."""

    start: float
    end: float
    kind: SoundKind
    strength: float  # 0..1, loudness against the speech of the recording


# ---- audio -> words, turns


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word as it is shown, with its punctuation ("Thanks,")."""

    start: float
    end: float
    text: str
    probability: float
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """A stretch whose words, or whose lack of words, look wrong, and why."""

    start: float
    end: float
    why: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said: words in time order, and what the engine had to mark about them.

    `doubts` have times, so that blocks can be joined; `asr.join` says them in `warnings`.
    """

    language: str
    words: tuple[Word, ...]
    warnings: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    speech: float = 0.0  # seconds in which somebody speaks
    wordless: float = 0.0  # of them, seconds in which no words were heard


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker's voice embedding (unit length). Embeddings of two engines are never compared."""

    speaker: str
    engine: str
    embedding: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Diarization:
    """Who spoke when. Speakers are SPEAKER_00, SPEAKER_01, ... in order of first appearance; an
    id is missing where its few turns went to somebody else.

    `turns` do not overlap one another: where two speak, the one is there who is better heard, and
    the other in `beside`.
    """

    turns: tuple[Turn, ...]
    voices: tuple[Voice, ...]
    beside: tuple[Turn, ...] = ()


# ---- words + turns -> utterances


class Spoken:
    """Words that somebody says in one go; never none."""

    __slots__ = ()
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        return self.words[0].start

    @property
    def end(self) -> float:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return joined(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Utterance(Spoken):
    """What one speaker says until the speaker changes or pauses for long. `id` counts from 0."""

    id: int
    speaker: str
    words: tuple[Word, ...]


def seconds_by_voice(said: Iterable[Utterance | Turn]) -> dict[str, float]:
    """How long each speaker speaks in some utterances or turns."""
    seconds: dict[str, float] = defaultdict(float)
    for one in said:
        seconds[one.speaker] += one.end - one.start
    return dict(seconds)


MIN_SPEAKER_SHARE = 0.02  # share of a talk's speech under which a voice is none of its speakers


def speaker_ids(said: Sequence[Utterance]) -> tuple[str, ...]:
    """Who speaks in a talk, the one who speaks most first; shouts left out."""
    seconds = seconds_by_voice(said)
    bar = MIN_SPEAKER_SHARE * sum(seconds.values())
    return tuple(s for s in sorted(seconds, key=lambda s: -seconds[s]) if seconds[s] >= bar)


# ---- utterances -> talks, speakers


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a speaker is called what they are called, with the words that say so.

    `kind`: said-self, introduced, named, thanked, addressed, outline (a model's, of what was said),
    written, agenda, voice-book, override, corrected (which voice it is, not what it is called).
    """

    kind: str
    name: str
    quote: str
    time: float
    weight: float


GIVEN = frozenset({"override", "voice-book"})  # evidence that nothing heard or asked overrules


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person in the room. `name` is None under the bar of confidence; then the role serves."""

    id: str
    name: str | None = None
    role: str | None = None
    confidence: float = 0.0
    evidence: tuple[Evidence, ...] = ()

    @property
    def label(self) -> str:
        return self.name or self.role or self.id


@dataclass(frozen=True, slots=True)
class Correction:
    """A misheard name or glossary word, put right in the transcript."""

    time: float
    heard: str
    written: str


TalkKind = Literal[
    "opening", "keynote", "talk", "panel", "qa", "lightning", "sponsored", "break", "closing"
]


@dataclass(frozen=True, slots=True)
class Talk:
    """One section of the post. `title` is its heading; `speakers` are ids, the main one first."""

    index: int
    title: str
    kind: TalkKind
    speakers: tuple[str, ...]
    utterances: tuple[Utterance, ...]

    @property
    def start(self) -> float:
        return self.utterances[0].start

    @property
    def end(self) -> float:
        return self.utterances[-1].end

    @property
    def text(self) -> str:
        return joined(utterance.text for utterance in self.utterances)


@dataclass(frozen=True, slots=True)
class Outline:
    """The event as a person in the room would have cut it: all the utterances, in time order."""

    speakers: tuple[Speaker, ...]
    talks: tuple[Talk, ...]
    utterances: tuple[Utterance, ...]
    corrections: tuple[Correction, ...] = ()
    warnings: tuple[str, ...] = ()

    def talk_at(self, time: float) -> Talk | None:
        """The talk in which a moment lies; None before the first one."""
        return next((talk for talk in reversed(self.talks) if talk.start <= time), None)


def renumbered(known: Outline, said: Iterable[Iterable[Utterance]]) -> Outline:
    """The outline with these utterances of each of its talks, numbered through the event."""
    number = count()
    talks = tuple(
        replace(talk, utterances=tuple(replace(one, id=next(number)) for one in own))
        for talk, own in zip(known.talks, said, strict=True)
    )
    return replace(known, talks=talks, utterances=tuple(u for t in talks for u in t.utterances))
