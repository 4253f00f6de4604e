"""The text of a caption line without what is not said: tags, sounds in brackets, music."""

import html
import re

_TAG = re.compile(r"</?[a-zA-Z\d][^>]*>|\{\\[^}]*\}")
_SOUND = re.compile(r"\[[^\]]*\]|♪[^♪]*♪?|^\s*\([^)]*\)\s*$|\([^a-z)]{3,}\)")
_MARK = re.compile(r"^\s*(?:>>+|&gt;&gt;|[-\u2013\u2014](?=\s|[A-Z\[]))\s*")


def bare(line: str) -> str:
    """A line without its tags: "<c> more</c> &amp; more" is "more & more"."""
    return " ".join(html.unescape(_TAG.sub("", line)).replace("\u200b", "").split())


def said(text: str) -> str:
    """Of a line without tags what is said: no "[Applause]", no "(LAUGHTER)", no music, no ">>"."""
    return " ".join(_MARK.sub("", _SOUND.sub(" ", text)).split())
