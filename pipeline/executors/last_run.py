"""How an event was run the last time, so that `review` needs none of the run's options again."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pipeline.audio.inputs import EventInput
from pipeline.cache import HOUSE, Cache
from pipeline.config import Config
from pipeline.engines.choose import Choice, Choices
from pipeline.engines.table import Stage, backend_named
from pipeline.llm.endpoint import endpoint
from pipeline.session import Session, Settings

STEP = "last-run"


@dataclass(frozen=True, slots=True)
class LastRun:
    """The options of an event's last finished run, and what was told of it on the command line."""

    config: Config
    engines: dict[Stage, tuple[str, str]]  # name and model
    prompts: Path | None
    voices: Path | None
    ledger: Path | None
    names: dict[str, str]
    track: int | None
    captions: Literal["use", "ignore"] | None


def keep(event: EventInput, session: Session) -> None:
    """Remember how an event was run; no password of a server's address is kept."""
    choices, settings = session.engines.choices, session.settings
    last = LastRun(
        config=_without_secrets(session.config, choices["writer"]),
        engines={stage: (each.backend.name, each.model) for stage, each in choices.items()},
        prompts=settings.prompts and settings.prompts.absolute(),
        voices=settings.voices and settings.voices.absolute(),
        ledger=settings.ledger and settings.ledger.absolute(),
        names=dict(event.info.names),
        track=event.info.track,
        captions=event.info.captions,
    )
    if session.cache.find(STEP, event.slug, LastRun) != last:
        session.cache.keep(STEP, event.slug, LastRun, last)


def find(slug: str, output: Path) -> LastRun | None:
    """How the event was run the last time; None where it was not."""
    return Cache(output / HOUSE).find(STEP, slug, LastRun)


def settings(last: LastRun, output: Path) -> Settings:
    """The same run again, with the engines that did it, whether or not they could be had now."""
    choices: Choices = {
        stage: Choice(backend_named(stage, name), model, "it did it the last time", free=False)
        for stage, (name, model) in last.engines.items()
    }
    return Settings(last.config, output, choices, last.prompts, last.voices, last.ledger)


def with_last_options(event: EventInput, last: LastRun) -> EventInput:
    """The event with what the command line said of it then; event.toml may be newer."""
    told = {"track": last.track, "captions": last.captions, "names": last.names | event.info.names}
    return replace(event, info=event.info.model_copy(update=told))


def _without_secrets(config: Config, writer: Choice) -> Config:
    """The options with the model that "auto" turned out to be, and the server's bare address."""
    update: dict[str, str | None] = {"base_url": None}
    if writer.backend.name == "llm":
        at = endpoint(config.writer)
        base = f"{urlsplit(at.base).scheme}://{at.host}{at.path}"
        update = {"base_url": base, "model": writer.model}
    return config.model_copy(update={"writer": config.writer.model_copy(update=update)})
