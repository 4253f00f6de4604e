"""How much speaks for a new talk at each gap between utterances, in seconds of wrong floor.

The unit makes evidence and structure comparable: a credit of 20 is worth 20 seconds of somebody
else's speech inside a talk.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.data import Utterance
from pipeline.talks.cohesion import dips
from pipeline.talks.room import Room

PAUSE = 5.0  # for each second of silence beyond a breath, up to PAUSE_MOST
PAUSE_MOST = 25.0
APPLAUSE = 5.0  # for each second, up to APPLAUSE_MOST
APPLAUSE_MOST = 20.0
HANDED_OVER = 30.0  # the utterance calls the next speaker up
INTRODUCED = -60.0  # the utterance before called this one up: they belong together
DISMISSED = 15.0  # "thank you, Ada" right after Ada
ENDED = 10.0  # "... thank you." as the last words before
QUESTIONS = 45.0  # "let's open it up for questions"
ANNOUNCED = 25.0  # "we now have a panel"
BREAK = 35.0  # "back in ten minutes" before, "welcome back" after
GOODBYE = 20.0
NEW_FILE = 30.0  # another recording begins, with another voice
DIP = 15.0  # the vocabulary changes (TextTiling's depth, 0..1)
SAID_LAST = 15.0  # seconds before the end of an utterance within which its last words count


def credits(room: Room) -> NDArray[np.float64]:
    """For each utterance, the credit of a talk that begins with it; the first one's is 0."""
    total = DIP * dips(room.utterances)
    for place in range(1, len(room.utterances)):
        total[place] += _silence(room, place) + _said(room, place) + _new_file(room, place)
    total[0] = 0.0
    return total


def _silence(room: Room, place: int) -> float:
    before, here = room.utterances[place - 1], room.utterances[place]
    pause = min(PAUSE_MOST, PAUSE * max(0.0, here.start - before.end - 1.5))
    clapped = room.clapped(before.end - 4.0, here.start + 2.0)
    applause = min(APPLAUSE_MOST, APPLAUSE * clapped)
    return pause + (applause if before.speaker != here.speaker else applause / 4)


def _said(room: Room, place: int) -> float:
    changed = room.utterances[place - 1].speaker != room.utterances[place].speaker
    total = _before(room, place - 1, changed) + GOODBYE * bool(room.said(place, "close"))
    total += HANDED_OVER * room.hands_over(place) + BREAK * bool(room.said(place, "back"))
    if changed:
        total += DISMISSED * any(cue.first < 12 for cue in room.said(place, "thanks"))
    if _early(room, place, "qa"):
        return total + QUESTIONS
    return total + ANNOUNCED * _early(room, place, "panel", "keynote", "lightning", "sponsored")


def _before(room: Room, place: int, changed: bool) -> float:
    """What the utterance before the gap says about it."""
    total = BREAK * bool(_late(room, place, "break"))
    if changed:
        total += INTRODUCED * room.hands_over(place)
        total += ENDED * bool(_late(room, place, "thanks"))
        total += QUESTIONS * (_late(room, place, "qa") and not _early(room, place, "qa"))
    return total


def _early(room: Room, place: int, *kinds: str) -> bool:
    start = room.utterances[place].start
    return any(cue.time - start < 20.0 for cue in room.said(place, *kinds))


def _late(room: Room, place: int, *kinds: str) -> bool:
    end = room.utterances[place].end
    return any(end - cue.time < SAID_LAST for cue in room.said(place, *kinds))


def _new_file(room: Room, place: int) -> float:
    before, here = room.utterances[place - 1], room.utterances[place]
    cut = _part(room, before) != _part(room, here)
    return NEW_FILE if cut and before.speaker != here.speaker else 0.0


def _part(room: Room, utterance: Utterance) -> int:
    return sum(part.start <= utterance.start for part in room.parts)
