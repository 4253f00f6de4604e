"""What kind of section a stretch is: by its floor, its place in the event and what is announced."""

from dataclasses import dataclass

from pipeline.data import TalkKind, Utterance
from pipeline.event import AgendaItem
from pipeline.talks.cues import bare
from pipeline.talks.room import Room
from pipeline.talks.split import Stretch

# words of an agenda title that say the kind, the first that fits
TITLES: tuple[tuple[TalkKind, str], ...] = (
    (
        "break",
        "break lunch coffee networking intermission drinks reception dinner registration doors",
    ),
    ("qa", "q&a questions ama qa"),
    ("panel", "panel roundtable fireside discussion"),
    ("lightning", "lightning demos"),
    ("sponsored", "sponsor sponsored sponsors"),
    ("closing", "closing close farewell wrap-up goodbye"),
    ("keynote", "keynote"),
    ("opening", "opening welcome kick-off kickoff introduction"),
)
EDGE = 600.0  # seconds; an opening or closing is no longer


@dataclass(frozen=True, slots=True)
class Draft:
    """A stretch on its way to a talk: its kind, who holds it (main first), its agenda item."""

    stretch: Stretch
    kind: TalkKind
    speakers: tuple[str, ...]
    item: AgendaItem | None = None


def of_title(title: str) -> TalkKind | None:
    """The kind that an agenda title announces; None where it announces none."""
    words = {bare(word) for word in title.replace("/", " ").split()}
    words |= {word.strip(".,:;").casefold() for word in title.split()}
    return next((kind for kind, known in TITLES if words & set(known.split())), None)


def draft(room: Room, stretch: Stretch, place: int, count: int) -> Draft:
    """The kind of the `place`-th of `count` stretches, without the agenda."""
    speakers = holders(room, stretch)
    if stretch.floor in ("panel", "qa", "break"):
        kind: TalkKind = stretch.floor  # type: ignore[assignment]
    else:
        kind = _solo(room, stretch, place, count)
    return Draft(stretch, kind, speakers)


def holders(room: Room, stretch: Stretch) -> tuple[str, ...]:
    """The speakers of a stretch's body, who speaks most first; shouts and questions left out."""
    spoken: dict[str, float] = {}
    for utterance in room.utterances[stretch.body : stretch.last + 1]:
        long = utterance.end - utterance.start
        spoken[utterance.speaker] = spoken.get(utterance.speaker, 0.0) + long
    whole = sum(spoken.values())
    ordered = sorted(spoken, key=lambda speaker: -spoken[speaker])
    return tuple(s for s in ordered if s == ordered[0] or spoken[s] > max(15.0, 0.04 * whole))


def announced(room: Room, stretch: Stretch) -> set[str]:
    """The kinds named in the introduction and the first half minute."""
    start = room.utterances[stretch.body].start
    early = [
        place
        for place in range(stretch.first, stretch.last + 1)
        if place < stretch.body or room.utterances[place].start - start < 30.0
    ]
    cues = (cue for place in early for cue in room.cues[place])
    return {cue.kind for cue in cues if not cue.quoted and _near(room, cue.time, stretch)}


def _near(room: Room, time: float, stretch: Stretch) -> bool:
    return time - room.utterances[stretch.body].start < 30.0


def _solo(room: Room, stretch: Stretch, place: int, count: int) -> TalkKind:
    said = announced(room, stretch)
    first, last = room.utterances[stretch.first], room.utterances[stretch.last]
    long = last.end - first.start
    if place == count - 1 and long < EDGE and _anywhere(room, stretch, "close"):
        return "closing"
    if place == 0 and count > 1 and long < EDGE and ("open" in said or _introduces(room, stretch)):
        return "opening"
    kinds: tuple[TalkKind, ...] = ("keynote", "sponsored", "lightning")
    return next((kind for kind in kinds if kind in said), "talk")


def _anywhere(room: Room, stretch: Stretch, kind: str) -> bool:
    return any(room.has(place, kind) for place in range(stretch.first, stretch.last + 1))


def _introduces(room: Room, stretch: Stretch) -> bool:
    return room.has(stretch.last, "intro")


def words_of(utterances: tuple[Utterance, ...]) -> int:
    """How many words were said."""
    return sum(len(utterance.words) for utterance in utterances)
