"""Holds each note to account: what it says has to stand in what it cites.

Every reason is a sentence that a model can act on. What needs understanding (a comparison turned
around, a joke taken at its word) is the judge's; here is what code can decide.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile

from pipeline.claims.lexicon import pattern
from pipeline.claims.meaning import meanings
from pipeline.data import Note, Receipt, Talk
from pipeline.notes import sums
from pipeline.notes.checks import absence
from pipeline.notes.checks.absence import unsearched
from pipeline.notes.checks.names import unnamed
from pipeline.notes.checks.number_support import unsupported
from pipeline.notes.cue_words import cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.figures import figures
from pipeline.notes.matching import QUOTED, stands
from pipeline.notes.prompt_injection import asks_to_write, is_told
from pipeline.text import ALIKE, alikeness, plain, words

MOST_WORDS = 35
LATE = 2.0  # seconds that a quote may lie outside of where its receipt says
NEAR = 15.0  # seconds from words to a sound that answers them, and is shown with them
_MARKUP = re.compile(r"<|>|https?:|www\.|\]\(|`|^\s*[#*>|-] |\*\*|\{|\}|[\r\n]")
_LABEL = re.compile(r"\s*(?:\[\d[\d:]*\]|\d+:\d\d:\d\d\b|SPEAKER_\d+)\s*\S")
_TIME = re.compile(r"\s*\d+:\d\d\s+")  # "10:30 was promised" is no label: a name has to follow
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")  # no figure, and yet one to reckon with
_WORD_OF_ROLE = re.compile(r"[^\W\d_]{5,}")  # "founder" of "founder and head of research"
_NAME = re.compile(r"[^\W\d_][\w-]*")
_STEM = 5  # letters that "fraud" and "fraudulent" have in common
_CALLS = re.compile(r"\b(?:an?|is|are|was|were|commit\w*|by)\s+$")
_ROOM = {
    "applause": re.compile(r"\b(?:applau(?:se|ds?|ded|ding)|clap(?:s|ped|ping)?|ovation)\b"),
    "laughter": re.compile(r"\blaugh(?:s|ed|ing|ter)?\b"),
}

Check = Callable[[Note, Talk, Evening], Iterator[str]]


def verify(note: Note, talk: Talk, evening: Evening, kept: Sequence[Note] = ()) -> tuple[str, ...]:
    """All reasons why a note cannot stay; empty when it may."""
    found = [reason for check in _CHECKS for reason in check(note, talk, evening)]
    return tuple(dict.fromkeys([*found, *_repeats(note, kept)]))


def verify_line(text: str, talk: Talk, evening: Evening) -> tuple[str, ...]:
    """The same for a line of a summary or a heading: what the talk says bears it."""
    said = absence.between(talk.start, talk.end, evening)
    whole = tuple(Receipt(s.text, s.start, s.end, s.speaker, cited=s.text) for s in said)
    note = Note(text, "summary", talk.start, whole)
    return tuple(dict.fromkeys(why for check in _OF_LINES for why in check(note, talk, evening)))


# ---- form


def _form(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    text = note.text
    if not text.strip():
        yield "it is empty"
    if _MARKUP.search(text):
        yield "it holds a link, markup or more than one line: write plain words on one line"
    if len(text.split()) > MOST_WORDS:
        yield f"it has {len(text.split())} words: at most {MOST_WORDS}"
    if len(set(text.lower().split())) * 2 < len(text.split()):
        yield "it says the same words again and again"
    if note.kind != "summary" and alikeness(text, talk.title) >= ALIKE:
        yield "it only repeats the heading: say what was said"
    if _LABEL.match(text) or _is_line(text, talk, evening):
        yield "it is a line of the transcript with its label: write what you make of it"


def _is_line(text: str, talk: Talk, evening: Evening) -> bool:
    """Whether it is what somebody says behind a name and a colon, as the transcript has it."""
    name, _, told = _TIME.sub("", text, count=1).partition(":")
    said = (u.text for u in talk.utterances if evening.speaker(u.speaker).label == name)
    # a name alone is a heading
    return bool(told.strip()) and any(stands(told, each, evening.language) for each in said)


def _repeats(note: Note, kept: Sequence[Note]) -> Iterator[str]:
    for other in kept:
        if alikeness(note.text, other.text) >= ALIKE:
            yield f"it says what the note “{other.text}” says"


# ---- receipts


def _receipts(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    if not note.receipts_of("quote", "absent", "sound"):
        yield "it cites nothing that was said or heard: quote the words it rests on"
    reasons = (_OF_RECEIPTS[each.kind](each, note, evening) for each in note.receipts)
    yield from filter(None, reasons)


def _not_said(receipt: Receipt, note: Note, evening: Evening) -> str | None:
    near = evening.said_between(receipt.start - LATE, receipt.end + LATE)
    said = " ".join(u.text for u in near if u.speaker == receipt.speaker)
    if stands(receipt.quote, said, evening.language):
        return None
    return f"nobody says “{receipt.quote}” there: quote the transcript word for word"


def _not_absent(receipt: Receipt, note: Note, evening: Evening) -> str | None:
    wanted = receipt.quote.split(", ")
    return absence.said_after_all(wanted, receipt.start, receipt.end, evening)


def _not_summed(receipt: Receipt, note: Note, evening: Evening) -> str | None:
    texts = (*evening.cited_texts(note), *_around(note, evening))
    said = [figure for text in texts for figure in figures(text, evening.language)]
    before = takewhile(lambda each: each is not receipt, note.receipts_of("sum"))
    results = filter(None, (sums.value(each.quote) for each in before))
    days = (float(day) for text in texts for day in _ORDINAL.findall(text))
    missing = sums.missing(receipt.quote, said, (*results, *days))
    if not missing:
        return None
    return f"{', '.join(missing)} of the sum {receipt.quote} stands in no receipt: cite it too"


def _around(note: Note, evening: Evening) -> Iterator[str]:
    """All that the files which a note cites say, and the talks that its quotes are from."""
    files = (evening.file_of(receipt.source) for receipt in note.receipts if receipt.source)
    yield from (line for file in files if file for line in file.lines)
    talks = {talk.index: talk for r in note.receipts if (talk := evening.outline.talk_at(r.start))}
    yield from (utterance.text for talk in talks.values() for utterance in talk.utterances)


def _not_heard(receipt: Receipt, note: Note, evening: Evening) -> str | None:
    heard = (s for s in evening.sounds if receipt.quote == f"[{s.kind}]")
    if not any(abs(sound.start - receipt.start) < LATE for sound in heard):
        return f"{receipt.quote} was not heard there: leave it out"
    said = note.receipts_of("quote")
    near = (r.start - LATE <= receipt.start <= r.end + NEAR for r in said)
    return None if not said or any(near) else f"{receipt.quote} is not near the words it cites"


_OF_RECEIPTS: dict[str, Callable[[Receipt, Note, Evening], str | None]] = {
    "quote": _not_said,
    "source": lambda receipt, note, evening: None,  # its words were taken from that very line
    "absent": _not_absent,
    "sum": _not_summed,
    "sound": _not_heard,
    "own": lambda receipt, note, evening: None,
}


# ---- words


def _quotation_marks(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """What stands in quotation marks was said so, or stands so in a source that is cited or in the
    agenda."""
    cited = evening.cited_texts(note)
    lines = " ".join(receipt.quote for receipt in note.receipts_of("source"))  # of one sentence
    texts = (*cited, lines, *(item.title for item in evening.event.agenda))
    for quote in QUOTED.findall(note.text):
        if len(quote.split()) > 1 and not any(stands(quote, t, evening.language) for t in texts):
            yield f"none of its receipts says “{quote}”: what is in quotation marks is verbatim"


def _misattributed(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """A speaker whom a note names, although its receipts are the words of others and do not name
    them; where it tells what is missing, a speaker of its talk may be."""
    heard = {receipt.speaker for receipt in note.receipts if receipt.speaker}
    if note.receipts_of("absent"):
        heard.update(talk.speakers)
    voices = [each.name or "" for each in evening.outline.speakers if each.id in heard]
    known = set(words(" ".join((*voices, *evening.cited_texts(note), talk.title))))
    told = set(_NAME.findall(QUOTED.sub(" ", note.text)))  # whom a quotation names says nothing
    for each in evening.outline.speakers:
        name, roles = each.name or "", _WORD_OF_ROLE.findall((each.role or "").lower())
        if told.intersection(name.split()) and known.isdisjoint((*words(name), *roles)):
            yield f"its receipts are not {name}'s words and do not name them: cite who says it"


def _sides(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    if note.kind == "contradiction" and len(note.receipts_of("quote", "source")) < 2:
        yield "it tells of a contradiction and cites one side: cite the other too"


def _room(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    text = note.text.lower()
    heard = {receipt.quote for receipt in note.receipts_of("sound")}
    said = " ".join(evening.cited_texts(note)).lower()
    for kind, tells in _ROOM.items():
        found = None if f"[{kind}]" in heard else tells.search(text)
        if found is not None and found.group() not in said:
            yield f"{kind} is told and not cited: cite the sound, or leave it out"


def _obeys(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """What somebody asks to be written is told as that, and not done: of what is cited (a summary
    cites everything) only requests have most of its words."""
    language = evening.language
    if QUOTED.search(note.text) or is_told(note.text, cue_words(language).sayings):
        return
    cited = [each.quote for each in note.receipts_of("quote", "source")]
    if note.kind == "summary":
        cited += [line.text for line in evening.source_lines]
    told = meanings(note.text, language)
    shared = {text: len(told & meanings(text, language)) for text in cited}
    most = max(shared.values(), default=0)
    closest = [text for text, count in shared.items() if count == most]
    if closest and all(map(asks_to_write, closest)):
        yield "it rests on a request to write or say something: tell that it was asked, or leave it"


# ---- what a note may not say of anybody in its own words


def _attacks(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """The word with which a note accuses or mocks somebody and its cited words do not."""
    absent = (receipt.quote for receipt in note.receipts_of("absent"))
    said = plain(" ".join((*evening.cited_texts(note), *absent)))
    crime = _accusation(note.text, said, evening.language)
    if crime:
        yield f"“{crime}” accuses in its own words: quote who says so, or leave it out"
    found = (each.group() for each in pattern(evening.mocking).finditer(plain(note.text)))
    heard = plain(" ".join((said, *(each.text for each in talk.utterances))))
    mocking = next((word for word in found if word not in heard), None)
    if mocking:
        yield f"“{mocking}” is about a person, not about a claim: leave it out"


def _accusation(text: str, said: str, language: str) -> str | None:
    """The word with which a note accuses somebody outside of a quotation. What the cited words
    are about ("fraud filters") accuses nobody, but in "it is a fraud"."""
    accusing = rf"\b(?:{cue_words(language).accusing})\b"
    for found in re.finditer(accusing, QUOTED.sub(" ", plain(text))):
        is_topic = found.group()[:_STEM] in said
        if not is_topic or _CALLS.search(found.string[: found.start()]):
            return found.group()
    return None


_OF_LINES: tuple[Check, ...] = (
    _form,
    unsupported,
    unnamed,
    _misattributed,
    _quotation_marks,
    _attacks,
    _obeys,
)
_CHECKS = (*_OF_LINES, _receipts, unsearched, _sides, _room)
