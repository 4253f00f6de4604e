"""Whole names that no list has: those that are surely heard right."""

from collections.abc import Iterator

from pipeline.data import Utterance
from pipeline.talks.floor import Floor
from pipeline.talks.heard import unlisted
from pipeline.talks.people import Mention, begins_name, unlisted_name

BELIEVED = 0.6  # a name that is less sure to be heard right is a first name only
CALLED = 0.7  # how sure a name is that looks like none
DOUBTED, TRUSTED = 0.7, 0.95  # probability of a word that is surely wrong, and right
SHORT = 60.0  # seconds of a run in which any name may be that of somebody present


def unlisted_people(room: Floor) -> tuple[str, ...]:
    """The names that are believed."""
    doubt: dict[str, float] = {}
    for utterance, mention, looks in _mentions(room):
        sure = _sure(utterance, mention) * looks
        doubt[mention.name] = doubt.get(mention.name, 1.0) * (1.0 - sure)
    return tuple(name for name, left in doubt.items() if 1.0 - left >= BELIEVED)


def _sure(utterance: Utterance, mention: Mention) -> float:
    """How far a name is heard right, as the recogniser says of its least sure word."""
    said = utterance.words[mention.first : mention.last + 1]
    least = min(word.probability for word in said)
    return min(1.0, max(0.0, (least - DOUBTED) / (TRUSTED - DOUBTED)))


def _mentions(room: Floor) -> Iterator[tuple[Utterance, Mention, float]]:
    """Whole names at cues and around changes of the floor, each with how likely it is a name."""
    for run_place, run in enumerate(room.runs):
        last = run_place == len(room.runs) - 1
        for place in range(run.first, run.last + 1):
            utterance = room.utterances[place]
            called = {m.first: (m, sure) for m, sure in _called_for(room, place)}
            yield from ((utterance, mention, sure) for mention, sure in called.values())
            for first, word in enumerate(() if last else utterance.words):
                opens = place == run.first and first <= 2
                near = run.spoken < SHORT or run.end - word.start < room.options.hand_over or opens
                found = _begun(utterance, first) if near else None
                if found and first not in called and found.known:
                    yield utterance, found, 1.0


def _begun(utterance: Utterance, first: int) -> Mention | None:
    """The whole name that begins at a word."""
    shown = [word.text for word in utterance.words[: first + 5]]
    name = shown[first][:1].isupper() and begins_name(shown, first)
    found = unlisted_name(shown, first, False) if name else None
    return found if found and found.full else None


def _called_for(room: Floor, place: int) -> Iterator[tuple[Mention, float]]:
    """The whole names that phrases call for, and how sure each looks."""
    shown = [word.text for word in room.utterances[place].words]
    for cue in room.cues[place]:
        found = unlisted(shown, cue)
        if found and found.full:
            yield found, 1.0 if found.known else CALLED
