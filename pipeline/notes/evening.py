"""All that a note of an event may rest on: what was said, heard, written down and known before."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pipeline.claims import reading, sentences
from pipeline.claims.omissions import Caveats
from pipeline.claims.sentences import Sentence
from pipeline.data import Outline, RoomSound, Talk, Utterance
from pipeline.errors import InputError
from pipeline.event import EventInfo

_BY_LINE = (".md", ".markdown", ".txt")  # files whose lines a person can look up


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file, page or earlier event, line by line: line 12 of it is cited as "name:12".

    A web page or a PDF has a passage where a text file has a line; `places` says where ("page 3").
    """

    name: str
    lines: tuple[str, ...]
    places: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Evening:
    """An event as its notes are checked against it: the same for all its talks."""

    event: EventInfo
    outline: Outline
    sounds: tuple[RoomSound, ...] = ()
    sources: tuple[SourceText, ...] = ()
    ledger: tuple[SourceText, ...] = ()  # earlier events: name "Full Steam, 2025-05-15"
    terms: frozenset[str] = frozenset()  # prompts/terms.toml
    mocking: tuple[str, ...] = ()  # prompts/lint.toml
    caveats: Caveats = field(default_factory=Caveats)
    language: str = "en"

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What was said in the whole event, cut into sentences."""
        return sentences.cut(self.outline.utterances, self.language)

    @cached_property
    def utterances(self) -> dict[int, Utterance]:
        """By their ids, which count through the event."""
        return {utterance.id: utterance for utterance in self.outline.utterances}

    def talk_at(self, time: float) -> Talk | None:
        """The talk in which a moment lies."""
        begun = [talk for talk in self.outline.talks if talk.start <= time]
        return begun[-1] if begun else None

    def label(self, speaker: str) -> str:
        """A speaker's name, else the role, else the id."""
        known = (each.label for each in self.outline.speakers if each.id == speaker)
        return next(known, speaker)

    def role(self, speaker: str) -> str:
        """A speaker's role, "" where it is not known."""
        known = (each.role for each in self.outline.speakers if each.id == speaker)
        return next(known, None) or ""


def source_texts(folder: Path) -> tuple[tuple[SourceText, ...], tuple[str, ...]]:
    """The files of a `sources/` folder, and a sentence for each that cannot be read."""
    found: list[SourceText] = []
    problems: list[str] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        try:
            found.extend(_source_text(file, name))
        except InputError as error:
            problems.append(str(error))
    return tuple(found), tuple(problems)


def _source_text(file: Path, name: str) -> Iterator[SourceText]:
    passages = reading.passages(file, name)
    if file.suffix.lower() in _BY_LINE:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        yield SourceText(name, tuple(lines))
    elif passages:
        places = (each.place.removeprefix(name).lstrip(":, ") for each in passages)
        yield SourceText(name, tuple(each.text for each in passages), tuple(places))
