"""Audio clips of the receipts: the very seconds that a note rests on."""

from collections.abc import Iterator, Sequence

from pipeline.audio.clip import clip
from pipeline.data import Receipt, Span, Word
from pipeline.notes.matching import quote_positions
from pipeline.notes.rewriting import words_of
from pipeline.render.article import Article

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
    words = cited_words(receipt, article)
    if not words:  # they are somebody else's now
        return Span(receipt.start, receipt.end)
    return Span(words[0].start, words[-1].end)


def cited_words(receipt: Receipt, article: Article) -> Sequence[Word]:
    """The words that a quote cites; all of its sentence, where a name in them was put right."""
    words = words_of(article.written.outline, receipt)
    cited = quote_positions(receipt.cited, words) if receipt.cited else ()
    return [words[place] for place in cited] or words


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
