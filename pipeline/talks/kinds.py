"""What kind of section a stretch is: by its floor, its place in the event and what is announced."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from pipeline.data import TalkKind, seconds_by_voice, speaker_ids
from pipeline.event import AgendaItem
from pipeline.talks.floor import Floor
from pipeline.talks.split import Stretch
from pipeline.text import unmarked

# words of an agenda title that say the kind, the first that fits
TITLES: tuple[tuple[TalkKind, str], ...] = (
    ("break", "break lunch coffee networking drinks reception dinner registration"),
    ("qa", "q&a questions ama"),
    ("panel", "panel roundtable fireside discussion"),
    ("lightning", "lightning demos"),
    ("sponsored", "sponsor sponsored sponsors"),
    ("closing", "closing close farewell wrap-up"),
    ("keynote", "keynote"),
    ("opening", "opening welcome kick-off introduction"),
)
SECTIONS = ("qa", "panel", "lightning", "sponsored")  # that a phrase announces
A_TALK = frozenset({"lecture", "talk", "address", "presentation"})  # a closing one is no closing


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch on its way to a talk: its kind, who holds it (main first), its agenda item."""

    stretch: Stretch
    kind: TalkKind
    speakers: tuple[str, ...]
    item: AgendaItem | None = None


def of_title(title: str) -> TalkKind | None:
    """The kind that an agenda title announces; None where it announces none."""
    words = {unmarked(word) for part in title.split() for word in (part, *part.split("/"))}
    kind = next((kind for kind, known in TITLES if words & set(known.split())), None)
    return None if kind in ("opening", "closing") and words & A_TALK else kind


def drafts(room: Floor, stretches: Sequence[Stretch]) -> list[Segment]:
    """Every stretch with its kind, as the recording alone tells it."""
    found = [
        Segment(s, _kind(room, s), speaker_ids(room.utterances[s.body : s.last + 1]))
        for s in stretches
    ]
    if len(found) > 2:
        found[0] = _edge(room, found[0], "opening")
        found[-1] = _edge(room, found[-1], "closing")
    return found


def _kind(room: Floor, stretch: Stretch) -> TalkKind:
    said = _announced(room, stretch)
    if _is_break(room, stretch):
        return "break"
    if not stretch.holder:
        return _conversation(room, stretch, said)
    kinds: tuple[TalkKind, ...] = ("sponsored", "lightning")
    return next((kind for kind in kinds if kind in said), "talk")


def _conversation(room: Floor, stretch: Stretch, said: set[str]) -> TalkKind:
    """A panel or questions and answers: do some ask briefly, or do the same few go on talking?"""
    if ("panel" in said) != ("qa" in said):
        return "panel" if "panel" in said else "qa"
    first, last = (room.run_of[at] for at in (stretch.body, stretch.last))
    runs = [run for run in room.runs[first : last + 1] if run.speaker not in room.hosts]
    spoken = seconds_by_voice(u for r in runs for u in room.utterances[r.first : r.last + 1])
    times = Counter(run.speaker for run in runs)
    brief = [s for s in times if times[s] <= 2 and spoken[s] < 0.1 * sum(spoken.values())]
    return "qa" if len(brief) > 1 or (brief and len(times) - len(brief) <= 2) else "panel"


def _edge(room: Floor, draft: Segment, kind: TalkKind) -> Segment:
    """The first or the last stretch, where it is the host's welcome or good-bye."""
    host = draft.speakers[0] in room.hosts
    first, last = (room.utterances[at] for at in (draft.stretch.first, draft.stretch.last))
    brief = last.end - first.start < room.options.welcome
    return replace(draft, kind=kind) if host and brief else draft


def with_item(draft: Segment, item: AgendaItem | None) -> Segment:
    """The draft with its agenda item, which says its kind where the item's title names one."""
    kind = of_title(item.title) if item else None
    alone = bool(draft.stretch.holder)
    if kind and kind != "break" != draft.kind and alone != (kind in ("panel", "qa")):
        return replace(draft, kind=kind, item=item)
    return replace(draft, item=item)


def _is_break(room: Floor, stretch: Stretch) -> bool:
    """Whether nobody has the floor: there is more silence than speech, and none at length."""
    several = room.utterances[stretch.first : stretch.last + 1]
    after = room.utterances[stretch.last + 1 : stretch.last + 2] or several[-1:]
    runs = [sum(u.end - u.start for u in own) for _, own in groupby(several, attrgetter("speaker"))]
    silent = max(several[-1].end, after[0].start) - several[0].start - sum(runs)
    at_length = max(runs) >= room.options.holds * room.scale
    return bool(stretch.first) and not at_length and silent > max(room.options.floor, sum(runs))


def _announced(room: Floor, stretch: Stretch) -> set[str]:
    """The kinds named in the introduction and the first half minute."""
    end = room.utterances[stretch.body].start + room.options.floor
    places = range(stretch.first, stretch.last + 1)
    return {cue.kind for at in places for cue in room.said(at, *SECTIONS) if cue.time < end}
