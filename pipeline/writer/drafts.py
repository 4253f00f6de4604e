"""What could be noted of the findings, before it is worded: each a checked fact with receipts."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.claims import quantities
from pipeline.data import (
    Claim,
    Contradiction,
    Findings,
    NoteKind,
    Omission,
    Quantity,
    Receipt,
    Word,
)
from pipeline.writer import receipts
from pipeline.writer.phrases import figure, shorten, tidy
from pipeline.writer.telling import QUOTE_WORDS, Teller, Told
from pipeline.writer.words import english

_QUESTIONS = ("wh", "how ")  # topics that are no nouns: "who measured"
# what a claim of a kind speaks of, when the wordings of that kind suit it
_ABOUT: Mapping[str, re.Pattern[str]] = {
    "performance": re.compile(
        r"fast|quick|speed|second|minute|delay|latency|throughput|accura|test|score|benchmark"
    ),
    "price": re.compile(r"cheap|cost|price|pay|sav"),
    "capability": re.compile(r"\b(?:can|works?|runs?|any|without|stops?|finds?)\b"),
}
SPARE = 0.8  # weight of what is noted only where there is little else
FEWEST_QUOTED = 4  # words
_OTHER_OMITTED = 3  # things missing of one claim from which a note names two


@dataclass(frozen=True, slots=True)
class Draft:
    """A note to be worded: a wording of the first of `wordings` that fits, filled with `fields`."""

    kind: NoteKind
    wordings: tuple[str, ...]
    fields: Mapping[str, str]
    time: float
    receipts: tuple[Receipt, ...]
    weight: float  # how much it deserves a place among the talk's notes
    absurd: bool = False  # whether it may end in a laugh
    about: frozenset[str] = field(default_factory=frozenset)  # what it uses up: quotes, topics


def of_findings(teller: Teller, findings: Findings, named: Counter[str]) -> Iterator[Draft]:
    """Drafts of what was claimed, left out and contradicted.

    `named` counts how often each topic was already missed at this event.
    """
    for place, claim in enumerate(findings.claims):
        missing = _missing(findings.omissions, place, named)
        known = max((named[omission.topic] for omission in missing), default=0)
        yield from _of_claim(teller, claim, missing, known)
    for found in findings.contradictions:
        yield from _contradiction(teller, findings.claims[found.claim], found)


def _of_claim(
    teller: Teller, claim: Claim, missing: Sequence[Omission], known: int
) -> Iterator[Draft]:
    """A claim as it was made, and once more with what is most missing of it.

    What is `known` to be missing, from so many notes before, is hardly worth another.
    """
    number = salient(claim.values)
    told = _told(teller, claim, number)
    if not told:
        yield from _in_words(teller, claim, missing, known)
        return
    fits = _fits(claim, number)
    clause = told.get("clause")
    who = teller.who(claim.speaker, clause.text) if clause else ""
    plain = Draft(
        kind="retcon" if claim.kind == "history" else "claim",
        wordings=("claim.said",) if who else _wordings(claim, number, fits),
        fields={name: each.text for name, each in told.items()} | ({"who": who} if who else {}),
        time=claim.start,
        receipts=(next(iter(told.values())).receipt,),
        weight=_strength(claim, number) + 0.5 * (clause is not None),
        absurd=fits and (number is None or stands_alone(number)),
        about=frozenset({claim.quote}),
    )
    yield plain
    counted = number is not None or (fits and claim.kind not in ("price", "scale"))
    if missing and claim.kind != "history" and "quote" not in told and counted:
        yield _lacking(plain, missing, known, teller)


def _in_words(
    teller: Teller, claim: Claim, missing: Sequence[Omission], known: int
) -> Iterator[Draft]:
    """A claim of which only a piece was understood, as it was said: for a talk with little else."""
    words, number = words_of(teller, claim), salient(claim.values)
    if teller.of_rivals(claim.quote):
        return
    said = (
        teller.figure(words, number, claim.speaker, verbatim=True)
        if number
        else teller.quote(words, claim.speaker)
    )
    text = said.text if said else ""
    fits = FEWEST_QUOTED <= len(text.split()) <= QUOTE_WORDS
    claimed = fits and (number is not None or teller.claims(text, None))  # by this piece alone
    if said is None or not claimed or not english().pointing.isdisjoint(text.split()):
        return
    draft = Draft(
        kind="claim",
        wordings=("quote",),
        fields={"quote": said.text},
        time=claim.start,
        receipts=(said.receipt,),
        weight=SPARE,
        about=frozenset({claim.quote}),
    )
    yield draft
    if missing and number:
        yield _lacking(draft, missing, known, teller)


def _wordings(claim: Claim, number: Quantity | None, fits: bool) -> tuple[str, ...]:
    """Kinds of wording that suit a claim; what claims little is told as it is."""
    if fits:
        return (claim.kind, "claim", "claim.figure", "quote")
    return ("claim", "claim.figure", "quote") if number else ("statement", "quote")


def _lacking(claimed: Draft, missing: Sequence[Omission], known: int, teller: Teller) -> Draft:
    """A claim with what is missing of it."""
    topics = " or ".join(omission.topic for omission in missing)
    return replace(
        claimed,
        kind="omission",
        wordings=("missing.how" if topics.startswith(_QUESTIONS) else "missing",),
        fields={**claimed.fields, "topics": topics},
        receipts=(*claimed.receipts, receipts.of_omissions(missing, teller.talk)),
        weight=claimed.weight + 0.5 - known,
        absurd=True,
        about=claimed.about | {omission.topic for omission in missing},
    )


def _told(teller: Teller, claim: Claim, number: Quantity | None) -> dict[str, Told]:
    """What can be said of a claim: the part of it that is one by itself, else its figure with
    what it is of."""
    words = words_of(teller, claim)
    clause = teller.clause(words, claim.speaker, lambda text: teller.claims(text, number))
    if clause:
        return {"clause": clause}
    if not teller.english:
        quote = teller.quote(words, claim.speaker)
        return {"quote": quote} if quote else {}
    if number is None or teller.of_rivals(claim.quote):
        return {}
    told = teller.figure(words, number, claim.speaker)
    return {"figure": told} if told and teller.is_clear(told.text, number) else {}


def _missing(
    omissions: Sequence[Omission], place: int, named: Counter[str]
) -> tuple[Omission, ...]:
    """What a claim most lacks: what was missed least often so far, things before questions.

    Two things where many are missing.
    """
    own = [omission for omission in omissions if place in omission.claims]
    own.sort(key=lambda one: (named[one.topic], one.topic.startswith(_QUESTIONS)))
    nouns = [omission for omission in own if not omission.topic.startswith(_QUESTIONS)]
    return tuple(nouns[:2]) if len(nouns) >= _OTHER_OMITTED else tuple(own[:1])


def _fits(claim: Claim, number: Quantity | None) -> bool:
    """Whether the wordings of the claim's kind are about what it says."""
    words = _ABOUT.get(claim.kind)
    named = words is None or words.search(claim.quote.lower()) is not None
    if number is None:
        return named and claim.kind != "scale"
    money = number.unit[:1] in ("$", "€", "£")
    fitting = {
        "reliability": number.unit == "%" and number.value >= 99,
        "price": named or money,
        "scale": number.value >= 1000 or "/" in number.unit,
        "capability": False,
    }
    return fitting.get(claim.kind, named)


def _strength(claim: Claim, number: Quantity | None) -> float:
    """A factor or a share says more than a count, a comparison more than a superlative."""
    if number is None:
        return 3.0
    return 3.5 + 1.5 * stands_alone(number) + bool(claim.baseline)


def salient(values: Sequence[Quantity]) -> Quantity | None:
    """The number that a note would take: a factor, a share or a price before a count."""
    return max(values, key=stands_alone, default=None)


def stands_alone(quantity: Quantity) -> bool:
    """Whether a number says something without its sentence: "20x", "99.9%", "9 million a day"."""
    told = figure(quantity)
    unit = quantity.unit
    return told[:1] in "0123456789$€£" and (unit[:1] in ("x", "%", "$", "€", "£") or "/" in unit)


def words_of(teller: Teller, claim: Claim) -> tuple[Word, ...]:
    """The words that a claim was made in."""
    return tuple(
        word
        for utterance in teller.talk.utterances
        for word in utterance.words
        if claim.start <= word.start and word.end <= claim.end
    )


def _contradiction(teller: Teller, claim: Claim, found: Contradiction) -> Iterator[Draft]:
    """Both sides: figures where they differ, else words."""
    pair = _apart(claim.values, quantities.parse(found.other.quote, teller.context.language))
    words = words_of(teller, claim)
    told = _told(teller, claim, pair[0] if pair else None)
    if pair and not told:
        bare = teller.figure(words, pair[0], claim.speaker)
        told = {"figure": bare} if bare else {}
    if not told:
        return
    name, mine = next(iter(told.items()))
    wording = "said" if name == "clause" and not pair else name
    words_against = shorten(found.other.quote, QUOTE_WORDS) or tidy(found.other.quote)
    other = figure(pair[1]) if pair else words_against
    yield Draft(
        kind="contradiction",
        wordings=(f"contradiction.{wording}",),
        fields={name: mine.text, "other": other, "where": _where(teller, found)},
        time=claim.start,
        receipts=(mine.receipt, receipts.of_other(found.other, teller.context)),
        weight=9.0,
        absurd=True,
        about=frozenset({claim.quote}),
    )


def _apart(
    mine: Sequence[Quantity], theirs: Sequence[Quantity]
) -> tuple[Quantity, Quantity] | None:
    """The first two quantities of one unit that differ."""
    for one in mine:
        for other in theirs:
            if one.unit == other.unit and one.value != other.value:
                return one, other
    return None


def _where(teller: Teller, found: Contradiction) -> str:
    other = found.other
    if other.source:
        return f"in {other.source.partition(':')[0].rpartition('/')[2]}"
    if other.ledger:
        title, _, date = other.ledger.rpartition(", ")
        return "last time" if title == teller.context.event.title else f"at {title or date}"
    if other.talk in (None, teller.talk.index):
        return "earlier"
    talks = teller.context.outline.talks
    main = next((talk.speakers[:1] for talk in talks if talk.index == other.talk), ())
    name = teller.first_name(main[0]) if main else ""
    return f"in {name}'s talk" if name else "in an earlier talk"
