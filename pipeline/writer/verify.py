"""Holds each note to account: what it says has to stand in what it cites.

A check returns the reason why a note cannot stay, in words that a model can act on, or None.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rapidfuzz import fuzz

from pipeline.data import Findings, Note, Quantity, Receipt, RoomSound, Talk
from pipeline.notes import lexicon, quantities
from pipeline.notes.lexicon import pattern, plain
from pipeline.notes.stems import content, stems
from pipeline.writer.context import Context
from pipeline.writer.ground import Ground, all_numbers, ground, words_of
from pipeline.writer.guard import Guarded, gives_orders, guarded
from pipeline.writer.locate import locate
from pipeline.writer.receipts import NOT_SAID
from pipeline.writer.words import english

MOST_WORDS = 45
_I = frozenset(("I", "I'm", "I'd", "I'll", "I've"))
_LAUGHS = "lol lmao haha hah heh ok okay hmm though of course"
ALIKE = 88.0  # rapidfuzz score (0..100) from which two notes say the same
LATE = 2.0  # seconds that a quote may lie outside of where its receipt says
_MARKUP = re.compile(r"<|>|https?:|www\.|\]\(|`|^\s*[#*>|-] |\*\*|\{|\}|[\r\n]")
_QUOTED = re.compile(r"[“\"]([^”\"]+)[”\"]")
_NO_SUPERLATIVE = re.compile(r"(?:most|least) of|at (?:most|least)|first (?:question|up)")


@dataclass(frozen=True)
class Case:
    """One talk with all that its notes may rest on; made by `make_case`."""

    talk: Talk
    findings: Findings
    context: Context
    wary: bool = False  # a model wrote it: no note rests on what may be an order to the model

    @cached_property
    def said(self) -> Talk:
        """What a note can rest on."""
        return self.guarded.trusted() if self.wary else self.guarded.spoken()

    @cached_property
    def guarded(self) -> Guarded:
        return guarded(self.talk)

    @cached_property
    def ground(self) -> Ground:
        return ground(self.said, self.findings, self.context)

    @cached_property
    def others(self) -> tuple[str, ...]:
        """Quotes that are not from this talk but may be cited."""
        found = [contradiction.other.quote for contradiction in self.findings.contradictions]
        return (*found, *(p.quote for passages in self.findings.evidence for p in passages))

    @property
    def english(self) -> bool:
        """Whether the word lists apply."""
        return self.context.language.startswith("en")


def make_case(talk: Talk, findings: Findings, context: Context, wary: bool = False) -> Case:
    """The case of a talk: without claims that are orders, and with only its own sounds.

    Between two talks a sound is the earlier one's: what is clapped at is over.
    """
    begins = [other.start for other in context.outline.talks if other.utterances]
    after = min((begin for begin in begins if begin > talk.start), default=float("inf"))
    own = tuple(sound for sound in findings.sounds if sound.start < after)
    safe = guarded(talk).without_orders(findings)
    return Case(talk, replace(safe, sounds=own), context, wary)


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


# ---- numbers, names, superlatives


def _numbers(note: Note, case: Case) -> str | None:
    language = case.context.language
    measured = quantities.parse(note.text, language)
    for quantity in measured:
        if not _is_said(quantity, measured, case):
            return f"nobody says {quantity.text}: use only numbers that were said"
    checked = {quantity.value for quantity in measured}
    for value in all_numbers(note.text, language):
        if value not in checked and not case.ground.has_number(value):
            return f"nobody says {value:g}: use only numbers that were said"
    return None


def _is_said(quantity: Quantity, beside: Sequence[Quantity], case: Case) -> bool:
    """Also what was taken back, where what took its place stands beside it: "18x, then 16x"."""
    known = case.ground
    if known.has_quantity(quantity) or quantity.value in known.facts:
        return True
    others = (q for q in beside if q is not quantity and q.unit == quantity.unit)
    return quantity.value in known.taken_back and any(map(known.has_quantity, others))


def _names(note: Note, case: Case) -> str | None:
    """A capital inside a note, or a digit inside a word, makes a name."""
    words = words_of(note.text)
    for place, word in enumerate(words):
        named = _looks_named(word) or (word[0].isupper() and (place > 0 or _is_subject(words)))
        if not named or word in _I or _is_figure(word) or _is_term(word):
            continue
        if not case.ground.has_word(word):
            return f"{word} is not in the talk: name only what was named"
    return None


def _is_term(word: str) -> bool:
    """Abbreviations of the trade and units: "GPU", "kW"."""
    known = lexicon.load("en")
    return word.casefold() in english().trade or (known is not None and word in known.units)


def _looks_named(word: str) -> bool:
    """A capital or a digit where plain words have none: "iPhone", "GPT-4"."""
    digits = any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)
    return digits or any(letter.isupper() for letter in word[1:])


def _is_subject(words: Sequence[str]) -> bool:
    """Whether the first word, which has a capital anyway, is used as a name is."""
    known = english()
    first, second = words[0].casefold(), words[1].casefold() if len(words) > 1 else ""
    if first in known.openers or first.endswith("ing"):
        return False
    return first.endswith(("'s", "\u2019s")) or second in known.after_subject


def _is_figure(word: str) -> bool:
    """ "20x", "3.5x", "16GB": numbers, which have a check of their own."""
    return (
        re.fullmatch(r"p?\d[\d.,]*(?:x|%|k|[KMGTP]?B|[kMG]?W|ms|s|th|st|nd|rd)?", word) is not None
    )


def _superlatives(note: Note, case: Case) -> str | None:
    known = lexicon.load("en")
    if known is None:
        return None
    for found in pattern(known.claims.superlatives).finditer(plain(note.text)):
        harmless = _NO_SUPERLATIVE.search(plain(note.text), max(0, found.start() - 3))
        said = any(pattern((found.group(),)).search(plain(text)) for text in case.ground.texts)
        if not said and not (harmless and harmless.end() >= found.end()):
            return f"nobody says “{found.group()}”: leave the superlative out"
    return None


# ---- what needs a finding


def _unsaid(note: Note, case: Case) -> str | None:
    """ "Never mentions X" only for what was looked for in the whole talk."""
    claims_it = _says(english().saying.unsaid, note)
    looked_for = [r.quote for r in note.receipts if r.quote.startswith(NOT_SAID)]
    if not looked_for:
        if claims_it or note.kind == "omission":
            return "it says that something was not said: only for an omission of the list, cited"
        return None
    return _items_looked_for(note, case) if claims_it else None


def _says(phrases: tuple[str, ...], note: Note) -> bool:
    """Whether a note says so itself: what its quotes say, their speaker says."""
    quoted = " ".join(plain(receipt.quote) for receipt in note.receipts if receipt.speaker)
    found = pattern(phrases).finditer(plain(note.text))
    return any(match.group() not in quoted for match in found)


def _items_looked_for(note: Note, case: Case) -> str | None:
    """Each thing that a note misses was looked for: "price or batch size" are two."""
    language = case.context.language
    cited = {r.quote for r in note.receipts}
    topics = [o.topic for o in case.findings.omissions if _is_cited(o.looked_for, cited)]
    known = content(" ".join([*topics, *cited]), language)
    text = plain(note.text)
    found = pattern(english().saying.unsaid).search(text)
    missed = re.split(r"[,;.]|\bor\b|\band\b|\bnor\b", text[found.end() :] if found else "")
    for item in missed:
        wanted = content(item, language) - content(_LAUGHS, language)
        if wanted and not wanted & known and not wanted <= case.ground.stems:
            return f"“{item.strip()}” was not looked for: name only omissions of the list"
    return None


def _is_cited(words: Sequence[str], quotes: Iterable[str]) -> bool:
    return any(", ".join(words[:3]) in quote for quote in quotes)


def _contradicts(note: Note, case: Case) -> str | None:
    """ "Earlier she said" only for a contradiction that was found."""
    if not _says(english().saying.contradicts, note) and note.kind != "contradiction":
        return None
    quotes = {receipt.quote for receipt in note.receipts}
    if any(found.other.quote in quotes for found in case.findings.contradictions):
        return None
    return "it says that something contradicts: only for a contradiction of the list, cited"


def _room(note: Note, case: Case) -> str | None:
    """What the room did was heard."""
    text, saying = plain(note.text), english().saying
    heard = {receipt.quote for receipt in note.receipts}
    if note.kind == "room" and not any(f"[{s.kind}]" in heard for s in case.findings.sounds):
        return "it tells of the room: cite a sound of the list"
    kinds = (("applause", saying.applause), ("laughter", saying.laughter))
    for kind, words in (*kinds, ("unrest", saying.unrest)):
        tells = pattern(words).search(text)
        if tells and f"[{kind}]" not in heard and not case.ground.has_word(tells.group()):
            return f"{kind} was not heard there: leave it out, or cite the sound"
    if note.kind == "room" and pattern(saying.unheard).search(text):
        return "it tells what nobody could hear: only applause, laughter and unrest are known"
    return None


def _repeats(note: Note, kept: Sequence[Note]) -> str | None:
    for other in kept:
        if fuzz.token_sort_ratio(_bare(note.text), _bare(other.text)) >= ALIKE:
            return f"it repeats the note “{other.text}”"
        if note.kind == other.kind and note.receipts == other.receipts:
            return f"it rests on the same words as the note “{other.text}”"
    return None


def _bare(text: str) -> str:
    return " ".join(word for word in stems(text) if word not in _LAUGHS.split())


_ALWAYS: tuple[Check, ...] = (_form, _receipts, _quoted, _numbers, _names)
_ENGLISH: tuple[Check, ...] = (_orders, _superlatives, _unsaid, _contradicts, _room)
