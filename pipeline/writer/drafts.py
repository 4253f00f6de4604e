"""What could be noted about a talk, before it is worded: each a checked fact with receipts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

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
from pipeline.notes import quantities
from pipeline.writer import receipts
from pipeline.writer.phrases import figure, shorten, tidy
from pipeline.writer.telling import QUOTE_WORDS, Teller

TOPICS = 3  # of one omission note
_QUESTIONS = ("wh", "how ")
_SPEED = r"fast|quick|speed|second|minute|delay|latency|throughput|accura|test|score|benchmark"


@dataclass(frozen=True, slots=True)
class Draft:
    """A note to be worded: a wording of the first of `wordings` that fits, filled with `fields`."""

    kind: NoteKind
    wordings: tuple[str, ...]
    fields: Mapping[str, str]
    time: float
    receipts: tuple[Receipt, ...]
    weight: float  # how much it deserves a place among the talk's notes
    after: str = ""  # the quote of a claim without whose note it would hang in the air
    about: frozenset[str] = field(default_factory=frozenset)  # quotes that it uses up


def of_findings(teller: Teller, findings: Findings) -> Iterator[Draft]:
    """Drafts of what was claimed, left out and contradicted."""
    for claim in findings.claims:
        yield _claim(teller, claim)
    needed = [omission for omission in findings.omissions if omission.claims]
    needed.sort(key=lambda omission: omission.claims[0])  # stable: the checklist's order stays
    for place, same in groupby(needed, key=lambda omission: omission.claims[0]):
        claim = findings.claims[place]
        topics = _sayable(tuple(same))
        told = _listed([omission.topic for omission in topics])
        cited = (receipts.of_claim(claim), receipts.of_omissions(topics, teller.talk))
        yield _omission(teller, claim, told, cited)
    for found in findings.contradictions:
        yield _contradiction(teller, findings.claims[found.claim], found)


def _claim(teller: Teller, claim: Claim) -> Draft:
    words = words_of(teller, claim)
    clause = teller.clause(words, claim.speaker)
    fields = {"clause": clause, "who": teller.who(claim.speaker, clause)}
    fields["quote"] = teller.quote(words)
    number = salient(claim.values)
    if number is not None and stands_alone(number):
        told = teller.figure(words, number)
        fields["figure"] = told if len(told.split()) > 2 or number.unit[:1] in "x$€£" else ""
    wordings: tuple[str, ...] = ("claim", "claim.figure", "quote")
    if _fits(claim, number):
        wordings = (claim.kind, *wordings)
    if fields["who"] and fields["clause"]:
        wordings = ("claim.said", *wordings)
    return Draft(
        kind="retcon" if claim.kind == "history" else "claim",
        wordings=wordings,
        fields={name: text for name, text in fields.items() if text},
        time=claim.start,
        receipts=(receipts.of_claim(claim),),
        weight=_strength(claim, number) + 0.5 * bool(fields["clause"]),
        about=frozenset({claim.quote}),
    )


def _fits(claim: Claim, number: Quantity | None) -> bool:
    """Whether the wordings of the claim's kind are about what it says."""
    if number is None or claim.kind in ("capability", "market", "history"):
        return number is None or claim.kind != "capability"
    quote = claim.quote.lower()
    money = number.unit[:1] in ("$", "€", "£") and not re.search(r"revenue|raised|worth", quote)
    fitting = {
        "reliability": number.unit == "%" and number.value >= 99,
        "price": money or re.search(r"cheap|cost|price|pay|sav", quote) is not None,
        "scale": number.value >= 1000 or "/" in number.unit,
        "performance": re.search(_SPEED, quote) is not None,
    }
    return fitting[claim.kind]


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


def _omission(teller: Teller, claim: Claim, topics: str, cited: tuple[Receipt, Receipt]) -> Draft:
    fields = {"topics": topics}
    number = salient(claim.values)
    bare = topics.startswith(_QUESTIONS)  # "the 20x comes without who measured" is no English
    if number is not None and stands_alone(number) and not bare:
        fields["figure"] = figure(number)
    return Draft(
        kind="omission",
        wordings=("omission.figure", "omission"),
        fields=fields,
        time=claim.start,
        receipts=cited,
        weight=2.5 if claim.kind == "history" else 4.2 if "figure" in fields else 2.9,
        after="" if "figure" in fields else claim.quote,
    )


def _sayable(omissions: Sequence[Omission]) -> tuple[Omission, ...]:
    """As many as a note can list: nouns ("price"), or else questions ("who measured")."""
    nouns = tuple(each for each in omissions if not each.topic.startswith(_QUESTIONS))
    return nouns[:TOPICS] or tuple(omissions)[: TOPICS - 1]


def _listed(topics: Sequence[str]) -> str:
    *most, last = topics
    return f"{', '.join(most)} or {last}" if most else last


def _contradiction(teller: Teller, claim: Claim, found: Contradiction) -> Draft:
    clause = teller.clause(words_of(teller, claim), claim.speaker)
    other = shorten(found.other.quote, QUOTE_WORDS) or tidy(found.other.quote)
    fields = {"quote": tidy(found.quote), "other": other, "where": _where(teller, found)}
    pair = _apart(claim.values, _quantities(teller, found.other.quote))
    wordings: tuple[str, ...] = ("contradiction.quote", "contradiction.other")
    if pair is not None:
        fields |= {"figure": figure(pair[0]), "other": figure(pair[1])}
        wordings = ("contradiction",)
    elif clause:
        fields["clause"] = clause
        wordings = ("contradiction.clause", *wordings)
    if len(fields["quote"].split()) > QUOTE_WORDS:
        del fields["quote"]
    return Draft(
        kind="contradiction",
        wordings=wordings,
        fields=fields,
        time=claim.start,
        receipts=(receipts.of_claim(claim), receipts.of_other(found.other, teller.context)),
        weight=9.0,
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


def _quantities(teller: Teller, text: str) -> tuple[Quantity, ...]:
    return quantities.parse(text, teller.context.language)


def _where(teller: Teller, found: Contradiction) -> str:
    other = found.other
    if other.source:
        return f"in {other.source.partition(':')[0].rpartition('/')[2]}"
    if other.ledger:
        return f"at {other.ledger.rpartition(',')[0] or other.ledger}"
    if other.talk in (None, teller.talk.index):
        return "earlier"
    talks = teller.context.outline.talks
    main = next((talk.speakers[:1] for talk in talks if talk.index == other.talk), ())
    name = teller.first_name(main[0]) if main else ""
    return f"in {name}'s talk" if name else "in an earlier talk"
