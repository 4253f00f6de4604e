"""What kind of section a stretch is: by its floor, its place in the event and what is announced."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.data import TalkKind
from pipeline.event import AgendaItem
from pipeline.talks.lexicon import bare
from pipeline.talks.room import Room, Run
from pipeline.talks.split import Stretch

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
WELCOME = 240.0  # seconds; an opening or a closing is no longer
QUIET = 0.4  # share of speech in a stretch below which nobody has the floor
BRIEF = 40.0  # seconds; a question is no longer, as a rule
SHORT_TALK = 420.0  # seconds; a lightning talk is no longer


@dataclass(frozen=True, slots=True)
class Draft:
    """A stretch on its way to a talk: its kind, who holds it (main first), its agenda item."""

    stretch: Stretch
    kind: TalkKind
    speakers: tuple[str, ...]
    item: AgendaItem | None = None


def of_title(title: str) -> TalkKind | None:
    """The kind that an agenda title announces; None where it announces none."""
    words = {bare(word) for part in title.split() for word in part.split("/")} | {
        part.strip(".,:;").casefold() for part in title.split()
    }
    return next((kind for kind, known in TITLES if words & set(known.split())), None)


def drafts(room: Room, stretches: Sequence[Stretch], lead: frozenset[str]) -> list[Draft]:
    """Every stretch with its kind, as the recording alone tells it."""
    found = [Draft(s, _kind(room, s, lead), _holders(room, s)) for s in stretches]
    found[0] = _edge(room, found[0], lead, "opening", "open", len(found))
    found[-1] = _edge(room, found[-1], lead, "closing", "close", len(found))
    return _lightning(room, found)


def _kind(room: Room, stretch: Stretch, lead: frozenset[str]) -> TalkKind:
    said = announced(room, stretch)
    if is_break(room, stretch):
        return "break"
    if stretch.kind != "one":
        return conversation(room, stretch, lead, said)
    if _is_founders(room, stretch, lead):
        return "keynote"
    kinds: tuple[TalkKind, ...] = ("keynote", "sponsored", "lightning")
    return next((kind for kind in kinds if kind in said), "talk")


def is_break(room: Room, stretch: Stretch) -> bool:
    """Whether nobody has the floor: a pause was called, or those who speak are mostly silent."""
    if stretch.kind == "one":
        return False
    called = (
        stretch.first > 0
        and room.run(stretch.first - 1).speaker != room.utterances[stretch.first].speaker
        and bool(room.said(stretch.first - 1, "break"))
    )
    several = room.utterances[stretch.first : stretch.last + 1]
    spoken = sum(utterance.end - utterance.start for utterance in several)
    long = several[-1].end - several[0].start
    quiet = spoken < QUIET * long
    return called or (stretch.kind == "break" and not announced(room, stretch)) or quiet


def conversation(room: Room, stretch: Stretch, lead: frozenset[str], said: set[str]) -> TalkKind:
    """A panel or questions and answers: do many ask briefly, or do the same few go on talking?"""
    if ("panel" in said) != ("qa" in said):
        return "panel" if "panel" in said else "qa"
    runs = [r for r in _runs(room, stretch) if r.speaker not in lead]
    count = Counter(run.speaker for run in runs)
    asking = [r for r in runs if count[r.speaker] <= 2 and r.spoken < BRIEF]
    regular = [speaker for speaker, times in count.items() if times >= 3]
    return "qa" if len(asking) >= len(regular) else "panel"


def _is_founders(room: Room, stretch: Stretch, lead: frozenset[str]) -> bool:
    """An event that its host begins with a speech, not a welcome."""
    long = room.utterances[stretch.last].end - room.utterances[stretch.first].start
    return stretch.first == 0 and stretch.holder in lead and long > WELCOME


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


def announced(room: Room, stretch: Stretch) -> set[str]:
    """The kinds named in the introduction and the first half minute."""
    end = room.utterances[stretch.body].start + 30.0
    places = range(stretch.first, stretch.last + 1)
    cues = (cue for place in places for cue in room.cues[place])
    return {cue.kind for cue in cues if not cue.quoted and cue.time < end}


def _edge(
    room: Room, draft: Draft, lead: frozenset[str], kind: TalkKind, cue: str, count: int
) -> Draft:
    """The first or the last stretch, where it is the host's welcome or good-bye."""
    stretch = draft.stretch
    places = range(stretch.first, stretch.last + 1)
    long = room.utterances[stretch.last].end - room.utterances[stretch.first].start
    said = any(room.said(place, cue) for place in places)
    host = stretch.holder in lead and all(room.utterances[p].speaker in lead for p in places)
    if (
        stretch.kind == "one"
        and count > 2
        and long < WELCOME
        and host
        and (said or draft.kind == "talk")
    ):
        return Draft(stretch, kind, draft.speakers)
    return draft


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
        plural = any(
            bare(room.utterances[p].words[cue.last].text) in ("talks", "each", "session", "round")
            for p in places
            for cue in room.said(p, "lightning")
        )
        on = plural or (on and short)
    return found


def with_item(draft: Draft, item: AgendaItem | None) -> Draft:
    """The draft with its agenda item, which says its kind where the item's title names one."""
    kind = of_title(item.title) if item else None
    alone = draft.stretch.kind == "one"
    if kind and kind != "break" != draft.kind and alone != (kind in ("panel", "qa")):
        return replace(draft, kind=kind, item=item)
    return replace(draft, item=item)
