"""What the steps of a run share: options, cache, templates, engines, what is known before."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.cache import Cache
from pipeline.config import Config
from pipeline.engines.loaded import Engines
from pipeline.progress import Piece, Tick, Watch
from pipeline.prompts import Prompts

if TYPE_CHECKING:
    from pipeline.talks.voices import VoiceBook

T = TypeVar("T")
# the names under which their values are kept, in their order
CACHED_STEPS = ("decode", "speech", "room", "transcribe", "diarize", "llm")
RAN = "ran"  # the mark of (event, step): computed once, so what is missing now is stale and not new


class Reached(Exception):
    """Not an error: the step that `--until` names is done, which its sentence says."""


@dataclass
class Session:
    """One per process, shared by all its events."""

    config: Config
    cache: Cache
    prompts: Prompts
    engines: Engines
    voices: Path | None = None
    ledger: Path | None = None
    until: str | None = None

    @cached_property
    def book(self) -> "VoiceBook | None":
        """The voice book, if there is one; a new one is still to be written."""
        from pipeline.talks.voices import VoiceBook  # slow to import: when an event needs it

        there = self.voices is not None and self.voices.exists()
        return VoiceBook.load(self.voices) if self.voices and there else None

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
        if step == self.until:
            raise Reached(f"stopped after {step}")
