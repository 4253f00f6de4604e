"""What the writers know about the words of a language, read from `<language>.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_Words = Annotated[frozenset[str], BeforeValidator(lambda text: frozenset(text.split()))]


class _List(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Saying(_List):
    """Phrases for `pipeline.notes.lexicon.pattern`: what a note says when it says these."""

    unsaid: tuple[str, ...]
    contradicts: tuple[str, ...]
    ceremony: tuple[str, ...]
    fillers: tuple[str, ...]
    hedges: tuple[str, ...]
    unresolved: tuple[str, ...]
    declines: tuple[str, ...]
    applause: tuple[str, ...]
    laughter: tuple[str, ...]
    unrest: tuple[str, ...]
    unheard: tuple[str, ...]
    orders: tuple[str, ...]  # enough alone to be an order to whoever writes the notes
    addressed: tuple[str, ...]  # whoever writes them is spoken to ...
    directs: tuple[str, ...]  # ... and told what to do
    outputs: tuple[str, ...]  # what a model writes or is: enough to rest no note on it


class Words(_List):
    """Lower case, straight apostrophes."""

    links: _Words
    asking: _Words
    figures: _Words
    supposing: _Words
    clause_bounds: _Words
    prepositions: _Words
    comparatives: _Words
    subjects: _Words
    cannot_end: _Words
    pointing: _Words
    loose: _Words
    after_so: _Words
    relatives: _Words
    joints: _Words
    coordinating: _Words
    making: _Words
    before_like: _Words
    quantifiers: _Words
    back: _Words
    conditions: _Words
    cannot_start: _Words
    determiners: _Words
    after_determiner: _Words
    finite: _Words
    telling: _Words
    imperatives: _Words
    politeness: _Words
    dull: _Words
    trade: _Words
    openers: _Words
    after_subject: _Words
    third_person: dict[str, str]
    saying: Saying


@cache
def english() -> Words:
    """The one language whose grammar the offline writer knows; others are quoted, not told."""
    file = Path(__file__).parent / "en.toml"
    return Words.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
