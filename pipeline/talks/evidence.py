"""What was said about who is who: every name with whom it points at, its quote and its time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Evidence, Utterance, Word, ms
from pipeline.talks.cues import Cue
from pipeline.talks.lexicon import HONORIFICS, bare, ends_sentence
from pipeline.talks.people import Mention, Roster, cased, stranger
from pipeline.talks.room import HAND_OVER, Room, Run

SELF, THIS_IS, CALLED_UP, NAMED_LAST, BY_HOST = 0.85, 0.65, 0.8, 0.4, 0.6
THANKED, THANKED_BY_CALLED, THANKED_LATE, ADDRESSED, ADDRESSED_MAYBE = 0.5, 0.7, 0.25, 0.65, 0.35
REACH = {
    "intro": 12,
    "maybe": 6,
    "thanks": 4,
    "credit": 8,
    "self": 0,
    "this": 0,
}  # words from phrase to name
SKIPPED = frozenset({"your", "host", "the", "moderator", "dr", "doctor", "professor", "just"})
STRANGE = 0.75  # how far a name is believed that looks like none
FLOOR = 6.0  # seconds that make a speaker more than a shout from the room
ANSWERS = 4.0  # seconds between an address and who answers


@dataclass(frozen=True, slots=True)
class Pointer:
    """A piece of evidence and the speaker it is about; `against` says who it is surely not."""

    speaker: str
    evidence: Evidence
    full: bool
    against: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A name in an utterance with the phrase that calls for it, if one does."""

    place: int
    mention: Mention
    time: float
    cue: Cue | None

    closes: bool  # whether its sentence ends with it

    @property
    def kind(self) -> str:
        return self.cue.kind if self.cue else ""


def names_heard(room: Room, roster: Roster) -> tuple[tuple[Heard, ...], ...]:
    """For each utterance, the names in it."""
    return tuple(
        tuple(_heard(utterance, place, room.cues[place], roster))
        for place, utterance in enumerate(room.utterances)
    )


def _heard(
    utterance: Utterance, place: int, cues: Sequence[Cue], roster: Roster
) -> Iterator[Heard]:
    shown = [word.text for word in utterance.words]
    mentions = roster.mentions(shown)
    taken = {mention.first for mention in mentions}
    for cue in cues:
        found = _unlisted(shown, cue) if cue.kind in REACH and cue.side != "" else None
        free = found and not taken & set(range(found.first, found.last + 1))
        if found and free and not any(cue.last < m.first <= found.first for m in mentions):
            mentions.append(found)
            taken.add(found.first)
    for mention in sorted(mentions, key=lambda mention: mention.first):
        time = utterance.words[mention.first].start
        called_by = _calling(mention, mentions, cues, shown)
        yield Heard(place, mention, time, called_by, ends_sentence(shown[mention.last]))


def _unlisted(shown: Sequence[str], cue: Cue) -> Mention | None:
    """A name of no list right where a phrase calls for one."""
    sure = bare(shown[cue.last]) in ("is", "name's") and cue.kind == "self"
    if cue.side in ("after", "around"):
        for first in range(cue.last + 1, min(len(shown), cue.last + 2 + REACH[cue.kind])):
            if found := stranger(shown, first, sure):
                return found
            if ends_sentence(shown[first]):
                break
    if cue.side in ("before", "around"):
        for first in range(max(0, cue.first - 3), cue.first):
            found = stranger(shown, first, False)
            if found and found.last == cue.first - 1:
                return found
    return None


def _calling(
    mention: Mention, mentions: Sequence[Mention], cues: Sequence[Cue], shown: Sequence[str]
) -> Cue | None:
    """The phrase that calls for a name: the nearest, with no other name between them."""
    best: tuple[int, Cue] | None = None
    for cue in cues:
        if cue.kind not in REACH:
            continue
        far = _distance(mention, cue, shown)
        between = any(
            min(cue.last, mention.last) < m.first < max(cue.first, mention.first) for m in mentions
        )
        if far is not None and not between and (best is None or far < best[0]):
            best = (far, cue)
    return best[1] if best else None


def _distance(mention: Mention, cue: Cue, shown: Sequence[str]) -> int | None:
    if cue.side in ("after", "around", "") and mention.first > cue.last:
        between = [bare(word) for word in shown[cue.last + 1 : mention.first]]
        if cue.kind in ("self", "this"):
            return len(between) if set(between) <= SKIPPED else None
        return len(between) if len(between) <= REACH[cue.kind] else None
    if cue.side in ("before", "around") and mention.last < cue.first:
        gap = cue.first - mention.last - 1
        return gap if gap <= 1 else None
    return None


def named_at_changes(room: Room) -> Iterator[str]:
    """Whole names of no list that are said shortly before somebody else takes the floor."""
    for run in room.runs[:-1]:
        for place in range(run.last, run.first - 1, -1):
            utterance = room.utterances[place]
            if run.end - utterance.end > HAND_OVER:
                break
            shown = [word.text for word in utterance.words]
            for first, word in enumerate(utterance.words):
                if run.end - word.start < HAND_OVER and _begins_name(shown, first):
                    found = stranger(shown, first, False)
                    if found and found.full and found.known:
                        yield found.name


def _begins_name(shown: Sequence[str], place: int) -> bool:
    """Whether a word is capitalised and does not go on what the word before it began."""
    if not shown[place][:1].isupper():
        return False
    before = shown[place - 1] if place else "."
    return not before[:1].isupper() or before[-1:] in ",.!?;:" or bare(before) in HONORIFICS


def gather(
    room: Room, heard: Sequence[Sequence[Heard]], lead: frozenset[str]
) -> tuple[Pointer, ...]:
    """All evidence in the speech."""
    pointers: list[Pointer] = []
    for run in room.runs:
        names = [name for place in range(run.first, run.last + 1) for name in heard[place]]
        names = [name for name in names if not (name.cue and name.cue.quoted)]
        if names:
            pointers += _myself(room, run, names)
            pointers += _dismissed(room, run, names)
            pointers += _called_up(room, run, names, run.speaker in lead)
            pointers += _addressed(room, run, names)
    return tuple(pointers)


def _myself(room: Room, run: Run, names: Sequence[Heard]) -> Iterator[Pointer]:
    for name in names:
        early = name.time - run.start < 15.0
        if name.kind == "self":
            yield _pointer(room, name, "said-self", run.speaker, SELF if early else SELF - 0.1)
        elif name.kind == "this" and early and not room.hands_over(name.place):
            yield _pointer(room, name, "said-self", run.speaker, THIS_IS)


def _dismissed(room: Room, run: Run, names: Sequence[Heard]) -> Iterator[Pointer]:
    """ "Thank you, Ada" at the start of a run means who spoke before; at its end, who comes."""
    thanked = [name for name in names if name.kind == "thanks"]
    early = [name for name in thanked if name.time - run.start < 15.0]
    before = _before(room, run)
    listed = len(_followed(early[:1], names)) > 1
    if early and before and not listed:
        called = room.hands_over(run.first - 1) and len(early) == 1
        weight = THANKED_BY_CALLED if called else THANKED
        yield _pointer(room, early[0], "thanked", before, weight, run.speaker)
    late = [name for name in thanked if name not in early and run.end - name.time < 8.0]
    after = room.after(run)
    if late and after:
        yield _pointer(room, late[-1], "thanked", after[0].speaker, THANKED_LATE, run.speaker)


def _followed(first: Sequence[Heard], names: Sequence[Heard]) -> list[Heard]:
    """The names of an enumeration that begins with one: "Felix, Nadia and Greg"."""
    chain = list(first)
    for name in names:
        if chain and name.place == chain[-1].place and not chain[-1].closes:
            gap = name.mention.first - chain[-1].mention.last
            same = name.mention.name.split()[0] == chain[-1].mention.name.split()[0]
            if 0 < gap <= 3 and not same:
                chain.append(name)
    return chain


def _before(room: Room, run: Run) -> str | None:
    """Who spoke before, shouts left out."""
    before = room.before(run)
    if before and before.spoken < 2.0:
        earlier = room.before(before)
        before = earlier if earlier and earlier.speaker != run.speaker else before
    return before.speaker if before else None


def _called_up(room: Room, run: Run, names: Sequence[Heard], host: bool) -> Iterator[Pointer]:
    """The name before a change of the floor is that of who takes it."""
    after = next_floor(room, run)
    tail = [n for n in names if run.end - n.time < HAND_OVER and n.kind in ("intro", "maybe", "")]
    calls = [n for n in tail if n.kind in ("intro", "maybe")]
    chosen = calls[-1:] or [n for n in tail if n.mention.full and run.end - n.time < 15.0][-1:]
    if not after or not chosen or len(_followed(chosen, tail)) > 1 or _listed(chosen[0], tail):
        return
    weight = CALLED_UP if calls else BY_HOST if host else NAMED_LAST
    others = {n.mention.name for n in (calls or tail) if n.mention.full}
    doubt = 0.6 if len(others - {chosen[0].mention.name}) else 1.0
    yield _pointer(room, chosen[0], "introduced", after, weight * doubt, run.speaker)


def _listed(last: Heard, names: Sequence[Heard]) -> bool:
    """Whether a name ends an enumeration."""
    return any(len(_followed([n], names)) > 1 and last in _followed([n], names) for n in names)


def next_floor(room: Room, run: Run) -> str | None:
    """Who takes the floor after a run: the next to say more than a few words."""
    for later in room.after(run)[:6]:
        if later.start - run.end > 60.0 or (later.speaker == run.speaker and later.spoken > FLOOR):
            return None
        if later.speaker != run.speaker and later.spoken >= FLOOR:
            return later.speaker
    return None


def _addressed(room: Room, run: Run, names: Sequence[Heard]) -> Iterator[Pointer]:
    """ "Felix, what is a map?", "Do you agree, Nadia?": who is spoken to answers."""
    after = room.after(run)
    if not after or after[0].start - run.end > ANSWERS:
        return
    spoken_to = [n for n in names if n.kind in ("", "maybe") and run.end - n.time < 20.0]
    spoken_to = [n for n in spoken_to if _vocative(room.utterances[n.place], n.mention)]
    if spoken_to and not _listed(spoken_to[-1], names):
        name = spoken_to[-1]
        points = cased([word.text for word in room.utterances[name.place].words])
        weight = ADDRESSED if points else ADDRESSED_MAYBE
        yield _pointer(room, name, "addressed", after[0].speaker, weight, run.speaker)


def _vocative(utterance: Utterance, mention: Mention) -> bool:
    """Whether a name stands where people are spoken to: at the edge of a sentence, by a comma."""
    shown = [word.text for word in utterance.words]
    if not cased(shown):
        return mention.first <= 2 or mention.last >= len(shown) - 2
    opens = mention.first == 0 or ends_sentence(shown[mention.first - 1])
    opens = opens or bare(shown[mention.first - 1]) in ("and", "so", "but", "hey", "now", "okay")
    ends = ends_sentence(shown[mention.last])
    comma = mention.first > 0 and shown[mention.first - 1].endswith(",")
    return (opens and (shown[mention.last][-1:] in ",?.:")) or (ends and comma)


def _pointer(
    room: Room, name: Heard, kind: str, speaker: str, weight: float, against: str = ""
) -> Pointer:
    words = room.utterances[name.place].words
    quote = " ".join(w.text for w in words[max(0, name.mention.first - 6) : name.mention.last + 5])
    weight *= _credible(room, name.mention, words)
    evidence = Evidence(kind, name.mention.name, quote, ms(name.time), round(weight, 3))
    return Pointer(speaker, evidence, name.mention.full, against)


def _credible(room: Room, mention: Mention, words: Sequence[Word]) -> float:
    """How far a name is believed: one that no list has, by how sure the recogniser was of it."""
    if mention.listed:
        return 1.0
    sure = min(word.probability for word in words[mention.first : mention.last + 1])
    believed = min(1.0, max(0.2, (sure - 0.45) / 0.4))
    return believed * (1.0 if mention.known else STRANGE)


def renamed(pointer: Pointer, name: str, full: bool, factor: float = 1.0) -> Pointer:
    """The same evidence for another writing of the name."""
    weight = round(pointer.evidence.weight * factor, 3)
    evidence = replace(pointer.evidence, name=name, weight=weight)
    return replace(pointer, evidence=evidence, full=full)
