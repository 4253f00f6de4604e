"""What is known of an event before it is cut: who speaks how much, what is said, what is heard."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from pipeline.data import Part, RoomSound, Utterance
from pipeline.talks import cues
from pipeline.talks.cues import Cue
from pipeline.talks.lexicon import ends_sentence

STRANGER = 100.0  # seconds of speech in the whole event; below, one is a guest of the floor
HAND_OVER = 40.0  # seconds from "please welcome" to where its sayer stops
CUT_AFTER = 5.0  # seconds of an utterance before a phrase that may begin a talk in mid-utterance
AROUND = 90.0  # seconds before and after a host's words that are somebody's floor
QUESTION = 100.0  # seconds; nobody asks for longer
SHORT = 8.0  # seconds that do not take the floor from anybody
EDGE = 30.0  # seconds at the beginning and the end in which hosts speak
MIDDLE = 0.25  # share of an event before, and after, its middle
MOST = 0.3  # share of the speech that who leads through an event without a word of it has
BREATH = 0.35  # seconds of silence that end a sentence whatever its punctuation
OPENS = frozenset({"intro", "qa", "break", "back", "close", "panel"})


@dataclass(frozen=True, slots=True)
class Run:
    """Utterances `first` to `last` of one speaker, with nobody else between them."""

    speaker: str
    first: int
    last: int
    start: float
    end: float
    spoken: float  # seconds of it that are speech


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
    introduced: frozenset[float] = frozenset()  # times at which those are named who come next
    named: frozenset[int] = frozenset()  # utterances that name who takes the floor after them

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Who leads through the event: calls people up, or stands between talks, repeatedly."""
        calls = Counter(u.speaker for i, u in enumerate(self.utterances) if self.hands_over(i))
        seen: set[str] = set()
        for run, following in pairwise(self.runs):
            before = self.holder(run.start - AROUND, run.start, run.speaker)
            after = self.holder(run.end, run.end + AROUND, run.speaker)
            between = before and after and before != after and not self.at_length(run)
            leads_to = after == following.speaker and after not in seen
            if run.spoken < AROUND / 2 and (between or leads_to):
                calls[run.speaker] += 1
            seen.add(after or "")
        calls.update(self._at_both_ends())
        first, last = self.runs[0].speaker, self.runs[-1].speaker
        calls[first] += first in calls
        calls[last] += first == last and self.spoken[first] < MOST * sum(self.spoken.values())
        return frozenset(speaker for speaker, count in calls.items() if count >= 2)

    def _at_both_ends(self) -> Counter[str]:
        """Who speaks first and last without much to say: surely a host who is silent between."""
        start, end = self.utterances[0].start, self.utterances[-1].end
        begin = {r.speaker for r in self.runs if r.start < start + EDGE * self.scale}
        both = begin & {r.speaker for r in self.runs if r.end > end - EDGE * self.scale}
        middle = {
            r.speaker for r in self.runs if MIDDLE * end <= r.end and r.start <= end - MIDDLE * end
        }
        most = MOST * sum(self.spoken.values())
        return Counter({s: (self.spoken[s] < most) + 2 * (s not in middle) for s in both})

    def at_length(self, run: Run) -> bool:
        """Whether who speaks in a run has just spoken for longer."""
        near = self.runs[max(0, self.run_of[run.first] - 3) : self.run_of[run.first]]
        return any(
            other.speaker == run.speaker and other.spoken > AROUND / 2
            for other in near
            if run.start - other.end < AROUND
        )

    def holder(self, start: float, end: float, but: str = "") -> str | None:
        """Who says nearly all that is said in some time, by one who is not left out."""
        spoken: dict[str, float] = defaultdict(float)
        first = bisect_left(self.runs, start, key=lambda run: run.end)
        for run in self.runs[first:]:
            if run.start >= end:
                break
            spoken[run.speaker] += max(0.0, min(end, run.end) - max(start, run.start))
        spoken.pop(but, None)
        speaker = max(spoken, key=lambda one: spoken[one], default=None)
        alone = speaker and spoken[speaker] >= 0.75 * sum(spoken.values()) >= 0.25 * AROUND
        return speaker if alone else None

    @cached_property
    def trust(self) -> float:
        """How far the recogniser believes itself: 0 (words at 0.83 in the mean) .. 1 (at 0.9)."""
        sure = [word.probability for u in self.utterances for word in u.words]
        return min(1.0, max(0.0, (sum(sure) / len(sure) - 0.83) / 0.07))

    @property
    def scale(self) -> float:
        """How much shorter everything is in a short event than in one of half an hour; 0.4..1."""
        long = self.utterances[-1].end - self.utterances[0].start
        return float(min(1.0, max(0.4, (long / 1500.0) ** 0.5)))

    def rewritten(self, utterances: Sequence[Utterance]) -> "Room":
        """The same room with some utterances' words changed; their cues are found again."""
        pairs = zip(self.utterances, utterances, strict=True)
        found = tuple(
            old if before is after or not self.english else cues.find(after, place)
            for place, (old, (before, after)) in enumerate(zip(self.cues, pairs, strict=True))
        )
        return replace(self, utterances=tuple(utterances), cues=found)

    def said(self, place: int, *kinds: str) -> list[Cue]:
        """The cues of these kinds in an utterance that are meant, here and now."""
        found = [cue for cue in self.cues[place] if cue.kind in kinds and not cue.quoted]
        return [cue for cue in found if cue.kind != "qa" or not self._for_later(place)]

    def _for_later(self, place: int) -> bool:
        """Whether questions that are spoken of are not asked now: somebody speaks at length."""
        return any(run.spoken > QUESTION for run in self.after(self.run(place))[:1])

    def run(self, place: int) -> Run:
        """The run that an utterance is part of."""
        return self.runs[self.run_of[place]]

    def after(self, run: Run) -> Sequence[Run]:
        """The runs that follow."""
        return self.runs[self.run_of[run.first] + 1 :]

    def before(self, run: Run) -> Run | None:
        """The run that goes before."""
        place = self.run_of[run.first]
        return self.runs[place - 1] if place else None

    def hands_over(self, place: int) -> bool:
        """Whether an utterance calls up somebody who speaks right after it."""
        run = self.run(place)
        calls = any(run.end - cue.time < HAND_OVER for cue in self.said(place, "intro"))
        return place in self.named or (calls and run is not self.runs[-1])

    def floor_from(self, run: Run) -> float:
        """Seconds that a run's speaker has the floor, whatever short words come between."""
        spoken = run.spoken
        for later in self.after(run)[:4]:
            if later.speaker == run.speaker:
                spoken = max(spoken, later.spoken)
            elif later.spoken > SHORT:
                break
        return spoken

    def clapped(self, start: float, end: float) -> float:
        """Seconds of applause within a stretch of time."""
        first = bisect_left(self.sounds, start - 60.0, key=lambda sound: sound.start)
        total = 0.0
        for sound in self.sounds[first:]:
            if sound.start > end:
                break
            if sound.kind == "applause":
                total += max(0.0, min(end, sound.end) - max(start, sound.start))
        return total


def enter(
    utterances: Sequence[Utterance], sounds: Sequence[RoomSound], parts: Sequence[Part]
) -> Room:
    """The room of an event; utterances are in time order and none is empty.

    An utterance in whose middle something new is announced is cut there.
    """
    english = cues.spoken_in_english(utterances)
    if english:
        utterances = _cut_at_announcements(utterances)
    found = tuple(cues.find(u, i) if english else () for i, u in enumerate(utterances))
    runs = _runs(utterances)
    run_of = tuple(place for place, run in enumerate(runs) for _ in range(run.first, run.last + 1))
    spoken: dict[str, float] = defaultdict(float)
    for run in runs:
        spoken[run.speaker] += run.spoken
    heard = tuple(sorted(sounds, key=lambda sound: sound.start))
    return Room(
        utterances=tuple(utterances),
        cues=found,
        sounds=heard,
        parts=tuple(parts),
        runs=runs,
        run_of=run_of,
        spoken=dict(spoken),
        english=english,
    )


def cut(room: Room, times: frozenset[float]) -> Room:
    """The room with utterances cut where sentences begin that hold the words of these times."""
    pieces: list[Utterance] = []
    for utterance in room.utterances:
        said = (i for i, word in enumerate(utterance.words) if word.start in times)
        found = {_sentence(utterance, place) for place in said}
        begins = utterance.start + CUT_AFTER
        places = sorted(place for place in found if utterance.words[place].start >= begins)
        for first, end in pairwise([0, *places, len(utterance.words)]):
            pieces.append(replace(utterance, id=len(pieces), words=utterance.words[first:end]))
    more = len(pieces) > len(room.utterances)
    return enter(pieces, room.sounds, room.parts) if more else room


def _cut_at_announcements(utterances: Sequence[Utterance]) -> list[Utterance]:
    pieces: list[Utterance] = []
    for place, utterance in enumerate(utterances):
        places = [0, *_announcements(utterance, place), len(utterance.words)]
        for first, end in pairwise(places):
            pieces.append(replace(utterance, id=len(pieces), words=utterance.words[first:end]))
    return pieces


def _announcements(utterance: Utterance, place: int) -> list[int]:
    """Words of a long utterance with which a sentence begins that announces something."""
    if utterance.end - utterance.start < CUT_AFTER:
        return []
    found: list[int] = []
    for cue in cues.find(utterance, place):
        first = _sentence(utterance, cue.first)
        since = utterance.words[found[-1] if found else 0].start
        if cue.kind in OPENS and not cue.quoted and cue.time - since >= CUT_AFTER and first:
            found.append(first)
    return sorted(set(found))


def _sentence(utterance: Utterance, place: int) -> int:
    """The first word of the sentence that a word is in."""
    words = utterance.words
    for first in range(place, max(0, place - 25), -1):
        silent = words[first].start - words[first - 1].end >= BREATH
        if silent or ends_sentence(words[first - 1].text):
            return first
    return place if place > 25 else 0


def _runs(utterances: Sequence[Utterance]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for place, utterance in enumerate(utterances):
        long = utterance.end - utterance.start
        if runs and runs[-1].speaker == utterance.speaker:
            last = runs[-1]
            spoken = last.spoken + long
            runs[-1] = replace(last, last=place, end=utterance.end, spoken=spoken)
        else:
            speaker = utterance.speaker
            runs.append(Run(speaker, place, place, utterance.start, utterance.end, long))
    return tuple(runs)
