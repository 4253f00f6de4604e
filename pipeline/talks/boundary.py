"""How much speaks for a new talk at each gap between utterances, in seconds of wrong floor.

The unit makes evidence and structure comparable: a credit of 20 is worth 20 seconds of somebody
else's speech inside a talk.
"""

import numpy as np

from pipeline.data import Utterance
from pipeline.talks.cohesion import dips
from pipeline.talks.room import Room

PAUSE = 5.0  # for each second of silence beyond a breath, up to PAUSE_MOST
PAUSE_MOST = 30.0
APPLAUSE = 5.0  # for each second, up to APPLAUSE_MOST
APPLAUSE_MOST = 20.0
HANDED_OVER = 35.0  # the utterance calls the next speaker up
INTRODUCED = -60.0  # the utterance before called this one up: they belong together
DISMISSED = 15.0  # "thank you, Ada" right after Ada
ENDED = 15.0  # "... thank you." as the last words before
QUESTIONS = 40.0  # "let's open it up for questions"
BREAK = 35.0  # "back in ten minutes" before, "welcome back" after
GOODBYE = 25.0
NEW_FILE = 30.0  # another recording begins, with another voice
DIP = 15.0  # the vocabulary changes (TextTiling's depth, 0..1)


def credits(room: Room) -> np.ndarray:
    """For each utterance, the credit of a talk that begins with it; the first one's is 0."""
    total = DIP * dips(room.utterances)
    for place in range(1, len(room.utterances)):
        total[place] += _silence(room, place) + _said(room, place) + _new_file(room, place)
    total[0] = 0.0
    return total


def hands_over(room: Room, place: int) -> bool:
    """Whether an utterance calls up somebody who speaks right after it."""
    run = room.runs[room.run_of[place]]
    if room.run_of[place] + 1 >= len(room.runs):
        return False
    intros = [c for c in room.cues[place] if c.kind == "intro" and not c.quoted]
    return any(run.end - cue.time < 30.0 for cue in intros)


def _silence(room: Room, place: int) -> float:
    before, here = room.utterances[place - 1], room.utterances[place]
    pause = min(PAUSE_MOST, PAUSE * max(0.0, here.start - before.end - 1.5))
    clapped = room.applause(before.end - 4.0, here.start + 2.0)
    applause = min(APPLAUSE_MOST, APPLAUSE * clapped)
    return pause + (applause if before.speaker != here.speaker else applause / 4)


def _said(room: Room, place: int) -> float:
    before, here = room.utterances[place - 1], room.utterances[place]
    changed = before.speaker != here.speaker
    total = HANDED_OVER if hands_over(room, place) else 0.0
    if changed and hands_over(room, place - 1):
        total += INTRODUCED
    if changed and _dismisses(room, place):
        total += DISMISSED
    if changed and room.has(place - 1, "end"):
        total += ENDED
    if _opens_questions(room, place) or (changed and _closes_with(room, place - 1, "qa")):
        total += QUESTIONS
    total += BREAK * (_closes_with(room, place - 1, "break") + room.has(place, "back"))
    return total + GOODBYE * room.has(place, "close")


def _dismisses(room: Room, place: int) -> bool:
    return any(c.kind == "thanks" and c.first < 12 and not c.quoted for c in room.cues[place])


def _opens_questions(room: Room, place: int) -> bool:
    """The phrase counts for the utterance it ends, unless a long speech comes before it."""
    here = room.utterances[place]
    asked = [c for c in room.cues[place] if c.kind == "qa" and not c.quoted]
    return any(cue.time - here.start < 25.0 for cue in asked)


def _closes_with(room: Room, place: int, kind: str) -> bool:
    here = room.utterances[place]
    found = [c for c in room.cues[place] if c.kind == kind and not c.quoted]
    late = [c for c in found if here.end - c.time < 20.0]
    return bool(late) and (kind == "break" or late[0].time - here.start >= 25.0)


def _new_file(room: Room, place: int) -> float:
    before, here = room.utterances[place - 1], room.utterances[place]
    return NEW_FILE if _part(room, before) != _part(room, here) and differs(before, here) else 0.0


def differs(one: Utterance, other: Utterance) -> bool:
    """Whether two people speak."""
    return one.speaker != other.speaker


def _part(room: Room, utterance: Utterance) -> int:
    return sum(part.start <= utterance.start for part in room.parts)
