"""A post in another language than is spoken: checked lines, quotes as they were said."""

import json
import re
from pathlib import Path

import pytest
from cassettes import Cassette, step, written
from llm_server import Answer, LlmServer, Request

from pipeline.notes.translation import Languages, same

STEAM = Path(__file__).parents[1] / "cassettes" / "full-steam"
LINE = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)


def marked(quote: str) -> str:
    """A quote as it is translated here, word for word: a mark on each says that it was."""
    return " ".join(f"{word}†" for word in quote.split())


class Translator(Cassette):
    """The recorded evening; asked to translate it puts a word before each line, but for some."""

    def __call__(self, request: Request) -> Answer:
        if step(request.system) != "translate":
            return super().__call__(request)
        lines, _, quotes = request.material.partition("</lines>")
        told = {
            "lines": [
                {"number": int(n), "text": self.line(text)} for n, text in LINE.findall(lines)
            ],
            "quotes": [
                {"number": int(n), "text": marked(text)} for n, text in LINE.findall(quotes)
            ],
        }
        return Answer(content=json.dumps(told))

    def line(self, text: str) -> str:
        """A good translation; of what speaks of requests a false one."""
        return "Es sind 17" if "requests" in text else f"Deutsch: {text}"


def test_a_post_is_written_in_another_language(tmp_path: Path) -> None:
    with LlmServer(Translator(STEAM)) as server:
        article, post = written(STEAM, server.url, tmp_path, language="de")
    text = post.read_text(encoding="utf-8")
    assert server.problems == []
    assert 'language = "de"' in text and 'description = "Deutsch: ' in text
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert headings and all(heading.startswith("Deutsch: ") for heading in headings)
    notes = [line for line in text.splitlines() if re.search(r"\[\^\d+\]$", line)]
    stayed = [line for line in notes if not line.startswith("Deutsch: ")]
    assert len(notes) > 20 and stayed and all("requests" in line for line in stayed)
    # quotes stay as they were said, and what they mean stands behind them as ours
    receipts = text[text.index("\n[^1]: ") :]
    said = re.findall(r"„([^“]+)“ \(unsere Übersetzung: „([^“]+)“\)", receipts)
    assert len(said) > 10 and all(marked(one) == other for one, other in said)
    assert "nicht gesagt: " in text and "Gehört von" in text and "Achtung: " in text
    assert f"{len(stayed)} of " in text
    # the receipts are those that were checked in the language that was spoken
    assert article.heard.language == "en"
    voices = [r.system for r in server.requests if step(r.system) == "translate"]
    assert voices and all(each.startswith("Du bloggst als Ingenieurin") for each in voices)
    assert all("Du bloggst" not in r.system for r in server.requests if step(r.system) == "write")


@pytest.mark.parametrize("language", ["en", None])
def test_a_post_in_the_language_that_is_spoken_asks_for_no_translation(
    tmp_path: Path, language: str | None
) -> None:
    with LlmServer(Translator(STEAM)) as server:
        _, post = written(STEAM, server.url, tmp_path, language=language)
    assert not [r for r in server.requests if step(r.system) == "translate"]
    assert post.read_text("utf-8") == (STEAM / "post.md").read_text("utf-8")


def test_without_a_model_the_post_says_that_it_is_not_translated(tmp_path: Path) -> None:
    _, post = written(STEAM, "http://127.0.0.1:9", tmp_path, language="de", engine="quotes")
    assert "the post is to be in de and stands in en: that takes a model" in post.read_text("utf-8")


def test_a_server_that_translates_nothing_leaves_the_post_as_it_was(tmp_path: Path) -> None:
    with LlmServer(Cassette(STEAM)) as server:
        _, post = written(STEAM, server.url, tmp_path, language="de")
    text = post.read_text("utf-8")
    assert "lines stand as they were written" in text
    recorded = (STEAM / "post.md").read_text(encoding="utf-8")
    notes = re.findall(r"^(.+?)\[\^\d+\]", recorded, re.M)
    assert len(notes) > 15 and all(note in text for note in notes)


class Forgetful(Translator):
    """Says nothing of a talk, and nothing of one quote."""

    forgotten = False

    def __call__(self, request: Request) -> Answer:
        if step(request.system) == "translate" and "heart" in request.material:
            return Answer(content="I am sorry")
        told = super().__call__(request)
        said = json.loads(str(told.content))
        if step(request.system) == "translate":
            kept = said["quotes"][not self.forgotten :]
            self.forgotten |= kept != said["quotes"]
            said["quotes"] = kept
        return Answer(content=json.dumps(said))


def test_what_has_no_translation_is_counted_and_said(tmp_path: Path) -> None:
    with LlmServer(Forgetful(STEAM)) as server:
        article, _ = written(STEAM, server.url, tmp_path, language="de")
    told = "\n".join(article.warnings)
    assert re.search(r"^\d of \d+ lines stand as they were written", told, re.M)
    assert re.search(r"^1 of \d+ quotes stand without what they mean", told, re.M)
    assert "a part of the post is not translated: the model's answer cannot be used" in told


@pytest.mark.parametrize(
    ("line", "other", "holds"),
    [
        ("2,400 tokens, 99.95% lol", "2.400 Token, 99,95 % lol", True),
        ("2,400 tokens", "2.500 Token", False),
        ("It took 3.5 seconds", "Es dauerte 3,5 Sekunden.", True),
        ("It took 3.5 seconds", "Es dauerte 35 Sekunden", False),
        ("2,400 tokens", "2,4 Token", False),
        ("In 1.5 years “2,400 tokens”", "In 1,5 Jahren “2,400 tokens”", True),
        ("In 1.5 years “2,400 tokens”", "In 15 Jahren “2,400 tokens”", False),
        ("no figure", "3 Zahlen", False),
        ("He says “a large kitchen”", "Er sagt “a large kitchen” (eine große Küche)", True),
        ("He says “a large kitchen”", "Er sagt „eine große Küche“", False),
        ("plain", "<b>plain</b>", False),
        ("plain", "[plain](https://x.y)", False),
    ],
)
def test_a_line_is_the_same_with_its_figures_and_quotes(line: str, other: str, holds: bool) -> None:
    assert same(line, other, Languages("en", "de")) == holds
