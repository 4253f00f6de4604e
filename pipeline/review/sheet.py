"""What the page is told of an event, as plain JSON: who, when, what was noted, what is doubtful."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from pipeline.corrections.file import Fix, NoteFix
from pipeline.corrections.moments import SEARCH_SECONDS
from pipeline.corrections.names import moment_of
from pipeline.data import Note, TalkNotes, seconds_by_voice
from pipeline.render.article import Article
from pipeline.review.doubts import Doubtful

Sheet = dict[str, Any]


def sheet(article: Article, fixes: Sequence[Fix]) -> Sheet:
    """The event but for its words, with what the corrections say of each note."""
    lines = [one for one in article.doubts if one.kind == "note"]
    notes = [Note(one.text, "aside", one.time, one.receipts) for one in lines]
    said = _about_notes(fixes, [*notes, *article.notes])
    heard, written = article.heard, article.written
    return {
        "title": heard.source.title,
        "duration": heard.audio.duration,
        "language": heard.language,
        "description": written.description,
        "people": [person.name for person in heard.source.info.people],
        "speakers": list(_speakers(article)),
        "talks": list(_talks(article, said)),
        "caveat": [_note(note, said) for note in written.caveat],
        "sounds": [asdict(sound) for sound in heard.sounds],
        "dropped": [asdict(each) for each in article.dropped],
        "doubted": [
            {**_note(note, said), "why": one.why} for note, one in zip(notes, lines, strict=True)
        ],
        "struck": [f.model_dump(mode="json") for f in fixes if isinstance(f, NoteFix) and f.strike],
    }


def doubtful(doubts: Sequence[Doubtful], looked: frozenset[str]) -> list[Sheet]:
    """The queue; `done` are those that a person has looked at."""
    return [{**asdict(each), "id": each.id, "done": each.id in looked} for each in doubts]


def listed(fixes: Sequence[Fix], article: Article) -> list[Sheet]:
    """The corrections, and why those that no longer fit do not."""
    astray = {one.text: one.why for one in article.doubts}
    return [
        {
            "table": fix.table,
            "values": fix.model_dump(mode="json", exclude_defaults=True),
            "text": str(fix),
            "why": astray.get(_line(fix)) or astray.get(str(fix), ""),
        }
        for fix in fixes
    ]


def _line(fix: Fix) -> str:
    """The line that a person wrote, if they did."""
    return fix.reword or fix.add or "" if isinstance(fix, NoteFix) else ""


def _about_notes(fixes: Sequence[Fix], notes: Sequence[Note]) -> dict[Note, NoteFix]:
    """What is said of each note: by its text as it stood or as it is, and near its time."""
    found: dict[Note, NoteFix] = {}
    for fix in fixes:
        if isinstance(fix, NoteFix):
            same = [note for note in notes if note.text in (fix.note, _line(fix))]
            near = [note for note in same if _apart(note, fix) <= SEARCH_SECONDS]
            found |= {note: fix for note in sorted(near, key=lambda n: _apart(n, fix))[:1]}
    return found


def _apart(note: Note, fix: NoteFix) -> float:
    """Seconds from a note, or the words that it rests on, to the time of a correction."""
    times = (note.time, *(one.start for one in note.receipts[:1]))
    return min(abs(time - fix.at.time) for time in times)


def _speakers(article: Article) -> Iterator[Sheet]:
    outline = article.written.outline
    seconds = seconds_by_voice(outline.utterances)
    for speaker in outline.speakers:
        yield {
            **asdict(speaker),
            "label": speaker.label,
            "moment": str(moment_of(speaker.id, outline.utterances) or speaker.id),
            "seconds": round(seconds.get(speaker.id, 0.0), 1),
        }


def _talks(article: Article, said: dict[Note, NoteFix]) -> Iterator[Sheet]:
    """All of the event's, also those that the post leaves out."""
    noted = {each.talk.index: each for each in article.written.talks}
    for talk in article.written.outline.talks:
        yield _talk(noted.get(talk.index, TalkNotes(talk, "", ())), said)


def _talk(noted: TalkNotes, said: dict[Note, NoteFix]) -> Sheet:
    talk = noted.talk
    return {
        "index": talk.index,
        "title": talk.title,
        "kind": talk.kind,
        "start": talk.start,
        "end": talk.end,
        "speakers": talk.speakers,
        "summary": noted.summary,
        "notes": [_note(note, said) for note in noted.notes],
    }


def _note(note: Note, said: dict[Note, NoteFix]) -> Sheet:
    """A note with what a person has decided about it."""
    fix = said.get(note)
    done = next((word for word in _DECIDED if fix and getattr(fix, word)), "")
    return {**asdict(note), "state": done, "original": fix.note if fix and fix.note else note.text}


_DECIDED = ("strike", "reword", "pin", "accept", "add")
