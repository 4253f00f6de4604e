"""What is known of an event before it is cut: who speaks how much, and what is said."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, pairwise

from pipeline.data import Utterance, seconds_by_voice
from pipeline.talks import cues
from pipeline.talks.cues import FoundPhrase
from pipeline.talks.options import THRESHOLDS, Thresholds
from pipeline.text import ends_sentence

OPENS = ("intro", "qa", "break", "close", "panel")  # phrases with which a talk may begin
APART = 5.0  # seconds that a piece of an utterance has at the least


@dataclass(frozen=True, slots=True)
class SpeakerRun:
    """Utterances `first` to `last` of one speaker, with nobody else between them."""

    speaker: str
    first: int
    last: int
    start: float
    end: float
    spoken: float  # seconds of it that are speech


@dataclass(frozen=True)
class Floor:
    """An event's utterances with all that the stages of this package look at."""

    utterances: tuple[Utterance, ...]
    cues: tuple[tuple[FoundPhrase, ...], ...]  # for each utterance
    runs: tuple[SpeakerRun, ...]
    run_of: tuple[int, ...]  # for each utterance
    spoken: dict[str, float]  # seconds, for each speaker
    english: bool
    options: Thresholds
    named: frozenset[int] = frozenset()  # utterances that name who takes the floor after them

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Who speaks before two others that take the floor at length; before one, who begins."""
        led: dict[str, set[str]] = defaultdict(set)
        for run, after in pairwise(self.runs):
            if after.spoken > max(run.spoken, self.options.holds * self.scale):
                led[run.speaker].add(after.speaker)
        first = self.runs[0].speaker
        return frozenset(s for s, others in led.items() if len(others) + (s == first) > 1)

    @cached_property
    def debuts(self) -> frozenset[int]:
        """The utterances with which voices are heard for the first time."""
        first = {run.speaker: run.first for run in reversed(self.runs)}
        return frozenset(first.values())

    @cached_property
    def scale(self) -> float:
        """How much longer everything is than in an event of 25 minutes; 0.5..2."""
        long = self.utterances[-1].end - self.utterances[0].start
        return float(min(2.0, max(0.5, (long / 1500.0) ** 0.5)))

    def rewritten(self, utterances: Sequence[Utterance]) -> "Floor":
        """The floor with the words of some utterances changed, whose cues are found again."""
        found = tuple(cues.find_cues(one) if self.english else () for one in utterances)
        return replace(self, utterances=tuple(utterances), cues=found)

    def said(self, place: int, *kinds: str) -> list[FoundPhrase]:
        """The cues of these kinds in an utterance."""
        return [cue for cue in self.cues[place] if cue.kind in kinds]

    def run(self, place: int) -> SpeakerRun:
        """The run that an utterance is part of."""
        return self.runs[self.run_of[place]]

    def after(self, run: SpeakerRun, most: int) -> tuple[SpeakerRun, ...]:
        """The runs that follow, so many at most."""
        place = self.run_of[run.first] + 1
        return self.runs[place : place + most]

    def before(self, run: SpeakerRun) -> SpeakerRun | None:
        """The run that goes before."""
        place = self.run_of[run.first]
        return self.runs[place - 1] if place else None

    def hands_over(self, place: int) -> bool:
        """Whether an utterance calls up somebody who speaks right after it."""
        run = self.run(place)
        called = self.said(place, "intro")
        calls = any(run.end - cue.time < self.options.hand_over for cue in called)
        return place in self.named or (calls and run is not self.runs[-1])


def floor_of(
    utterances: Sequence[Utterance], english: bool = True, options: Thresholds = THRESHOLDS
) -> Floor:
    """The room of an event; utterances are in time order and none is empty."""
    utterances = _cut(utterances, _announces) if english else utterances
    runs = _runs(utterances)
    return Floor(
        utterances=tuple(utterances),
        cues=tuple(cues.find_cues(one) if english else () for one in utterances),
        runs=runs,
        run_of=tuple(at for at, run in enumerate(runs) for _ in range(run.first, run.last + 1)),
        spoken=seconds_by_voice(utterances),
        english=english,
        options=options,
    )


def cut(room: Floor, times: frozenset[float]) -> Floor:
    """The room with utterances cut where sentences begin that hold the words of these times."""
    pieces = _cut(room.utterances, lambda one: (w.start in times for w in one.words))
    if len(pieces) == len(room.utterances):
        return room
    return floor_of(pieces, room.english, room.options)


def _announces(utterance: Utterance) -> list[bool]:
    """For each word whether a phrase begins with it that calls somebody up or opens something."""
    said = cues.find_cues(utterance)
    opens = {cue.first for cue in said if cue.kind in OPENS}
    return [word in opens for word in range(len(utterance.words))]


def _cut(
    utterances: Sequence[Utterance], opens: Callable[[Utterance], Iterable[bool]]
) -> list[Utterance]:
    """Utterances cut before sentences with an opening word: a talk may begin in mid-utterance."""
    pieces: list[Utterance] = []
    for utterance in utterances:
        words, found = utterance.words, [0]
        for at in compress(range(len(words)), opens(utterance)):
            first = _sentence(utterance, at)
            if first > found[-1] and words[at].start - words[found[-1]].start >= APART:
                found.append(first)
        for first, end in pairwise([*found, len(words)]):
            pieces.append(replace(utterance, id=len(pieces), words=words[first:end]))
    return pieces


def _sentence(utterance: Utterance, place: int) -> int:
    """The first word of the sentence that a word is in."""
    words = utterance.words
    for first in range(place, max(0, place - 25), -1):
        silent = words[first].start - words[first - 1].end >= 0.35
        if silent or ends_sentence(words[first - 1].text):
            return first
    return place if place > 25 else 0


def _runs(utterances: Sequence[Utterance]) -> tuple[SpeakerRun, ...]:
    runs: list[SpeakerRun] = []
    for place, utterance in enumerate(utterances):
        long = utterance.end - utterance.start
        if runs and runs[-1].speaker == utterance.speaker:
            spoken = runs[-1].spoken + long
            runs[-1] = replace(runs[-1], last=place, end=utterance.end, spoken=spoken)
        else:
            speaker = utterance.speaker
            runs.append(SpeakerRun(speaker, place, place, utterance.start, utterance.end, long))
    return tuple(runs)
