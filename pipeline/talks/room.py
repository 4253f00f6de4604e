"""What is known of an event before it is cut: who speaks how much, what is said, what is heard."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.data import Part, RoomSound, Utterance
from pipeline.talks import cues
from pipeline.talks.cues import Cue

STRANGER = 100.0  # seconds of speech in the whole event; below, one is a guest of the floor


@dataclass(frozen=True, slots=True)
class Run:
    """Utterances `first` to `last` of one speaker, with nobody else between them."""

    speaker: str
    first: int
    last: int
    start: float
    end: float
    spoken: float  # seconds of it that are words


@dataclass(frozen=True)
class Room:
    """An event's utterances with all that the stages of this package look at."""

    utterances: tuple[Utterance, ...]
    cues: tuple[tuple[Cue, ...], ...]  # for each utterance
    sounds: tuple[RoomSound, ...]
    parts: tuple[Part, ...]
    runs: tuple[Run, ...]
    run_of: tuple[int, ...]  # for each utterance
    spoken: dict[str, float]  # seconds, for each speaker
    english: bool

    def has(self, place: int, *kinds: str) -> bool:
        """Whether an utterance holds an unquoted cue of these kinds."""
        return any(cue.kind in kinds and not cue.quoted for cue in self.cues[place])

    def applause(self, start: float, end: float) -> float:
        """Seconds of applause within a stretch of time."""
        heard = (s for s in self.sounds if s.kind == "applause")
        return sum(max(0.0, min(end, s.end) - max(start, s.start)) for s in heard)

    def between(self, start: float, end: float) -> range:
        """Indices of the utterances that begin within a stretch of time."""
        starts = [utterance.start for utterance in self.utterances]
        return range(bisect_left(starts, start), bisect_right(starts, end))


def enter(
    utterances: Sequence[Utterance], sounds: Sequence[RoomSound], parts: Sequence[Part]
) -> Room:
    """The room of an event; utterances are in time order and none is empty."""
    english = cues.spoken_in_english(utterances)
    found = tuple(cues.find(u, i) if english else () for i, u in enumerate(utterances))
    runs = _runs(utterances)
    run_of = tuple(place for place, run in enumerate(runs) for _ in range(run.first, run.last + 1))
    spoken: dict[str, float] = defaultdict(float)
    for run in runs:
        spoken[run.speaker] += run.spoken
    return Room(
        tuple(utterances), found, tuple(sounds), tuple(parts), runs, run_of, dict(spoken), english
    )


def _runs(utterances: Sequence[Utterance]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for place, utterance in enumerate(utterances):
        long = utterance.end - utterance.start
        if runs and runs[-1].speaker == utterance.speaker:
            last = runs[-1]
            runs[-1] = Run(
                last.speaker, last.first, place, last.start, utterance.end, last.spoken + long
            )
        else:
            speaker = utterance.speaker
            runs.append(Run(speaker, place, place, utterance.start, utterance.end, long))
    return tuple(runs)
