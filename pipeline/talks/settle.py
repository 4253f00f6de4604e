"""The stretches of an event's floor as sections: a welcome, a good-bye, breaks.

Of thirteen rules that stood here ten made the cut worse, or no better, where their author had not
read the event.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from pipeline.talks.floor import Floor
from pipeline.talks.split import Stretch, stretch_of

KINDS = ("qa", "panel", "keynote", "lightning", "sponsored")


def with_host_sections(room: Floor, found: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The stretches with the welcome and the good-bye as sections of their own."""
    return tuple(_with_closing(room, _with_opening(room, list(found))))


def _with_opening(room: Floor, stretches: list[Stretch]) -> list[Stretch]:
    """The first speaker's welcome is a section to where they call up who speaks next.

    Worth .01 of F1 on the scripts of first_sight.
    """
    first, run = stretches[0], room.runs[0]
    alone = first.last == run.last and len(stretches) > 1
    calls = max((p for p in range(run.last + 1) if room.hands_over(p)), default=-1)
    if calls < 0 or not (alone or (first.last > run.last and first.holder != run.speaker)):
        return stretches
    talk, *others = stretches[1:] if alone else stretches
    if room.utterances[calls].start - room.utterances[0].start < room.options.shortest:
        return [stretch_of(room, 0, talk.last + 1), *others]
    opening = Stretch(0, calls - 1, run.speaker, 0)
    return [opening, stretch_of(room, calls, talk.last + 1), *others]


def _with_closing(room: Floor, stretches: list[Stretch]) -> list[Stretch]:
    """The good-bye of a host, or of who thanks, is a section, where another had the floor before.

    Worth .04 of F1 there.
    """
    last, run = stretches[-1], room.runs[-1]
    said = any(room.said(place, "close", "thanks") for place in range(run.first, run.last + 1))
    mixed = run.first > last.body and last.holder != run.speaker
    brief = run.end - run.start < room.options.shortest
    if brief or not mixed or not (said or run.speaker in room.hosts):
        return stretches
    closing = Stretch(run.first, run.last, run.speaker, run.first)
    return [*stretches[:-1], stretch_of(room, last.first, run.first), closing]


def seconds(room: Floor, stretch: Stretch) -> float:
    """How long a stretch is, from its first word to its last."""
    return room.utterances[stretch.last].end - room.utterances[stretch.first].start


def is_break(room: Floor, stretch: Stretch) -> bool:
    """Whether nobody has the floor: there is more silence than speech, and none at length."""
    several = room.utterances[stretch.first : stretch.last + 1]
    after = room.utterances[stretch.last + 1 : stretch.last + 2] or several[-1:]
    runs = [sum(u.end - u.start for u in own) for _, own in groupby(several, attrgetter("speaker"))]
    silent = max(several[-1].end, after[0].start) - several[0].start - sum(runs)
    at_length = max(runs) >= room.options.holds * room.scale
    return bool(stretch.first) and not at_length and silent > max(room.options.floor, sum(runs))


def announced(room: Floor, stretch: Stretch) -> set[str]:
    """The kinds named in the introduction and the first half minute."""
    end = room.utterances[stretch.body].start + room.options.floor
    places = range(stretch.first, stretch.last + 1)
    return {cue.kind for at in places for cue in room.said(at, *KINDS) if cue.time < end}
