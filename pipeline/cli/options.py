"""What the arguments of a command ask for: settings, events, names."""

import re
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline import config as options
from pipeline.audio.inputs import EventInput, RejectedInput, find_events
from pipeline.config import Config
from pipeline.engines.choose import choose
from pipeline.errors import ConfigError, PromptError, UsageError
from pipeline.privacy import is_here, stay_home, stays_home
from pipeline.prompts import Prompts
from pipeline.remote import folder_for, url_of
from pipeline.render.site import find_site
from pipeline.session import Settings


def settings(args: Namespace, network: bool = True) -> Settings:
    """All that a run needs, checked before anything is computed; raises UsageError.

    Without the `network` engines are those of this disk, and no server is looked for.
    """
    config = _config(args)
    url = url_of(args.output)
    _sends_nothing(config, url)
    if not network:
        profile = config.profile if stays_home(config.profile) else "local"
        writer = config.writer.model_copy(update={"engine": "quotes"})
        config = config.model_copy(update={"profile": profile, "writer": writer})
    stay_home(config.profile)
    if args.prompts:
        from pipeline.cli.prompts import problems  # reads all these files, for who has their own

        for problem in problems(Prompts(args.prompts)):
            raise PromptError(problem)
    _can_count(config, args.ray)
    if config.writer.web:
        from pipeline.claims import web  # slow to import

        web.load(config.writer, config.run)
    _there(args.ledger, "ledger")
    if not args.learn_voices:
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
        until=args.until,
        force=frozenset(args.force),
        ray=args.ray,
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


def _can_count(config: Config, ray: str | None) -> None:
    """Raise UsageError for a budget that nobody could keep to."""
    if config.run.budget is None:
        return
    if config.run.price_in is None or config.run.price_out is None:
        raise UsageError("--budget needs run.price_in and run.price_out, what a model costs")
    if ray or config.writer.web == "openai":
        raise UsageError("--budget counts neither another machine's calls (--ray) nor web searches")


def _config(args: Namespace) -> Config:
    """The file, then --set, then the options with names of their own."""
    given: dict[str, Any] = {}
    for path, value in vars(args).items():
        section, dot, key = path.rpartition(".")
        if dot and value is not None:
            (given.setdefault(section, {}) if section else given)[key] = value
    if args.site:
        post = given.setdefault("post", {})
        plain = post.get("flavor") == "plain"
        post.setdefault("flavor", find_site(args.site, plain).flavor.name)
    config = options.load(args.config, tuple(args.set), **given)
    if config.room.model == Path("yamnet"):
        from pipeline.audio.yamnet import PUBLISHED  # slow to import

        room = config.room.model_copy(update={"model": PUBLISHED.place})  # fetched or not
        config = config.model_copy(update={"room": room})
    return config


def events_of(args: Namespace) -> tuple[list[EventInput], list[RejectedInput]]:
    """The inputs as events, with the names given on the command line."""
    for folder in args.beyond:
        if not folder.is_dir():
            raise UsageError(f"--beyond {folder}: is no folder; name one that links lead to")
    events, refused = find_events(args.inputs, args.beyond)
    events = [_as_told(event, args) for event in events]
    names = names_of(args)
    if not names:
        return events, refused
    event = only(events, refused, "--name is for one event; write [names] into each event.toml")
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
    return only(*events_of(args), "give one event at a time")


def only(events: list[EventInput], refused: list[RejectedInput], otherwise: str) -> EventInput:
    """The one event there is; raises what is wrong with it, or what else to do."""
    for bad in refused:
        raise bad.error
    if len(events) != 1:
        raise UsageError(f"{otherwise} (these are {len(events)})")
    return events[0]


def _name(text: str) -> tuple[str, str]:
    speaker, equals, name = text.partition("=")
    if not (speaker and equals and name.strip()):
        raise ConfigError(f'--name {text}: write it as SPEAKER_03="Ada Park"')
    if not re.fullmatch(r"SPEAKER_\d\d+", speaker):
        number = re.search(r"\d+$", speaker)
        meant = f"; did you mean SPEAKER_{int(number[0]):02d}?" if number else ""
        raise ConfigError(f"--name {text}: {speaker} is no speaker's id like SPEAKER_03{meant}")
    return speaker, name.strip().strip('"')


def _there(file: Path | None, command: str) -> None:
    if file and not file.exists():
        raise UsageError(
            f"{file}: does not exist; leave --{command} out the first time, and `backrow {command} "
            f"add` makes it of what was run"
        )
