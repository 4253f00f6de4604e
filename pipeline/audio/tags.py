"""What a recording's own tags say of its event, under what a person wrote in event.toml."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from pipeline.audio.probe import Probe, day_in, probed
from pipeline.event import AgendaItem, EventInfo, Origin, Person, Video

SLACK = timedelta(seconds=5)  # that a start in a tag may lie before the end of the one before
# "Chapter 3", "Track 01": a number is no title
_NUMBERED = re.compile(r"(?:chapter|kapitel|track|part|section|scene)?\W*\d+\W*", re.IGNORECASE)


def fill_from_tags(
    info: EventInfo, files: Sequence[Path], names: Sequence[str]
) -> tuple[EventInfo, tuple[Origin, ...]]:
    """The event with what its recordings tell where it has nothing itself: title, people, date,
    chapters, videos; and where title and date come from.

    The day may also stand in one of `names`, those of the files and their folder. Of several parts,
    a title of one is not the whole's: their album is.
    """
    found = {file.name: probe for file in files if (probe := probed(file))}
    probes = list(found.values())
    date, by = next(_days(found, names), (None, None))
    title = _title(probes)
    told = {
        "title": info.title or title,
        "people": info.people or tuple(Person(name=name) for name in _artists(probes)),
        "date": info.date or date,
        "agenda": info.agenda or tuple(AgendaItem(title=title) for title in _chapters(probes)),
        "videos": tuple(_videos(info, [file.name for file in files], found)),
    }
    update = {key: value for key, value in told.items() if value and value != getattr(info, key)}
    origins = {"title": Origin("title", "tags", next(iter(found), "")), "date": by}
    named = tuple(origin for key, origin in origins.items() if key in update and origin)
    return (info.model_copy(update=update) if update else info), named


def by_start(files: Sequence[Path]) -> tuple[Path, ...]:
    """The files in the order of the start times in their tags; none where these do not tell it.

    Each has to begin where the one before has ended, and within a day of it: else it is the time
    of a copy, or a clock that nobody has set.
    """
    times = [
        (probe.began, probe.duration, file)
        for file in files
        if (probe := probed(file)) and probe.began and probe.duration
    ]
    if len(times) < len(files) or len({began.tzinfo for began, *_ in times}) > 1:
        return ()
    times.sort()
    for (began, seconds, _), (later, *_) in pairwise(times):
        ended = began + timedelta(seconds=seconds) - SLACK
        if not (began < later and ended <= later <= ended + timedelta(days=1)):
            return ()
    return tuple(file for *_, file in times)


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


def _days(found: Mapping[str, Probe], names: Sequence[str]) -> Iterator[tuple[str, Origin]]:
    for file, probe in found.items():
        if probe.date:
            yield probe.date, Origin("date", "tags", file)
    for name in names:
        if day := day_in(name):
            yield day, Origin("date", "name", name)


def _videos(info: EventInfo, files: Sequence[str], found: Mapping[str, Probe]) -> Iterator[Video]:
    """Those of the recordings that have one of their own, with the offset that a person gives."""
    told = {video.file: video for video in info.videos}
    for name in files:
        own = told.get(name, Video(file=name, offset=info.offset))
        url = own.url or (found[name].video if name in found else "")
        if url and (name in told or not info.video):
            yield own.model_copy(update={"url": url})


def _chapters(found: Sequence[Probe]) -> tuple[str, ...]:
    titles = (title for probe in found for title in probe.chapters)
    return tuple(title for title in titles if not _NUMBERED.fullmatch(title))
