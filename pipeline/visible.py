"""What cannot be seen is taken out of all that is printed: here, for every format.

Control characters, what turns the direction of text around, zero-width and tag characters:
Unicode's category Cc and its own list of default ignorable code points (UAX #44). They hide words
from a reader, or words of a reader's from a search.
"""

import re
import unicodedata

_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
# a joiner between letters that are not ASCII is Persian or Hindi spelling or part of an emoji, and
# a selector after such a sign says whether it is one
_MEANT = r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])|(?<=[\u2000-\U0001ffff])[\ufe0e\ufe0f]"
_MAYBE = re.compile(f"({_MEANT})|[{_IGNORABLE}]")


def visible(text: str) -> str:
    """A text without what cannot be seen; line breaks and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    whole = text.encode(errors="replace").decode()  # half surrogates, of odd file names, become "?"
    seen = (c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")
    return _MAYBE.sub(lambda found: found[1] or "", "".join(seen))


def one_line(text: str) -> str:
    """The same as one line with single spaces."""
    spaced = "".join(" " if c.isspace() else c for c in text)
    return " ".join(visible(spaced).split())
