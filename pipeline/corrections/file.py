"""corrections.toml as types: every correction says where it belongs by time and by quote.

Numbers of speakers, utterances and notes change with an engine or a model; the moment at which
words are said does not. docs/corrections.md has an example of each.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

from pipeline import toml
from pipeline.corrections.moments import At, Moment, moment, stamp
from pipeline.data import SoundKind, TalkKind

FILE = "corrections.toml"


class Fix(BaseModel):
    """One correction: a [[table]] of its own, or a line of the one [table] of its kind."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    table: ClassVar[str]
    is_line: ClassVar[bool] = False

    @property
    def key(self) -> tuple[object, ...]:
        """Two fixes of one table with the same key are about the same thing: the later holds."""
        return tuple(self.lines if self.is_line else self.lines.items())

    @property
    def lines(self) -> Mapping[str, Any]:
        """As it stands in its table."""
        values = self.model_dump(exclude_unset=True, exclude_none=True)
        return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}

    @property
    def where(self) -> Moment | None:
        """Where it belongs; None for one that holds everywhere."""
        return getattr(self, "at", None) or getattr(self, "turn", None)

    @property
    def time(self) -> float:
        """When that is; 0 for one that holds everywhere."""
        return self.where.time if self.where else 0.0

    def __str__(self) -> str:
        """In a few words, with its place in the file."""
        when = f" at {stamp(self.time)}" if self.where else ""
        return f"[{self.table}]{when}: {self._what()}"

    def _what(self) -> str:
        given = self.model_dump(exclude_defaults=True, exclude={"at"}, mode="json")
        return ", ".join(f"{key} {value}" for key, value in given.items())


def _on_one_line(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


Words = Annotated[str, BeforeValidator(_on_one_line), StringConstraints(min_length=1)]


def _several(value: Any) -> Any:
    """A line by itself is one, an empty one none."""
    return (value,) * bool(value) if isinstance(value, str) else value


Lines = Annotated[tuple[Words, ...], BeforeValidator(_several)]


def _who(voice: str) -> str:
    """A voice to be read: one that is written as a moment is known by what it says then."""
    at = moment(voice)
    return f"whoever says “{at.words}” at {stamp(at.time)}" if at and at.words else voice


class NameFix(Fix):
    """A line of [names]: a voice, by its number, its name or a moment of it, and who that is."""

    table: ClassVar[str] = "names"
    is_line: ClassVar[bool] = True
    voice: Words
    name: Words

    @property
    def lines(self) -> Mapping[str, Any]:
        return {self.voice: self.name}

    @property
    def where(self) -> Moment | None:
        return moment(self.voice)

    def _what(self) -> str:
        return f"{_who(self.voice)} is {self.name}"


class ReplaceFix(Fix):
    """A line of [replace]: words that were heard wrong wherever they stand."""

    table: ClassVar[str] = "replace"
    is_line: ClassVar[bool] = True
    heard: Words
    written: str

    @property
    def lines(self) -> Mapping[str, Any]:
        return {self.heard: self.written}

    def _what(self) -> str:
        return f"“{self.heard}” is “{self.written}”"


class VoiceFix(Fix):
    """A [[voice]]: voices that are one, a voice that is two, a turn that is somebody else's.

    A voice is written as its number, its name, or a moment at which it speaks.
    """

    table: ClassVar[str] = "voice"
    merge: tuple[Words, ...] = ()  # into the first
    split: Words | None = None  # this voice, from `at` on ...
    at: At | None = None
    turn: At | None = None  # or the turn in which this is said
    to: Words | None = None  # whose it is: a voice, or the name of somebody new

    @model_validator(mode="after")
    def _whole(self) -> Self:
        _one_of(self, "merge", "split", "turn")
        if len(self.merge) == 1:
            raise ValueError("merge should name two voices or more")
        if self.split and self.at is None:
            raise ValueError("split needs at: from when on it is another voice")
        if self.turn and self.to is None:
            raise ValueError("turn needs to: the voice whose it is")
        return self

    def _what(self) -> str:
        if self.split:
            return f"from here on {_who(self.split)} is {_who(self.to or 'another voice')}"
        return " and ".join(map(_who, self.merge)) or f"the turn of {_who(self.to or '')}"


class WordFix(Fix):
    """A [[word]]: what was heard at a time, and what was said. No words: they are taken out."""

    table: ClassVar[str] = "word"
    at: At
    heard: Words
    written: str

    @property
    def key(self) -> tuple[object, ...]:
        return (round(self.at.time, 1), self.heard)

    def _what(self) -> str:
        return f"“{self.heard}” is “{self.written}”"


class TalkFix(Fix):
    """A [[talk]]: the talk in which a moment lies, and what is right about it."""

    table: ClassVar[str] = "talk"
    at: At
    begin: At | None = None
    end: At | None = None
    split: At | None = None  # it is two: the second one begins here
    title: Words | None = None
    kind: TalkKind | None = None
    hide: bool = False  # not in the post
    join: bool = False  # with the talk before
    ask: bool = False  # a model again, from the words as they are put right

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len(self.model_dump(exclude_defaults=True)) < 2:
            raise ValueError("should have begin, end, split, title, kind, hide, join or ask")
        if self.begin and self.join:
            raise ValueError("begin and join contradict each other: keep one")
        begin, end = self.begin or self.at, self.end or self.at
        if not begin.time <= self.at.time <= end.time:
            raise ValueError("at should lie between begin and end")
        return self

    @property
    def key(self) -> tuple[object, ...]:
        return (self.at.time, *sorted(self.model_dump(exclude_defaults=True)))


class NoteFix(Fix):
    """A [[note]]: a line of the post, by its text and time, and what becomes of it.

    `quotes`, `sources`, `absent`, `sums` and `sounds` are what a line rests on, so that it can
    stand again when another model does not write it; `own` marks the writer's own words, which
    nothing checks.
    """

    table: ClassVar[str] = "note"
    at: At
    note: str = ""  # as it stood in the post
    strike: bool = False
    reword: Words | None = None
    pin: bool = False  # stays, whatever a later model writes
    accept: bool = False  # was read and found good
    add: Words | None = None
    quotes: Lines = ()  # said near `at`
    sources: Lines = ()  # "paper.md:12"
    absent: Lines = ()  # words that the talk does not hold
    sums: Lines = ()  # "1610/124"
    sounds: tuple[SoundKind, ...] = ()  # heard near `at`
    own: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        kept = ("pin",) * (self.reword is None)  # what is reworded may be pinned too
        _one_of(self, "strike", "reword", *kept, "accept", "add")
        if bool(self.note) == bool(self.add):
            raise ValueError("should have note, the line as it stood; or add, a new one")
        if self.add and not (self.own or self.rests):
            raise ValueError("add needs quotes, sources, absent or sums; or own = true")
        return self

    @property
    def rests(self) -> bool:
        """Whether it says itself what its line rests on."""
        return bool(self.quotes or self.sources or self.absent or self.sums)

    @property
    def key(self) -> tuple[object, ...]:
        return (round(self.at.time, 1), self.note, self.add)

    def _what(self) -> str:
        if self.reword:
            return f"“{self.note}” is now “{self.reword}”"
        done = {"strike": "struck", "pin": "kept", "accept": "accepted", "add": "added"}
        what = next(told for field, told in done.items() if getattr(self, field))
        return f"{what} “{self.note or self.add}”"


class PostFix(Fix):
    """[post]: what stands on top, and the sentence for search engines, in the writer's words."""

    table: ClassVar[str] = "post"
    is_line: ClassVar[bool] = True
    caveat: Lines | None = None  # no lines: none
    description: str | None = None

    @property
    def apart(self) -> "tuple[PostFix, ...]":
        """A PostFix for each field that is given."""
        return tuple(PostFix(**{key: getattr(self, key)}) for key in sorted(self.model_fields_set))


class Corrections(BaseModel):
    """The whole file; the fields' names are its tables."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    names: dict[Words, Words] = {}
    voice: tuple[VoiceFix, ...] = ()
    replace: dict[Words, str] = {}
    word: tuple[WordFix, ...] = ()
    talk: tuple[TalkFix, ...] = ()
    note: tuple[NoteFix, ...] = ()
    post: PostFix = PostFix()

    @property
    def fixes(self) -> list[Fix]:
        """All of them, one by one."""
        names = (NameFix(voice=voice, name=name) for voice, name in self.names.items())
        replaced = (ReplaceFix(heard=h, written=w) for h, w in self.replace.items())
        lists = (*self.voice, *self.word, *self.talk, *self.note)
        return [*names, *replaced, *lists, *self.post.apart]


def _one_of(fix: Fix, *names: str) -> None:
    """Raises ValueError unless exactly one of the fields is given."""
    given = [name for name in names if getattr(fix, name)]
    if len(given) != 1:
        has = " and ".join(given) or "none"
        raise ValueError(f"should have one of {', '.join(names)}; it has {has}")


def corrections_path(folder: Path | None, file: Path, name: str) -> Path:
    """Where an event's corrections lie: in its folder, or else beside the recording by its name."""
    return folder / FILE if folder else file.parent / f"{name}.{FILE}"


def read(path: Path) -> Corrections:
    """A person's corrections; none where there is no file.

    Raises ConfigError: one sentence with the field that is wrong, by its place in the file.
    """
    if not path.exists():
        return Corrections()
    return toml.validate(Corrections, toml.read(path), str(path))
