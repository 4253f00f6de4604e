"""The wordings of prompts/offline.toml: chosen in turn, so that a post does not repeat itself."""

import string
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict, Field

from pipeline import config
from pipeline.errors import ConfigError, PromptError
from pipeline.prompts import Prompts
from pipeline.store import digest

FIELDS = {
    "claim": {"clause"},
    "claim.figure": {"figure"},
    "performance": {"clause", "figure"},
    "price": {"clause", "figure"},
    "scale": {"clause", "figure"},
    "reliability": {"clause", "figure"},
    "market": {"clause", "figure"},
    "capability": {"clause", "figure"},
    "history": {"clause", "figure"},
    "missing": {"clause", "figure", "quote", "topics"},
    "missing.how": {"clause", "figure", "quote", "topics"},
    "contradiction.figure": {"figure", "other", "where"},
    "contradiction.clause": {"clause", "other", "where"},
    "contradiction.said": {"clause", "other", "where"},
    "contradiction.quote": {"quote", "other", "where"},
    "applause": {"quote"},
    "applause.bare": set(),
    "applause.end": set(),
    "laughter": {"quote"},
    "laughter.bare": set(),
    "unrest": set(),
    "unrest.long": set(),
    "question": {"quote"},
    "question.answered": {"quote"},
    "question.named": {"quote", "who"},
    "declined": {"quote"},
    "quote": {"quote"},
    "unnumbered": set(),
    "claim.said": {"clause", "who"},
    "statement": {"clause"},
    "statement.said": {"clause", "who"},
    "head": {"who", "minutes", "about"},
    "head.topics": {"minutes", "about"},
    "head.opening": {"who", "minutes"},
    "head.closing": {"who", "minutes"},
    "head.panel": {"who", "minutes", "about"},
    "head.qa": {"who", "minutes", "about"},
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Laugh(_Part):
    """Which laughs there are, and that one note in `every` ends in one."""

    words: tuple[str, ...] = Field(min_length=1)
    every: int = Field(ge=1)


class Wordings(_Part):
    """The contents of offline.toml."""

    laugh: Laugh
    spelling: dict[str, str] = {}
    wordings: dict[str, tuple[str, ...]]


def load(prompts: Prompts) -> Wordings:
    """The user's wordings or the built-in ones; raises PromptError that names file and wording."""
    path = prompts.find("offline").path
    try:
        values = tomllib.loads(prompts.text("offline"))
    except tomllib.TOMLDecodeError as error:
        raise PromptError(f"{path}: is not valid TOML ({error})") from None
    try:
        wordings = config.validate(Wordings, values, str(path))
    except ConfigError as error:
        raise PromptError(str(error)) from None
    for kind in (*wordings.wordings, *FIELDS):
        _check(str(path), kind, wordings.wordings.get(kind, ()))
    return wordings


def _check(path: str, kind: str, texts: tuple[str, ...]) -> None:
    if kind not in FIELDS:
        raise PromptError(f"{path}: there is no kind of wording {kind!r}")
    if not texts:
        raise PromptError(f"{path}: {kind!r} needs at least one wording")
    for text in texts:
        try:
            unknown = _fields(text) - FIELDS[kind]
        except ValueError as error:
            raise PromptError(f"{path}: {kind!r}: {text!r} ({error})") from None
        for name in sorted(unknown):
            known = ", ".join(f"{{{known}}}" for known in sorted(FIELDS[kind])) or "no field"
            raise PromptError(f"{path}: {kind!r} has no {{{name}}}; it may use {known}")


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@dataclass
class Phrasebook:
    """Hands out the wordings of one event, the least used first, in an order of its own.

    The order is drawn from `seed` (the event), so that two events do not open alike and the same
    event is always worded the same. `named` counts what was missed, by topic.
    """

    wordings: Wordings
    seed: str
    used: Counter[str] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)
    named: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    laughs: int = 0
    laughed: int = 0  # the last note that did

    def word(self, kinds: Sequence[str], fields: Mapping[str, str]) -> str | None:
        """A wording of any of the kinds, filled; None when none fits, or all would be repeated.

        Of those used least, one that says as much as it can.
        """
        fitting = [
            (self.used[text], -len(_fields(text)), digest([self.seed, text]), text)
            for kind in kinds
            for text in self.wordings.wordings[kind]
            if _fields(text) <= fields.keys()
        ]
        for *_, chosen in sorted(fitting):
            told = chosen.format_map(fields)
            if told not in self.told:
                self.used[chosen] += 1
                self.told.add(told)
                return told
        return None

    def laugh(self, absurd: bool) -> str:
        """A laugh for an absurd note, as long as no more than one note in so many ends in one."""
        self.notes += 1
        due = self.notes >= self.laughs * self.wordings.laugh.every
        if not (absurd and due and self.laughed < self.notes - 1):
            return ""
        self.laughs, self.laughed = self.laughs + 1, self.notes
        words = self.wordings.laugh.words
        return words[(self.laughs - 1) % len(words)]
