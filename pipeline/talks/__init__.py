"""Utterances to the event's talks and the names of its speakers: pure, a second or two for a day.

`outline` puts misheard names right (spelling.py), cuts the event into talks (split.py),
says what kind each is (kinds.py, agenda.py), who is who (evidence.py, names.py, roles.py,
voices.py) and how a section is headed (headings.py); options.py has the thresholds of the cut.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline import config
from pipeline.data import (
    Correction,
    Evidence,
    Outline,
    Speaker,
    Talk,
    Utterance,
    Voice,
)
from pipeline.event import EventInfo
from pipeline.languages import code
from pipeline.talks import agenda, evidence, kinds, names
from pipeline.talks.evidence import Pointer
from pipeline.talks.floor import Floor, cut, floor_of
from pipeline.talks.headings import headings
from pipeline.talks.heard import introduced_at, introductions, names_heard, unlisted_people
from pipeline.talks.kinds import Segment
from pipeline.talks.options import THRESHOLDS, Thresholds
from pipeline.talks.people import Roster, with_speakers
from pipeline.talks.roles import roles
from pipeline.talks.spelling import Speller, dictionary
from pipeline.talks.split import stretches
from pipeline.talks.voices import VoiceBook

NOT_ENGLISH = "the speech is not in English: talks are cut by voices and pauses only"


def phrases_unknown(language: str | None) -> tuple[str, ...]:
    """What is to be said of an event in a language whose phrases are not known here."""
    return () if code(language or "en") == "en" else (NOT_ENGLISH,)


def outline(
    utterances: Sequence[Utterance],
    voices: tuple[Voice, ...],
    event: EventInfo,
    options: config.Talks,
    book: VoiceBook | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> Outline:
    """The event as a person in the room would have cut it; talks hold all utterances, in order.

    An utterance in whose middle somebody is called up is two here; ids count from 0.
    """
    if not utterances:
        return Outline((), (), ())
    english = not phrases_unknown(event.language)
    heard_room, event = floor_of(utterances, english, thresholds), with_speakers(event)
    room, corrections, roster = _with_spelling(heard_room, event)
    named = introduced_at(room, names_heard(room, roster))
    room, heard_room = cut(room, named), cut(heard_room, named)
    drafts, speakers = _told(room, event, roster, voices, book, options.names)
    shown = room if options.corrections else heard_room
    return _outline(
        shown, drafts, speakers, corrections if options.corrections else (), event.language or "en"
    )


def _with_spelling(room: Floor, event: EventInfo) -> tuple[Floor, tuple[Correction, ...], Roster]:
    """The room with names written as the user wrote them, and who may be in it."""
    listed = Roster.of(event).names
    speller = Speller(listed, event.glossary, dictionary(event.language or "en"))
    written, corrections = speller.correct(room.utterances)
    room = room.rewritten(written)
    return room, corrections, Roster(listed, unlisted_people(room))


def _told(
    room: Floor,
    event: EventInfo,
    roster: Roster,
    known: tuple[Voice, ...],
    book: VoiceBook | None,
    naming: bool,
) -> tuple[list[Segment], dict[str, Speaker]]:
    """Where the talks are, and who is who."""
    heard = names_heard(room, roster)
    room = replace(room, named=introductions(room, heard))
    drafts = kinds.drafts(room, stretches(room))
    places = agenda.align(room, drafts, event.agenda, heard)
    items = [None if place is None else event.agenda[place] for place in places]
    drafts = [kinds.with_item(draft, item) for draft, item in zip(drafts, items, strict=True)]
    pointers = naming * [
        *evidence.gather_evidence(room, heard),
        *agenda.holders(room, drafts, places, len(event.agenda)),
        *_recognised(known, book),
    ]
    named, found = names.assign_names(pointers, roster, event.names)
    called = {s: name for s, (name, _) in named.items()}
    what = roles(room, drafts, called, heard, event) if naming else {}
    two = {s for s, signs in found.items() if names.two_people(signs)} - set(event.names)
    whole = {s: name for s, name in named.items() if s not in two}
    return drafts, _speakers(room, whole, what, found)


def _recognised(known: Sequence[Voice], book: VoiceBook | None) -> list[Pointer]:
    """Whom the voice book recognises."""
    matches = [(voice.speaker, book.match(voice)) for voice in known] if book else []
    return [
        Pointer(speaker, Evidence("voice-book", match[0], "", 0.0, round(match[1], 3)), True)
        for speaker, match in matches
        if match
    ]


def _speakers(
    room: Floor,
    named: names.Named,
    what: Mapping[str, str],
    found: Mapping[str, tuple[Evidence, ...]],
) -> dict[str, Speaker]:
    speakers = {}
    for speaker in dict.fromkeys(utterance.speaker for utterance in room.utterances):
        name, confidence = named.get(speaker, (None, 0.0))
        speakers[speaker] = Speaker(
            speaker, name, what.get(speaker), confidence, found.get(speaker, ())
        )
    return speakers


def _outline(
    room: Floor,
    drafts: Sequence[Segment],
    speakers: Mapping[str, Speaker],
    corrections: tuple[Correction, ...],
    language: str,
) -> Outline:
    titles = headings(drafts, speakers, language)
    talks = tuple(
        Talk(
            index,
            title,
            draft.kind,
            draft.speakers,
            room.utterances[draft.stretch.first : draft.stretch.last + 1],
        )
        for index, (draft, title) in enumerate(zip(drafts, titles, strict=True))
    )
    torn = tuple(filter(None, map(_two_people, speakers.values())))
    everybody = tuple(speakers.values())
    return Outline(everybody, talks, room.utterances, corrections, torn)


def _two_people(speaker: Speaker) -> str:
    """The warning about a voice that is two people's and was given no name."""
    both = None if speaker.name else names.two_people(speaker.evidence)
    if not both:
        return ""
    return f"{speaker.id} says to be {both[0]} and {both[1]}: two people in one voice, unnamed"
