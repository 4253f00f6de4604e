"""What a post says of itself, in its own language: English where there are no words for that."""

import tomllib
from functools import cache
from pathlib import Path

from pipeline.config import Section

FOLDER = Path(__file__).with_name("words")


class Wording(Section):
    """The contents of words/<language>.toml, which says what each is for."""

    schedule: str
    nothing: str
    warning: str
    made: str
    apart: str
    noted: str
    heard: str
    read: str
    notice: str
    by_person: str
    by_none: str
    not_said: str
    meaning: str
    transcript: str
    clip: str
    title_tags: str
    date_tags: str
    date_name: str
    no_date: str


@cache
def wording(language: str) -> Wording:
    """For a language by its code."""
    file = FOLDER / f"{language}.toml"
    own = file if language.isalpha() and file.is_file() else FOLDER / "en.toml"
    return Wording.model_validate(tomllib.loads(own.read_text(encoding="utf-8")))
