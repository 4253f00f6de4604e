"""Source files become passages with a place, and bad ones a warning."""

import os
from pathlib import Path

import pytest
from pypdf import PdfWriter

from pipeline.claims.evidence import Passage, Sources
from pipeline.claims.reading import passages
from pipeline.errors import InputError
from pipeline.notes.evening import source_texts

MARKDOWN = """# Provider benchmarks

Lattice serves the model at 2,380 tokens per second for **one** user.

- The best [cloud](https://cloud.example) reached 210 tokens per second.
"""
HTML = """<html><head><title>Uptime</title><script>var x = "secret";</script></head>
<body><nav>Home</nav>
<h1>History</h1>
<p>In the last quarter the service was up 99.2% of the time.</p>
<table><tr><td>Frankfurt</td><td>3 hours</td></tr></table></body></html>"""


def pdf(text: str) -> bytes:
    """A PDF of one page with one line."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + (
        b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (rows, len(data))
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "sources"
    made.mkdir()
    return made


def read(folder: Path) -> Sources:
    files = sorted(folder.iterdir())
    return Sources(Passage(each, file.name) for file in files for each in passages(file, file.name))


def test_a_text_is_its_lines(folder: Path) -> None:
    file = folder / "bench.md"
    file.write_text(MARKDOWN)
    found = passages(file, "sources/bench.md")
    assert list(found) == MARKDOWN.splitlines()
    assert source_texts(folder)[0][0].lines == tuple(MARKDOWN.splitlines())


def test_html_without_its_scripts(folder: Path) -> None:
    file = folder / "page.html"
    file.write_text(HTML)
    assert passages(file, "sources/page.html") == (
        "In the last quarter the service was up 99.2% of the time.",
        "Frankfurt 3 hours",
    )


def test_a_pdf_is_its_paragraphs(folder: Path) -> None:
    file = folder / "paper.pdf"
    file.write_bytes(pdf("The chip drew 40 watts in our test."))
    (found,) = passages(file, "sources/paper.pdf")
    assert found == "The chip drew 40 watts in our test."


def test_a_long_paragraph_is_cut_between_sentences(folder: Path) -> None:
    file = folder / "long.html"
    file.write_text("<p>" + "The chip drew forty watts in our long and careful test today. " * 40)
    found = passages(file, "long.html")
    assert len(found) > 3
    assert all(each.endswith("today.") and len(each.split()) <= 120 for each in found)


def test_a_scan_a_broken_an_encrypted_and_a_huge_file_are_warnings(folder: Path) -> None:
    scan, locked = PdfWriter(), PdfWriter()
    scan.add_blank_page(200, 200)
    scan.write(folder / "scan.pdf")
    locked.add_blank_page(200, 200)
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(folder / "locked.pdf")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing")
    (folder / "picture.txt").write_bytes(b"\x00\x01\x02" * 100)
    with (folder / "huge.txt").open("wb") as huge:
        os.truncate(huge.fileno(), 200_000_001)
    (folder / "notes.docx").write_bytes(b"PK")
    (folder / "chart.png").write_bytes(b"PNG")  # a picture is no source that somebody misses
    (folder / "good.txt").write_text("The chip drew 40 watts.")
    texts, problems = source_texts(folder)
    assert [each.text for each in texts] == ["The chip drew 40 watts."]
    named = {problem.partition(":")[0] for problem in problems}
    assert named == {
        *("scan.pdf", "locked.pdf", "broken.pdf", "picture.txt", "huge.txt", "notes.docx")
    }
    assert any("OCR" in problem for problem in problems)


def test_a_file_that_cannot_be_opened(folder: Path) -> None:
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    with pytest.raises(InputError, match="cannot be read"):
        passages(folder / "gone.txt", "sources/gone.txt")


def test_the_passage_that_bears_on_a_claim(folder: Path) -> None:
    (folder / "bench.md").write_text(MARKDOWN)
    (folder / "page.html").write_text(HTML)
    (folder / "garden.txt").write_text("Tomatoes need twice the water in the summer.")
    sources = read(folder)
    found = sources.find("Our service has been up ninety nine percent of the time.")
    assert found[0].place == "page.html"
    assert sources.find("Let us talk about the opera.") == ()
    assert sources.find("") == ()


def test_spoken_numbers_find_written_ones(folder: Path) -> None:
    (folder / "a.txt").write_text("Card A: 20x.\n\nCard B: 30x.\n\nCard C: 40x.")
    found = read(folder).find("the card is thirty times faster")
    assert found[0].text == "Card B: 30x."


def test_nothing_bears_where_there_is_nothing() -> None:
    assert Sources(()).find("anything at all") == ()
