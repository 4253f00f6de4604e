"""What a recording's own tags say of its event, under what a person wrote in event.toml."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.audio.probe import Probe, probed
from pipeline.event import AgendaItem, EventInfo, Person

# "Chapter 3", "Track 01": a number is no title
_NUMBERED = re.compile(r"(?:chapter|kapitel|track|part|section|scene)?\W*\d+\W*", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def with_tags(info: EventInfo, files: Sequence[Path], names: Sequence[str]) -> EventInfo:
    """The event with the title, people, date and chapters of its recordings where it has none.

    The day may also stand in one of `names`, those of the files and their folder. Of several parts,
    a title of one is not the whole's: their album is.
    """
    found = [probe for file in files if (probe := probed(file))]
    told = {
        "title": info.title or _title(found),
        "people": info.people or tuple(Person(name=name) for name in _artists(found)),
        "date": info.date or next(_days(found, names), None),
        "agenda": info.agenda or tuple(AgendaItem(title=title) for title in _chapters(found)),
    }
    update = {key: value for key, value in told.items() if value and value != getattr(info, key)}
    return info.model_copy(update=update) if update else info


def _title(found: Sequence[Probe]) -> str:
    titles = {probe.title for probe in found}
    if len(titles) > 1:
        titles = {probe.album for probe in found}
    title = titles.pop() if len(titles) == 1 else ""
    return "" if _NUMBERED.fullmatch(title) else title


def _artists(found: Sequence[Probe]) -> tuple[str, ...]:
    """Each artist once; several of one file stand between semicolons or slashes."""
    listed = (re.split(r"\s*[;/]\s*", probe.artist) for probe in found)
    return tuple(dict.fromkeys(name for names in listed for name in names if name))


def _days(found: Sequence[Probe], names: Sequence[str]) -> Iterator[str]:
    yield from (probe.date for probe in found if probe.date)
    for name in names:
        if match := _DAY.search(name):
            yield f"{match[1]}-{match[3]}-{match[4]}"


def _chapters(found: Sequence[Probe]) -> tuple[str, ...]:
    titles = [chapter.title for probe in found for chapter in probe.chapters]
    return tuple(title for title in titles if not _NUMBERED.fullmatch(title))
