"""Source files cut into passages: Markdown, text, HTML (BeautifulSoup) and PDF (pypdf)."""

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.reading_limits import leads_out, time_limit
from pipeline.text import sentences

_LARGEST = {".pdf": 100_000_000}  # bytes of one file
_LARGEST_TEXT = 20_000_000  # and of one that is text: ten thousand pages
_DOCUMENT = re.compile(r"\.(docx?|odt|rtf|epub|pptx?|odp|pages|key|rst|tex|org|adoc)", re.I)
_MOST_PAGES = 3000
_MOST_PASSAGES = 50_000  # of one file
_MOST_LINES = 400_000  # of one that is text: as many as _LARGEST_TEXT mostly has
SECONDS = 60.0  # that one file may take: a book of a thousand pages takes less
_LONGEST = 120  # words of one passage
# no bracket within, so that a page of open ones is looked through once and not once for each
LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (*_HEADINGS, "p", "li", "tr", "dd", "blockquote", "pre", "figcaption")


def passages(file: Path, place: str) -> tuple[str, ...]:
    """The lines of a text and the paragraphs of a page, or parts of them; raises InputError, which
    names `place`, if the file has no readable text.

    A file of a kind that is no text (a picture, a table of data) has none, without a word.
    """
    read = READERS.get(file.suffix.lower())
    if _DOCUMENT.fullmatch(file.suffix):
        raise InputError(f"{place}: is not read; save it as PDF, HTML, Markdown or text")
    if read is None:
        return ()
    most, what = (_MOST_LINES, "lines") if read is _text else (_MOST_PASSAGES, "paragraphs")
    try:
        size = file.stat().st_size
        if size > _LARGEST.get(file.suffix.lower(), _LARGEST_TEXT):
            raise InputError(f"{place}: too large ({size // 1_000_000} MB); give a part of it")
        with time_limit(SECONDS, place):
            found = tuple(islice(read(file, place), most + 1))
    except OSError as error:
        raise InputError(f"{place}: cannot be read ({error.strerror})") from None
    except RecursionError:
        raise InputError(f"{place}: is nested too deep; save it as plain text") from None
    if len(found) > most:
        raise InputError(f"{place}: holds more than {most} {what}; give a part of it")
    return found


def files_of(folder: Path, beyond: Sequence[Path] = ()) -> tuple[list[Path], list[str]]:
    """The files of a `sources/` folder and the folders in it, and a sentence for each refused.

    Links lead no further than the event's folder, which is around it, and the folders `beyond`.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    refused = {file: why for file in files if (why := leads_out(file, (folder.parent, *beyond)))}
    return [file for file in files if file not in refused], list(refused.values())


def _text(file: Path, place: str) -> Iterator[str]:
    """Its lines as they are, blank ones too: a person looks them up by their numbers."""
    data = file.read_bytes()
    if b"\0" in data[:4096]:
        raise InputError(f"{place}: is not text; save it as UTF-8 text, HTML or PDF")
    yield from data.decode("utf-8", errors="replace").splitlines()


def _pieces(text: str) -> Iterator[str]:
    """A paragraph, or its parts of at most _LONGEST words, cut between sentences."""
    piece: list[str] = []
    for sentence in sentences(text):
        if piece and sum(len(part.split()) for part in [*piece, sentence]) > _LONGEST:
            yield " ".join(piece)
            piece = []
        piece.append(sentence)
    if any(part for part in piece):
        yield " ".join(piece)


def _html(file: Path, _place: str) -> Iterator[str]:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(file.read_bytes(), "html.parser")
    for noise in page(["script", "style", "nav", "noscript", "template"]):
        noise.decompose()
    for block in _innermost(page.find_all(_BLOCKS)) or [page]:
        if block.name not in _HEADINGS:
            yield from _pieces(" ".join(block.get_text(" ").split()))


def _innermost(blocks: Sequence[Any]) -> list[Any]:
    """The blocks that hold none of the others; each element is looked at once."""
    holding: set[int] = set()
    for block in blocks:
        for parent in block.parents:
            if id(parent) in holding:
                break
            holding.add(id(parent))
    return [block for block in blocks if id(block) not in holding]


def _pdf(file: Path, place: str) -> Iterator[str]:
    pages = _pdf_pages(file, place)
    if sum(map(len, pages)) < 20 * len(pages) or not pages:
        raise InputError(f"{place}: has no text in it (a scan?); run OCR over it first")
    for page in pages:
        for paragraph in re.split(r"\n\s*\n", page):
            yield from _pieces(re.sub(r"-\n(?=[a-z])", "", paragraph))


def _pdf_pages(file: Path, place: str) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    # pypdf meets damaged files with whatever its parsing stumbles over
    damaged = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError,
               RecursionError, AssertionError)  # fmt: skip
    try:
        pages = PdfReader(file).pages
        if len(pages) > _MOST_PAGES:
            raise InputError(f"{place}: has {len(pages)} pages; give a part of it")
        return [page.extract_text() for page in pages]
    except DependencyError:
        raise InputError(f"{place}: is encrypted; save it without a password") from None
    except damaged as error:
        raise InputError(f"{place}: is no PDF that can be read ({error})") from None


READERS: dict[str, Callable[[Path, str], Iterator[str]]] = {
    ".md": _text,
    ".markdown": _text,
    ".txt": _text,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
}
