"""Which stretches of speech can stand on a line of their own, by their grammar."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise

from pipeline.claims.lexicon import pattern
from pipeline.data import Word
from pipeline.writer.words import english

SHORTEST = 3  # words of a line
VERB_WITHIN = 12  # words from the start
ENOUGH = 5  # words of what an engine wrote as a sentence to hold a verb that is not listed
EARLY = 6  # words in which nothing was named yet that "it" could stand for
LONG_ENOUGH = 10  # words of "when ..." with its other half
_OF_WHAT = frozenset(("a", "the", "our", "what", "some", "this", "that", "any", "one", "every"))
_YOU_KNOW = frozenset(("as", "do", "if", "did", "what", "that", "not"))
_YOU = frozenset(("you", "your", "i", "you're", "i'm", "you'll", "you've"))
LONGEST_REPEAT = 3  # words that a speaker says twice over


def plain(text: str) -> str:
    """A word without case and without the punctuation around it: "Thanks," is "thanks"."""
    return re.sub(r"^[^\w$€£]+|[^\w%]+$", "", text.casefold().replace("\u2019", "'"))


def cannot_end(word: str) -> bool:
    """Whether a sentence that ends in this word was cut short: "half the"."""
    return plain(word) in english().cannot_end


def fluent(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without "um" and "you know", and once what a speaker starts twice: "we get we get"."""
    tokens = [plain(word.text) for word in words]
    idle = _fillers(tokens)
    kept: list[Word] = []
    for place, word in enumerate(words):
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        like = tokens[place] == "like" and kept and plain(kept[-1].text) in english().before_like
        if place not in idle and not (like and after not in english().determiners):
            kept.append(word)
        elif word.text.endswith(",") and kept and kept[-1].text.endswith(","):
            kept[-1] = replace(kept[-1], text=kept[-1].text[:-1])  # "we sell, you know, boats"
        for size in range(1, LONGEST_REPEAT + 1):
            if _same(kept[-2 * size : -size], kept[-size:]):
                del kept[-size:]
                break
    return tuple(kept) or tuple(words)


def _fillers(tokens: Sequence[str]) -> set[int]:
    """The places of words that only fill a pause; "a kind of chip" and "looks like" do not."""
    known = english()
    text = " ".join(token or "-" for token in tokens)
    found: set[int] = set()
    for match in pattern(known.saying.fillers).finditer(text):
        first = text.count(" ", 0, match.start())
        before = tokens[first - 1] if first else ""
        if before not in (_OF_WHAT if match.group().endswith(" of") else _YOU_KNOW):
            found |= {*range(first, first + 1 + match.group().count(" "))}
    return found


def _same(one: Sequence[Word], two: Sequence[Word]) -> bool:
    said = [plain(word.text) for word in two]
    counted = any(word[:1].isdigit() or word in english().telling for word in said)
    return not counted and [plain(word.text) for word in one] == said


def core(words: Sequence[Word]) -> tuple[Word, ...]:
    """Without the links and hedges that a speaker starts with ("and", "I think"), and without the
    first words of the next sentence ("I", "the")."""
    first, last, known = 0, len(words), english()
    hedges = pattern(known.saying.hedges)
    while first < last - 1:
        text = " ".join(plain(word.text) for word in words[first : first + 9])
        hedge = hedges.match(text)
        if hedge and len(hedge.group().split()) < last - first:
            first += len(hedge.group().split())
        elif (
            plain(words[first].text) in known.links
            and plain(words[first + 1].text) not in known.after_so
        ):
            first += 1
        else:
            break
    while last > first + 1 and plain(words[last - 1].text) in known.loose:
        last -= 1
    return tuple(words[first:last])


def clauses(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """The whole sentence, and its stretches from where a clause with a subject of its own begins
    to where one ends."""
    joints = [place for place in range(1, len(words)) if _is_joint(words, place)]
    begins = [0, *(place for place in joints if _begins_anew(words, place))]
    for begin in begins:
        for end in (*joints, len(words)):
            if begin < end:
                yield core(words[begin:end])


def _begins_anew(words: Sequence[Word], place: int) -> bool:
    """ "and we build": the rest can stand alone, unlike "so you see" and "and it is"."""
    after = plain(words[min(place + 1, len(words) - 1)].text)
    known = english()
    return plain(words[place].text) in known.coordinating and after not in known.back | _YOU


def pieces(words: Sequence[Word]) -> Iterator[tuple[Word, ...]]:
    """All stretches between places where a clause may begin."""
    for begin, end in combinations((0, *clauses_begin(words), len(words)), 2):
        yield core(words[begin:end])


def _is_joint(words: Sequence[Word], place: int) -> bool:
    """ "because we sell it", "and the chip is", but not "research and development"."""
    known = english()
    token = plain(words[place].text)
    if token == "as" and plain(words[place + 1 :][0].text if words[place + 1 :] else "") in _YOU:
        return True  # "as you can see"
    if token not in known.joints or plain(words[place - 1].text) in known.cannot_end:
        return False
    if token not in known.coordinating:
        return True
    after = words[place + 1].text if place + 1 < len(words) else ""
    return plain(after) in known.subjects | known.determiners or after[:1].isdigit()


def clauses_begin(words: Sequence[Word]) -> list[int]:
    """The places where a clause may begin after another, to cite no more than it."""
    return [
        place
        for place in range(1, len(words))
        if plain(words[place].text) in english().joints
        or words[place - 1].text.endswith((",", ";", ":"))
    ]


def stands(words: Sequence[Word], whole: bool, written: bool = False) -> bool:
    """Whether some words of a sentence can stand alone; `whole` when they run to its end,
    `written` when an engine that knows commas has put that end there.

    They begin and end as sentences do, hold a verb, and no pair that nobody says ("the of").
    """
    tokens, known = [plain(word.text) for word in words], english()
    if len(tokens) < SHORTEST or tokens[0] in known.cannot_start | known.relatives:
        return False
    if tokens[0] in known.conditions and not (whole and len(tokens) >= LONG_ENOUGH):
        return False
    if tokens[0].endswith("ed") and tokens[1] in known.prepositions | {"off", "out", "up"}:
        return False
    if tokens[-1] in known.cannot_end and not (whole and tokens[-1] in known.pointing):
        return False
    said = (written and whole and len(tokens) >= ENOUGH) or any(
        map(_is_verb, tokens[1:VERB_WITHIN])
    )
    return said and not _odd(tokens) and _has_subject(words, tokens)


def _has_subject(words: Sequence[Word], tokens: Sequence[str]) -> bool:
    """ "In the spring we sell" has one, "on earth will grow" has lost it."""
    known = english()
    if tokens[0] not in known.prepositions or "to" in (tokens[0], tokens[2]):
        return True
    begins = known.subjects | known.determiners | known.quantifiers
    verb = next((place for place, token in enumerate(tokens) if token in known.finite), None)
    return verb is None or any(
        token in begins or token[:1].isdigit() or token in known.telling or word.text[:1].isupper()
        for word, token in zip(words[1:verb], tokens[1:verb], strict=True)
    )


def begins(words: Sequence[Word]) -> bool:
    """Whether a stretch surely has its beginning: "we", "the", "every", a number, a name."""
    first, known = words[0].text, english()
    return (
        plain(first) in known.subjects | known.determiners | known.quantifiers
        or first[:1].isdigit()
        or first[:1].isupper()
    )


def points_back(words: Sequence[Word]) -> bool:
    """Whether a reader has to know the sentence before: "it never fails", "we train for that"."""
    known, tokens = english(), [plain(word.text) for word in words]
    if tokens[0] in known.back or pattern(known.saying.unresolved).search(" ".join(tokens)):
        return True
    verb = next((p for p, token in enumerate(tokens) if token in known.finite), len(tokens))
    again = known.back - {"that's", "there's"}  # "every pixel that's rendered"
    if 0 < verb < min(EARLY, len(tokens)) and tokens[verb] in again:
        return True  # "a third one it's the best"
    ends = known.cannot_end | known.joints | known.finite
    joins = {"that"} - {two for one, two in pairwise(tokens) if one in known.prepositions}
    return any(
        one in known.pointing and two in (known.finite if one in joins else ends)
        for one, two in pairwise([*tokens, "and"][: EARLY + 1])
    )


def _is_verb(token: str) -> bool:
    known = english()
    return token in known.finite or (token.endswith("ed") and token not in known.telling)


def _odd(tokens: Sequence[str]) -> bool:
    """Word pairs that nobody says: "the of", "a to", "we we". Signs of a misheard stretch."""
    known = english()
    odd_after = known.cannot_end - known.after_determiner
    return any(
        one == two or (one in known.determiners and two in odd_after)
        for one, two in pairwise(tokens)
    )
