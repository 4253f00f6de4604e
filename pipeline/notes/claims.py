"""The check-worthy claims of a talk, found without a model: what offline notes stand on.

A sentence is a claim if it carries something that could be measured or refuted (a quantity, a
comparison, "first", "only", "no cost") about something that this trade measures, and if its
speaker stands behind it: jokes, hypotheticals, questions, plans to talk, and a rival's number
quoted to reject it are none.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.data import Claim, ClaimKind, Quantity, Talk
from pipeline.notes import lexicon as lexicons
from pipeline.notes import quantities, sentences
from pipeline.notes.lexicon import Cues, Lexicon, pattern, plain
from pipeline.notes.sentences import Sentence

_BAR = 2.0  # points that make a claim
_UNIT_KINDS: dict[str, ClaimKind] = {
    "$": "price",
    "€": "price",
    "£": "price",
    "parameters": "scale",
    "users": "scale",
    "customers": "market",
    "developers": "market",
    "W": "performance",
    "kW": "performance",
    "ms": "performance",
    "tokens/s": "performance",
}
_ORDER: tuple[ClaimKind, ...] = (
    "reliability",
    "price",
    "performance",
    "market",
    "scale",
    "capability",
    "history",
)
_TELLING = frozenset({"s", "min", "h", "days", "weeks", "months", "years", "words", "people"})


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that its speaker stands behind, with the numbers that count."""

    sentence: Sentence
    text: str  # plain
    values: tuple[Quantity, ...]


def find(talk: Talk, language: str = "en") -> tuple[Claim, ...]:
    """The claims of a talk in time order; without word lists, sentences with measured numbers."""
    lexicon = lexicons.load(language)
    cut = sentences.cut(talk.utterances)
    if lexicon is None:
        return _by_numbers(cut, language)
    found = statements(cut, lexicon, language)
    return tuple(
        _claim(statement, lexicon.claims, kind)
        for statement in found
        if (kind := _worth(statement, lexicon)) is not None
    )


def as_claim(statement: Statement, lexicon: Lexicon) -> Claim:
    """A statement as a claim, whether or not it would be found worth checking by itself."""
    return _claim(statement, lexicon.claims, _worth(statement, lexicon) or "capability")


def _by_numbers(cut: Sequence[Sentence], language: str) -> tuple[Claim, ...]:
    found = [(each, quantities.parse(each.text, language)) for each in cut]
    return tuple(
        _claim(Statement(sentence, plain(sentence.text), values), None, _kind_of_unit(values))
        for sentence, values in found
        if any(value.unit for value in values) and not sentence.text.endswith("?")
    )


def _claim(statement: Statement, cues: Cues | None, kind: ClaimKind) -> Claim:
    sentence = statement.sentence
    return Claim(
        quote=sentence.text,
        kind=kind,
        start=sentence.start,
        end=sentence.end,
        speaker=sentence.speaker,
        utterance=sentence.utterance,
        values=statement.values,
        baseline=baseline(sentence.text) if cues else None,
    )


# ---- what a speaker stands behind


def statements(
    cut: Sequence[Sentence], lexicon: Lexicon, language: str = "en"
) -> tuple[Statement, ...]:
    """The sentences that are meant: no jokes, questions, hypotheticals, quoted rivals."""
    joined = _with_corrections(cut, lexicon)
    texts = [plain(sentence.text) for sentence in joined]
    found: list[Statement] = []
    dreaming = False
    for place, sentence in enumerate(joined):
        text = texts[place]
        after = texts[place + 1] if place + 1 < len(joined) else ""
        dreaming = _is_hypothetical(text, lexicon.claims) or (
            dreaming and bool(pattern(lexicon.claims.conditional_results).search(text))
        )
        if dreaming or _is_question(sentence, text, lexicon.claims):
            continue
        if _is_joke(text, after, lexicon.claims):
            continue
        values = _own_values(sentence.text, after, lexicon, language)
        if values is not None:
            found.append(Statement(sentence, text, values))
    return tuple(found)


def _with_corrections(cut: Sequence[Sentence], lexicon: Lexicon) -> list[Sentence]:
    """A sentence that takes back a number of the one before is one thought with it."""
    joined: list[Sentence] = []
    for sentence in cut:
        last = joined[-1] if joined else None
        neighbours = last is not None and last.utterance == sentence.utterance
        if last is not None and neighbours and _corrects(last, sentence, lexicon):
            joined[-1] = last.followed_by(sentence)
        else:
            joined.append(sentence)
    return joined


def _corrects(last: Sentence, sentence: Sentence, lexicon: Lexicon) -> bool:
    head = " ".join(plain(word.text) for word in sentence.words[:4])
    if len(sentence.words) > 12 or not pattern(lexicon.numbers.taken_back).match(head):
        return False
    before, both = quantities.parse(last.text), quantities.parse(f"{last.text} {sentence.text}")
    new = quantities.parse(sentence.text)
    return bool(before) and bool(new or both) and len(both) <= len(before) and both != before


def _is_hypothetical(text: str, cues: Cues) -> bool:
    if pattern(cues.hypotheticals).search(text):
        return True
    condition = pattern(cues.conditionals).search(text)
    return bool(condition and pattern(cues.conditional_results).search(text))


def _is_question(sentence: Sentence, text: str, cues: Cues) -> bool:
    if text.rstrip("\"'”").endswith("?"):
        return True
    if text.endswith((".", "!")) and any(mark in sentence.text for mark in ",ABCDEFGH"):
        return False  # an engine that writes commas and capitals writes question marks too
    opening = re.sub(r"^(?:(?:so|and|but|now|okay|well|um|uh)[\s,]+)+", "", text)
    return bool(pattern(cues.questions).match(opening))


def _is_joke(text: str, after: str, cues: Cues) -> bool:
    jokes = pattern(cues.jokes)
    return bool(jokes.search(text) or (len(after.split()) <= 10 and jokes.search(after)))


def _own_values(
    text: str, after: str, lexicon: Lexicon, language: str
) -> tuple[Quantity, ...] | None:
    """The numbers that the speaker stands behind; None if the sentence only quotes a rival."""
    cues = lexicon.claims
    said = pattern(cues.others_say).search(plain(text))
    rejected = pattern(cues.rejections)
    values = quantities.parse(text, language)
    if said is None or not (rejected.search(plain(text)) or rejected.search(after)):
        return values
    pivot = pattern(cues.pivots).search(plain(text), said.end())
    own = quantities.parse(text[pivot.end() :], language) if pivot else ()
    return own or None


# ---- what is worth checking


def _worth(statement: Statement, lexicon: Lexicon) -> ClaimKind | None:
    """The kind of a statement that is a claim, None for one that is not."""
    cues, text = lexicon.claims, statement.text
    if len(statement.sentence.words) < 4:
        return None
    kinds = {kind: len(set(pattern(words).findall(text))) for kind, words in lexicon.kinds.items()}
    history = bool(pattern(cues.history).search(text))
    points = _points(statement, cues) + min(2, sum(kinds.values())) * 0.5
    points += 1.5 if history and _first_person(text) else 0.0
    if pattern(cues.small_talk).search(text):
        points -= 1.5
    if pattern(cues.goals).search(text):
        points -= 1.0
    if points < _BAR or not (any(kinds.values()) or history):
        return None
    return _kind(kinds, statement.values, history and _first_person(text))


def _points(statement: Statement, cues: Cues) -> float:
    text = statement.text
    points = 0.0
    measured = [value for value in statement.values if value.unit not in _TELLING]
    if measured:
        points += 1.5
    elif statement.values:
        points += 0.75
    if pattern(cues.superlatives).search(text):
        points += 0.75
    if pattern(cues.absolutes).search(text):
        points += 0.75
    if pattern(cues.comparatives).search(text):
        points += 0.75
    if pattern(cues.own).search(text):
        points += 0.25
    if pattern(cues.acts).search(text):
        points += 0.25
    return points


def _first_person(text: str) -> bool:
    return bool(re.search(r"\b(?:we|our|us|we've|we're|company|i)\b", text))


def _kind_of_unit(values: Sequence[Quantity]) -> ClaimKind:
    known = [_UNIT_KINDS[value.unit] for value in values if value.unit in _UNIT_KINDS]
    return known[0] if known else "performance"


def _kind(kinds: dict[str, int], values: Sequence[Quantity], history: bool) -> ClaimKind:
    """The kind with the most words for it; the unit of a number counts as two."""
    scores: dict[str, float] = dict(kinds)
    for value in values:
        head = value.unit.partition("/")[0]
        kind = _UNIT_KINDS.get(value.unit) or _UNIT_KINDS.get(head)
        if kind:
            scores[kind] = scores.get(kind, 0) + 1.5
    if history:
        scores["history"] = scores.get("history", 0) + 2
    if scores.get("reliability"):
        scores["reliability"] += 1
    return max(_ORDER, key=lambda kind: scores.get(kind, 0))


# ---- what it is compared with


_AGAINST = re.compile(
    r"\b(?:than|compared (?:to|with)|versus|vs\.?|against|relative to|instead of|as opposed to)\s+"
    r"(?P<other>[^.,;:?!]+)",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\b(?:and|but|because|so|which|who|when|while|with|for|in|on|at|that|we|it|is|are|was|were"
    r"|can|could|do|does|did|has|have|will|would|if|to|by|or|as|i|you|they)\b",
    re.IGNORECASE,
)
_EMPTY = frozenset("ever before that this it them one anything now half all just people most "
                   "expected usual normal once twice you we us what".split())  # fmt: skip


def baseline(text: str) -> str | None:
    """What a claim compares itself with, as it was said: "a gpu", "the leading provider"."""
    for match in _AGAINST.finditer(text):
        other = match.group("other")
        stop = _STOP.search(other)
        named = " ".join((other[: stop.start()] if stop else other).split()[:7])
        words = [word for word in plain(named).split() if word not in _EMPTY]
        if words and not quantities.parse(named):
            return named
    return None
