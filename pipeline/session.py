"""What a run was asked for, and what its steps share: options, cache, templates, engines."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.cache import HOUSE, Cache
from pipeline.config import Config
from pipeline.engines.choose import Choices
from pipeline.engines.loaded import Engines
from pipeline.heap import large_blocks_apart
from pipeline.privacy import stay_home
from pipeline.progress import Piece, Tick, Watch
from pipeline.prompts import Prompts
from pipeline.remote import Remote, RemoteCache

if TYPE_CHECKING:
    from pipeline.talks.voices import VoiceBook

T = TypeVar("T")
# the names under which their values are kept, in their order
CACHED_STEPS = ("decode", "speech", "room", "transcribe", "diarize", "llm")
RAN = "ran"  # the mark of (event, step): computed once, so what is missing now is stale and not new


class Reached(Exception):
    """Not an error: the step that `--until` names is done, which its sentence says."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a worker needs to know, as plain data that can be sent to another process."""

    config: Config
    output: Path
    choices: Choices
    prompts: Path | None = None
    voices: Path | None = None
    ledger: Path | None = None
    until: str | None = None
    force: frozenset[str] = frozenset()
    remote: str | None = None  # the object store that `output` is a copy of
    ray: str | None = None  # the address of a Ray cluster; "auto": the one at hand, or a local one

    @property
    def house(self) -> Path:
        """Where the cache and the locks are kept."""
        return self.output / HOUSE

    def with_run(self, options: dict[str, object]) -> "Settings":
        """The same with other options of how it runs."""
        run = self.config.run.model_copy(update=options)
        return replace(self, config=self.config.model_copy(update={"run": run}))

    def storage(self) -> Remote | None:
        """The object store, if output goes to one."""
        return Remote(self.remote, self.output) if self.remote else None


@dataclass
class Session:
    """The settings at work: one per process, shared by all its events."""

    settings: Settings
    cache: Cache
    prompts: Prompts
    engines: Engines

    @property
    def config(self) -> Config:
        """All options."""
        return self.settings.config

    @cached_property
    def book(self) -> "VoiceBook | None":
        """The voice book, if there is one; a new one is still to be written."""
        from pipeline.talks.voices import VoiceBook  # slow to import: when an event needs it

        place = self.settings.voices
        return VoiceBook.load(place) if place and place.exists() else None

    def step(
        self,
        watch: Watch,
        name: str,
        key: Any,
        shape: type[T],
        piece: Piece,
        compute: Callable[[Tick], T],
    ) -> T:
        """The stored value of a step, or `compute(tick)`, timed, shown and stored."""
        found = self.cache.look_up(name, key, shape)
        if found is not None:
            watch.kept(name)
            return found
        with watch.stage(name, piece) as tick:
            value = compute(tick)
        self.cache.keep(name, key, shape, value)
        self.cache.keep(RAN, (watch.event, name), bool, True)
        return value

    def reached(self, step: str) -> None:
        """Stop here if the user asked for no more; raises Reached."""
        if step == self.settings.until:
            raise Reached(f"stopped after {step}")


def make_session(settings: Settings) -> Session:
    """What the steps share; loads no engine."""
    stay_home(settings.config.profile)  # in the process of every worker
    large_blocks_apart()
    settings = settings.with_run({"llm_places": settings.house / "locks"})
    storage = settings.storage()
    cache = RemoteCache(storage) if storage else Cache(settings.house)
    return Session(
        settings=settings,
        cache=cache.forcing(settings.force),
        prompts=Prompts(settings.prompts),
        engines=Engines(settings.config, dict(settings.choices)),
    )
