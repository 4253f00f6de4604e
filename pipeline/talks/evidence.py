"""What was said about who is who: every name with whom it points at, its quote and its time."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.data import Evidence, Utterance, ms
from pipeline.talks.cues import Cue, bare
from pipeline.talks.people import Heard, Roster, unlisted
from pipeline.talks.room import Room, Run

IN_SLOT = 0.74  # likeness of a listed name right where a phrase calls for one
ANYWHERE = 0.86  # and where none does
WEIGHTS = {"said-self": 0.85, "introduced": 0.75, "thanked": 0.5, "addressed": 0.35}
REACH = {"intro": 12, "thanks": 4, "self": 1}  # words between a phrase and its name
ENDS_SOON = 40.0  # seconds from an introduction to the end of who says it
FLOOR = 8.0  # seconds that make a speaker more than a shout from the room


@dataclass(frozen=True, slots=True)
class Pointer:
    """A piece of evidence and the speaker it is about."""

    speaker: str
    evidence: Evidence
    full: bool  # a whole name, not a first name only
    known: bool


def gather(room: Room, roster: Roster) -> tuple[Pointer, ...]:
    """All evidence in the speech, in time order."""
    return tuple(
        pointer
        for place, utterance in enumerate(room.utterances)
        for pointer in (
            *_from_cues(room, roster, place),
            *_mentions(room, roster, place, utterance),
        )
    )


def _from_cues(room: Room, roster: Roster, place: int) -> Iterator[Pointer]:
    taken: set[int] = set()
    for cue in room.cues[place]:
        if cue.quoted or cue.kind not in REACH:
            continue
        heard = _slot(room.utterances[place], cue, roster)
        if heard is None or heard.first in taken:
            continue
        target = _target(room, place, cue, heard)
        if target:
            taken.add(heard.first)
            yield _pointer(room.utterances[place], target[0], target[1], heard, target[2])


def _slot(utterance: Utterance, cue: Cue, roster: Roster) -> Heard | None:
    """The name that a phrase calls for: the nearest after it, or ending right before it."""
    shown = [word.text for word in utterance.words]
    words = [bare(text) for text in shown]
    places: list[int] = []
    if cue.side in ("after", "around"):
        places += range(cue.last + 1, min(len(words), cue.last + 2 + REACH[cue.kind]))
    if cue.side in ("before", "around"):
        places += range(max(0, cue.first - 3), cue.first)
    for first in places:
        heard = roster.at(words, first, IN_SLOT)
        heard = heard or unlisted(shown, first, bare(shown[cue.last]) in ("is", "name's"))
        if heard and (first > cue.last or heard.last == cue.first - 1):
            return None if shown[heard.last].endswith(("'s", "’s")) else heard
    return None


def _target(room: Room, place: int, cue: Cue, heard: Heard) -> tuple[str, str, float] | None:
    """Whom a name in a phrase means: (kind, speaker, weight); never the one who says "welcome"."""
    run = room.runs[room.run_of[place]]
    if cue.kind == "self":
        return _myself(room, place, cue, run)
    if cue.kind == "intro":
        after = _next_floor(room, run, cue.time)
        return ("introduced", after, WEIGHTS["introduced"]) if after else None
    return _thanked(room, run, cue)


def _myself(room: Room, place: int, cue: Cue, run: Run) -> tuple[str, str, float] | None:
    words = [bare(word.text) for word in room.utterances[place].words]
    phrase = " ".join(words[cue.first : cue.last + 1])
    early = cue.time - run.start < 12.0
    if phrase in ("this is", "it's", "call me"):
        return ("said-self", run.speaker, 0.65) if early else None
    return ("said-self", run.speaker, WEIGHTS["said-self"] if early else 0.7)


def _next_floor(room: Room, run: Run, time: float) -> str | None:
    """Who takes the floor after an introduction, if its sayer gives it up soon."""
    if run.end - time > ENDS_SOON:
        return None
    place = room.runs.index(run)
    for later in room.runs[place + 1 : place + 6]:
        if later.start - run.end > 60.0 or later.speaker == run.speaker and later.spoken > FLOOR:
            return None
        if later.speaker != run.speaker and later.spoken >= FLOOR:
            return later.speaker
    return None


def _thanked(room: Room, run: Run, cue: Cue) -> tuple[str, str, float] | None:
    place = room.runs.index(run)
    early = cue.time - run.start < 10.0
    if early and place > 0:
        return "thanked", room.runs[place - 1].speaker, WEIGHTS["thanked"]
    if run.end - cue.time < 6.0 and place + 1 < len(room.runs):
        return "thanked", room.runs[place + 1].speaker, 0.3
    return None


def _mentions(room: Room, roster: Roster, place: int, utterance: Utterance) -> Iterator[Pointer]:
    """Listed names with no phrase around them, near a change of the floor."""
    if not roster.names:
        return
    run = room.runs[room.run_of[place]]
    words = [bare(word.text) for word in utterance.words]
    for first in range(len(words)):
        time = utterance.words[first].start
        if min(time - run.start, run.end - time) > 15.0:
            continue
        heard = roster.at(words, first, ANYWHERE)
        if heard is None or not heard.full:
            continue
        after = _next_floor(room, run, time) if run.end - time <= 15.0 else None
        if after:
            yield _pointer(utterance, "introduced", after, heard, 0.4)


def _pointer(utterance: Utterance, kind: str, speaker: str, heard: Heard, weight: float) -> Pointer:
    first, last = max(0, heard.first - 6), min(len(utterance.words), heard.last + 5)
    quote = " ".join(word.text for word in utterance.words[first:last])
    time = ms(utterance.words[heard.first].start)
    weight = round(weight * heard.likeness * (1.0 if heard.full else 0.85), 3)
    evidence = Evidence(kind, heard.name, quote, time, weight)
    return Pointer(speaker, evidence, heard.full, heard.known)
