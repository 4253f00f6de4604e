"""The sentences that a speaker stands behind, with the numbers that count.

A joke, a question, a hypothetical, another's words quoted back, and a rival's number quoted to
reject it are none. A number corrected in the next sentence makes one statement with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.claims import quantities
from pipeline.claims.lexicon import Lexicon, Lists, pattern, plain
from pipeline.claims.sentences import Sentence, places
from pipeline.claims.stems import content
from pipeline.data import Quantity, Word

GUESS = 0.42  # probability under which a word of meaning is as often wrong as right
_LINKS = re.compile(r"^(?:(?:so|and|but|now|okay|ok|well|um|uh|yeah)[\s,]+)+")
_WRITTEN = re.compile(r"[A-Z,]")
_CORRECTION = 12  # words of a sentence that corrects the one before, at the most


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that its speaker stands behind; `text` is its plain form."""

    sentence: Sentence
    text: str
    values: tuple[Quantity, ...]


def statements(
    cut: Sequence[Sentence], lexicon: Lexicon, language: str = "en"
) -> tuple[Statement, ...]:
    """The statements among some sentences, in order."""
    joined = _with_corrections(cut, lexicon, language)
    bar = _bar(cut)
    texts = [plain(sentence.text) for sentence in joined]
    found: list[Statement] = []
    for sentence, text, after in zip(joined, texts, [*texts[1:], ""], strict=True):
        if _is_not_meant(sentence, text, after, lexicon.claims):
            continue
        values = _own_values(sentence.text, after, lexicon, language)
        if values is not None and all(_is_sure(value, sentence.words, bar) for value in values):
            found.append(Statement(sentence, text, values))
    return tuple(found)


# ---- a number taken back in the next sentence


def _with_corrections(cut: Sequence[Sentence], lexicon: Lexicon, language: str) -> list[Sentence]:
    """A number and its correction as one; both left out where the new number was not heard."""
    joined: list[Sentence] = []
    for sentence in cut:
        last = joined[-1] if joined else None
        if last is None or not _corrects(last, sentence, lexicon):
            joined.append(sentence)
            continue
        both = last.followed_by(sentence)
        old, new, left = (
            len(quantities.parse(text, language)) for text in (last.text, sentence.text, both.text)
        )
        repeated = content(last.text, language) & content(sentence.text, language)
        if old and new and left < old + new:
            joined[-1] = both
        elif old and not new and repeated:
            joined.pop()
        else:
            joined.append(sentence)
    return joined


def _corrects(last: Sentence, sentence: Sentence, lexicon: Lexicon) -> bool:
    if len(sentence.words) > _CORRECTION or last.utterance != sentence.utterance:
        return False
    head = plain(" ".join(word.text for word in sentence.words[:4]))
    return pattern(lexicon.numbers.taken_back).match(_LINKS.sub("", head)) is not None


# ---- a number that may have been another


def _bar(cut: Sequence[Sentence]) -> float:
    """The probability under which a word is doubtful: engines differ in how sure they are, so it
    is what the worst twentieth of the talk's words have, and never more than GUESS."""
    sure = sorted(word.probability for sentence in cut for word in sentence.words)
    return min(GUESS, sure[len(sure) // 20]) if sure else 0.0


def _is_sure(value: Quantity, words: Sequence[Word], bar: float) -> bool:
    """Whether a number and its unit were surely heard: a figure that nobody said is the worst
    thing to print. (With every tenth word misheard, asking for the word before it too costs four
    claims in a hundred and finds no further wrong figure.)"""
    return all(words[place].probability >= bar for place in places(value.text, words))


def _is_not_meant(sentence: Sentence, text: str, after: str, cues: Lists) -> bool:
    none = (cues.kidding, cues.jokes, cues.attributed, cues.hypotheticals)
    taken_back = pattern(cues.kidding).match(after)
    found = taken_back or any(pattern(of).search(text) for of in none)
    return bool(found) or _is_question(sentence, text, cues)


def _is_question(sentence: Sentence, text: str, cues: Lists) -> bool:
    if text.rstrip("\"'\u201d").endswith("?"):
        return True
    if text.endswith((".", "!")) and _WRITTEN.search(sentence.text[1:]):
        return False  # an engine that writes commas and names writes question marks too
    return pattern(cues.questions).match(_LINKS.sub("", text)) is not None


def _own_values(
    text: str, after: str, lexicon: Lexicon, language: str
) -> tuple[Quantity, ...] | None:
    """The numbers that the speaker stands behind; None if the sentence only quotes a rival."""
    cues = lexicon.claims
    values = quantities.parse(text, language)
    said = pattern(cues.others_say).search(plain(text))
    rejected = pattern(cues.rejections)
    if said is None or not (rejected.search(plain(text)) or rejected.search(after)):
        return values
    pivot = pattern(cues.pivots).search(plain(text), said.end())
    own = quantities.parse(text[pivot.end() :], language) if pivot else ()
    return own or None
