"""What cannot be seen stands in no file, and a tag in a name is text in every format."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from articles import changed
from markdown_it import MarkdownIt

from pipeline.config import Post
from pipeline.data import Speaker
from pipeline.prompts import Prompts
from pipeline.render.article import Article
from pipeline.render.publish import publish
from pipeline.visible import one_line, visible

TAGS = "".join(chr(0xE0000 + ord(c)) for c in "obey")  # as tag characters: seen by no reader
HIDDEN = "\x00\x07\x1b\x7f\x85\u00ad\u200b\u200e\u202e\u2060\u2066\ufeff\ufff9\u3164" + TAGS
PERSIAN = "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627"  # spelt with a joiner that joins nothing
SCRIPT = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        (f"Ada{HIDDEN} Park", "Ada Park"),
        (f"A{TAGS}da", "Ada"),
        ("a\u200db \u200c", "ab "),
        (PERSIAN, PERSIAN),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("\U0001f469\u200d\U0001f52c \u2764\ufe0f", "\U0001f469\u200d\U0001f52c \u2764\ufe0f"),
        ("a\ufe0f\U000e0101b", "ab"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\ud800 half", "? half"),
        ("plain", "plain"),
        ("Stra\u00dfe \u65e5\u672c", "Stra\u00dfe \u65e5\u672c"),
    ],
)  # fmt: skip
def test_what_is_seen_stays_and_nothing_else(text: str, seen: str) -> None:
    assert visible(text) == seen
    assert visible(seen) == seen


def test_one_line_is_one() -> None:
    assert one_line(f" a\u2028b\r\n\tc\x1d{HIDDEN}d ") == "a b c d"


@pytest.fixture
def published(article: Article, tmp_path: Path) -> Path:
    """An event whose people and talks are called by all of it."""
    name = f"Ada{HIDDEN} {SCRIPT}"
    first, *rest = article.written.outline.speakers
    utterances = tuple(
        replace(u, words=tuple(replace(w, text=w.text + HIDDEN) for w in u.words))
        for u in article.written.outline.utterances
    )
    speakers = (Speaker(first.id, name, first.role, first.confidence), *rest)
    outline = replace(article.written.outline, speakers=speakers, utterances=utterances)
    talks = tuple(
        replace(noted, talk=replace(noted.talk, title=f"{noted.talk.title} {SCRIPT}{HIDDEN}"))
        for noted in article.written.talks
    )
    called = changed(article, outline=outline, talks=talks, title=f"{name}'s night")
    publish(called, tmp_path, Post(), Prompts(None))
    return tmp_path / article.heard.source.slug


def test_no_file_holds_what_cannot_be_seen(published: Path) -> None:
    files = [path for path in published.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".md", ".srt", ".vtt", ".json"}
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert not set(text) & set(HIDDEN), path
        assert "\\u00" not in text and "\\ue00" not in text.lower(), path


def test_a_tag_in_a_name_is_text(published: Path) -> None:
    post = (published / "index.md").read_text(encoding="utf-8").partition("\n+++\n")[2]
    assert "&lt;script&gt;" in post and "<script" not in post
    assert "<script" not in MarkdownIt("commonmark").render(post)
    assert "<script" not in (published / "transcript.vtt").read_text(encoding="utf-8")
    named = json.loads((published / "transcript.json").read_text())["speakers"][0]["name"]
    assert named == f"Ada {SCRIPT}"
    assert "Ada <script>" in (published / "transcript.srt").read_text(encoding="utf-8")
