"""Untrusted text made harmless in Markdown: it renders as itself, whatever it holds.

The rules hold in Zola (pulldown-cmark), Hugo (goldmark) and Jekyll (kramdown) at once. kramdown
knows fewer backslash escapes than CommonMark, and shortcodes and Liquid tags are read before any
Markdown is, so backslashes are used where all three agree and character references elsewhere.
"""

import re
from urllib.parse import quote

from pipeline.visible import one_line

_CHARACTERS = str.maketrans(
    {
        **{character: f"\\{character}" for character in "`*[]|"},
        # shortcodes ({{<, {{ f() }}, {%), Liquid, kramdown attributes and heading ids
        "{": "&#123;",
        "}": "&#125;",
        "\\": "&#92;",  # a doubled backslash at a line's end breaks the line in kramdown
        "~": "&#126;",
        "@": "&#64;",  # Hugo links mail addresses
        "<": "&lt;",
        ">": "&gt;",
    }
)
_ENTITY = re.compile(r"&(?=#?\w+;)")
# marks that mean nothing inside a word, after a single sign or in mid-line: "a_b", "$4", "C#"
_MARKS = re.compile(r"(?<![^\W_])_|_(?![^\W_])|(?<=\$)\$|(?:(?<=^)|(?<=\s)|(?<=#))#")
# before the sign that would open a list, a definition or an underline
_OPENING = re.compile(r"^(?:\d+(?=[.)](?:\s|$))|(?=[-+:](?:\s|$)|--|=))")
_SCHEME = re.compile(r"(?<=[a-zA-Z]):(?=//)")  # Hugo links bare addresses
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
_PARENTHESES = str.maketrans("", "", "()'*")  # end a link, or mean something within it
_ADDRESS = "%:/?#@!$&'()+,;=.~-_"  # what an autolink may hold beside letters and digits


def markdown(text: str) -> str:
    """`text` as one line of Markdown that renders as that text and as nothing else."""
    safe = _ENTITY.sub("&amp;", one_line(text)).translate(_CHARACTERS)
    safe = _OPENING.sub(r"\g<0>\\", _MARKS.sub(r"\\\g<0>", safe))
    safe = re.sub(r"^\^", "&#94;", safe)  # the end of a block in kramdown
    safe = _WWW.sub(r"\1&#46;", _SCHEME.sub("&#58;", safe))
    # a footnote mark may follow, and `![` would open an image
    return re.sub(r"!$", r"\\!", safe)


def paragraphs(text: str) -> tuple[str, ...]:
    """Escaped paragraphs: cut at empty lines and before lines that look like a list's items."""
    pieces = re.split(r"\n\s*\n|\n(?=\s*[-*•] )", text)
    return tuple(safe for piece in pieces if (safe := markdown(piece)))


def alt(text: str) -> str:
    """`text` as a picture's description: without what some generators would show escaped."""
    return " ".join(re.sub(r"[^\w\s.,:;'?!()%/+&-]|_", "", one_line(text)).split())


def link(url: str) -> str:
    """A web address as an autolink; anything else (javascript:, a mere name) as plain text."""
    address = one_line(url)
    if not re.match(r"https?://\S", address, re.IGNORECASE):
        return markdown(address)
    # an autolink ends at ">" and holds no space; % stays as it is: the address is encoded already
    return f"<{quote(address, safe=_ADDRESS)}>"


def labelled(text: str, url: str) -> str:
    """A link whose text is Markdown already, to a web address or a file beside the post."""
    return f"[{text}]({quote(one_line(url), safe=_ADDRESS.translate(_PARENTHESES))})"
