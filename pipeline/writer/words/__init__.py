"""What the writers know about the words of a language, read from `<language>.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_Words = Annotated[frozenset[str], BeforeValidator(lambda text: frozenset(text.split()))]


class Words(BaseModel):
    """Lower case, straight apostrophes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    links: _Words
    small_talk: _Words
    asking: _Words
    clause_bounds: _Words
    cannot_end: _Words
    cannot_start: _Words
    determiners: _Words
    after_determiner: _Words
    finite: _Words
    same_verb: _Words
    dull: _Words
    third_person: dict[str, str]
    after_name: dict[str, str]


@cache
def english() -> Words:
    """The one language whose grammar the offline writer knows; others are quoted, not told."""
    file = Path(__file__).parent / "en.toml"
    return Words.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
