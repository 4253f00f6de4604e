"""The arguments that several commands share.

An option of Config is written there, once: what names a Flag has an argument under its heading.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo

from pipeline import config as options
from pipeline.config import Config

SIDES = ("transcript.srt", "transcript.vtt", "transcript.json", "notes.json", "chapters.vtt")


def actions(command: ArgumentParser, told: dict[str, str]) -> list[ArgumentParser]:
    """The actions of a command, each with what it does."""
    group = command.add_subparsers(title="actions", required=True, metavar="ACTION", dest="action")
    return [
        group.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
        for name, about in told.items()
    ]


def add_events(command: ArgumentParser) -> None:
    """What works on events: their files, and all that is known and chosen for them."""
    command.usage = "%(prog)s [options] INPUT..."
    command.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="a media file, an event's folder, or a folder of them",
    )
    add_settings(command)


def add_settings(command: ArgumentParser) -> None:
    """What every command on events understands."""
    add = command.add_argument
    # what `run` alone can be told
    command.set_defaults(ray=None, until=None, force=[], learn_voices=False, site=None)
    add_places(command)
    add("--prompts", type=Path, metavar="DIR", help="your templates, over the built-in ones")
    add("-v", "--verbose", action="store_true", help="a line for every step, kept ones too")
    sections = ", ".join(f"[{section}]" for section, _ in options.sections())
    add("--config", type=Path, metavar="FILE", help=f"options as TOML: {sections}")
    add(
        "--set",
        action="append",
        default=[],
        metavar="SECTION.KEY=VALUE",
        help="one option, as in the file",
    )
    _recordings(command)
    add_flags(command, "engines")
    _knowledge(command)


def add_places(command: ArgumentParser) -> None:
    """Where posts go, and where links may lead."""
    add = command.add_argument
    add(
        *("-o", "--output"),
        type=Path,
        default=Path("posts"),
        metavar="DIR",
        help="where posts go (default: posts)",
    )
    add(
        "--beyond",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a folder that links in an event's own may lead to; else they are refused",
    )


def add_flags(command: ArgumentParser, heading: str) -> Any:
    """The options of Config under a heading of --help, which is returned for others beside them."""
    group = command.add_argument_group(heading)
    for path, field, flag in _flags():
        if flag.group == heading:
            group.add_argument(f"--{flag.name}", dest=path, **_taken(field, flag))
    return group


def _flags() -> Iterator[tuple[str, FieldInfo, options.Flag]]:
    """Every option with a name of its own: "asr.engine", and "profile" of no section."""
    groups: list[tuple[str, type[options.Section]]] = [("", Config), *options.sections()]
    for section, shape in groups:
        for name, field in shape.model_fields.items():
            for flag in field.metadata:
                if isinstance(flag, options.Flag):
                    yield f"{section}.{name}", field, flag


def _taken(field: FieldInfo, flag: options.Flag) -> dict[str, Any]:
    """How argparse takes an option; without it the file, or the default, decides."""
    told = (field.description or "").replace("%", "%%")
    if isinstance(field.default, bool):
        told = f"turn off: {told}" if field.default else told
        return {"action": "store_const", "const": not field.default, "help": told}
    default = f" (default: {field.default})" if field.default not in (None, "", "auto") else ""
    choices = [each for each in get_args(field.annotation) if isinstance(each, str) and each]
    return {"help": told + default, "choices": choices or None, "metavar": flag.metavar}


def _recordings(command: ArgumentParser) -> None:
    add = command.add_argument_group("recordings").add_argument
    add("--track", type=int, metavar="N", help="the audio track to hear, from 1 (else: the speech)")
    add(
        "--captions",
        choices=("use", "ignore"),
        help="whether .vtt or .srt files or subtitle tracks stand for hearing (default: ignore, "
        "but where there is no sound)",
    )


def _knowledge(command: ArgumentParser) -> None:
    add = add_flags(command, "what is known before").add_argument
    add(
        "--name",
        action="append",
        default=[],
        metavar='SPEAKER_03="Ada Park"',
        help="who a speaker is; once for each",
    )
    add("--voices", type=Path, metavar="FILE", help="voice book: speakers of earlier events")
    add("--ledger", type=Path, metavar="FILE", help="claims of earlier events, which a model sees")


def add_site(group: Any, required: bool = False) -> None:
    """Where a post is published to, and what beside it."""
    group.add_argument(
        "--site",
        type=Path,
        required=required,
        metavar="DIR",
        help="a generator's site, or a folder in it: posts go there, and nothing else",
    )
    group.add_argument(
        "--side",
        action="append",
        default=[],
        choices=SIDES,
        metavar="FILE",
        help=f"beside the post, one of: {', '.join(SIDES)}",
    )
