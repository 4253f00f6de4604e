"""The options of the command line, as the commands that work on events share them."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline import config as options
from pipeline.audio.inputs import EventInput, Refused, find_events
from pipeline.choose import choose
from pipeline.config import Config
from pipeline.errors import ConfigError, PromptError, UsageError
from pipeline.job import Settings
from pipeline.privacy import is_here, stay_home, stays_home
from pipeline.prompts import Prompts
from pipeline.remote import folder_for, url_of
from pipeline.render.site import find_site


def settings(args: Namespace) -> Settings:
    """All that a run needs, checked before anything is computed; raises UsageError."""
    config = _config(args)
    stay_home(config.profile)
    url = url_of(args.output)
    _sends_nothing(config, url)
    if args.prompts:
        _usable(Prompts(args.prompts))
    if config.writer.web:
        from pipeline.claims import web  # slow to import

        web.load(config.writer, config.run)
    _there(args.ledger, "ledger")
    if not getattr(args, "learn_voices", False):
        _there(args.voices, "voices")
    elif args.voices is None:
        raise UsageError("--learn-voices needs --voices FILE, the book that they enter")
    return Settings(
        config=config,
        output=folder_for(url) if url else args.output,
        remote=url,
        choices=choose(config),
        prompts=args.prompts,
        voices=args.voices,
        ledger=args.ledger,
        until=getattr(args, "until", None),
        force=frozenset(getattr(args, "force", ())),
        ray=getattr(args, "ray", None),
    )


def _sends_nothing(config: Config, url: str | None) -> None:
    """Raise UsageError for what a profile that stays on this machine cannot do."""
    if not stays_home(config.profile):
        return
    searched = urlsplit(config.writer.searxng_url or "").hostname or ""
    if config.writer.web and not (config.writer.web == "searxng" and is_here(searched)):
        raise UsageError(f"--web needs the network, and --profile {config.profile} has none")
    if url and not url.startswith(("memory:", "file:")):
        raise UsageError(f"-o {url}: is not this machine; take a folder, or another --profile")


def _config(args: Namespace) -> Config:
    """The file, then --set, then the options with names of their own."""
    named: dict[tuple[str, str], Any] = {
        ("asr", "engine"): args.asr,
        ("asr", "model"): args.model,
        ("diarize", "engine"): args.diarizer,
        ("writer", "engine"): args.writer,
        ("writer", "web"): getattr(args, "web", None),
        ("talks", "corrections"): False if args.no_corrections else None,
        ("post", "flavor"): getattr(args, "flavor", None) or _flavor_of_site(args),
        ("post", "receipts"): False if getattr(args, "no_receipts", False) else None,
        ("post", "clips"): getattr(args, "clips", False) or None,
        ("run", "trust_model"): args.trust_model or None,
        ("run", "workers"): getattr(args, "workers", None),
    }
    given: dict[str, Any] = {"profile": args.profile} if args.profile else {}
    for (section, key), value in named.items():
        if value is not None:
            given.setdefault(section, {})[key] = value
    return options.load(args.config, tuple(args.set), **given)


def _flavor_of_site(args: Namespace) -> str | None:
    return find_site(args.site).flavor if getattr(args, "site", None) else None


def events_of(args: Namespace) -> tuple[list[EventInput], list[Refused]]:
    """The inputs as events, with the names given on the command line."""
    events, refused = find_events(args.inputs, args.beyond)
    events = [_as_told(event, args) for event in events]
    names = names_of(args)
    if not names:
        return events, refused
    event = _only(events, refused, "--name is for one event; write [names] into each event.toml")
    info = event.info.model_copy(update={"names": {**event.info.names, **names}})
    return [replace(event, info=info)], []


def names_of(args: Namespace) -> dict[str, str]:
    """The names given on the command line, by speaker."""
    return dict(_name(text) for text in args.name)


def _as_told(event: EventInput, args: Namespace) -> EventInput:
    """An event with what the command line says of its recordings, over event.toml."""
    if args.track is not None and args.track < 1:
        raise UsageError(f"--track {args.track}: tracks count from 1")
    told = {"track": args.track, "captions": args.captions}
    update = {key: value for key, value in told.items() if value is not None}
    return replace(event, info=event.info.model_copy(update=update)) if update else event


def event_of(args: Namespace) -> EventInput:
    """The one event that a command works on; raises what is wrong with its input."""
    return _only(*events_of(args), "give one event at a time")


def _only(events: list[EventInput], refused: list[Refused], otherwise: str) -> EventInput:
    for bad in refused:
        raise bad.error
    if len(events) != 1:
        raise UsageError(f"{otherwise} (these are {len(events)})")
    return events[0]


def _name(text: str) -> tuple[str, str]:
    speaker, equals, name = text.partition("=")
    if not (speaker and equals and name.strip()):
        raise ConfigError(f'--name {text}: write it as SPEAKER_03="Ada Park"')
    return speaker, name.strip().strip('"')


def _usable(prompts: Prompts) -> None:
    """Raise PromptError for the first of the user's own files that cannot be used."""
    from pipeline.notes import check  # the readers of all these files, for who has their own

    for problem in check.problems(prompts):
        raise PromptError(problem)


def _there(file: Path | None, command: str) -> None:
    if file and not file.exists():
        raise UsageError(f"{file}: does not exist; `backrow {command} add` makes it")
