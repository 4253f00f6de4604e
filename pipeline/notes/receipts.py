"""Receipts as they are made and as a post shows them."""

from collections.abc import Iterable, Sequence

from pipeline.claims.lexicon import plain
from pipeline.data import Receipt, RoomSound
from pipeline.notes import sums
from pipeline.notes.tongue import tongue
from pipeline.notes.wording import tokens

MOST = 12  # words of a receipt in a post
_AFTER = 4  # words behind a stretch in which a "not" still turns it around
_DOTS = "\u2026"


def of_sound(sound: RoomSound) -> Receipt:
    """What was heard of the room: "[applause]"."""
    return Receipt(f"[{sound.kind}]", sound.start, sound.end, None, kind="sound")


def of_absence(words: Iterable[str], start: float, end: float) -> Receipt:
    """Words that were looked for in vain."""
    return Receipt(", ".join(dict.fromkeys(words)), start, end, None, kind="absent")


def of_sum(expression: str, time: float) -> Receipt:
    """Arithmetic and what it comes to."""
    return Receipt(sums.shown(expression), time, time, None, kind="sum")


def of_source(line: str, place: str, time: float, cited: str) -> Receipt:
    """A line of a file, and the words of it that bear the note."""
    return Receipt(line, time, time, None, place, "source", cited)


def shown(receipt: Receipt, language: str = "en") -> str:
    """What a post quotes of a receipt: at most MOST words, those with the numbers; a negation or
    a condition before them is never cut off."""
    if receipt.kind not in ("quote", "source"):
        return receipt.quote
    words = (receipt.cited or receipt.quote).split()
    return " ".join(words) if len(words) <= MOST else _shortened(words, language)


def _shortened(words: Sequence[str], language: str) -> str:
    """The stretch with the most numbers, of those that no negation around turns into another
    claim; where every stretch has one before it, that one stands before it too."""
    found = tokens(tuple(words), language)
    numbered = {token.first for token in found if any(map(str.isdigit, token.text))}
    turning = _turning(words, language)

    def before(first: int) -> list[int]:
        """The negations of the same sentence that a stretch leaves out."""
        stops = [i for i in range(first) if words[i].endswith((".", "?", "!"))]
        begin = stops[-1] + 1 if stops else 0
        return sorted(place for place in turning if begin <= place < first)

    def is_whole(first: int) -> bool:
        after = set(range(first + MOST, first + MOST + _AFTER))
        return not before(first) and not turning & after

    def count(first: int) -> int:
        return len(numbered & set(range(first, first + MOST)))

    first = max(range(len(words) - MOST + 1), key=lambda at: (is_whole(at), count(at), -at))
    ahead = before(first)[-1:]
    kept = words[first : first + MOST - len(ahead)]
    begin = [*(words[place] for place in ahead), _DOTS] if first else []
    return " ".join([*begin, *kept, *([] if first + len(kept) == len(words) else [_DOTS])])


def _turning(words: Sequence[str], language: str) -> set[int]:
    """Where words stand that turn around what is next to them: "not", "if"."""
    known = tongue(language)
    bare = [plain(word).strip(".,;:!?\"'()") for word in words]
    turns = (known.denies(w) or w in known.conditions if known else False for w in bare)
    return {place for place, turn in enumerate(turns) if turn}
