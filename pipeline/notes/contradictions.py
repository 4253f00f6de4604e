"""Statements that cannot both be true: two numbers for one thing, or a sentence and its denial.

A statement is held against what was said before it in its talk, in the talks before, in the
ledger, and against the sources. Precision first: see `likeness`.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.data import Claim, Contradiction, Other, Talk
from pipeline.notes import claims as detector
from pipeline.notes import lexicon as lexicons
from pipeline.notes import quantities, sentences
from pipeline.notes.evidence import Sources
from pipeline.notes.ledger import Ledger
from pipeline.notes.lexicon import Lexicon
from pipeline.notes.likeness import Likeness
from pipeline.notes.reading import Passage, in_sentences
from pipeline.notes.said import Reader, Said, Setting
from pipeline.notes.statements import statements
from pipeline.notes.stems import content

_Pair = tuple[Said, Said, str]


def find(
    talks: Sequence[Talk],
    found: Sequence[tuple[Claim, ...]],
    sources: Sources | None = None,
    ledger: Ledger | None = None,
    language: str = "en",
) -> tuple[tuple[tuple[Claim, ...], tuple[Contradiction, ...]], ...]:
    """Per talk its claims, and what stands against them. The claims are those found and those
    that only a contradiction makes worth a look; without word lists nothing is compared."""
    lexicon = lexicons.load(language)
    if lexicon is None:
        return tuple((claims, ()) for claims in found)
    reader = Reader(lexicon, language)
    likeness = Likeness(lexicon, reader)
    earlier = [
        reader.said(
            entry.quote,
            entry.values,
            Other(entry.quote, ledger=entry.place, time=entry.start),
            Setting(entry.speaker),
        )
        for entry in (ledger.earlier() if ledger else ())
    ]
    results = []
    for talk, claims in zip(talks, found, strict=True):
        said = _of_talk(talk, claims, reader, lexicon)
        pairs = list(_conflicts(said, earlier, likeness))
        if sources is not None:
            pairs += _against_sources(said, sources, reader, likeness)
        results.append(_numbered(claims, pairs))
        earlier += said
    return tuple(results)


def _numbered(
    claims: Sequence[Claim], pairs: Sequence[_Pair]
) -> tuple[tuple[Claim, ...], tuple[Contradiction, ...]]:
    """The claims with those that a contradiction adds, and the contradictions by their place."""
    added = {each.claim for each, _, _ in pairs if each.claim} - {*claims}
    every = tuple(sorted([*claims, *added], key=lambda claim: (claim.start, claim.end)))
    return every, tuple(
        Contradiction(each.quote, every.index(each.claim), other.where, why)
        for each, other, why in pairs
        if each.claim
    )


def _of_talk(talk: Talk, claims: Sequence[Claim], reader: Reader, lexicon: Lexicon) -> list[Said]:
    """The claims of a talk and its other statements, in time order."""
    cut = sentences.cut(talk.utterances, reader.language)
    before = {after.start: this.text for this, after in pairwise(cut)}
    about = content(talk.text, reader.language)
    others = [
        detector.as_claim(statement, lexicon)
        for statement in statements(cut, lexicon, reader.language)
        if not any(
            statement.sentence.start < claim.end and statement.sentence.end > claim.start
            for claim in claims
        )
    ]
    return [
        reader.said(
            claim.quote,
            claim.values,
            Other(claim.quote, talk=talk.index, time=claim.start),
            Setting(talk.title, before.get(claim.start, ""), about),
            claim,
        )
        for claim in sorted([*claims, *others], key=lambda claim: (claim.start, claim.end))
    ]


def _conflicts(
    said: Sequence[Said], earlier: Sequence[Said], likeness: Likeness
) -> Iterator[_Pair]:
    """Each statement with the latest before it that it cannot agree with."""
    likeness.learn([*earlier, *said])
    for place, each in enumerate(said):
        for other in [*reversed(said[:place]), *reversed(earlier)]:
            why = likeness.conflict(each, other)
            if why:
                yield each, other, why
                break


def _against_sources(
    said: Sequence[Said], sources: Sources, reader: Reader, likeness: Likeness
) -> Iterator[_Pair]:
    for each in said:
        if not each.numbers and not each.negated:
            continue
        for passage in sources.find(each.quote):
            found = _against_passage(each, passage, reader, likeness)
            if found:
                yield found
                break


def _against_passage(
    each: Said, passage: Passage, reader: Reader, likeness: Likeness
) -> _Pair | None:
    for sentence in in_sentences(passage.text):
        where = Other(sentence, source=passage.place)
        values = quantities.parse(sentence, reader.language)
        other = reader.said(sentence, values, where, Setting(passage.heading))
        why = likeness.conflict(each, other)
        if why:
            return each, other, why
    return None
