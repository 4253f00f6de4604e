"""Utterances to the event's talks and the names of its speakers: pure, a second for a day.

`outline` corrects misheard names, cuts the event into talks (split.py), says what kind each is
(kinds.py), who is who (evidence.py, names.py) and how a section is headed (headings.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline import config
from pipeline.data import Outline, Part, RoomSound, Speaker, Talk, Utterance, Voice
from pipeline.event import EventInfo
from pipeline.talks import evidence, headings, kinds, names, room, split
from pipeline.talks.people import Roster
from pipeline.talks.voices import VoiceBook

__all__ = ["VoiceBook", "outline"]


def outline(
    utterances: Sequence[Utterance],
    voices: tuple[Voice, ...],
    sounds: tuple[RoomSound, ...],
    event: EventInfo,
    options: config.Talks,
    book: VoiceBook | None = None,
    parts: tuple[Part, ...] = (),
) -> Outline:
    """The event as a person in the room would have cut it; talks hold all utterances, in order."""
    if not utterances:
        return Outline((), (), ())
    here = room.enter(utterances, sounds, parts)
    cut = split.stretches(here)
    drafts = [kinds.draft(here, stretch, i, len(cut)) for i, stretch in enumerate(cut)]
    roster = Roster.of(event)
    named, found = names.decide(evidence.gather(here, roster), roster, event.names)
    roles = {person.name: person.role for person in event.people}
    order = dict.fromkeys(utterance.speaker for utterance in here.utterances)
    speakers = {
        s: Speaker(
            s,
            named[s][0] if s in named else None,
            (roles.get(named[s][0]) or None) if s in named else None,
            named[s][1] if s in named else 0.0,
            found.get(s, ()),
        )
        for s in order
    }
    talks = tuple(
        Talk(
            i,
            headings.heading(d, speakers, d.item.title if d.item else None),
            d.kind,
            d.speakers,
            here.utterances[d.stretch.first : d.stretch.last + 1],
        )
        for i, d in enumerate(drafts)
    )
    return Outline(tuple(speakers.values()), talks, here.utterances)
