"""Two numbers for one thing, which cannot both be true.

A claim is held against those made before it in its talk, in the talks before, at earlier events,
and against the sources. Precision first: see `likeness`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.claims import lexicon as lexicons
from pipeline.claims import quantities, sentences
from pipeline.claims.evidence import Sources
from pipeline.claims.likeness import Likeness
from pipeline.claims.measures import tells
from pipeline.claims.reading import Passage, in_sentences
from pipeline.claims.said import Reader, Said, Setting
from pipeline.claims.stems import meanings
from pipeline.data import Claim, Contradiction, Other, Talk

_Pair = tuple[Said, Said, str]


def find(
    talks: Sequence[Talk],
    found: Sequence[tuple[Claim, ...]],
    sources: Sources | None = None,
    earlier: Sequence[Passage] = (),
    language: str = "en",
) -> tuple[tuple[Contradiction, ...], ...]:
    """What stands against the claims of each talk; without word lists nothing is compared.

    `earlier` are claims of earlier events, each under the name of who made it.
    """
    lexicon = lexicons.load(language)
    if lexicon is None:
        return tuple(() for _ in found)
    reader = Reader(lexicon, language)
    likeness = Likeness(lexicon, reader)
    before = _Earlier()
    for passage in earlier:
        where = Other(passage.text, ledger=passage.place)
        values = quantities.parse(passage.text, language)
        before.add(reader.said(passage.text, values, where, Setting(passage.heading)))
    likeness.learn(before.said)
    results = []
    for talk, claims in zip(talks, found, strict=True):
        said = _of_talk(talk, claims, reader)
        pairs = list(_conflicts(said, before, likeness))
        if sources is not None:
            pairs += _against_sources(said, sources, reader, likeness)
        results.append(tuple(_contradiction(pair, claims) for pair in pairs))
    return tuple(results)


def _contradiction(pair: _Pair, claims: Sequence[Claim]) -> Contradiction:
    one, other, why = pair
    place = next(place for place, claim in enumerate(claims) if claim is one.claim)
    return Contradiction(one.quote, place, other.where, why)


def _of_talk(talk: Talk, claims: Sequence[Claim], reader: Reader) -> list[Said]:
    """The claims of a talk, each with the sentence before it."""
    cut = sentences.cut(talk.utterances, reader.language)
    before = {after.start: this.text for this, after in pairwise(cut)}
    about = meanings(talk.text, reader.language)
    return [
        reader.said(
            claim.quote,
            claim.values,
            Other(claim.quote, talk=talk.index, time=claim.start),
            Setting(talk.title, before.get(claim.start, ""), about),
            claim,
        )
        for claim in claims
    ]


def _conflicts(said: Sequence[Said], earlier: "_Earlier", likeness: Likeness) -> Iterator[_Pair]:
    """Each claim with the latest before it that it cannot agree with.

    No number with that of the sentence before it: in the next breath it is put right.
    """
    likeness.learn(said)
    for each in said:
        for other in earlier.candidates(each):
            if other.quote == each.before:
                continue
            why = likeness.conflict(each, other)
            if why:
                yield each, other, why
                break
        earlier.add(each)


class _Earlier:
    """What was said before, found by its units: a day has many thousand sentences."""

    def __init__(self) -> None:
        self.said: list[Said] = []
        self._by_unit: defaultdict[str, list[int]] = defaultdict(list)
        self._by_term: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, said: Said) -> None:
        place = len(self.said)
        self.said.append(said)
        for unit in {_family(number.unit) for number in said.numbers}:
            self._by_unit[unit].append(place)
        for term in said.terms:
            self._by_term[term].append(place)

    def candidates(self, said: Said) -> Iterator[Said]:
        """What has a number in one of a claim's units, the latest first; where the unit tells
        little (many things are counted in percent), only with a word in common."""
        shared = Counter(place for term in said.terms for place in self._by_term[term])
        found = {
            place
            for unit in {_family(number.unit) for number in said.numbers}
            for place in self._by_unit[unit]
            if tells(unit) or shared[place]
        }
        return (self.said[place] for place in sorted(found, reverse=True))


def _family(unit: str) -> str:
    """ "%" for any percentage, of the tumors or of what is not said; "$" for any price."""
    return unit[:1] if unit[:1] in "%$€£" else unit


def _against_sources(
    said: Sequence[Said], sources: Sources, reader: Reader, likeness: Likeness
) -> Iterator[_Pair]:
    for each in said:
        for passage in sources.find(each.quote) if each.numbers else ():
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
