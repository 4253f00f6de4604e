"""Words as they were said, in the place of those that were heard."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise

from pipeline.corrections.file import ReplaceFix, WordFix
from pipeline.corrections.fits import Fit, try_fix
from pipeline.corrections.moments import Misfit, Place, find_moment, find_words, stamp
from pipeline.data import Outline, Utterance, Word, ms, renumbered
from pipeline.text import folded

_AROUND = re.compile(
    r"^([\"'\u201c\u201e(\[]*)(.*?)((?:['\u2019]s)?[\"'\u201d).,;:!?\u2026\]]*)$", re.DOTALL
)

AROUND = 3  # words on both sides of a time that are shown
NEITHER = "neither the one nor the other is heard"


@dataclass(frozen=True, slots=True)
class Change:
    """What was put right in the words from `start` to `end`."""

    start: float
    end: float
    heard: str
    written: str


Rewritten = tuple[tuple[Utterance, ...], tuple[Change, ...], tuple[Fit, ...]]


def apply_word_fixes(
    said: Sequence[Utterance], single: Sequence[WordFix], everywhere: Mapping[str, str]
) -> Rewritten:
    """The utterances, as many as before, with the words of a person; what changed; what fits.

    An utterance whose words were all taken out has none.
    """
    changes: list[Change] = []
    texts = list(said)
    fits = [try_fix(fix, partial(_apply_word_fix, texts, changes)) for fix in single]
    for heard, written in everywhere.items():
        before = len(changes)
        for number, one in enumerate(texts):
            texts[number] = _replace_all(one, heard, written, changes)
        right = (text_positions(written, [word.text for word in one.words]) for one in texts)
        so = len(changes) > before or not written or any(map(list, right))
        fits.append(Fit(ReplaceFix(heard=heard, written=written), "" if so else NEITHER))
    return tuple(texts), tuple(changes), tuple(fits)


def text_positions(text: str, said: Sequence[str]) -> Iterator[int]:
    """The places at which a text stands in some words, the last first; marks do not count."""
    size, wanted = len(text.split()), folded(text)
    first = len(said) - size if wanted in folded("".join(said)) else -1
    while wanted and first >= 0:
        found = folded("".join(_AROUND.sub(r"\2", word) for word in said[first : first + size]))
        if found == wanted:
            yield first
        first -= size if found == wanted else 1


def _apply_word_fix(texts: list[Utterance], changes: list[Change], fix: WordFix) -> None:
    """Put one place right, if it is not right already; raises Misfit."""
    time = fix.at.time
    heard = find_words(fix.heard, time, texts)
    right = find_words(fix.written, time, texts) if fix.written else None
    if right and (heard is None or right.likeness > heard.likeness or _contains(right, heard)):
        return
    if heard is None:
        known = [one for one in texts if one.words]
        place = find_moment(fix.at, known)
        if not fix.written:  # what is to be gone is not there
            return
        words = known[place.number].words[max(0, place.first - AROUND) : place.first + AROUND]
        there = " ".join(word.text for word in words)
        raise Misfit(f"“{fix.heard}” is not heard around {stamp(time)}: there stands “{there}”")
    found = texts[heard.number]
    texts[heard.number] = replace_span(found, (heard.first, heard.end), fix.written, changes)


def _contains(right: Place, heard: Place) -> bool:
    """Whether what was heard is a part of what is written: "Ada" of "Ada Park"."""
    longer = right.end - right.first > heard.end - heard.first
    return longer and right.meets(heard) and right.likeness == heard.likeness


def _replace_all(one: Utterance, heard: str, written: str, changes: list[Change]) -> Utterance:
    """An utterance with some words replaced wherever they stand, from its end on."""
    words, size, more = [word.text for word in one.words], len(heard.split()), len(written.split())
    right = [range(at, at + more) for at in text_positions(written, words)] if more > size else []
    for first in text_positions(heard, words):
        if not any(first in each for each in right):  # "Ada" of "Ada Park"
            one = replace_span(one, (first, first + size), written, changes)
    return one


def replace_span(
    one: Utterance, span: tuple[int, int], written: str, changes: list[Change], sure: float = 1.0
) -> Utterance:
    """An utterance with a span of its words replaced, its punctuation kept; notes the change. A
    person is `sure` of it, and a program no more than of what was heard."""
    first, end = span
    words = one.words[first:end]
    heard = " ".join(word.text for word in words)
    found = _AROUND.fullmatch(heard)
    assert found, "any text is a middle with marks around it or none"
    before, inside, after = found.groups()
    if after[1:2] == "s" and folded(heard) == folded(written):  # "Kubernete's", of Kubernetes
        inside, after = inside + after[:2], after[2:]
    if inside == written:
        return one
    changes.append(Change(words[0].start, words[-1].end, inside, written))
    text = f"{before}{written}{after}" if written else ""
    return replace(
        one, words=(*one.words[:first], *_spread_text(text, words, sure), *one.words[end:])
    )


def _spread_text(text: str, words: Sequence[Word], sure: float) -> Iterator[Word]:
    """A text over the time of the words that it stands for, which its words share by letters."""
    parts, start, end = text.split(), words[0].start, words[-1].end
    letters = [0, *accumulate(map(len, parts))]
    times = [ms(start + (end - start) * at / letters[-1]) for at in letters] if parts else []
    for part, (begin, stop) in zip(parts, pairwise(times), strict=True):
        yield Word(begin, stop, part, sure, words[0].speaker)


def with_utterances(known: Outline, said: Sequence[Utterance], heard: Iterable[str]) -> Outline:
    """The outline with other words of its talks' utterances, which are numbered anew.

    A talk keeps the words without which it would have none. What a program had put right of the
    same words that a person has put right (`heard`) is no longer told.
    """
    rest = iter(said)
    texts = (
        [one for _, one in zip(talk.utterances, rest, strict=False) if one.words]
        for talk in known.talks
    )
    whole = renumbered(
        known, (own or talk.utterances for own, talk in zip(texts, known.talks, strict=True))
    )
    gone = {folded(text) for text in heard}
    kept = tuple(one for one in known.corrections if folded(one.heard) not in gone)
    return replace(whole, corrections=kept)
