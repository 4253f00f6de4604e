"""What a post says in the program's own words, in the post's language: words/<language>.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

WORDS = Path(__file__).with_name("words")
ROLES = ("audience member", "host", "moderator", "panelist")  # that code gives a speaker


@cache
def wording(language: str) -> Mapping[str, str]:
    """The words for a language; English where there are none."""
    file = WORDS / f"{language}.toml"
    own = file if language.isalpha() and file.is_file() else WORDS / "en.toml"
    return tomllib.loads(own.read_text(encoding="utf-8"))


def in_all(*keys: str) -> tuple[str, ...]:
    """What these are called, in each language that there are words for."""
    languages = sorted(file.stem for file in WORDS.glob("*.toml"))
    return tuple(dict.fromkeys(wording(each).get(key, key) for each in languages for key in keys))


def listed(names: Sequence[str], words: Mapping[str, str]) -> str:
    """ "Ada, Bob and Cy"."""
    *most, last = names
    return words["and"].format(most=", ".join(most), last=last) if most else last
