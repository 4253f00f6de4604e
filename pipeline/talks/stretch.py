"""What a stretch of an event is like: how long, who speaks in it, what it is announced as."""

from dataclasses import replace

from pipeline.talks.room import Room
from pipeline.talks.split import Stretch

LULL = 60.0  # seconds of silence that count at most towards a break
EMPTY = 15.0  # seconds without speech that a break has at least
FLOOR = 20.0  # seconds of speech with which one has the floor
QUIET = 0.4  # share of speech in a stretch below which nobody has the floor
KINDS = ("qa", "panel", "keynote", "lightning", "sponsored")
OF_TALKS = frozenset({"keynote", "lightning", "sponsored"})


def seconds(room: Room, stretch: Stretch) -> float:
    """How long a stretch is, from its first word to its last."""
    return room.utterances[stretch.last].end - room.utterances[stretch.first].start


def speech(room: Room, first: int, last: int, speaker: str) -> float:
    """Seconds that a speaker speaks in some utterances."""
    several = room.utterances[first : last + 1]
    return sum(u.end - u.start for u in several if u.speaker == speaker)


def is_break(room: Room, stretch: Stretch) -> bool:
    """Whether nobody has the floor: a pause was called, or those who speak are mostly silent."""
    called = (
        stretch.first > 0
        and room.run(stretch.first - 1).speaker != room.utterances[stretch.first].speaker
        and bool(room.said(stretch.first - 1, "break"))
    )
    several = room.utterances[stretch.first : stretch.last + 1]
    spoken = sum(utterance.end - utterance.start for utterance in several)
    if stretch.kind == "one" and spoken > FLOOR * room.scale:
        return False
    before = min(LULL, silence(room, stretch)) if stretch.first else 0.0
    long = before + several[-1].end - several[0].start
    quiet = spoken < QUIET * long and long - spoken > EMPTY
    return called or (stretch.kind == "break" and not announced(room, stretch)) or quiet


def announced(room: Room, stretch: Stretch) -> set[str]:
    """The kinds named in the introduction and the first half minute; who is introduced does not
    say what kind of talk it is."""
    end = room.utterances[stretch.body].start + 30.0
    led = stretch.body > stretch.first
    return {
        cue.kind
        for place in range(stretch.first, stretch.last + 1)
        for cue in room.said(place, *KINDS)
        if cue.time < end
        if cue.kind not in OF_TALKS or not led or room.utterances[place].speaker != stretch.holder
    }


def joined(one: Stretch, other: Stretch) -> Stretch:
    """One stretch to the end of the next, on the floor of the first."""
    return replace(one, last=other.last)


def by_host(room: Room, stretch: Stretch, lead: frozenset[str]) -> bool:
    """Whether nobody speaks in it but who leads."""
    several = room.utterances[stretch.first : stretch.last + 1]
    return all(utterance.speaker in lead for utterance in several)


def silence(room: Room, stretch: Stretch) -> float:
    """Seconds without speech before a stretch."""
    return room.utterances[stretch.first].start - room.utterances[stretch.first - 1].end
