"""Whose words a note tells: those of the voice that it names, and not what that voice reports."""

import re
from collections.abc import Iterator

from pipeline.claims.meaning import content
from pipeline.data import Note, Receipt, Speaker, Talk
from pipeline.notes.cue_words import CueWords, cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.figures import figures
from pipeline.notes.matching import QUOTED
from pipeline.text import sentences, words

_NAME = r"[A-Z][\w'\u2019-]*"
_WHO = rf"(?:[Tt]he \w+|{_NAME}(?: {_NAME}){{0,2}})"


def misattributed(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
    """Words that a note gives to somebody who does not say them, or only reports them."""
    wrong = _wrongly_said_by(note, evening)
    if wrong:
        yield f"the words that it cites are not {wrong}'s: say who says them"
    others = _reported_as_own(note, evening)
    if others:
        yield f"“{others}” is told as somebody else's: say whose it is"


def _wrongly_said_by(note: Note, evening: Evening) -> str | None:
    """Whom a note names as the one who says it, where all that it cites was said by others."""
    known = cue_words(evening.language)
    voices = {receipt.speaker for receipt in note.receipts if receipt.speaker}
    others = [each for each in evening.outline.speakers if each.id in voices]
    told = QUOTED.sub(" ", note.text)  # whom a quotation names says nothing of who says it
    heads = (evening.head(receipt.source or "") for receipt in note.receipts_of("source"))
    of_files = set(words(" ".join(heads)))  # an interview of years ago is cited from its file
    for who in _sayers(told, known) if known and others else ():
        named = [each for each in evening.outline.speakers if _is(each, who)]
        surnames = {word for each in named for word in words(each.name or "")[-1:]}
        unheard = all(each.label != each.id and each not in named for each in others)
        if named and unheard and not surnames & of_files:
            return who
    return None


def _reported_as_own(note: Note, evening: Evening) -> str | None:
    """Words of others that a note gives to the speaker: "he says" of "they said", or a number of
    somebody whom it does not name as if it were the speaker's own."""
    known = cue_words(evening.language)
    told = note.receipts_of("quote")
    if known is None or not told or not all(_is_reported(r, known) for r in told):
        return None
    own = QUOTED.sub(" ", note.text)  # a quotation says itself whose words it reports
    told_words = words(own)
    says = [place for place, word in enumerate(told_words) if word in known.sayings]
    theirs = any(place and told_words[place - 1] in known.others for place in says)
    if says and (theirs or _names_a_speaker(own, known, evening)):
        return told[0].cited or told[0].quote
    cited = [text for r in told for text in sentences(r.cited or r.quote) if _says(text, known)]
    numbered = [text for text in cited if figures(text, evening.language)]
    if says or not numbered or not figures(own, evening.language):
        return None
    named = content(note.text, evening.language)
    named_there = any(content(_subject(text, known), evening.language) & named for text in cited)
    return None if named_there else numbered[0]


def _says(text: str, known: CueWords) -> bool:
    return not known.sayings.isdisjoint(words(text))


def _subject(text: str, known: CueWords) -> str:
    """The words before "say"."""
    told = words(text)
    return " ".join(told[: next(i for i, word in enumerate(told) if word in known.sayings)])


def _names_a_speaker(text: str, known: CueWords, evening: Evening) -> bool:
    people = evening.outline.speakers
    return any(_is(each, who) for who in _sayers(text, known) for each in people)


def _is_reported(receipt: Receipt, known: CueWords) -> bool:
    """Whether "they say" stands in the words that are cited, and no "I say"."""
    told = words(receipt.cited or receipt.quote)
    said = [place for place, word in enumerate(told) if word in known.sayings]
    own = (known.selves & set(told[:place]) for place in said)
    return bool(said) and said[0] > 0 and not any(own)


def _sayers(text: str, known: CueWords) -> Iterator[str]:
    """ "The CEO" of "The CEO says", "Ada Park" of "says Ada Park"."""
    says = "|".join(sorted(map(re.escape, known.sayings)))
    says = f"(?i:{says})"
    for before, after in re.findall(rf"({_WHO}) {says}\b|\b{says} ({_WHO})", text):
        yield before or after


def _is(speaker: Speaker, who: str) -> bool:
    """Whether somebody is called so, by a part of the name or by the role."""
    wanted = [word for word in words(who) if word != "the"]
    known = words(f"{speaker.name or ''} {speaker.role or ''}")
    return bool(wanted) and all(word in known for word in wanted)
