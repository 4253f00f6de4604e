"""Who is SPEAKER_03: evidence weighed into at most one name a speaker, one speaker a name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.data import Evidence, Speaker
from pipeline.talks.evidence import Pointer, renamed
from pipeline.talks.people import Roster
from pipeline.talks.sound import sound_likeness
from pipeline.text import folded

BAR = 0.6  # under it a speaker is called by a role
RIVAL = 0.3  # a weaker belief does not count against another
CLEARLY = 0.8  # weight from which somebody has said who they are
MISHEARD = 0.7  # likeness of two last names that may be one, heard twice
NOT_ME = 0.5  # what is left of a belief for each time its speaker says the name to another

Named = dict[str, tuple[str, float]]
Belief = dict[tuple[str, str], float]


def assign_names(
    pointers: Sequence[Pointer], roster: Roster, overrides: Mapping[str, str]
) -> tuple[Named, dict[str, tuple[Evidence, ...]]]:
    """The name and confidence of each speaker over the bar, and everybody's evidence."""
    first = _weightiest(_full_name(pointer, pointers, roster, {}) for pointer in pointers)
    sure = {name: speaker for speaker, (name, _) in _assign(_beliefs(first), overrides).items()}
    pointers = _weightiest(_full_name(pointer, pointers, roster, sure) for pointer in pointers)
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for pointer in sorted(pointers, key=lambda pointer: pointer.evidence.time):
        evidence[pointer.speaker].append(pointer.evidence)
    named = _assign(_beliefs(pointers), overrides)
    for speaker, name in overrides.items():
        evidence[speaker].append(Evidence("override", name, "", 0.0, 1.0))
        named[speaker] = (name, 1.0)
    return named, {speaker: tuple(found) for speaker, found in evidence.items()}


def _weightiest(pointers: Iterable[Pointer]) -> list[Pointer]:
    """The evidence, one piece a mention: the weightiest."""
    best: dict[tuple[str, str, float], Pointer] = {}
    for pointer in pointers:
        key = (pointer.speaker, pointer.evidence.name, pointer.evidence.time)
        if key not in best or best[key].evidence.weight < pointer.evidence.weight:
            best[key] = pointer
    return list(best.values())


def _full_name(
    pointer: Pointer, pointers: Sequence[Pointer], roster: Roster, taken: Mapping[str, str]
) -> Pointer:
    """A first name made whole: as this speaker is called elsewhere, or as the lists have it.

    Of two people with one first name it is not the one who is `taken` to be somebody else.
    """
    if pointer.full:
        return pointer
    part = pointer.evidence.name
    own = {
        other.evidence.name
        for other in pointers
        if other.full and other.speaker == pointer.speaker and _begins(other.evidence.name, part)
    }
    called = roster.called(part)
    names = sorted(own) or [n for n in called if taken.get(n, pointer.speaker) == pointer.speaker]
    if len(names) == 1:
        return renamed(pointer, names[0], True)
    once = 0.9 if pointer.evidence.kind == "addressed" else 0.95  # "Faith, why?" is one hint
    return renamed(pointer, part, False, 0.4 if called else once)


def introduced(speakers: Iterable[Speaker]) -> frozenset[str]:
    """Those whose own words say who they are."""
    return frozenset(s.id for s in speakers if any(e.kind == "said-self" for e in s.evidence))


def two_people(evidence: Iterable[Evidence]) -> tuple[str, str] | None:
    """The two names by which one voice has introduced itself, if they are two people's."""
    own = [e.name for e in evidence if e.kind == "said-self" and e.weight >= CLEARLY]
    pairs = ((one, other) for at, one in enumerate(own) for other in own[at + 1 :])
    return next((pair for pair in pairs if not _heard_alike(*pair)), None)


def _heard_alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: a part of it, or misheard."""
    return _same(one, other) or sound_likeness(one.split()[-1], other.split()[-1]) >= MISHEARD


def _begins(name: str, part: str) -> bool:
    """Whether a name begins with a first name, or with what is short for it: "Raj" of Rajesh."""
    first, called = folded(name.split()[0]), folded(part)
    return sound_likeness(first, called) > 0.9 or (len(called) > 2 and first.startswith(called))


def _beliefs(pointers: Iterable[Pointer]) -> Belief:
    """(speaker, name) -> 0..1: noisy-or of its evidence, less what speaks for other names."""
    doubt: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for pointer in pointers:
        doubt[pointer.speaker, pointer.evidence.name] *= 1.0 - pointer.evidence.weight
    belief = {pair: 1.0 - left for pair, left in doubt.items()}
    for pointer in pointers:
        pair = (pointer.against, pointer.evidence.name)
        if pair in belief:
            belief[pair] *= NOT_ME
    return {pair: _unrivalled(belief, pair) for pair in belief}


def _unrivalled(belief: Belief, pair: tuple[str, str]) -> float:
    """A belief less that in the speaker's other names and in the name's other speakers."""
    speaker, name = pair
    rivals = [
        _odds(value)
        for (other, called), value in belief.items()
        if value >= RIVAL
        if (other == speaker and not _same(name, called))
        or (other != speaker and folded(called) == folded(name))
    ]
    own, strongest = _odds(belief[pair]), max(rivals, default=0.0)
    return own / (1.0 + own + strongest * min(1.0, strongest / own)) if own else 0.0


def _odds(belief: float) -> float:
    return belief / max(1.0 - belief, 1e-3)


def _same(one: str, other: str) -> bool:
    """Two writings of one name: "Ada" and "Ada Park"."""
    left, right = one.split(), other.split()
    shorter, longer = sorted((left, right), key=len)
    return _begins(longer[0], shorter[0]) and (len(shorter) == 1 or left == right)


def _assign(beliefs: Belief, overrides: Mapping[str, str]) -> Named:
    named: Named = {}
    taken = {folded(name) for name in overrides.values()}
    ordered = sorted(beliefs.items(), key=lambda item: (-item[1], -len(item[0][1])))
    for (speaker, name), value in ordered:
        free = speaker not in named and speaker not in overrides and folded(name) not in taken
        if free and round(value, 3) >= BAR:
            named[speaker] = (name, round(value, 3))
            taken.add(folded(name))
    return named
