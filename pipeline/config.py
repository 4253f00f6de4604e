"""All options. What changes the output is hashed into the steps' keys; how it runs (`Run`) is not,
but for `compute_type`.

Read from, the later over the earlier: the defaults here, `--config FILE` (TOML with these
sections), `--set section.key=value`, the other options of the command line. Keys and tokens are
read from the environment where they are used, and are never part of a Config.
"""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.errors import ConfigError
from pipeline.languages import Language
from pipeline.toml import read, validate

Profile = Literal["auto", "offline", "local", "cloud"]
Flavor = Literal["zola", "hugo", "jekyll", "plain"]
Count = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]


class Section(BaseModel):
    """A frozen group of options, or of what a file holds; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


@dataclass(frozen=True, slots=True)
class Flag:
    """The name that an option has on the command line, beside `--set section.key=value`."""

    name: str  # without the dashes; of one that is on by default, what turns it off: "no-clips"
    group: str = "engines"  # its heading in --help; who shows the group has the option
    metavar: str | None = None


def about(default: Any, told: str, **limits: Any) -> Any:
    """An option: its default, and what docs/options.md and --help say of it."""
    return Field(default, description=told, **limits)


class Asr(Section):
    """Speech to words."""

    engine: Annotated[str, Flag("asr", metavar="ENGINE")] = about("auto", "faster-whisper")
    model: Annotated[str, Flag("model", metavar="MODEL")] = about(
        "auto",
        "a Whisper size, a name on the hub, or a folder; auto looks in the hub's cache, in "
        "~/.cache/backrow/models/NAME (the user's cache folder) and in the package whisper-base",
    )
    language: Language | None = about(None, "ISO code; else detected")
    beam_size: Count = about(5, "hypotheses that Whisper's search keeps")
    batch_size: Count = about(8, "windows decoded at once; 1: unbatched")


class Diarize(Section):
    """Who speaks when."""

    engine: Annotated[str, Flag("diarizer", metavar="ENGINE")] = about(
        "auto", "pyannote or campplus"
    )
    model: str = about(
        "pyannote/speaker-diarization-community-1", "pyannote's: a name on the hub, or a folder"
    )
    segmentation: str | None = about(None, "a checkpoint file: pyannote built from its parts")
    speakers: Count | None = about(None, "how many, over what event.toml says")
    min_speakers: Count | None = about(None, "at least so many")
    max_speakers: Count | None = about(None, "at most so many")


class Room(Section):
    """What the room did."""

    model: Path | None = about(
        None,
        "yamnet: applause, laughter and music as YAMNet hears them (the extra room; Google's 4 MB, "
        "fetched once), or its file; else applause and laughter by rules",
    )


class Talks(Section):
    """Where talks begin, and who is who."""

    corrections: Annotated[bool, Flag("no-corrections", "what is known before")] = about(
        True, "put misheard names and glossary words right"
    )
    names: bool = about(True, "call a voice as it is introduced, not by event.toml's names alone")


class Writer(Section):
    """Notes and summaries."""

    engine: Annotated[str, Flag("writer", metavar="ENGINE")] = about("auto", "llm or quotes")
    model: str = about(
        "auto",
        "what the server calls it; auto is the only one that a local server lists, or the first "
        "of a short list (pipeline/llm/models.py) that a hosted one has",
    )
    base_url: str | None = about(
        None, "an OpenAI-compatible server; else OPENAI_BASE_URL, or OpenAI's"
    )
    temperature: float = about(0.3, "0 is the least surprising", ge=0, le=2)
    context: Count = about(
        100_000, "tokens that the model takes in all; less is learnt when the server says it"
    )
    max_output: Count = about(
        12_000,
        "tokens of one answer, beside thoughts; at most a third of context, and less where a "
        "question needs the room",
    )
    reasoning: Literal["", "none", "minimal", "low", "medium", "high", "xhigh", "max"] = about(
        "low", "how long a model thinks; empty: as the server likes"
    )
    service_tier: Literal["", "auto", "default", "flex", "priority"] = about(
        "", "flex costs half at OpenAI's and takes longer"
    )
    judge: bool | str = about(
        True, "a second reader holds each note against its receipts; or another model's name for it"
    )
    web: Annotated[Literal["", "openai", "searxng"], Flag("web", "the post")] = about(
        "", "look for evidence on the web"
    )
    searxng_url: str | None = about(None, "SearXNG's address, for web = searxng")


class Post(Section):
    """The form of the post."""

    flavor: Annotated[Flavor, Flag("flavor", "the post")] = about(
        "zola", "the site's generator; plain: CommonMark with YAML front matter, for any other"
    )
    receipts: Annotated[bool, Flag("no-receipts", "the post")] = about(
        True, "footnotes with quote and time"
    )
    clips: Annotated[bool, Flag("clips", "the post")] = about(
        False, "cut an audio clip for each receipt, with a player in its footnote"
    )
    transcript: Annotated[bool, Flag("transcript", "the post")] = about(
        False, "a page with all that was said, to which receipts lead"
    )
    timeline: Annotated[bool, Flag("timeline", "the post")] = about(
        False, "a picture of the event at the top: its talks, applause and laughter"
    )
    language: Language | None = about(
        None, "ISO code of another language than is spoken: the model writes the post in it"
    )
    draft: bool | None = about(
        None,
        "marked as a draft, which no generator publishes unasked (default: until false was said)",
    )


class Run(Section):
    """How it runs: changes nothing in the post, but for compute_type."""

    device: Literal["auto", "cpu", "cuda"] = about("auto", "where the engines compute")
    compute_type: str = about("auto", "CTranslate2's; rounds otherwise, so that some words change")
    workers: Annotated[Count | None, Flag("workers", "how it runs", "N")] = about(
        None, "recordings at once (default: 2; on a cluster one for each core)"
    )
    download: bool = about(True, "weights that are not on this disk may be fetched")
    llm_concurrency: Count = about(4, "model calls in flight, over all events")
    llm_places: Path | None = about(
        None, "where processes that share that limit hold their calls; the program sets it"
    )
    llm_timeout: float = about(300.0, "seconds without a word from the server", gt=0)
    llm_retries: NotNegative = about(4, "after a 429, a 5xx or a broken connection")
    llm_patience: float = about(
        600.0, "seconds that a server may ask to wait before a call is tried again", ge=0
    )
    trust_model: Annotated[bool, Flag("trust-model")] = about(
        False, "let a speaker model's files run programs while they are loaded"
    )
    price_in: float | None = about(
        None, "money for a million tokens sent: the report then counts it", ge=0
    )
    price_out: float | None = about(None, "for a million tokens of answers", ge=0)
    price_cached: float | None = about(None, "for a million that the server had in its cache", ge=0)
    budget: Annotated[float | None, Flag("budget", "how it runs", "MONEY")] = about(
        None, "what the model may cost: the run stops before it is passed", gt=0
    )

    @property
    def cores(self) -> int:
        """This machine's, for one of the recordings that are worked on."""
        return max(1, (os.cpu_count() or 1) // (self.workers or 1))


class Config(Section):
    """Every option of a run."""

    profile: Annotated[Profile, Flag("profile")] = about(
        "auto",
        "auto: the best that runs here; offline: no network; local: nothing leaves this machine; "
        "cloud: the best, or an error",
    )
    asr: Asr = Asr()
    diarize: Diarize = Diarize()
    room: Room = Room()
    talks: Talks = Talks()
    writer: Writer = Writer()
    post: Post = Post()
    run: Run = Run()

    @property
    def may_fetch(self) -> bool:
        """Whether weights may be fetched from another machine."""
        return self.run.download and self.profile not in ("offline", "local")


def sections() -> list[tuple[str, type[Section]]]:
    """The groups of options, by name."""
    return [(name, type(group)) for name, group in Config() if isinstance(group, Section)]


def load(file: Path | None = None, settings: tuple[str, ...] = (), **options: Any) -> Config:
    """A Config from a file, `section.key=value` settings and nested option dicts, in that order.

    Raises ConfigError, which names the key and the nearest one that exists.
    """
    merged: dict[str, Any] = read(file) if file else {}
    for setting in settings:
        _merge(merged, _parse(setting))
    _merge(merged, options)
    return validate(Config, merged, str(file or "the options"))


def _parse(setting: str) -> dict[str, Any]:
    path, equals, value = setting.partition("=")
    section, dot, key = path.partition(".")
    if not (equals and dot):
        meant = [f"{name}.{path}" for name, group in sections() if path in group.model_fields]
        hint = f"; did you mean {meant[0]}?" if meant else ""
        raise ConfigError(f"--set {setting}: write it as section.key=value{hint}")
    try:
        return {section: {key: tomllib.loads(f"v = {value}")["v"]}}
    except tomllib.TOMLDecodeError:
        return {section: {key: value}}


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        held = into.get(key)
        both = isinstance(value, dict) and isinstance(held, dict)
        into[key] = held | value if both else value
