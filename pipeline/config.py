"""All options. What changes the output is hashed into the steps' keys; how it runs (`Run`) is not,
but for `compute_type`.

Read from, the later over the earlier: the defaults here, `--config FILE` (TOML with these
sections), `--set section.key=value`, the other options of the command line. Keys and tokens are
read from the environment where they are used, and are never part of a Config.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.errors import ConfigError, nearest

M = TypeVar("M", bound=BaseModel)
DEEPEST = 20  # levels of tables and lists in a file; the options have two
Profile = Literal["auto", "offline", "local", "cloud"]
Flavor = Literal["zola", "hugo", "jekyll"]
Count = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]


class Section(BaseModel):
    """A frozen group of options; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())


class Asr(Section):
    """Speech to words."""

    engine: str = "auto"  # auto, faster-whisper
    model: str = "auto"  # faster-whisper: a size, a hub name or a local folder
    language: str | None = None  # ISO code; None: detected
    beam_size: Count = 5
    batch_size: Count = 8  # windows decoded at once; 1: unbatched


class Diarize(Section):
    """Who speaks when."""

    engine: str = "auto"  # auto, pyannote, campplus
    model: str = "pyannote/speaker-diarization-community-1"  # a hub name or a local folder
    segmentation: str | None = None  # a local checkpoint: pyannote built from its parts
    speakers: Count | None = None  # how many, where it is known
    min_speakers: Count | None = None
    max_speakers: Count | None = None


class Room(Section):
    """What the room did."""

    model: Path | None = None  # yamnet.tflite; None: rules without a model


class Talks(Section):
    """Where talks begin, and who is who."""

    corrections: bool = True  # put misheard names and glossary words right


class Writer(Section):
    """Notes and summaries."""

    engine: str = "auto"  # auto, llm, quotes
    model: str = "auto"  # auto: the only one a local server lists, or the first it has of ours
    base_url: str | None = None  # an OpenAI-compatible server; None: OPENAI_BASE_URL or OpenAI's
    temperature: float = Field(default=0.3, ge=0, le=2)
    context: Count = 100_000  # tokens that the model takes, prompt and answer
    max_output: Count = 4_000  # tokens of one answer; thoughts may take more
    reasoning: Literal["", "none", "minimal", "low", "medium", "high", "xhigh", "max"] = "low"
    service_tier: Literal["", "auto", "default", "flex", "priority"] = ""  # "flex" is half price
    judge: bool | str = True  # a second reader of each note; or another model's name for it
    web: Literal["", "openai", "searxng"] = ""  # a search provider for evidence
    searxng_url: str | None = None


class Post(Section):
    """The form of the post."""

    flavor: Flavor = "zola"
    receipts: bool = True
    clips: bool = False
    draft: bool = True


class Run(Section):
    """How it runs; changes nothing in the output and is not hashed, but for `compute_type`."""

    device: Literal["auto", "cpu", "cuda"] = "auto"
    compute_type: str = "auto"  # CTranslate2's; rounds otherwise, so that some words change
    workers: Count | None = None  # recordings at once; None: two, on a cluster one for each core
    download: bool = True  # weights that are not on this disk may be fetched
    llm_concurrency: Count = 4  # calls in flight, over all events
    llm_places: Path | None = None  # where processes that share this limit hold their calls
    llm_timeout: float = Field(default=300.0, gt=0)  # seconds without a word from the server
    llm_retries: NotNegative = 4  # after a 429, a 5xx or a broken connection
    llm_patience: float = Field(default=600.0, ge=0)  # seconds that a server may ask to wait
    trust_model: bool = False  # a model's files may run programs while they are loaded
    price_in: float | None = None  # money for a million tokens
    price_out: float | None = None
    price_cached: float | None = None

    @property
    def cores(self) -> int:
        """This machine's, for one of the recordings that are worked on."""
        return max(1, (os.cpu_count() or 1) // (self.workers or 1))


class Config(Section):
    """Every option of a run."""

    profile: Profile = "auto"
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


def load(file: Path | None = None, settings: tuple[str, ...] = (), **options: Any) -> Config:
    """A Config from a file, `section.key=value` settings and nested option dicts, in that order.

    Raises ConfigError, which names the key and the nearest one that exists.
    """
    merged: dict[str, Any] = read(file) if file else {}
    for setting in settings:
        _merge(merged, _parse(setting))
    _merge(merged, options)
    return validate(Config, merged, str(file or "the options"))


def validate(model: type[M], values: dict[str, Any], where: str) -> M:
    """`model` from untrusted values; a ConfigError names `where`, the key and a remedy."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"{where}: {_first(error, model)}") from None


def read(file: Path) -> dict[str, Any]:
    """A TOML file that a person wrote; raises ConfigError."""
    try:
        return _shallow(tomllib.loads(file.read_text(encoding="utf-8-sig")), file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is not valid TOML ({error}); mend that line") from None
    except RecursionError:
        raise _too_deep(file) from None


def _shallow(values: dict[str, Any], file: Path) -> dict[str, Any]:
    """The same values; raises ConfigError where they lie deeper than any key asks for."""
    level: list[Any] = [values]
    for _ in range(DEEPEST):
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in inner for each in some if isinstance(each, dict | list)]
    if level:
        raise _too_deep(file)
    return values


def _too_deep(file: Path) -> ConfigError:
    return ConfigError(f"{file}: is nested too deep; a few levels are enough")


def _parse(setting: str) -> dict[str, Any]:
    path, equals, value = setting.partition("=")
    section, dot, key = path.partition(".")
    if not (equals and dot):
        raise ConfigError(f"--set {setting}: write it as section.key=value")
    try:
        return {section: {key: tomllib.loads(f"v = {value}")["v"]}}
    except tomllib.TOMLDecodeError:
        return {section: {key: value}}


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


_WANTED = {
    "missing": "is missing",
    "tuple_type": "should be a list",
    "model_type": "should be a table",
    "dict_type": "should be a table",
    "string_type": "should be text",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "float_parsing": "should be a number",
    "bool_parsing": "should be true or false",
}


def _first(error: ValidationError, model: type[BaseModel]) -> str:
    """The first of pydantic's complaints, as one sentence; an unknown key explains the others."""
    found = error.errors()
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    path = ".".join(f"#{step + 1}" if isinstance(step, int) else step for step in first["loc"])
    if first["type"] == "extra_forbidden":
        hint = nearest(str(first["loc"][-1]), _keys(model, first["loc"]))
        return f"{path} is not known{hint}"
    said = first["msg"].removeprefix("Value error, ").replace("Input should", "should")
    wanted = _WANTED.get(first["type"], said)
    return f"{path} {wanted}" + ("" if first["type"] == "missing" else f", not {first['input']!r}")


def _keys(model: Any, path: tuple[int | str, ...]) -> list[str]:
    """The keys that would be right at a place in a nested model."""
    for step in path[:-1]:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        if field is None:
            continue
        shapes = [field.annotation, *getattr(field.annotation, "__args__", ())]
        models = [s for s in shapes if isinstance(s, type) and issubclass(s, BaseModel)]
        model = models[0] if models else model
    return list(model.model_fields)
