"""What could be noted about a talk, before it is worded: each a checked fact with receipts."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from pipeline.data import (
    Claim,
    Contradiction,
    Findings,
    NoteKind,
    Receipt,
    RoomSound,
    Word,
)
from pipeline.notes import quantities, sentences
from pipeline.notes.sentences import Sentence
from pipeline.notes.stems import content
from pipeline.writer import receipts
from pipeline.writer.phrases import figure
from pipeline.writer.sentences import plain, reads_well
from pipeline.writer.telling import Teller
from pipeline.writer.words import english

BEFORE_SOUND = 8.0  # seconds between the last word and the sound that it earned
TOPICS = 3  # of one omission note
OFTEN = 4  # times that a word is said before it is noted


@dataclass(frozen=True, slots=True)
class Draft:
    """A note to be worded: `wordings` are tried in order, `fields` fill them."""

    kind: NoteKind
    wordings: tuple[str, ...]
    fields: Mapping[str, str]
    time: float
    receipts: tuple[Receipt, ...]
    weight: float  # how much it deserves a place among the talk's notes
    about: frozenset[str] = field(default_factory=frozenset)  # quotes that it uses up


def drafts(teller: Teller, findings: Findings) -> tuple[Draft, ...]:
    """All that could be noted, in no order."""
    said = sentences.cut(teller.talk.utterances)
    return (
        *_claims(teller, findings.claims),
        *_omissions(teller, findings),
        *_contradictions(teller, findings),
        *_sounds(teller, findings.sounds, said),
        *_questions(teller, said),
        *_statements(teller, said),
        *_buzz(said),
        *_unnumbered(teller, said),
    )


def is_small_talk(sentence: Sentence) -> bool:
    """ "Thank you very much", "good evening everyone"."""
    return any(plain(word.text) in english().small_talk for word in sentence.words)


# ---- claims, omissions, contradictions


def _claims(teller: Teller, claims: Sequence[Claim]) -> Iterator[Draft]:
    for claim in claims:
        fields = _told(teller, claim)
        told = "clause" in fields
        yield Draft(
            kind="retcon" if claim.kind == "history" else "claim",
            wordings=(claim.kind, "claim" if told else "claim.figure"),
            fields=fields,
            time=claim.start,
            receipts=(receipts.of_claim(claim),),
            weight=_strength(claim) + 0.5 * told,
            about=frozenset({claim.quote}),
        )


def _told(teller: Teller, claim: Claim) -> dict[str, str]:
    words = _words_of(teller, claim)
    fields = {"clause": teller.clause(words, claim.speaker)}
    if claim.values:
        fields["figure"] = teller.figure(words, claim.values[0])
    return {name: text for name, text in fields.items() if text}


def _words_of(teller: Teller, claim: Claim) -> tuple[Word, ...]:
    return tuple(
        word
        for utterance in teller.talk.utterances
        for word in utterance.words
        if claim.start <= word.start and word.end <= claim.end
    )


def _strength(claim: Claim) -> float:
    """A number with a unit says more than a superlative, a comparison more than a count."""
    units = {quantity.unit for quantity in claim.values}
    return 3.0 + bool(units) + bool(units & {"x", "%", "$"}) + bool(claim.baseline)


def _omissions(teller: Teller, findings: Findings) -> Iterator[Draft]:
    """One note for the topics that the same claims need, at the first of these claims."""
    for claims, same in groupby(findings.omissions, key=lambda omission: omission.claims):
        omitted = tuple(same)[:TOPICS]
        if not claims:
            continue
        claim = findings.claims[claims[0]]
        fields = {"topics": _listed([omission.topic for omission in omitted])}
        if claim.values:
            fields["figure"] = teller.figure(_words_of(teller, claim), claim.values[0])
        yield Draft(
            kind="omission",
            wordings=("omission.figure", "omission") if claim.values else ("omission",),
            fields=fields,
            time=claim.end,
            receipts=(receipts.of_claim(claim), receipts.of_omissions(omitted, teller.talk)),
            weight=4.0 + 0.5 * len(claims),
        )


def _listed(topics: Sequence[str]) -> str:
    *most, last = topics
    return f"{', '.join(most)} or {last}" if most else last


def _contradictions(teller: Teller, findings: Findings) -> Iterator[Draft]:
    for found in findings.contradictions:
        claim = findings.claims[found.claim]
        fields = {"quote": found.quote, "other": found.other.quote, "where": _where(teller, found)}
        theirs = quantities.parse(found.other.quote, teller.context.language)
        wording = "contradiction.quote"
        if claim.values and theirs:
            fields["figure"], fields["other"] = figure(claim.values[0]), figure(theirs[0])
            wording = "contradiction"
        yield Draft(
            kind="contradiction",
            wordings=(wording,),
            fields=fields,
            time=claim.start,
            receipts=(receipts.of_claim(claim), receipts.of_other(found.other, teller.context)),
            weight=9.0,
            about=frozenset({claim.quote}),
        )


def _where(teller: Teller, found: Contradiction) -> str:
    other = found.other
    if other.source:
        return f"in {other.source.partition(':')[0].rpartition('/')[2]}"
    if other.ledger:
        return f"at {other.ledger.partition(',')[0]}"
    if other.talk in (None, teller.talk.index):
        return "earlier"
    return "in an earlier talk"


# ---- the room


def _sounds(
    teller: Teller, sounds: Sequence[RoomSound], said: Sequence[Sentence]
) -> Iterator[Draft]:
    for sound in sounds:
        if sound.kind == "music":
            continue
        before = [s for s in said if sound.start - BEFORE_SOUND <= s.end <= sound.start + 1.0]
        wordings, fields, quoted = _heard(teller, sound, before[-1] if before else None)
        if not wordings:
            continue
        heard = receipts.of_sound(sound)
        yield Draft(
            kind="room",
            wordings=wordings,
            fields=fields,
            time=sound.start,
            receipts=(heard, *quoted),
            weight=3.5 + sound.strength + bool(quoted),
        )


def _heard(
    teller: Teller, sound: RoomSound, before: Sentence | None
) -> tuple[tuple[str, ...], dict[str, str], tuple[Receipt, ...]]:
    """The wordings for a sound, and what it was for where that can be told."""
    talk = teller.talk
    if sound.kind == "unrest":
        long = sound.end - sound.start > 0.5 * (talk.end - talk.start)
        return ("unrest.long" if long else "unrest",), {}, ()
    if sound.kind == "applause" and sound.start >= talk.end - 3.0:
        return ("applause.end",), {}, ()
    bare = ("laughter.bare",) if sound.kind == "laughter" else ()
    if before is None or is_small_talk(before):
        return bare, {}, ()
    values = quantities.parse(before.text, teller.context.language)
    if values and sound.kind == "applause":
        fields = {"figure": teller.figure(before.words, values[0])}
        return ("applause.figure",), fields, (receipts.of_sentence(before),)
    quote = teller.quote(before.words)
    return (
        ((sound.kind,), {"quote": quote}, (receipts.of_sentence(before),))
        if quote
        else (bare, {}, ())
    )


# ---- what is said


def _questions(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """A question that somebody else answers, and whether the answer holds a number."""
    for place, asked in enumerate(said):
        if not _is_question(asked):
            continue
        answer = _answer(said[place + 1 :], asked.speaker)
        quote = teller.quote(asked.words)
        if not (answer and quote):
            continue
        text = " ".join(sentence.text for sentence in answer)
        numbers = quantities.parse(text, teller.context.language)
        yield Draft(
            kind="aside",
            wordings=("question.answered" if numbers else "question",),
            fields={"quote": quote},
            time=asked.start,
            receipts=(receipts.of_sentence(asked), receipts.of_sentence(answer[0])),
            weight=2.5 if numbers else 4.0,
            about=frozenset({asked.text}),
        )


def _is_question(sentence: Sentence) -> bool:
    if sentence.text.endswith("?"):
        return len(sentence.words) >= 5
    first = plain(sentence.words[0].text)
    return first in english().asking and 5 <= len(sentence.words) <= 16


def _answer(after: Sequence[Sentence], asker: str) -> tuple[Sentence, ...]:
    """What the next speaker says before somebody else speaks."""
    if not after or after[0].speaker == asker:
        return ()
    answering = after[0].speaker
    length = next((i for i, s in enumerate(after) if s.speaker != answering), len(after))
    return tuple(after[:length])


def _statements(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """What is simply told: the plain lines between the sceptical ones."""
    central = centrality(said, teller.context.language)
    for sentence, weight in zip(said, central, strict=True):
        if is_small_talk(sentence) or _is_question(sentence):
            continue
        clause = teller.clause(sentence.words, sentence.speaker)
        if len(clause.split()) < 5:
            continue
        yield Draft(
            kind="summary",
            wordings=(),
            fields={"clause": clause},
            time=sentence.start,
            receipts=(receipts.of_sentence(sentence),),
            weight=2.0 * weight * reads_well(sentence.words),
            about=frozenset({sentence.text}),
        )


def centrality(said: Sequence[Sentence], language: str) -> tuple[float, ...]:
    """How much each sentence shares with the rest of the talk, 0..1 (a centroid of its stems)."""
    stems = [content(sentence.text, language) for sentence in said]
    counts = Counter(stem for each in stems for stem in each)
    scores = [
        sum(counts[stem] - 1 for stem in each) / (len(each) + 3) if each else 0.0 for each in stems
    ]
    highest = max(scores, default=0.0) or 1.0
    return tuple(score / highest for score in scores)


def _buzz(said: Sequence[Sentence]) -> Iterator[Draft]:
    """The word that somebody cannot stop saying, with the places of the first uses."""
    words = Counter(
        plain(word.text) for sentence in said for word in sentence.words if len(word.text) > 6
    )
    total = sum(len(sentence.words) for sentence in said)
    for word, times in words.most_common(1):
        if times < OFTEN or times * 120 < total:
            continue
        uses = [s for s in said if word in (plain(w.text) for w in s.words)]
        yield Draft(
            kind="aside",
            wordings=("buzz",),
            fields={"word": word},
            time=uses[-1].start,
            receipts=tuple(receipts.of_sentence(sentence) for sentence in uses[:3]),
            weight=2.5,
        )


def _unnumbered(teller: Teller, said: Sequence[Sentence]) -> Iterator[Draft]:
    """A talk of some length without one number."""
    talk = teller.talk
    long = sum(len(sentence.words) for sentence in said) >= 150
    if long and not quantities.parse(talk.text, teller.context.language):
        quote = f"{receipts.NOT_SAID}any number]"
        yield Draft(
            kind="omission",
            wordings=("unnumbered",),
            fields={},
            time=talk.end,
            receipts=(Receipt(quote, talk.start, talk.end, None),),
            weight=4.0,
        )
