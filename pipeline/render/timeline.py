"""timeline.svg: the event at a glance, a row a talk, light and dark; and the same in words."""

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise

from pipeline.data import RoomSound, Talk
from pipeline.render.article import Article
from pipeline.render.subtitles import shortened
from pipeline.text import clock
from pipeline.visible import one_line
from pipeline.wording import wording

NAME = "timeline.svg"
WIDTH, ROW, EDGE, BAR = 480, 50, 16, 12  # about pixels, on a phone three quarters of one
TITLE = 46  # characters that fit beside the time
_TICKS = {"applause": "clap", "laughter": "laugh"}  # what of the room is drawn
_PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" font-family="system-ui, sans-serif" font-size="15">
<style>
.paper {{ fill: #fff; stroke: #d0d5dd }} text {{ fill: #1f2933 }} .time {{ fill: #52606d }}
.road {{ fill: #e4e7eb }} .bar {{ fill: #2563eb }} .clap {{ fill: #b45309 }} .laugh {{ fill: #15803d }}
@media (prefers-color-scheme: dark) {{
.paper {{ fill: #161b22; stroke: #3d444d }} text {{ fill: #e6edf3 }} .time {{ fill: #9aa7b4 }}
.road {{ fill: #2b323b }} .bar {{ fill: #6ea8fe }} .clap {{ fill: #f5b042 }} .laugh {{ fill: #57d38c }}
}}
</style>
<rect class="paper" x=".5" y=".5" width="{inner}" height="{below}" rx="8"/>
{rows}
</svg>
"""  # noqa: E501


def picture(article: Article) -> str:
    """The SVG. It paints its own paper: a page may be light where its reader's screen is dark."""
    whole = article.heard.audio.duration
    rows: list[str] = []
    for number, (talk, sounds) in enumerate(_talks(article)):
        rows += _row(EDGE + ROW * number, talk, sounds, whole)
    height = EDGE + ROW * len(article.written.talks) + ROW // 2
    words = wording(article.post_language)
    for place, (kind, name) in enumerate(_TICKS.items()):
        left, top, said = EDGE + place * WIDTH // 4, height - EDGE, words.get(kind, kind)
        rows.append(f'<rect class="{name}" x="{left}" y="{top}" width="{BAR}" height="8" rx="2"/>')
        rows.append(
            f'<text class="time" x="{left + 20}" y="{top + 9}" font-size="13">{said}</text>'
        )
    return _PICTURE.format(
        width=WIDTH, height=height, inner=WIDTH - 1, below=height - 1, rows="\n".join(rows)
    )


def told(article: Article) -> str:
    """What the picture shows, for who cannot see it."""
    heard = article.heard
    words = wording(article.post_language)
    talks = (_told(talk, sounds, words) for talk, sounds in _talks(article))
    return f"{one_line(heard.source.title)}, {clock(heard.audio.duration)}: {'; '.join(talks)}"


def _talks(article: Article) -> Iterator[tuple[Talk, list[RoomSound]]]:
    """Each talk, and what the room did up to the next one; with the first, before it."""
    talks = [noted.talk for noted in article.written.talks]
    begins = [0.0, *(talk.start for talk in talks[1:]), math.inf]
    drawn = [sound for sound in article.heard.sounds if sound.kind in _TICKS]
    for talk, (begin, end) in zip(talks, pairwise(begins), strict=False):
        yield talk, [sound for sound in drawn if begin <= sound.start < end]


def _told(talk: Talk, sounds: Sequence[RoomSound], words: Mapping[str, str]) -> str:
    kinds = [sound.kind for sound in sounds]
    minutes = max(1, round((talk.end - talk.start) / 60))
    counted = (
        f", {kinds.count(kind)}x {words.get(kind, kind)}" for kind in _TICKS if kind in kinds
    )
    return f"{clock(talk.start)} {one_line(talk.title)}, {minutes} min{''.join(counted)}"


def _row(top: int, talk: Talk, sounds: Sequence[RoomSound], whole: float) -> Iterator[str]:
    """Time and title, the talk's stretch of the whole, and where the room clapped or laughed."""
    title = shortened(talk.title, TITLE)
    yield (
        f'<text x="{EDGE}" y="{top + 12}"><tspan class="time">{clock(talk.start)}</tspan> '
        f"{escape(title)}</text>"
    )
    yield _rect("road", 0.0, whole, top, whole)
    yield _rect("bar", talk.start, talk.end, top, whole)
    for sound in sounds:
        yield _rect(_TICKS[sound.kind], sound.start, sound.end, top + BAR, whole)


def _rect(kind: str, start: float, end: float, top: int, whole: float) -> str:
    scale = (WIDTH - 2 * EDGE) / max(whole, 1.0)
    wide = max(2.0, (end - start) * scale)
    left = min(EDGE + start * scale, WIDTH - EDGE - wide)
    return (
        f'<rect class="{kind}" x="{left:.1f}" y="{top + 19}" width="{wide:.1f}" height="{BAR}" '
        'rx="2"/>'
    )
