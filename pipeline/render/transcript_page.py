"""transcript.html: who said what, to be read; a page by itself, and XML as well as HTML.

It has an anchor for each minute (#m12), to which receipts lead.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pipeline.data import Talk, Word
from pipeline.languages import code
from pipeline.render.article import Article
from pipeline.text import clock, ends_sentence, joined
from pipeline.visible import one_line
from pipeline.wording import wording

FEW, MANY = 70, 140  # words from which a paragraph may end with a sentence, and has to end
_LAYOUT = Path(__file__).with_name("transcript.html.j2")


@dataclass(frozen=True, slots=True)
class PageText:
    """Some words, or what the room did; `minutes` are those that begin there."""

    minutes: tuple[int, ...]
    text: str
    room: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences of one speaker, who is named where it is a new one."""

    speaker: str
    time: str
    link: str
    pieces: tuple[PageText, ...]


def minute(seconds: float) -> str:
    """The anchor of a moment on the page: of its minute."""
    return f"#m{int(seconds) // 60}"


def page(article: Article) -> str:
    """The whole page: a heading a talk, a name where the speaker changes, short paragraphs."""
    import jinja2

    layout = jinja2.Environment(autoescape=True, trim_blocks=True).from_string(_LAYOUT.read_text())
    reading = _Reading(article)
    ends = [*(noted.talk.start for noted in article.written.talks[1:]), math.inf]
    talks = [
        {"title": one_line(noted.talk.title), "paragraphs": list(reading.of(noted.talk, end))}
        for noted, end in zip(article.written.talks, ends, strict=False)
    ]
    told = layout.render(
        title=one_line(article.heard.source.title), language=article.heard.language, talks=talks
    )
    return f"{told}\n"


class _Reading:
    """Reads an event from its start; each minute and each sound is told once, where it begins."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.labels = article.labels
        self.words = wording(code(article.heard.language))
        self.begun = -1  # the last minute told
        self.sounds = sorted(article.heard.sounds, key=lambda sound: sound.start)

    def of(self, talk: Talk, end: float) -> Iterator[Paragraph]:
        """A talk's paragraphs, each with its link, and what the room did after it."""
        for speaker, said in groupby(talk.utterances, key=lambda one: one.speaker):
            name = one_line(self.labels.get(speaker, speaker))
            row = [word for one in said for word in one.words]
            for words in in_paragraphs(row, FEW, MANY):
                yield self._paragraph(name, words[0].start, tuple(self._pieces(words)))
                name = ""
        while self.sounds and self.sounds[0].start < end:
            start = self.sounds[0].start
            anchors = PageText(self._minutes(start), "")
            yield self._paragraph("", start, (anchors, *self._heard(start)))

    def _paragraph(self, name: str, start: float, pieces: tuple[PageText, ...]) -> Paragraph:
        link = self.article.watch(start) or minute(start)
        return Paragraph(name, clock(start), link, pieces)

    def _pieces(self, words: Sequence[Word]) -> Iterator[PageText]:
        """The words, cut where a minute begins or the room is heard."""
        begins: tuple[int, ...] = ()
        piece: list[str] = []
        for word in words:
            sounds, minutes = list(self._heard(word.start)), self._minutes(word.start)
            if (sounds or minutes) and piece:
                yield PageText(begins, one_line(joined(piece)))
                begins, piece = (), []
            yield from sounds
            begins += minutes
            piece.append(word.text)
        yield PageText(begins, one_line(joined(piece)))

    def _minutes(self, until: float) -> tuple[int, ...]:
        """Those that have begun by then and were not told yet."""
        new = tuple(range(self.begun + 1, int(until) // 60 + 1))
        self.begun += len(new)
        return new

    def _heard(self, until: float) -> Iterator[PageText]:
        while self.sounds and self.sounds[0].start <= until:
            kind = self.sounds.pop(0).kind
            yield PageText((), f"[{self.words.get(kind, kind)}]", room=True)


def in_paragraphs(said: Sequence[Word], few: int, many: int) -> Iterator[tuple[Word, ...]]:
    """Runs of words: from a few on they end with a sentence, and in any case with many."""
    words: list[Word] = []
    for word in said:
        words.append(word)
        if len(words) >= many or (len(words) >= few and ends_sentence(word.text)):
            yield tuple(words)
            words = []
    if words:
        yield tuple(words)
