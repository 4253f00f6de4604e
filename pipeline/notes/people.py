"""Who is who, as a model tells it: the names and roles that their proofs bear."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from pipeline.data import GIVEN, Dropped, Evidence, Outline, Speaker, Utterance
from pipeline.notes.answers import Answer
from pipeline.notes.checks.verify import verify_line
from pipeline.notes.evening import Evening
from pipeline.notes.material import short
from pipeline.talks.lexicon import HONORIFICS
from pipeline.text import folded, words

SURE = 0.9  # confidence in a name that the model gave and a proof bears
_LETTERS: tuple[str, ...] = ("", *"bcdefgh")  # behind a voice's id: the first person of it has none
# a name called out, not one's own: "welcome to the show, I'm Ada Park" is no greeting of hers
_GREETED = r"\b(?:welcome|thanks|thank you)\b(?:(?!\b(?:I.?m|I am|name is)\b)[^.!?]){0,60}\b"


class Proof(Answer):
    """Where a name is told: an utterance, an agenda item (from 1) or a source's line."""

    utterance: int | None = None
    quote: str | None = None
    agenda: int | None = None
    source: str | None = None

    def text(self, evening: Evening) -> str:
        """What stands there; empty where there is no such place."""
        if self.utterance is not None:
            one = evening.utterances.get(self.utterance)
            return one.text if one else ""
        if self.agenda is not None:
            items = evening.event.agenda
            item = items[self.agenda - 1] if 0 < self.agenda <= len(items) else None
            return f"{item.title} {' '.join(item.speakers)}" if item else ""
        found = evening.line(self.source or "")
        return found.text if found else ""


class ToldPerson(Answer):
    """Who a voice is, and where that is said; `since` where one voice is two people."""

    voice: str
    name: str | None = None
    role: str | None = None
    proof: tuple[Proof, ...] = ()
    since: int | None = None


People = dict[str, list[tuple[int, Speaker]]]  # by voice: from which utterance on it is whom


def proved(told: Sequence[ToldPerson], evening: Evening) -> tuple[People, list[Dropped]]:
    """The people whose names and roles are proved, and why others are not."""
    voices = {short(one.id): one for one in evening.outline.speakers}
    found: People = {}
    refused: list[Dropped] = []
    unsure = evening.unsure(_all_evidence(told, evening))
    for person in told:
        voice = voices.get(person.voice) or voices.get(short(person.voice))
        if voice is None:
            refused.append(Dropped(0, person.voice, "it is no voice of this event"))
            continue
        if any(proof.kind in GIVEN for proof in voice.evidence):
            continue
        why = _unproved(person.name, person.proof, voice.id, evening) if person.name else None
        if why:
            refused.append(Dropped(0, f"{person.voice}: {person.name}", why))
            if voice.name and not set(bare_words(voice.name)) & set(bare_words(person.name or "")):
                nobody = replace(voice, name=None, confidence=0.0)  # neither name is sure now
                found.setdefault(voice.id, []).append((person.since or 0, nobody))
            continue
        known = _known(voice, person, evening, unsure)
        found.setdefault(voice.id, []).append((person.since or 0, known))
    whole = {voice for voice, _ in _corrected(evening.outline)}  # a person has said who that is
    ordered = {voice: _in_order(entries) for voice, entries in found.items()}
    return {v: some[:1] if v in whole else some for v, some in ordered.items()}, refused


def _unproved(name: str, proofs: tuple[Proof, ...], voice: str, evening: Evening) -> str | None:
    """Why a voice may not be called so, or None when the proofs bear it."""
    if not proofs:
        return "nothing is cited for it"
    people = " ".join(person.name for person in evening.event.people)
    told = {token for proof in proofs for token in bare_words(proof.text(evening))}
    missing = [token for token in bare_words(name) if token not in told | set(bare_words(people))]
    if missing:
        return f"{' '.join(missing)!r} does not stand where it is said to stand"
    if all(_calls_out(name, proof, voice, evening) for proof in proofs):
        return "it is what this voice calls somebody else"
    return None


def _calls_out(name: str, proof: Proof, voice: str, evening: Evening) -> bool:
    """Whether the voice itself says the name to welcome or thank somebody."""
    one = evening.utterances.get(proof.utterance) if proof.utterance is not None else None
    if one is None or one.speaker != voice:
        return False
    return bool(re.search(_GREETED + re.escape(name), one.text, re.IGNORECASE))


def bare_words(text: str) -> list[str]:
    """Words in small letters, without accents and punctuation."""
    return [word for word in map(folded, words(text)) if word]


def _known(voice: Speaker, person: ToldPerson, evening: Evening, unsure: Set[str]) -> Speaker:
    """The voice with what is proved of it; a role of unknown names stays as it was proposed."""
    role = " ".join((person.role or "").split()) or None
    first = next((talk for talk in evening.outline.talks if voice.id in talk.speakers), None)
    if role and first and verify_line(role, first, evening):
        role = None
    if not person.name:
        return replace(voice, name=None, confidence=0.0, role=role or voice.role)
    name = _sure_part(person.name, unsure)
    proofs = tuple(_evidence(person.name, proof, evening) for proof in person.proof)
    return Speaker(voice.id, name, role or voice.role, SURE if name else 0.0, proofs)


def _sure_part(name: str, unsure: Set[str]) -> str | None:
    """A name as far as it is sure from its beginning: "Ada" of a surname that was mumbled."""
    parts = name.split()
    unclear = (at for at, part in enumerate(parts) if _is_name(part) and folded(part) in unsure)
    sure = parts[: next(unclear, len(parts))]
    while len(sure) < len(parts) and sure and not _is_name(sure[-1]):
        sure.pop()
    return " ".join(sure) or None


def _is_name(part: str) -> bool:
    """Whether a part of a name says who it is: not "J.", "van" or "Dr." """
    return len(part.rstrip(".")) > 1 and not part.islower() and folded(part) not in HONORIFICS


def _all_evidence(told: Sequence[ToldPerson], evening: Evening) -> Iterator[Evidence]:
    """What was found of who is who, and what a model cites for it."""
    yield from (each for one in evening.outline.speakers for each in one.evidence)
    for person in told:
        yield from (_evidence(person.name or "", proof, evening) for proof in person.proof)


def _evidence(name: str, proof: Proof, evening: Evening) -> Evidence:
    one = evening.utterances.get(proof.utterance) if proof.utterance is not None else None
    kind = "outline" if one else "written"
    return Evidence(kind, name, proof.text(evening), one.start if one else 0.0, 1.0)


def _in_order(entries: list[tuple[int, Speaker]]) -> list[tuple[int, Speaker]]:
    """Two people of one voice by the utterance since which they speak; of one person, the first."""
    once: dict[int, tuple[int, Speaker]] = {}
    for since, speaker in sorted(entries, key=lambda entry: (entry[0], entry[1].name is None)):
        known = [(each.name, each.name or each.role) for _, each in once.values()]
        if (speaker.name, speaker.name or speaker.role) not in known[-1:]:
            once.setdefault(since, (since, speaker))
    return list(once.values())[: len(_LETTERS)]


def _corrected(known: Outline) -> list[tuple[str, str]]:
    """The voices of which a person has said which it is, and the name that they gave."""
    signs = ((one.id, sign) for one in known.speakers for sign in one.evidence)
    return [(voice, sign.name) for voice, sign in signs if sign.kind == "corrected"]


def recast(known: Outline, people: People) -> tuple[Utterance, ...]:
    """The utterances of a voice that is two people, each with its own speaker's id; what a person
    has given to somebody of the name that the model has found for a voice is that voice's."""
    named = {folded(some[0][1].name or ""): id for id, some in people.items() if len(some) == 1}
    new = ((voice, folded(name)) for voice, name in _corrected(known) if name)
    same = {voice: named[name] for voice, name in new if name in named}
    said = (replace(u, speaker=same.get(u.speaker, u.speaker)) for u in known.utterances)
    return tuple(
        replace(one, speaker=_id(one, people)) if len(people.get(one.speaker, ())) > 1 else one
        for one in said
    )


def _id(one: Utterance, people: People) -> str:
    """ "SPEAKER_03", and "SPEAKER_03b" for the second person of that voice."""
    begun = [place for place, (since, _) in enumerate(people[one.speaker]) if since <= one.id]
    return one.speaker + _LETTERS[begun[-1] if begun else 0]


def speakers(known: Outline, people: People, heard: Set[str]) -> tuple[Speaker, ...]:
    """All who are heard to speak, as far as they are known now."""
    found: list[Speaker] = []
    for voice in known.speakers:
        entries = people.get(voice.id) or [(0, voice)]
        found += (
            replace(speaker, id=voice.id + letter)
            for letter, (_, speaker) in zip(_LETTERS, entries, strict=False)
        )
    return tuple(one for one in found if one.id in heard)
