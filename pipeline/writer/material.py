"""A talk as a model gets to see it: as data between markers, its utterances numbered.

What is too long for the model is cut between sentences, with overlap. Each finding belongs to one
piece, so that nothing is written twice, and findings were made from the whole talk.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeVar

from pipeline.claims import sentences
from pipeline.claims.sentences import Sentence
from pipeline.data import Findings, RoomSound, Talk, Utterance
from pipeline.llm.server import estimate
from pipeline.writer.context import Context

FEWEST, MOST = 4, 12  # notes of a talk
WORDS_A_NOTE = 40  # of the talk, between FEWEST and MOST
OVERLAP = 0.08  # of a piece, repeated at the start of the next
T = TypeVar("T")
_LINE = 12  # tokens of an utterance's number, time and speaker


@dataclass(frozen=True, slots=True)
class Piece:
    """A talk, or as much of it as fits, with the findings that are written from it."""

    talk: Talk
    findings: Findings
    number: int
    of: int


def pieces(talk: Talk, findings: Findings, room: int) -> tuple[Piece, ...]:
    """The talk in pieces of at most `room` tokens of transcript."""
    said = sentences.cut(talk.utterances)
    cuts = _cuts(said, max(200, room))
    if len(cuts) <= 1:
        return (Piece(talk, findings, 1, 1),)
    parts = [replace(talk, utterances=_utterances(said[a:b])) for a, b in cuts]
    begins = [said[a].start for a, _ in cuts]
    bounds = [-1.0, *begins[1:], float("inf")]
    return tuple(
        Piece(part, _between(findings, bounds[i], bounds[i + 1]), i + 1, len(parts))
        for i, part in enumerate(parts)
    )


def _cuts(said: Sequence[Sentence], room: int) -> list[tuple[int, int]]:
    """(first, last + 1) of the sentences of each piece."""
    cuts: list[tuple[int, int]] = []
    first, size = 0, 0
    for place, sentence in enumerate(said):
        cost = estimate(sentence.text) + _LINE
        if size + cost > room and place > first:
            cuts.append((first, place))
            first = place - _overlap(said[first:place], room)
            size = sum(estimate(each.text) + _LINE for each in said[first:place])
        size += cost
    if said:
        cuts.append((first, len(said)))
    return cuts


def _overlap(said: Sequence[Sentence], room: int) -> int:
    """How many sentences from the end of a piece are said again in the next; never all."""
    size, count = 0, 0
    while count < len(said) - 1:
        size += estimate(said[-1 - count].text) + _LINE
        if size > room * OVERLAP:
            break
        count += 1
    return count


def _utterances(said: Iterable[Sentence]) -> tuple[Utterance, ...]:
    """Sentences as utterances again; a part of one keeps its number."""
    return tuple(
        Utterance(number, speaker, tuple(word for each in same for word in each.words))
        for (number, speaker), same in groupby(said, key=lambda s: (s.utterance, s.speaker))
    )


def _between(findings: Findings, begin: float, end: float) -> Findings:
    """The findings of a piece: numbers still count in the lists of the whole talk.

    Claims stay, all of them: omissions and contradictions point into that list.
    """

    def here(time: float) -> bool:
        return begin <= time < end

    def claimed(place: int) -> bool:
        return here(findings.claims[place].start)

    return replace(
        findings,
        omissions=tuple(o for o in findings.omissions if o.claims and claimed(o.claims[0])),
        contradictions=tuple(c for c in findings.contradictions if claimed(c.claim)),
        sounds=tuple(sound for sound in findings.sounds if here(sound.start)),
    )


# ---- what a prompt is filled with


def variables(piece: Piece, whole: Findings, context: Context) -> dict[str, object]:
    """All that a prompt about a talk may use, but for the voice, which `Asker` knows."""
    talk = piece.talk
    return {
        "event": _event(context),
        "talk": f"{talk.title} ({talk.kind})",
        "speakers": _speakers(talk, context),
        "language": context.language,
        "part": f"part {piece.number} of {piece.of} of this talk" if piece.of > 1 else "",
        "most": _most(talk, piece.of),
        "claims": claims(piece),
        "omissions": omissions(piece, whole),
        "contradictions": contradictions(piece, whole),
        "evidence": evidence(piece, whole),
        "sounds": sounds(piece, whole),
        "transcript": transcript(talk, context),
    }


def _event(context: Context) -> str:
    event = context.event
    agenda = (f"{item.time} {item.title}".strip() for item in event.agenda)
    lines = (event.title, event.date, event.place, event.blurb, *agenda, ", ".join(event.glossary))
    return "\n".join(_harmless(line) for line in lines if line) or "unknown"


def _speakers(talk: Talk, context: Context) -> str:
    roles = {s.id: s.role for s in context.outline.speakers if s.role and s.name}
    return "\n".join(
        context.label(speaker) + (f", {roles[speaker]}" if speaker in roles else "")
        for speaker in talk.speakers
    )


def _most(talk: Talk, parts: int) -> int:
    """How many notes a piece may have: by its length, and not more than a talk's in all."""
    words = sum(len(utterance.words) for utterance in talk.utterances)
    return max(min(FEWEST, MOST // parts), min(MOST // parts, words // WORDS_A_NOTE))


def clock(seconds: float) -> str:
    """Minutes and seconds: 65.2 is "1:05"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def transcript(talk: Talk, context: Context) -> str:
    """The talk between markers that nothing said in it can close."""
    lines = (
        f"[{u.id}] {clock(u.start)} {context.label(u.speaker)}: {_harmless(u.text)}"
        for u in talk.utterances
    )
    return "\n".join(["<transcript>", *lines, "</transcript>"])


def claims(piece: Piece) -> str:
    """The claims that are in the piece, with their numbers in the talk's list."""
    begin, end = piece.talk.start, piece.talk.end
    return listed(
        f"{place}. [{claim.utterance}] {claim.kind}: “{_harmless(claim.quote)}”"
        + (f" (compared with {_harmless(claim.baseline)})" if claim.baseline else "")
        for place, claim in enumerate(piece.findings.claims)
        if begin <= claim.start <= end
    )


def omissions(piece: Piece, whole: Findings) -> str:
    return _numbered(
        piece.findings.omissions,
        whole.omissions,
        lambda omission: (
            f"never says: {omission.topic} (needed by claims "
            f"{', '.join(map(str, omission.claims))})"
        ),
    )


def contradictions(piece: Piece, whole: Findings) -> str:
    return _numbered(
        piece.findings.contradictions,
        whole.contradictions,
        lambda found: (
            f"“{_harmless(found.quote)}” against “{_harmless(found.other.quote)}” "
            f"({found.other.source or found.other.ledger or 'said at this event'}): {found.why}"
        ),
    )


def evidence(piece: Piece, whole: Findings) -> str:
    """Passages of the sources, numbered through over the whole talk."""
    begin, end = piece.talk.start, piece.talk.end
    lines, number = [], 0
    for claim, passages in zip(whole.claims, whole.evidence, strict=False):
        for passage in passages:
            if begin <= claim.start <= end:
                lines.append(f"{number}. {passage.source}: “{_harmless(passage.quote)}”")
            number += 1
    return listed(lines)


def sounds(piece: Piece, whole: Findings) -> str:
    def line(sound: RoomSound) -> str:
        before = [u for u in piece.talk.utterances if u.start <= sound.start]
        after = f", after utterance {before[-1].id}" if before else ""
        return f"{sound.kind} at {clock(sound.start)} for {sound.end - sound.start:.0f} s{after}"

    return _numbered(piece.findings.sounds, whole.sounds, line)


def _numbered(some: Sequence[T], whole: Sequence[T], line: Callable[[T], str]) -> str:
    return listed(f"{whole.index(item)}. {line(item)}" for item in some)


def listed(lines: Iterable[str]) -> str:
    """One a line, or "none"."""
    return "\n".join(lines) or "none"


def _harmless(text: str) -> str:
    """Text that cannot close a marker or open one."""
    return text.replace("<", "\u2039").replace(">", "\u203a")
