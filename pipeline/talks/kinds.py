"""What kind of section a stretch is: by its floor, its place in the event and what is announced."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from statistics import median

from pipeline.data import TalkKind
from pipeline.event import AgendaItem
from pipeline.talks.lexicon import bare
from pipeline.talks.room import Room, Run
from pipeline.talks.split import Stretch
from pipeline.talks.stretch import announced, is_break, seconds, speech

# words of an agenda title that say the kind, the first that fits
TITLES: tuple[tuple[TalkKind, str], ...] = (
    ("break", "break lunch coffee networking intermission drinks reception dinner registration"),
    ("qa", "q&a questions ama"),
    ("panel", "panel roundtable fireside discussion"),
    ("lightning", "lightning demos"),
    ("sponsored", "sponsor sponsored sponsors"),
    ("closing", "closing close farewell wrap-up goodbye"),
    ("keynote", "keynote"),
    ("opening", "opening welcome kick-off kickoff introduction"),
)
A_TALK = frozenset({"lecture", "talk", "address", "presentation"})  # a closing one is no closing
CHIEF = re.compile(r"\b(?:ceo|chief executive|founder)\b")
WELCOME = 240.0  # seconds; an opening or a closing is no longer
BEFORE = 0.5  # share of what a usual section takes that a welcome takes at most
MOSTLY = 0.6  # share of a welcome that is its hosts'
BRIEF = 0.1  # the share of a conversation that somebody in the audience has at most
OFTEN = 5  # times that somebody speaks up who is asked again and again
ALL_BUT = 0.45  # the share of what they say that they say at one stretch, at most
AT_LENGTH = 30.0  # seconds in the mean that those speak who give a talk in turn
SHORT_TALK = 420.0  # seconds; a lightning talk is no longer


@dataclass(frozen=True, slots=True)
class Draft:
    """A stretch on its way to a talk: its kind, who holds it (main first), its agenda item."""

    stretch: Stretch
    kind: TalkKind
    speakers: tuple[str, ...]
    item: AgendaItem | None = None
    between: bool = False  # whether two talk to each other who have both said who they are


def of_title(title: str) -> TalkKind | None:
    """The kind that an agenda title announces; None where it announces none."""
    words = {bare(word) for part in title.split() for word in part.split("/")} | {
        part.strip(".,:;").casefold() for part in title.split()
    }
    kind = next((kind for kind, known in TITLES if words & set(known.split())), None)
    return None if kind in ("opening", "closing") and words & A_TALK else kind


def drafts(room: Room, stretches: Sequence[Stretch], lead: frozenset[str]) -> list[Draft]:
    """Every stretch with its kind, as the recording alone tells it."""
    found = [Draft(s, _kind(room, s, lead), _holders(room, s)) for s in stretches]
    _first_of_a_chief(room, found)
    lead |= _brief_ones(room, found)
    found[0] = _edge(room, found[0], lead, "opening", ("open",), len(found))
    found[-1] = _edge(room, found[-1], lead, "closing", ("close", "thanks"), len(found))
    return _lightning(room, found)


def _kind(room: Room, stretch: Stretch, lead: frozenset[str]) -> TalkKind:
    said = announced(room, stretch)
    if is_break(room, stretch):
        return "break"
    together = (
        stretch.kind != "one" and not said & {"qa", "panel"} and _together(room, stretch, lead)
    )
    if (stretch.kind != "one" and not together) or ("qa" in said and _asked(room, stretch, lead)):
        return conversation(room, stretch, lead, said)
    if not together and _interviewed(room, stretch):
        return "panel"
    kinds: tuple[TalkKind, ...] = ("keynote", "sponsored", "lightning")
    return next((kind for kind in kinds if kind in said), "talk")


def conversation(room: Room, stretch: Stretch, lead: frozenset[str], said: set[str]) -> TalkKind:
    """A panel or questions and answers: do some ask briefly, or do the same few go on talking?"""
    if ("panel" in said) != ("qa" in said):
        return "panel" if "panel" in said else "qa"
    runs = [r for r in _runs(room, stretch) if r.speaker not in lead]
    whole = sum(run.spoken for run in runs)
    times = Counter(run.speaker for run in runs)
    brief = [
        speaker
        for speaker, count in times.items()
        if count <= 2 and sum(r.spoken for r in runs if r.speaker == speaker) < BRIEF * whole
    ]
    return "qa" if len(brief) > 1 or (brief and len(times) - len(brief) <= 2) else "panel"


def _asked(room: Room, stretch: Stretch, lead: frozenset[str]) -> bool:
    """Whether others than the holder and the host have their say more than once."""
    others = [r for r in _runs(room, stretch) if r.speaker not in lead | {stretch.holder}]
    return len(others) > 1


def _together(room: Room, stretch: Stretch, lead: frozenset[str]) -> bool:
    """Whether two or three give a talk in turn: at length, and none asks another."""
    runs = _runs(room, stretch)
    while runs and runs[0].speaker in lead:
        runs = runs[1:]  # who calls them up
    asked = any(room.utterances[run.last].words[-1].text.endswith("?") for run in runs)
    few = len({run.speaker for run in runs}) in (2, 3) and not {run.speaker for run in runs} & lead
    at_length = sum(run.spoken for run in runs) >= AT_LENGTH * len(runs)
    return few and at_length and not asked


def _interviewed(room: Room, stretch: Stretch) -> bool:
    """Whether a holder never speaks for long before somebody asks for more."""
    runs = _runs(room, stretch)
    own = [run.spoken for run in runs if run.speaker == stretch.holder]
    return len(own) >= OFTEN and max(own) < ALL_BUT * sum(own)


def _runs(room: Room, stretch: Stretch) -> list[Run]:
    places = range(room.run_of[stretch.body], room.run_of[stretch.last] + 1)
    return [room.runs[place] for place in places]


def _holders(room: Room, stretch: Stretch) -> tuple[str, ...]:
    """The speakers of a stretch's body, who speaks most first; shouts left out."""
    spoken: dict[str, float] = defaultdict(float)
    for utterance in room.utterances[stretch.body : stretch.last + 1]:
        spoken[utterance.speaker] += utterance.end - utterance.start
    bar = max(3.0, 0.02 * sum(spoken.values()))
    ordered = sorted(spoken, key=lambda speaker: -spoken[speaker])
    return tuple(s for s in ordered if s == ordered[0] or spoken[s] > bar)


def _brief_ones(room: Room, found: Sequence[Draft]) -> frozenset[str]:
    """Who says a few words first and nothing after that, or takes leave in a few words: no host
    by what they do, but a host."""
    usual = median(seconds(room, draft.stretch) for draft in found)
    first, last = found[0].stretch, found[-1].stretch
    who = found[0].speakers[0]
    only = speech(room, first.first, first.last, who) > 0.95 * room.spoken[who]
    leaves = any(room.said(place, "close") for place in range(last.first, last.last + 1))
    welcome = {who} if only and seconds(room, first) < BEFORE * usual else set()
    leave = {found[-1].speakers[0]} if leaves and seconds(room, last) < BEFORE * usual else set()
    return frozenset(welcome | leave)


def _edge(
    room: Room,
    draft: Draft,
    lead: frozenset[str],
    kind: TalkKind,
    cues: tuple[str, ...],
    count: int,
) -> Draft:
    """The first or the last stretch, where it is the host's welcome or good-bye."""
    stretch = draft.stretch
    places = range(stretch.first, stretch.last + 1)
    long = room.utterances[stretch.last].end - room.utterances[stretch.first].start
    said = any(room.said(place, *cues) for place in places)
    spoken = [
        (u.end - u.start) * (u.speaker in lead)
        for u in room.utterances[stretch.first : stretch.last + 1]
    ]
    host = room.run(stretch.first).speaker in lead and sum(spoken) >= MOSTLY * seconds(
        room, stretch
    )
    sure = said or stretch.kind == "one"
    return replace(draft, kind=kind) if host and sure and count > 2 and long < WELCOME else draft


def _first_of_a_chief(room: Room, found: list[Draft]) -> None:
    """The first long talk of several, whose speaker is called up as the chief, is the keynote."""
    for place, draft in enumerate(found[:2] if len(found) > 2 else ()):
        stretch = draft.stretch
        lead = " ".join(u.text for u in room.utterances[stretch.first : stretch.body]).casefold()
        if draft.kind == "talk" and CHIEF.search(lead):
            found[place] = replace(draft, kind="keynote")
            return


def _lightning(room: Room, found: list[Draft]) -> list[Draft]:
    """Once lightning talks are announced, the short talks that follow each other are such."""
    on = False
    for place, draft in enumerate(found):
        stretch = draft.stretch
        long = room.utterances[stretch.last].end - room.utterances[stretch.body].start
        short = draft.kind in ("talk", "lightning") and long < SHORT_TALK
        if short and on:
            found[place] = Draft(stretch, "lightning", draft.speakers)
        places = range(stretch.first, stretch.last + 1)
        told = any(
            room.utterances[p].speaker in room.hosts and room.said(p, "lightning") for p in places
        )
        on = told or (on and (short or draft.kind == "break"))
    return found


def peopled(draft: Draft) -> Draft:
    """The draft; a panel on which one person sits is a talk."""
    alone = draft.kind == "panel" and len(draft.speakers) < 2
    return replace(draft, kind="talk") if alone else draft


def between(room: Room, draft: Draft, known: Set[str]) -> Draft:
    """The draft, marked where it is no panel but two people who have each named themselves.

    What is announced as a panel, or listed, is one whoever sits on it.
    """
    called = draft.item or "panel" in announced(room, draft.stretch)
    two = draft.kind == "panel" and len(draft.speakers) == 2 and known >= set(draft.speakers)
    return replace(draft, between=two and not called)


def with_item(room: Room, draft: Draft, item: AgendaItem | None) -> Draft:
    """The draft with its agenda item, which says its kind where the item's title names one.

    What an agenda lists without calling it a keynote is none, unless it is announced as one.
    """
    kind = of_title(item.title) if item else None
    if item and draft.kind == "keynote" and "keynote" not in announced(room, draft.stretch):
        draft = replace(draft, kind="talk")
    alone = draft.stretch.kind == "one"
    if kind and kind != "break" != draft.kind and alone != (kind in ("panel", "qa")):
        return replace(draft, kind=kind, item=item)
    return replace(draft, item=item)
