"""Who is SPEAKER_03: evidence weighed into at most one name a speaker, one speaker a name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pipeline.data import Evidence
from pipeline.talks.evidence import Pointer
from pipeline.talks.people import Roster
from pipeline.talks.sound import alike, plain

BAR = 0.6  # under it a speaker is called by a role
AGAINST = 0.8  # how much evidence for another name takes away

Named = dict[str, tuple[str, float]]


def decide(
    pointers: Sequence[Pointer], roster: Roster, overrides: Mapping[str, str]
) -> tuple[Named, dict[str, tuple[Evidence, ...]]]:
    """The name and confidence of each speaker over the bar, and everybody's evidence."""
    pointers = [_spelt(pointer, pointers, roster) for pointer in pointers]
    evidence: dict[str, list[Evidence]] = defaultdict(list)
    for pointer in pointers:
        evidence[pointer.speaker].append(pointer.evidence)
    named = _assign(_confidences(pointers), overrides)
    for speaker, name in overrides.items():
        evidence[speaker].append(Evidence("override", name, "", 0.0, 1.0))
        named[speaker] = (name, 1.0)
    return named, {speaker: tuple(found) for speaker, found in evidence.items()}


def _spelt(pointer: Pointer, pointers: Sequence[Pointer], roster: Roster) -> Pointer:
    """A first name made whole, where the speaker's other evidence or the lists say how."""
    if pointer.full:
        return pointer
    first = pointer.evidence.name.split()[0]
    own = {
        other.evidence.name
        for other in pointers
        if other.full
        and other.speaker == pointer.speaker
        and alike(other.evidence.name.split()[0], first) > 0.9
    }
    listed = roster.namesakes(first)
    names = sorted(own) or list(listed)
    if len(names) == 1:
        return _renamed(pointer, names[0])
    return _renamed(pointer, first.strip()) if not listed else _renamed(pointer, first, 0.4)


def _renamed(pointer: Pointer, name: str, factor: float = 1.0) -> Pointer:
    old = pointer.evidence
    weight = round(old.weight * factor, 3)
    return Pointer(
        pointer.speaker,
        Evidence(old.kind, name, old.quote, old.time, weight),
        pointer.full,
        pointer.known,
    )


def _confidences(pointers: Iterable[Pointer]) -> dict[tuple[str, str], float]:
    """(speaker, name) -> 0..1: noisy-or of its evidence, less what speaks for other names."""
    doubt: dict[tuple[str, str], float] = defaultdict(lambda: 1.0)
    for pointer in pointers:
        doubt[pointer.speaker, pointer.evidence.name] *= 1.0 - pointer.evidence.weight
    belief = {pair: 1.0 - left for pair, left in doubt.items()}
    return {
        (speaker, name): value * (1.0 - AGAINST * _rival(belief, speaker, name))
        for (speaker, name), value in belief.items()
    }


def _rival(belief: Mapping[tuple[str, str], float], speaker: str, name: str) -> float:
    rivals = [
        value
        for (other, rival), value in belief.items()
        if other == speaker and not _same(name, rival)
    ]
    own = belief[speaker, name]
    strongest = max(rivals, default=0.0)
    return strongest * min(1.0, strongest / own)


def _same(one: str, other: str) -> bool:
    """Two writings of one name: "Ada" and "Ada Park"."""
    left, right = one.split(), other.split()
    shorter, longer = sorted((left, right), key=len)
    return plain(shorter[0]) == plain(longer[0]) and (len(shorter) == 1 or left == right)


def _assign(confidences: Mapping[tuple[str, str], float], overrides: Mapping[str, str]) -> Named:
    named: Named = {}
    taken = {plain(name) for name in overrides.values()}
    for (speaker, name), value in sorted(confidences.items(), key=lambda item: -item[1]):
        free = speaker not in named and speaker not in overrides and plain(name) not in taken
        if free and value >= BAR:
            named[speaker] = (name, round(value, 3))
            taken.add(plain(name))
    return named
