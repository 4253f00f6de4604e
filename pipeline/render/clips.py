"""Audio clips of the receipts: the very seconds that a note rests on."""

from collections.abc import Iterator

from pipeline.audio.clip import clip
from pipeline.data import Receipt, Span
from pipeline.render.article import Article
from pipeline.text import joined

FOLDER = "clips"
MARGIN = 0.25  # seconds before and after, so that no word is bitten off
LONGEST_SOUND = 8.0  # seconds of applause that tell it from laughter


def clip_name(span: Span) -> str:
    """ "0724120-0731500.mp3": its start and end in milliseconds, so that they sort by time."""
    return f"{round(span.start * 1000):07d}-{round(span.end * 1000):07d}.mp3"


def heard(receipt: Receipt, article: Article) -> Span | None:
    """When the cited words are said, or the room is heard; None for what cannot be heard."""
    if receipt.kind not in ("quote", "sound") or receipt.end <= receipt.start:
        return None
    if receipt.kind == "sound":
        return Span(receipt.start, min(receipt.end, receipt.start + LONGEST_SOUND))
    words = [
        word
        for one in article.written.outline.utterances
        if one.speaker == receipt.speaker and one.start <= receipt.end and one.end >= receipt.start
        for word in one.words
        if receipt.start <= word.start and word.end <= receipt.end
    ]
    many = len(receipt.cited.split())
    runs = (words[first : first + many] for first in range(len(words) - many + 1) if many)
    found = (run for run in runs if joined(word.text for word in run) == receipt.cited)
    cited = next(found, None)  # none: a name in it was put right, or it has no blanks
    return Span(cited[0].start, cited[-1].end) if cited else Span(receipt.start, receipt.end)


def clips(article: Article) -> Iterator[tuple[str, bytes]]:
    """Each receipt's clip once, as a file name below the post's folder and its contents."""
    audio = article.heard.audio
    spans = {
        span
        for note in article.notes
        for receipt in note.receipts
        if (span := heard(receipt, article))
    }
    for span in sorted(spans, key=clip_name):
        around = Span(max(0.0, span.start - MARGIN), min(audio.duration, span.end + MARGIN))
        yield f"{FOLDER}/{clip_name(span)}", clip(audio, around)
