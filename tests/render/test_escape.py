"""Whatever a recording says renders as those words."""

import html
import re

import pytest
from markdown_it import MarkdownIt

from pipeline.render.escape import link, markdown, paragraphs
from pipeline.visible import one_line

COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def as_seen(rendered: str) -> str:
    """A rendered block's text; there must be no tag in it."""
    inner = re.fullmatch(r"<(?:p|h2)>([^<]*)</(?:p|h2)>\n", rendered)
    assert inner, rendered
    return html.unescape(inner[1])


def test_any_text_renders_as_itself(nasty: list[str]) -> None:
    for text in nasty:
        holds(text)


def holds(text: str) -> None:
    """The property: in a paragraph, in a heading and before a footnote mark, text is text."""
    expected, safe = one_line(text), markdown(text)
    if not expected:
        assert safe == ""
        return
    assert as_seen(COMMONMARK.render(safe)) == expected
    assert as_seen(COMMONMARK.render(f"## {safe}")) == expected
    assert as_seen(COMMONMARK.render(f"{safe}[^7]")) == f"{expected}[^7]"
    # shortcodes, Liquid and tags are read before Markdown is
    assert not re.search(r"[{}<>\n~@]", safe)
    # CommonMark has no mathematics, no tables of one line, and footnotes are an extension
    assert not re.search(r"(?<!\\)\||\$\$|(?<!\\)!$", safe)
    # kramdown takes only these backslash escapes, and a doubled one breaks a line
    assert re.fullmatch(r"(?:[^\\]|\\[`*_\[\]|$#+:=.)!-])*", safe)


def test_plain_words_stay_readable() -> None:
    said = "It's 20x faster (they say), 99.95% up - at half the price; why?"
    assert markdown(said) == said


def test_bare_addresses_are_not_linked() -> None:
    assert markdown("see http://x.y, www.x.y or a@x.y") == (
        "see http&#58;//x.y, www&#46;x.y or a&#64;x.y"
    )


def test_paragraphs_of_a_blurb() -> None:
    assert paragraphs("Two lines\nof one\n\n  Learn:\n- to *run*\n• to stop\n\n\n") == (
        "Two lines of one",
        "Learn:",
        "\\- to \\*run\\*",
        "• to stop",
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a_b*c?x=1&y=%20#top",
        "http://example.org/<script>",
        "https://example.org/{{ f() }}/{% x %}|`$`",
        "https://example.org/a b\n\nc",
    ],
)
def test_an_address_is_one_link(url: str) -> None:
    rendered = COMMONMARK.render(link(url))
    assert re.fullmatch(r'<p><a href="[^"<>]+">[^<>]+</a></p>\n', rendered)
    assert not re.search(r"[{}|\s]", link(url))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,<b>", "notes/x.md", "ftp:x"]
)
def test_other_schemes_are_text(url: str) -> None:
    assert as_seen(COMMONMARK.render(link(url))) == url
