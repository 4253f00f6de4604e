"""What was said about who is who: every name with whom it points at, its quote and its time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.data import Evidence, Utterance, ms
from pipeline.talks.floor import Floor, SpeakerRun
from pipeline.talks.heard import HeardName
from pipeline.text import joined, unmarked

# how much one piece of evidence is worth, 0..1
SELF, THIS_IS = 0.85, 0.7  # "I'm Ada"; "this is Ada"
CALLED_UP, BY_HOST, NAMED_LAST = 0.8, 0.6, 0.4  # by a phrase; by a host, or anybody, without one
THANKED, THANKED_FLOOR = 0.5, 0.65  # before; after a talk
ADDRESSED = 0.65
FLOOR = 6.0  # seconds that make a speaker more than a shout from the room
NEAR = 6.0  # seconds between two names that could both be meant
ANSWERS = 4.0  # seconds between an address and who answers
GOES_ON = 2.5  # seconds that a run goes on after a dismissal
EARLY, LATE = 15.0, 8.0  # seconds from the start of a run, and to its end
HELLO = frozenset({"hi", "hello", "hey"})
GREETINGS = HELLO | {"yes", "yeah", "so", "and", "but", "now", "okay", "evening", "morning"}


@dataclass(frozen=True, slots=True)
class Pointer:
    """A piece of evidence and the speaker it is about; `against` says who it is surely not."""

    speaker: str
    evidence: Evidence
    full: bool
    against: str = ""


def gather_evidence(room: Floor, heard: Sequence[Sequence[HeardName]]) -> tuple[Pointer, ...]:
    """All evidence in the speech."""
    pointers: list[Pointer] = []
    for run in room.runs:
        names = [name for place in range(run.first, run.last + 1) for name in heard[place]]
        if names:
            own = list(_myself(room, run, names))
            others = [n for n in names if n.mention.name not in {p.evidence.name for p in own}]
            pointers += own
            pointers += _dismissed(room, run, names)
            pointers += _called_up(room, run, others)
            pointers += _addressed(room, run, others)
    return tuple(pointers)


def _myself(room: Floor, run: SpeakerRun, names: Sequence[HeardName]) -> Iterator[Pointer]:
    told = any(name.kind == "self" for name in names)  # then "this is ..." is somebody else
    for name in names:
        early = name.time - run.start < EARLY
        if name.kind == "self":
            yield _pointer(room, name, "said-self", run.speaker, SELF)
        elif early and not told and not room.hands_over(name.place) and _says_who(room, run, name):
            yield _pointer(room, name, "said-self", run.speaker, THIS_IS)


def _says_who(room: Floor, run: SpeakerRun, name: HeardName) -> bool:
    """ "This is Ada Park", or "Ada Park, from Quarry" as somebody's first words."""
    if run.last in room.named or run.speaker in room.hosts:
        return False
    first = name.kind == "" and name.mention.full and name.place == run.first
    return name.kind == "this" or (first and _first_words(room, run, name))


def _first_words(room: Floor, run: SpeakerRun, name: HeardName) -> bool:
    """Whether a name is the first sentence of somebody new, after a few words of another."""
    before = room.before(run)
    asked = before is not None and (
        before.spoken < room.options.floor * room.scale
        or room.utterances[before.last].words[-1].text.endswith("?")
    )
    new = all(earlier.speaker != run.speaker for earlier in room.runs[: room.run_of[run.first]])
    alone = room.utterances[name.place].words[name.mention.last].text[-1:] in (",", ".", "!")
    return asked and new and name.opens and alone


def _dismissed(room: Floor, run: SpeakerRun, names: Sequence[HeardName]) -> Iterator[Pointer]:
    """ "Thank you, Ada" at the start of a run means who spoke before; at its end, who comes."""
    early = [n for n in names if n.time - run.start < EARLY and _dismisses(room, n, run)]
    before = room.before(run)
    if early and before and len(_enumeration(early[0], names)) == 1:
        weight = THANKED_FLOOR if before.spoken >= room.options.floor * room.scale else THANKED
        yield _pointer(room, early[0], "thanked", before.speaker, weight, run.speaker)


def _dismisses(room: Floor, name: HeardName, run: SpeakerRun) -> bool:
    """Whether somebody is thanked; a run's first words do it where "thank you" was misheard.

    After a talk "Ada Park, everyone!" does it too, where that is not all that is said.
    """
    if name.kind == "thanks":
        return True
    if name.kind or name.place != run.first or name.mention.first > 3 or not name.mention.known:
        return False
    if name.mention.first > 0:
        greeting = unmarked(room.utterances[name.place].words[name.mention.first - 1].text)
        if run.spoken < LATE and greeting in HELLO:
            return False  # who is greeted answers
        return name.closes and run.end - name.time > GOES_ON
    before = room.before(run)
    after_talk = before is not None and before.spoken >= room.options.floor * room.scale
    alone = room.utterances[run.first].words[name.mention.last].text[-1:] in (",", ".", "!")
    return alone and after_talk and name.mention.full and run.end - name.time > EARLY


def _enumeration(first: HeardName, names: Sequence[HeardName]) -> list[HeardName]:
    """The names of a list that begins with one: "Felix, Nadia and Greg"."""
    chain = [first]
    for name in names:
        gap = name.mention.first - chain[-1].mention.last
        goes_on = name.place == first.place and 0 < gap <= 3 and not chain[-1].closes
        if goes_on and name.mention.name.split()[0] != chain[-1].mention.name.split()[0]:
            chain.append(name)
    return chain


def _in_enumeration(name: HeardName, names: Sequence[HeardName]) -> bool:
    """Whether a name is one of several: "Ada and Ben" are not the one who speaks next."""
    return name.joined or any(
        len(chain := _enumeration(n, names)) > 1 and name in chain for n in names
    )


def _called_up(room: Floor, run: SpeakerRun, names: Sequence[HeardName]) -> Iterator[Pointer]:
    """The name before a change of the floor is that of who takes it."""
    after = next_floor(room, run)
    thanked = {name.mention.first_name for name in names if name.kind == "thanks"}
    tail = [
        n
        for n in names
        if run.end - n.time < room.options.hand_over
        and n.kind in ("intro", "this", "")
        and (n.kind or not _dismisses(room, n, run))
        and n.mention.first_name not in thanked
    ]
    calls = [n for n in tail if n.kind]
    full = [n for n in tail if n.mention.full]
    one = len({name.mention.name for name in full}) == 1
    last = [n for n in full if one or run.end - n.time < EARLY]
    chosen = (calls or last)[-1:]
    if not after or not chosen or _in_enumeration(chosen[0], tail):
        return
    leads = run.speaker in room.hosts or chosen[0].place in room.named
    uncalled = BY_HOST if leads else NAMED_LAST
    near = [n for n in calls or tail if abs(chosen[0].time - n.time) < NEAR]
    near += [n for n in full if 0 < n.time - chosen[0].time < NEAR]
    others = {n.mention.name for n in near if n.mention.full}
    doubt = 0.6 if others - {chosen[0].mention.name} else 1.0
    if not calls and any(room.said(place, "panel") for place in range(run.first, run.last + 1)):
        uncalled = NAMED_LAST  # several are named, and any of them may speak first
    weight = doubt * (CALLED_UP if calls else uncalled)
    brief = leads and run.spoken < room.options.shortest  # that is all that is said
    yield _pointer(
        room, chosen[0], "introduced" if calls or brief else "named", after, weight, run.speaker
    )


def next_floor(room: Floor, run: SpeakerRun) -> str | None:
    """Who takes the floor after a run: the next to say more than a few words."""
    for later in room.after(run, 6):
        if later.start - run.end > 60.0 or (later.speaker == run.speaker and later.spoken > FLOOR):
            return None
        if later.speaker != run.speaker and later.spoken >= FLOOR:
            return later.speaker
    return None


def _addressed(room: Floor, run: SpeakerRun, names: Sequence[HeardName]) -> Iterator[Pointer]:
    """ "Felix, what is a map?", "Do you agree, Nadia?": who is spoken to answers."""
    after = room.after(run, 1)
    if not after or after[0].start - run.end > ANSWERS:
        return
    spoken_to = [
        n
        for n in names
        if n.kind == "" and not _dismisses(room, n, run)
        if run.end - n.time < LATE and _vocative(room.utterances[n.place], n)
    ]
    if spoken_to and not _in_enumeration(spoken_to[-1], names):
        name = spoken_to[-1]
        yield _pointer(room, name, "addressed", after[0].speaker, ADDRESSED, run.speaker)


def _vocative(utterance: Utterance, name: HeardName) -> bool:
    """Whether a name is at the edge of a sentence, by a comma."""
    shown = [word.text for word in utterance.words]
    first, last = name.mention.first, name.mention.last
    before = unmarked(shown[first - 1]) if first else ""
    opens = name.opens or before in GREETINGS
    comma = first > 0 and shown[first - 1].endswith(",")
    return (opens and shown[last][-1:] in (",", "?", ".", ":")) or (name.closes and comma)


def _pointer(
    room: Floor, name: HeardName, kind: str, speaker: str, weight: float, against: str = ""
) -> Pointer:
    words = room.utterances[name.place].words
    quote = joined(w.text for w in words[max(0, name.mention.first - 6) : name.mention.last + 5])
    evidence = Evidence(kind, name.mention.name, quote, ms(name.time), round(weight, 3))
    return Pointer(speaker, evidence, name.mention.full, against)


def renamed(pointer: Pointer, name: str, full: bool, factor: float = 1.0) -> Pointer:
    """The evidence for another spelling of the name, its weight times `factor`."""
    weight = round(pointer.evidence.weight * factor, 3)
    evidence = replace(pointer.evidence, name=name, weight=weight)
    return replace(pointer, evidence=evidence, full=full)
