"""The stretches of an event's floor as sections: what a host opens and closes it with, breaks.

Of ten rules that stood here seven made the cut worse where their author had not read the event.
"""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.talks.floor import Floor
from pipeline.talks.split import Stretch

KINDS = ("qa", "panel", "keynote", "lightning", "sponsored")


def with_host_sections(room: Floor, found: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The stretches with the host's welcome and good-bye as sections of their own."""
    return tuple(_with_closing(room, _with_opening(room, list(found))))


def _with_opening(room: Floor, stretches: list[Stretch]) -> list[Stretch]:
    """The host's welcome is a section; where they call up the first speaker, the talk begins.

    Worth .08 of F1 on the held-out events.
    """
    first, run, call = stretches[0], room.runs[0], room.options.call
    if first.holder == run.speaker or run.last >= first.last:
        return stretches
    calls = max((p for p in range(run.last + 1) if room.hands_over(p)), default=-1)
    if calls < 0 and first.holder and run.spoken > call * room.scale:
        last = room.utterances[run.last]  # the last thing said calls, unless it is more than a call
        calls = run.last + (last.end - last.start > call * room.scale)
    if (
        calls < 1
        or room.utterances[calls - 1].end - room.utterances[0].start < room.options.shortest
    ):
        return stretches
    opening = Stretch(0, calls - 1, run.speaker, 0)
    return [opening, replace(first, first=calls, body=max(first.body, calls)), *stretches[1:]]


def _with_closing(room: Floor, stretches: list[Stretch]) -> list[Stretch]:
    """The host's good-bye is a section."""
    last, run = stretches[-1], room.runs[-1]
    kinds = ("close", "thanks") if run.speaker in room.hosts else ("close",)
    goodbye = any(room.said(place, *kinds) for place in range(run.first, run.last + 1))
    mixed = run.first > last.body and last.holder != run.speaker
    if not goodbye or not mixed or run.end - run.start < room.options.shortest:
        return stretches
    closing = Stretch(run.first, run.last, run.speaker, run.first)
    return [*stretches[:-1], replace(last, last=run.first - 1), closing]


def seconds(room: Floor, stretch: Stretch) -> float:
    """How long a stretch is, from its first word to its last."""
    return room.utterances[stretch.last].end - room.utterances[stretch.first].start


def is_break(room: Floor, stretch: Stretch) -> bool:
    """Whether nobody has the floor: a pause was called, or those who speak are mostly silent."""
    several, floor = room.utterances[stretch.first : stretch.last + 1], room.options.floor
    spoken = sum(utterance.end - utterance.start for utterance in several)
    if not stretch.first or (stretch.holder and spoken > floor * room.scale):
        return False
    before = room.utterances[stretch.first - 1]
    called = before.speaker != several[0].speaker and room.said(stretch.first - 1, "break")
    silent = several[-1].end - max(before.end, several[0].start - room.options.around) - spoken
    return bool(called) or silent > max(floor, spoken)


def announced(room: Floor, stretch: Stretch) -> set[str]:
    """The kinds named in the introduction and the first half minute."""
    end = room.utterances[stretch.body].start + room.options.floor
    places = range(stretch.first, stretch.last + 1)
    return {cue.kind for at in places for cue in room.said(at, *KINDS) if cue.time < end}
