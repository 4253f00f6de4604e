"""Subtitles with speaker labels: SubRip (.srt) and WebVTT (.vtt, the W3C's recommendation).

Promise: a cue has at most two lines of 42 characters and stays at most seven seconds; it is cut
between words; cues do not overlap and each lasts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape

from pipeline.data import Utterance, Word
from pipeline.render.article import Article
from pipeline.text import ends_sentence, joined
from pipeline.visible import one_line

LINE = 42  # characters
LINES = 2
LONGEST = 7.0  # seconds
SHORTEST = 1.0  # seconds, where the next cue leaves them
PAUSE = 1.5  # seconds of silence that end a cue
LABEL = 30  # characters of a speaker's label


@dataclass(frozen=True, slots=True)
class Subtitle:
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
        f"<v {escape(cue.speaker, quote=False)}>{escape(chr(10).join(cue.lines), quote=False)}\n"
        for cue in cues(article, labelled=False)
    )
    return "WEBVTT\n" + "".join(blocks)


def cues(article: Article, labelled: bool) -> tuple[Subtitle, ...]:
    """The event's cues in order of time; `labelled` puts the label into an utterance's first."""
    labels = {speaker: shortened(label, LABEL) for speaker, label in article.labels.items()}
    found = (
        cue
        for utterance in article.written.outline.utterances
        for cue in _of_utterance(utterance, labels.get(utterance.speaker, ""), labelled)
    )
    return tuple(_apart(sorted(found, key=lambda cue: cue.start)))


def subtitle(milliseconds: int, point: str) -> str:
    """hh:mm:ss,mmm (SRT: `point` is ",") or hh:mm:ss.mmm (VTT)."""
    seconds, rest = divmod(milliseconds, 1000)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{point}{rest:03d}"


def _of_utterance(utterance: Utterance, label: str, labelled: bool) -> Iterator[Subtitle]:
    name = label or utterance.speaker
    words = _pieces(utterance.words)
    if labelled:
        start = utterance.words[0].start
        words = (*_pieces([Word(start, start, f"{name}:", 1.0)]), *words)
    for cue in _filled(words):
        start, end = cue[0][0].start, cue[-1][-1].end
        end = min(max(end, start + SHORTEST), start + LONGEST)
        yield Subtitle(round(start * 1000), round(end * 1000), name, tuple(map(_shown, cue)))


def _filled(words: Iterable[Word]) -> Iterator[list[list[Word]]]:
    """The lines of each cue, which takes words until it is full."""
    lines: list[list[Word]] = []
    for word in words:
        if lines and not _takes(lines, word):
            yield lines
            lines = []
        if lines and _fits(lines[-1], word):
            lines[-1].append(word)
        else:
            lines.append([word])
    if lines:
        yield lines


def _takes(lines: Sequence[Sequence[Word]], word: Word) -> bool:
    """Whether `word` still fits into a cue, in time and room."""
    last = lines[-1]
    if word.start - last[-1].end > PAUSE or word.end - lines[0][0].start > LONGEST:
        return False
    if len(lines) < LINES:
        return True
    # a sentence's end on the last line is the better place to cut
    return _fits(last, word) and not ends_sentence(last[-1].text)


def _pieces(words: Sequence[Word]) -> tuple[Word, ...]:
    """Words without spaces, none longer than a line."""
    return tuple(
        replace(word, text=text[at : at + LINE])
        for word in words
        for text in one_line(word.text).split()
        for at in range(0, len(text), LINE)
    )


def _fits(line: Sequence[Word], word: Word) -> bool:
    return len(_shown(line)) + 1 + len(word.text) <= LINE


def _shown(line: Sequence[Word]) -> str:
    return joined(word.text for word in line)


def _apart(ordered: Iterable[Subtitle]) -> Iterator[Subtitle]:
    """Cues one after the other: two people at once are shown in turn."""
    last: Subtitle | None = None
    for cue in ordered:
        if last is not None:
            end = max(last.start + 1, min(last.end, cue.start))
            yield replace(last, end=end)
            cue = replace(cue, start=max(cue.start, end), end=max(cue.end, end + 1))
        last = cue
    if last is not None:
        yield last


def shortened(text: str, most: int) -> str:
    """A text on one line, cut where it has more characters than there is room for."""
    text = one_line(text)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
