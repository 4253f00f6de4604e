"""Audio clips of the receipts: the very seconds that a note rests on."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.audio import clip
from pipeline.data import Audio, Receipt, Span
from pipeline.render.article import Article

FOLDER = "clips"
MARGIN = 0.25  # seconds before and after, so that no word is bitten off


def clip_name(receipt: Receipt) -> str:
    """ "0724120-0731500.mp3": its start and end in milliseconds, so that they sort by time."""
    return f"{round(receipt.start * 1000):07d}-{round(receipt.end * 1000):07d}.mp3"


def heard(receipt: Receipt) -> bool:
    """Whether there is anything to hear: neither of a source's passage nor of what was not said."""
    return receipt.source is None and receipt.kind != "absent" and receipt.end > receipt.start


def clips(article: Article, audio: Audio) -> Iterator[tuple[str, bytes]]:
    """Each receipt's clip once, as a file name below the post's folder and its contents."""
    receipts = {
        clip_name(receipt): receipt
        for notes in (article.caveat, *(noted.notes for noted in article.talks))
        for note in notes
        for receipt in note.receipts
        if heard(receipt)
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, receipt in sorted(receipts.items()):
            place = Path(folder) / name
            clip(audio, _around(receipt, audio), place)
            yield f"{FOLDER}/{name}", place.read_bytes()


def _around(receipt: Receipt, audio: Audio) -> Span:
    return Span(max(0.0, receipt.start - MARGIN), min(audio.duration, receipt.end + MARGIN))
