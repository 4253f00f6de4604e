"""Whose words a note tells: those of the people that it names."""

import re
from collections.abc import Iterator

from pipeline.data import Note, Talk
from pipeline.notes.evening import Evening
from pipeline.notes.matching import QUOTED
from pipeline.text import words

_WORD_OF_ROLE = re.compile(r"[^\W\d_]{5,}")  # "founder" of "founder and head of research"
_NAME = re.compile(r"[^\W\d_][\w-]*")


def misattributed(note: Note, talk: Talk, evening: Evening) -> Iterator[str]:
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
