"""Subtitles with speaker labels: SubRip (.srt) and WebVTT (.vtt, the W3C's recommendation).

Promise: a cue has at most two lines of 42 characters and stays at most seven seconds; it is cut
between words; cues do not overlap and each lasts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.data import Utterance, Word
from pipeline.render.article import Article
from pipeline.render.clock import subtitle
from pipeline.render.escape import plain

LINE = 42  # characters
LINES = 2
LONGEST = 7.0  # seconds
SHORTEST = 1.0  # seconds, where the next cue leaves them
PAUSE = 1.5  # seconds of silence that end a cue
LABEL = 30  # characters of a speaker's label


@dataclass(frozen=True, slots=True)
class Cue:
    """What is shown at once; times in milliseconds, so that none rounds into its neighbour."""

    start: int
    end: int
    speaker: str
    lines: tuple[str, ...]


def srt(article: Article) -> str:
    """SubRip: an utterance's first cue begins with the speaker's label."""
    blocks = (
        f"{number}\n{subtitle(cue.start, ',')} --> {subtitle(cue.end, ',')}\n"
        + "\n".join(cue.lines).replace("-->", "->")
        + "\n"
        for number, cue in enumerate(cues(article, labelled=True), 1)
    )
    return "\n".join(blocks)


def vtt(article: Article) -> str:
    """WebVTT: each cue in its speaker's voice."""
    blocks = (
        f"\n{subtitle(cue.start, '.')} --> {subtitle(cue.end, '.')}\n"
        f"<v {_text(cue.speaker)}>{_text(chr(10).join(cue.lines))}\n"
        for cue in cues(article, labelled=False)
    )
    return "WEBVTT\n" + "".join(blocks)


def cues(article: Article, labelled: bool) -> tuple[Cue, ...]:
    """The event's cues in order of time; `labelled` puts the label into an utterance's first."""
    labels = {speaker: _shortened(label) for speaker, label in article.labels.items()}
    found = (
        cue
        for utterance in article.outline.utterances
        for cue in _of_utterance(utterance, labels.get(utterance.speaker, ""), labelled)
    )
    return tuple(_apart(sorted(found, key=lambda cue: cue.start)))


@dataclass(slots=True)
class _Filling:
    """A cue that takes words until it is full."""

    start: float
    end: float
    lines: list[str] = field(default_factory=lambda: [""])

    def takes(self, word: Word) -> bool:
        """Whether `word` still fits, in time and room."""
        if word.start - self.end > PAUSE or word.end - self.start > LONGEST:
            return False
        if self.lines[-1].endswith((".", "?", "!")) and len(self.lines) == LINES:
            return False  # a sentence's end on the last line is the better place to cut
        return len(self.lines) < LINES or _fits(self.lines[-1], word.text)

    def add(self, word: Word) -> None:
        if _fits(self.lines[-1], word.text):
            self.lines[-1] = f"{self.lines[-1]} {word.text}".lstrip()
        else:
            self.lines.append(word.text)
        self.end = word.end


def _of_utterance(utterance: Utterance, label: str, labelled: bool) -> Iterator[Cue]:
    name = label or utterance.speaker
    words = _pieces(utterance.words)
    if labelled:
        start = utterance.words[0].start
        words = (*_pieces([Word(start, start, f"{name}:", 1.0)]), *words)
    for cue in _filled(words):
        end = min(max(cue.end, cue.start + SHORTEST), cue.start + LONGEST)
        yield Cue(round(cue.start * 1000), round(end * 1000), name, tuple(cue.lines))


def _filled(words: Iterable[Word]) -> Iterator[_Filling]:
    cue: _Filling | None = None
    for word in words:
        if cue is None or not cue.takes(word):
            if cue is not None:
                yield cue
            cue = _Filling(word.start, word.end)
        cue.add(word)
    if cue is not None:
        yield cue


def _pieces(words: Sequence[Word]) -> tuple[Word, ...]:
    """Words without spaces, none longer than a line."""
    return tuple(
        replace(word, text=text[at : at + LINE])
        for word in words
        for text in plain(word.text).split()
        for at in range(0, len(text), LINE)
    )


def _fits(line: str, text: str) -> bool:
    return not line or len(line) + 1 + len(text) <= LINE


def _apart(ordered: Iterable[Cue]) -> Iterator[Cue]:
    """Cues one after the other: two people at once are shown in turn."""
    last: Cue | None = None
    for cue in ordered:
        if last is not None:
            end = max(last.start + 1, min(last.end, cue.start))
            yield replace(last, end=end)
            cue = replace(cue, start=max(cue.start, end), end=max(cue.end, end + 1))
        last = cue
    if last is not None:
        yield last


def _shortened(label: str) -> str:
    label = plain(label)
    return label if len(label) <= LABEL else f"{label[: LABEL - 1].rstrip()}…"


def _text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
