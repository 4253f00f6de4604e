"""The post as a reader sees it, as a tree of plain elements: the page builds no HTML from text."""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

_FOOTNOTE = re.compile(r"\[\^(\d+)\]")
_TAGS = frozenset({"p", "h1", "h2", "h3", "ul", "ol", "li", "em", "strong", "blockquote", "hr"})


def tree(markdown: str) -> list[Any]:
    """Elements as [tag, children], text as text; links and what else there is as their text."""
    head, body = _split(markdown)
    tokens: list[Token] = MarkdownIt("commonmark", {"html": False}).parse(body)
    return [["pre", [head]], *_children(SyntaxTreeNode(tokens).children)]


def _split(markdown: str) -> tuple[str, str]:
    """The front matter and what follows."""
    fence = markdown[:3]
    end = markdown.find(f"\n{fence}", 3)
    if fence not in ("+++", "---") or end < 0:
        return "", markdown
    return markdown[4:end], markdown[end + 4 :]


def _children(nodes: Sequence[SyntaxTreeNode]) -> list[Any]:
    return [each for node in nodes for each in _plain(node)]


def _plain(node: SyntaxTreeNode) -> list[Any]:
    if node.type == "text":
        parts = _FOOTNOTE.split(node.content)
        return [["sup", [part]] if place % 2 else part for place, part in enumerate(parts) if part]
    if node.type in ("code_inline", "code_block", "fence", "html_block", "html_inline"):
        return [node.content]
    if node.type in ("softbreak", "hardbreak"):
        return [" "]
    inner = _children(node.children)
    return [[node.tag, inner]] if node.tag in _TAGS else inner
