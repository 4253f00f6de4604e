"""Who the last one on a stage is: all others are named, and one name of theirs is left.

The people of a conversation are those that its agenda item lists, or those whom one person names
in full as it begins. Nothing is said where they and the voices are not as many.
"""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.data import Evidence, ms
from pipeline.talks.evidence import Pointer
from pipeline.talks.heard import Heard
from pipeline.talks.kinds import Draft
from pipeline.talks.names import Named
from pipeline.talks.room import Room
from pipeline.talks.sound import plain

LEFT = 0.65  # what is worth the name that is left
BEGINS = 90.0  # seconds of a conversation in which its people are introduced
PART = 0.04  # the share of a conversation that somebody has who takes part in it
SPEAKS_AGAINST = 0.3  # weight of evidence for another name


def leftover(
    room: Room,
    drafts: Sequence[Draft],
    heard: Sequence[Sequence[Heard]],
    named: Named,
    pointers: Sequence[Pointer],
) -> Iterator[Pointer]:
    """One pointer for each conversation of which all but one are named."""
    for draft in drafts:
        if draft.kind not in ("panel", "qa") and len(draft.speakers) < 2:
            continue
        for names, quote in _groups(room, draft, heard):
            found = _last(room, draft, names, named)
            if found and not _doubted(*found, named, pointers):
                start = ms(room.utterances[draft.stretch.first].start)
                yield Pointer(found[0], Evidence("left over", found[1], quote, start, LEFT), True)
                break


def _groups(
    room: Room, draft: Draft, heard: Sequence[Sequence[Heard]]
) -> Iterator[tuple[list[str], str]]:
    """Who a conversation is of, as the agenda and as somebody says it, with the words."""
    if draft.item:
        yield list(draft.item.speakers), draft.item.title
    first, end = draft.stretch.first, room.utterances[draft.stretch.body].start + BEGINS
    by: dict[str, dict[str, str]] = {}
    for place in range(first, draft.stretch.last + 1):
        utterance = room.utterances[place]
        for name in heard[place] if utterance.start < end else ():
            if name.mention.full and name.kind in ("intro", "this", ""):
                by.setdefault(utterance.speaker, {})[name.mention.name] = utterance.text
    for speaker, told in by.items():
        if len(told) > 1:
            yield list(told), f"{speaker}: {', '.join(told)}"


def _last(
    room: Room, draft: Draft, names: Sequence[str], named: Mapping[str, tuple[str, float]]
) -> tuple[str, str] | None:
    """The only voice without a name, and the only name without a voice."""
    taken = {plain(name) for name, _ in named.values()}
    left = [name for name in names if plain(name) not in taken]
    listed = {plain(name) for name in names}
    spoken = {s: _seconds(room, draft, s) for s in draft.speakers}
    voices = [s for s, long in spoken.items() if long >= PART * sum(spoken.values())]
    there = [s for s in voices if s not in named or plain(named[s][0]) in listed]
    without = [s for s in there if s not in named]
    if len(without) > 1:
        leads = room.hosts | {room.utterances[draft.stretch.first].speaker}
        without = [s for s in without if s not in leads]
        there = [s for s in there if s in named or s in without]
    fits = len(there) == len(names) and len(names) > 1 and len(left) == len(without) == 1
    return (without[0], left[0]) if fits else None


def _seconds(room: Room, draft: Draft, speaker: str) -> float:
    several = room.utterances[draft.stretch.first : draft.stretch.last + 1]
    return sum(u.end - u.start for u in several if u.speaker == speaker)


def _doubted(speaker: str, name: str, named: Named, pointers: Sequence[Pointer]) -> bool:
    """Whether the voice is called what nobody else is, or it says the name to another."""
    taken = {other for other, _ in named.values()}
    called = (p.evidence for p in pointers if p.speaker == speaker)
    other = any(e.weight >= SPEAKS_AGAINST and e.name not in {name, *taken} for e in called)
    return other or any(p.against == speaker and p.evidence.name == name for p in pointers)
