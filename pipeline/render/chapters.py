"""What goes with the video of an event: chapters out of its talks, and a text to describe it.

YouTube shows chapters of a description that has three of them, the first at 0:00, and none of less
than ten seconds; others take the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.render.article import Article, Footage
from pipeline.render.subtitles import subtitle
from pipeline.text import clock
from pipeline.visible import one_line

SHORTEST = 10  # seconds
FEWEST = 3
_BRACKETS = str.maketrans("<>", "\u2039\u203a")  # YouTube takes no description with < or >


@dataclass(frozen=True, slots=True)
class VideoChapter:
    """A stretch of a video, in whole seconds of the video."""

    start: int
    end: int
    title: str


def chapters(article: Article, footage: Footage) -> tuple[VideoChapter, ...]:
    """The talks that a video shows; what is too short becomes the next one's."""
    begins: list[tuple[int, str]] = []
    end = int(footage.end + footage.shift)
    if end <= 0:
        return ()  # all of it lies before the video's start
    for start, title in [(0, article.heard.source.title), *_talks(article, footage)]:
        if begins and start - begins[-1][0] < SHORTEST:
            start = begins.pop()[0]
        begins.append((start, one_line(title).translate(_BRACKETS)))
    if len(begins) > 1 and end - begins[-1][0] < SHORTEST:
        begins.pop()
    ends = [*(start for start, _ in begins[1:]), end]
    return tuple(VideoChapter(a, b, title) for (a, title), b in zip(begins, ends, strict=True))


def files(article: Article) -> dict[str, bytes]:
    """ "chapters.txt", "chapters.vtt" and "description.txt", numbered where videos are several."""
    made: dict[str, str] = {}
    for number, footage in enumerate(article.footage, 1):
        found = chapters(article, footage)
        which = f"-{number}" if number > 1 else ""
        made[f"description{which}.txt"] = _description(article, found)
        made[f"chapters{which}.vtt"] = _vtt(found)
        if len(found) >= FEWEST:
            made[f"chapters{which}.txt"] = _text(found)
    return {name: text.encode() for name, text in made.items()}


def _talks(article: Article, footage: Footage) -> Iterator[tuple[int, str]]:
    """The talks of a video and when in it they begin."""
    for talk in (noted.talk for noted in article.written.talks):
        if talk.end > footage.start and talk.start < footage.end:
            start = max(talk.start, footage.start) + footage.shift
            yield max(0, int(start)), talk.title


def _text(found: tuple[VideoChapter, ...]) -> str:
    return "".join(f"{clock(each.start)} {each.title}\n" for each in found)


def _vtt(found: tuple[VideoChapter, ...]) -> str:
    cues = (
        f"\n{subtitle(each.start * 1000, '.')} --> {subtitle(each.end * 1000, '.')}\n{each.title}\n"
        for each in found
    )
    return "WEBVTT\n" + "".join(cues).replace("&", "&amp;")


def _description(article: Article, found: tuple[VideoChapter, ...]) -> str:
    """What it is, what to know before believing it, who speaks when."""
    source, written = article.heard.source, article.written
    people = (one for one in written.outline.speakers if one.name)
    blocks = (
        [source.title, ", ".join(filter(None, (source.info.date, source.info.place)))],
        [written.description, *(note.text for note in written.caveat)],
        _text(found).splitlines(),
        [
            ", ".join(told for told in (one.name, one.role) if told and told != "speaker")
            for one in people
        ],
    )
    shown = ("\n".join(filter(None, map(one_line, lines))) for lines in blocks)
    return "\n\n".join(filter(None, shown)).translate(_BRACKETS) + "\n"
