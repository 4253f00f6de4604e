"""The names in what was said, each with the phrase that calls for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.data import Utterance, Word
from pipeline.talks.cues import FoundPhrase
from pipeline.talks.floor import Floor, SpeakerRun
from pipeline.talks.lexicon import stripped
from pipeline.talks.people import Mention, Roster, begins_name, is_first_name, unlisted_name
from pipeline.text import ends_sentence, unmarked

# words that may stand between a phrase and its name
REACH = {"intro": 16, "thanks": 4, "self": 0, "this": 0}
SKIPPED = frozenset({"your", "host", "the", "moderator", "dr", "doctor", "professor", "just"})
FEW_WORDS, AT_LENGTH, SOON, AT_ONCE = 60.0, 40.0, 25.0, 6.0  # seconds
BELIEVED = 0.85  # probability of a name's least sure word; under it it is a first name only
SURE = 0.7  # probability of a first name that no capital and no list confirms


@dataclass(frozen=True, slots=True)
class HeardName:
    """A name in utterance number `place`, and the phrase that calls for it, if one does."""

    place: int
    mention: Mention
    time: float
    cue: FoundPhrase | None
    opens: bool  # whether it begins its sentence
    closes: bool  # whether its sentence ends with it
    joined: bool  # whether "and" joins it to something before

    @property
    def kind(self) -> str:
        """The kind of the phrase; "" where none calls for the name."""
        return self.cue.kind if self.cue else ""


def names_heard(room: Floor, roster: Roster) -> tuple[tuple[HeardName, ...], ...]:
    """For each utterance, the names in it, in order."""
    return tuple(tuple(_heard(room, place, roster)) for place in range(len(room.utterances)))


def introductions(room: Floor, heard: Sequence[Sequence[HeardName]]) -> frozenset[int]:
    """Utterances of a few words that name somebody before another takes the floor at length."""
    return frozenset(
        run.last for run, after, new in _changes(room) if _naming(room, run, after, new, heard)
    )


def introduced_at(room: Floor, heard: Sequence[Sequence[HeardName]]) -> frozenset[float]:
    """When those who take the floor at length are named, as the first of what leads to them."""
    named = (_naming(room, run, after, new, heard) for run, after, new in _changes(room))
    return frozenset(names[0].time for names in named if names)


def _changes(room: Floor) -> Iterator[tuple[SpeakerRun, SpeakerRun, bool]]:
    """Each run with the one that follows, and whether that is a new voice."""
    seen = {room.runs[0].speaker}
    for run, after in pairwise(room.runs):
        yield run, after, after.speaker not in seen
        seen.add(after.speaker)


def _naming(
    room: Floor, run: SpeakerRun, after: SpeakerRun, new: bool, heard: Sequence[Sequence[HeardName]]
) -> list[HeardName]:
    """The names at the end of a run that are those of who speaks at length after it.

    A speech that ends with a name does only when a new voice follows; a first name is enough for
    one that is spoken to.
    """
    few = run.spoken < FEW_WORDS
    said = [n for place in range(run.first, run.last + 1) for n in heard[place]]
    asked = room.utterances[run.last].words[-1].text.endswith("?") and not new
    if after.spoken < AT_LENGTH * room.scale or not (new or few) or asked:
        return []
    called = new and after.spoken >= FEW_WORDS
    return [
        name
        for name in said
        if (name.mention.full or (called and run.end - name.time < AT_ONCE and name.opens))
        and name.kind not in ("self", "this")
        and run.end - name.time < (SOON if few else AT_ONCE)
        and not (name.kind == "thanks" and (name.place == run.first or not few))
    ]


def _heard(room: Floor, place: int, roster: Roster) -> Iterator[HeardName]:
    utterance, cues = room.utterances[place], room.cues[place]
    shown = [word.text for word in utterance.words]
    mentions = _mentions(utterance.words, cues, roster)
    for mention in mentions:
        cue = _nearest_cue(mention, mentions, cues, shown)
        opens = mention.first == 0 or ends_sentence(shown[mention.first - 1])
        closes = ends_sentence(shown[mention.last])
        time = utterance.words[mention.first].start
        yield HeardName(place, mention, time, cue, opens, closes, _joined(shown, mention.first))


def _joined(shown: Sequence[str], first: int) -> bool:
    """Whether "and" joins a word to another name."""
    if first < 2 or shown[first - 1] != "and" or ends_sentence(shown[first - 2]):
        return False
    return shown[first - 2][:1].isupper()


def _mentions(said: Sequence[Word], cues: Sequence[FoundPhrase], roster: Roster) -> list[Mention]:
    """The roster's names, and first names that it lacks where a phrase calls for one."""
    shown = [word.text for word in said]
    mentions = roster.mentions(shown)
    taken = {place for m in mentions for place in range(m.first, m.last + 1)}
    for cue in cues:
        found = _unlisted(shown, cue)
        if not found or found.first in taken:
            continue
        if any(cue.last < mention.first <= found.first for mention in mentions):
            continue
        taken.add(found.first)
        if not found.full:
            mentions.append(found)
        elif found.known and said[found.first].probability >= SURE:
            name = found.name.split()[0]
            mentions.append(Mention(name, found.first, found.first, False, True))
    taken |= {place for m in mentions for place in range(m.first, m.last + 1)}
    mentions += [m for m in _spoken_to(said) if m.first not in taken]
    return sorted(mentions, key=lambda mention: mention.first)


def _spoken_to(said: Sequence[Word]) -> Iterator[Mention]:
    """First names that no list of the event has, set off as one speaks to somebody."""
    for place, word in enumerate(said):
        before = said[place - 1].text if place else "."
        apart = before[-1:] in ",.!?" and word.text[-1:] in ",.!?"
        if apart and word.probability >= SURE and is_first_name(word.text):
            yield Mention(stripped(word.text), place, place, False, False)


def _unlisted(shown: Sequence[str], cue: FoundPhrase) -> Mention | None:
    """A capitalised name next to a cue: the first with a common first name, else the last."""
    if cue.kind not in REACH or cue.side == "before":
        return None
    sure = cue.kind == "self" and "name" in unmarked(shown[min(cue.first + 1, cue.last)])
    found: list[Mention] = []
    for first in range(cue.last + 1, min(len(shown), cue.last + 2 + REACH[cue.kind])):
        name = unlisted_name(shown, first, sure) if begins_name(shown, first) else None
        if name and name.known:
            return name
        if name:
            found.append(name)
        if ends_sentence(shown[first]):
            break
    return found[-1] if found else None


def _nearest_cue(
    mention: Mention, mentions: Sequence[Mention], cues: Sequence[FoundPhrase], shown: Sequence[str]
) -> FoundPhrase | None:
    """The phrase that calls for a name: the nearest, with no other name between them."""
    best: tuple[int, FoundPhrase] | None = None
    for cue in cues:
        far = _distance(mention, cue, shown)
        if far is None or (best and far >= best[0]):
            continue
        near, last = min(cue.last, mention.last), max(cue.first, mention.first)
        if not any(near < other.first < last for other in mentions):
            best = (far, cue)
    return best[1] if best else None


def _distance(mention: Mention, cue: FoundPhrase, shown: Sequence[str]) -> int | None:
    """Words between a phrase and a name that it may call for; None where it may not."""
    if cue.kind not in REACH:
        return None
    if cue.side != "before" and mention.first > cue.last:
        between = [unmarked(word) for word in shown[cue.last + 1 : mention.first]]
        if cue.kind in ("self", "this"):
            return len(between) if set(between) <= SKIPPED else None
        ended = any(ends_sentence(word) for word in shown[cue.last : mention.first])
        reached = len(between) <= REACH[cue.kind] and not (ended and cue.kind == "thanks")
        return len(between) if reached else None
    if cue.side in ("before", "around") and mention.last < cue.first:
        gap = cue.first - mention.last - 1
        ended = cue.kind == "thanks" and ends_sentence(shown[mention.last])
        return gap if gap <= 1 and not ended else None
    return None


# ---- whole names that no list has


def unlisted_people(room: Floor) -> tuple[str, ...]:
    """The whole names that no list has and that are surely heard right somewhere."""
    people = (name.name for said, name in _whole_names(room) if _is_sure(said, name))
    return tuple(dict.fromkeys(people))


def _is_sure(utterance: Utterance, mention: Mention) -> bool:
    """Whether the recogniser is sure of each word of a name."""
    said = utterance.words[mention.first : mention.last + 1]
    return min(word.probability for word in said) >= BELIEVED


def _whole_names(room: Floor) -> Iterator[tuple[Utterance, Mention]]:
    """Whole names at cues and around changes of the floor."""
    for run_place, run in enumerate(room.runs):
        last = run_place == len(room.runs) - 1
        for place in range(run.first, run.last + 1):
            utterance = room.utterances[place]
            called = {mention.first: mention for mention in _called_for(room, place)}
            yield from ((utterance, mention) for mention in called.values())
            for first, word in enumerate(() if last else utterance.words):
                opens = place == run.first and first <= 2
                near = (
                    run.spoken < FEW_WORDS or run.end - word.start < room.options.hand_over or opens
                )
                found = _begun(utterance, first) if near else None
                if found and first not in called and found.known:
                    yield utterance, found


def _begun(utterance: Utterance, first: int) -> Mention | None:
    """The whole name that begins at a word."""
    shown = [word.text for word in utterance.words[: first + 5]]
    name = shown[first][:1].isupper() and begins_name(shown, first)
    found = unlisted_name(shown, first, False) if name else None
    return found if found and found.full else None


def _called_for(room: Floor, place: int) -> Iterator[Mention]:
    """The whole names that phrases call for."""
    shown = [word.text for word in room.utterances[place].words]
    for cue in room.cues[place]:
        found = _unlisted(shown, cue)
        if found and found.full:
            yield found
