"""Holds each note to account: what it says has to stand in what it cites.

A check returns the reason why a note cannot stay, in words that a model can act on, or None.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import fuzz

from pipeline.claims.lexicon import plain
from pipeline.claims.stems import content, stems
from pipeline.data import Note, Receipt, RoomSound
from pipeline.writer import facts, sayings
from pipeline.writer.case import Case
from pipeline.writer.guard import gives_orders
from pipeline.writer.locate import locate
from pipeline.writer.receipts import NOT_SAID

MOST_WORDS = 45
ALIKE = 88.0  # rapidfuzz score (0..100) from which two notes say the same
LATE = 2.0  # seconds that a quote may lie outside of where its receipt says
_MARKUP = re.compile(r"<|>|https?:|www\.|\]\(|`|^\s*[#*>|-] |\*\*|\{|\}|[\r\n]")
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")

Check = Callable[[Note, Case], str | None]


def verify(note: Note, case: Case, kept: Sequence[Note] = ()) -> str | None:
    """Why a note cannot stay, or None when all of it is shown to be true."""
    checks = _ALWAYS if not case.english else (*_ALWAYS, *_ENGLISH)
    for check in checks:
        reason = check(note, case)
        if reason is not None:
            return reason
    return _repeats(note, kept)


def verify_line(text: str, case: Case) -> str | None:
    """Why a line of a summary cannot stay: as a note's, but it needs no receipt of its own."""
    note = Note(text, "summary", case.talk.start, ())
    checks = [*_ALWAYS, *(_ENGLISH if case.english else ())]
    checks.remove(_receipts)
    return next((why for check in checks if (why := check(note, case))), None)


# ---- form


def _form(note: Note, case: Case) -> str | None:
    text = note.text
    if not text.strip():
        return "it is empty"
    if _MARKUP.search(text):
        return "it holds a link, markup or more than one line: write plain words on one line"
    if len(text.split()) > MOST_WORDS:
        return f"it has {len(text.split())} words: at most {MOST_WORDS}"
    return None


def _orders(note: Note, case: Case) -> str | None:
    """Nothing that was ordered from the stage, word or wording."""
    if gives_orders(note.text):
        return "it gives instructions to a machine: note what the talk says instead"
    for order in (*case.guarded.orders, *(case.guarded.suspects if case.wary else ())):
        only = content(order.text, case.context.language) - case.ground.stems
        if only & content(note.text, case.context.language):
            return "it repeats words that somebody only said to steer the note-taker"
    return None


# ---- receipts


def _receipts(note: Note, case: Case) -> str | None:
    if not note.receipts:
        return "it cites nothing: quote the words it rests on"
    reasons = (_receipt(receipt, case) for receipt in note.receipts)
    return next((reason for reason in reasons if reason), None)


def _receipt(receipt: Receipt, case: Case) -> str | None:
    quote = receipt.quote
    if receipt.speaker is None and quote.startswith("["):
        heard = any(_is(sound, receipt) for sound in case.findings.sounds)
        return None if quote.startswith(NOT_SAID) or heard else f"{quote} was not heard"
    if quote in case.others:
        return None
    spoken = case.said
    near = [u.id for u in spoken.utterances if u.start - LATE <= receipt.start <= u.end + LATE]
    if not any(locate(quote, spoken, utterance) for utterance in near):
        return f"nobody says “{quote}” there: quote the transcript word for word"
    return None


def _is(sound: RoomSound, receipt: Receipt) -> bool:
    return receipt.quote == f"[{sound.kind}]" and abs(sound.start - receipt.start) < LATE


def _quoted(note: Note, case: Case) -> str | None:
    """What stands in quotation marks was said so."""
    for quote in _QUOTED.findall(note.text):
        spoken = locate(quote, case.said) is not None
        if len(quote.split()) > 1 and not spoken and not _in_any(quote, case.others):
            return f"nobody says “{quote}”: what is in quotation marks has to be verbatim"
    return None


def _in_any(quote: str, texts: Iterable[str]) -> bool:
    return any(fuzz.partial_ratio(plain(quote), plain(text)) >= 90 for text in texts)


# ---- other notes


def _repeats(note: Note, kept: Sequence[Note]) -> str | None:
    for other in kept:
        if fuzz.token_sort_ratio(_bare(note.text), _bare(other.text)) >= ALIKE:
            return f"it repeats the note “{other.text}”"
        if note.kind == other.kind and note.receipts == other.receipts:
            return f"it rests on the same words as the note “{other.text}”"
    return None


def _bare(text: str) -> str:
    return " ".join(word for word in stems(text) if word not in sayings.LAUGHS.split())


_ALWAYS: tuple[Check, ...] = (_form, _receipts, _quoted, facts.numbers, facts.names)
_ENGLISH: tuple[Check, ...] = (
    _orders,
    facts.superlatives,
    sayings.silence,
    sayings.contradiction,
    sayings.room,
)
