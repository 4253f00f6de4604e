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
PAUSE_MOST = 100.0
SETUP = 25.0  # seconds between an introduction and its talk, at most
FLOOR = 30.0  # seconds of speech; who says less has not had the floor
APPLAUSE = 5.0  # for each second, up to APPLAUSE_MOST
APPLAUSE_MOST = 20.0
HANDED_OVER = 30.0  # the utterance calls the next speaker up
INTRODUCED = -60.0  # the utterance before called this one up: they belong together
CALLED_UP = 15.0  # ... at the end of a talk: that talk is over
GOODBYE = 20.0
INTRODUCTION = 60.0  # seconds; who speaks for longer gives a talk, unless a host
DISMISSED = 15.0  # "thank you, Ada" right after Ada
ENDED = 10.0  # "... thank you." as the last words before
QUESTIONS = 45.0  # "let's open it up for questions"
ANNOUNCED = 25.0  # "we now have a panel"
BREAK = 65.0  # "back in ten minutes" before, "welcome back" after
NEW_FILE = 30.0  # another recording begins, with another voice
OTHERS = 25.0  # nobody of those who spoke last is among those who speak next
FEW = 6  # runs that are "last" and "next"
HOST_BACK = 15.0  # a host speaks after a while
AWAY = 60.0  # seconds that are a while
DIP = 15.0  # the vocabulary changes (TextTiling's depth, 0..1)
SAID_LAST = 15.0  # seconds before the end of an utterance within which its last words count


def credits(room: Room) -> NDArray[np.float64]:
    """For each utterance, the credit of a talk that begins with it; the first one's is 0."""
    total = DIP * dips(room.utterances) + _faces(room)
    for place in range(1, len(room.utterances)):
        total[place] += _applause(room, place) + _said(room, place) + _new_file(room, place)
        total[_before_setup(room, place)] += _silence(room, place)
    total[0] = 0.0
    return total


def _faces(room: Room) -> NDArray[np.float64]:
    """What the company says: others speak from here on, or a host comes back after a talk."""
    total = np.zeros(len(room.utterances))
    speakers = [run.speaker for run in room.runs]
    last, heard = 0.0, {room.runs[0].speaker: room.runs[0].end}
    for place, run in enumerate(room.runs[1:], 1):
        before = set(speakers[max(0, place - FEW) : place])
        after = set(speakers[place : place + FEW])
        others = 1.0 - len(before & after) / min(len(before), len(after))
        led = room.runs[place - 1].speaker in room.hosts and not _long(room, place - 1)
        # after a few words of a host, the change is one with that to the host
        total[run.first] = OTHERS * (max(0.0, others - last) if led else others)
        away = run.start - heard.get(run.speaker, -AWAY)
        if run.speaker in room.hosts and away >= AWAY * room.scale:
            total[run.first] += HOST_BACK
        last, heard[run.speaker] = others, run.end
    return total


def _long(room: Room, run: int) -> bool:
    """Whether a run is more than a few words."""
    return room.runs[run].spoken >= FLOOR * room.scale


def _silence(room: Room, place: int) -> float:
    pause = room.utterances[place].start - room.utterances[place - 1].end
    return min(PAUSE_MOST, PAUSE * max(0.0, pause - 1.5))


def _before_setup(room: Room, place: int) -> int:
    """Where the silence before an utterance tells of a new talk: before a host's few words, where
    these lead to who sets up for a while and then has the floor."""
    before, here = room.run(place - 1), room.run(place)
    leads = before.speaker in room.hosts and not _long(room, room.run_of[place - 1])
    talk = before is not here and before.first > 0 and _long(room, room.run_of[place])
    return before.first if leads and talk and here.start - before.end < SETUP else place


def _applause(room: Room, place: int) -> float:
    before, here = room.utterances[place - 1], room.utterances[place]
    clapped = room.clapped(before.end - 4.0, here.start + 2.0)
    applause = min(APPLAUSE_MOST, APPLAUSE * clapped)
    return applause if _floor_ends(room, place) else applause / 4


def _floor_ends(room: Room, place: int) -> bool:
    """Whether another speaks now, after more than a few words of introduction."""
    before, here = room.run(place - 1), room.run(place)
    long = _long(room, room.run_of[place - 1]) or here.speaker in room.hosts
    return before is not here and long


def _said(room: Room, place: int) -> float:
    changed = room.utterances[place - 1].speaker != room.utterances[place].speaker
    total = _before(room, place - 1, changed) + GOODBYE * bool(room.said(place, "close"))
    total += HANDED_OVER * _introduces(room, place) + BREAK * bool(room.said(place, "back"))
    if _floor_ends(room, place):
        total += DISMISSED * any(cue.first < 12 for cue in room.said(place, "thanks"))
    if _early(room, place, "qa"):
        return total + QUESTIONS
    return total + ANNOUNCED * _early(room, place, "panel", "keynote", "lightning", "sponsored")


def _before(room: Room, place: int, changed: bool) -> float:
    """What the utterance before the gap says about it."""
    silent = room.utterances[place + 1].start - room.utterances[place].end > 5.0
    total = BREAK * (_late(room, place, "break") and (changed or silent))
    if changed:
        if room.hands_over(place):
            total += INTRODUCED if _introduces(room, place) else CALLED_UP
        total += ENDED * (_late(room, place, "thanks") and _floor_ends(room, place + 1))
        total += QUESTIONS * (_late(room, place, "qa") and not _early(room, place, "qa"))
    return total


def _introduces(room: Room, place: int) -> bool:
    """Whether a host calls somebody up; who does so at the end of their own talk is in it."""
    run = room.run(place)
    host = run.speaker in room.hosts or run.spoken < INTRODUCTION
    return room.hands_over(place) and host


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
