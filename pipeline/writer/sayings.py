"""What a note may say only with the finding for it: silence, contradiction, the room."""

import re
from collections.abc import Iterable, Sequence

from pipeline.claims.lexicon import pattern, plain
from pipeline.claims.stems import content
from pipeline.data import Note
from pipeline.writer.case import Case
from pipeline.writer.receipts import NOT_SAID
from pipeline.writer.words import english

LAUGHS = "lol lmao haha hah heh ok okay hmm though of course"


def silence(note: Note, case: Case) -> str | None:
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
        wanted = content(item, language) - content(LAUGHS, language)
        if wanted and not wanted & known and not wanted <= case.ground.stems:
            return f"“{item.strip()}” was not looked for: name only omissions of the list"
    return None


def _is_cited(words: Sequence[str], quotes: Iterable[str]) -> bool:
    return any(", ".join(words[:3]) in quote for quote in quotes)


def contradiction(note: Note, case: Case) -> str | None:
    """ "Earlier she said" only for a contradiction that was found."""
    if not _says(english().saying.contradicts, note) and note.kind != "contradiction":
        return None
    quotes = {receipt.quote for receipt in note.receipts}
    if any(found.other.quote in quotes for found in case.findings.contradictions):
        return None
    return "it says that something contradicts: only for a contradiction of the list, cited"


def room(note: Note, case: Case) -> str | None:
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
