"""What a post says of itself, in its own language: English where there are no words for that."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("words")


@cache
def wording(language: str) -> Mapping[str, str]:
    """The contents of words/<language>.toml, by the code of a language."""
    file = FOLDER / f"{language}.toml"
    own = file if language.isalpha() and file.is_file() else FOLDER / "en.toml"
    return tomllib.loads(own.read_text(encoding="utf-8"))
