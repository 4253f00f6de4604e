"""The command line: parse, call, exit code. Each command is a file here: its arguments, its main.

Exit codes: 0 all done; 1 some recordings failed (report.json says which and why); 2 wrong usage.
Only the command that was asked for is imported, so that `backrow --help` answers at once.
"""

import argparse
import difflib
import importlib
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from pipeline import __version__
from pipeline.errors import PipelineError, UsageError, nearest

COMMANDS = {
    "run": "recordings in, posts out",
    "publish": "finished posts into a site",
    "plan": "what a run would do again, and what is kept",
    "review": "put an event right, on a page in the browser",
    "speakers": "who was heard, and why they are called so",
    "voices": "the voice book: speakers known by their voice",
    "ledger": "claims of earlier events, which a model sees",
    "prompts": "list, show, copy and check the templates",
    "lint": "hold posts against the voice",
    "doctor": "what is installed and found, and what to do next",
}


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in a sentence, with what was meant."""

    def error(self, message: str) -> NoReturn:
        """Raises UsageError."""
        wrong = re.fullmatch(r"argument (.+): invalid choice: '(.*)' \(choose from (.*)\)", message)
        if wrong is None:
            raise UsageError(f"{message}; see {self.prog} --help")
        there = re.findall(r"[\w.-]+", wrong[3])
        raise UsageError(f"{wrong[1]}: there is no {wrong[2]!r}{nearest(wrong[2], there)}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name need not be UTF-8
    try:
        arguments = parse(argv)
        return int(_module(arguments.command).main(arguments))
    except UsageError as error:
        print(f"backrow: {error}", file=sys.stderr)
        return 2
    except PipelineError as error:
        print(f"backrow: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("backrow: stopped; run it again and it goes on from here", file=sys.stderr)
        return 130
    except BrokenPipeError:  # `backrow ... | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of a command; raises UsageError for what is none, with the nearest that is."""
    words = sys.argv[1:] if argv is None else list(argv)
    name = next((word for word in words if not word.startswith("-")), None)
    if name is not None and name not in COMMANDS:
        raise UsageError(f"{name!r} is no command{nearest(name, COMMANDS)}")
    for word in words:
        if re.fullmatch(r"-[^-]\S+", word) and Path(word).exists():
            raise UsageError(f"{word}: begins like an option; name that file ./{word}")
    arguments, unknown = parser(name).parse_known_args(words)
    if unknown:
        known = re.findall(r"--[a-z-]+", arguments.parser.format_help())
        near = difflib.get_close_matches(unknown[0].partition("=")[0], known, 1, 0.75)
        hint = f"did you mean {near[0]}?" if near else f"see backrow {name} --help"
        raise UsageError(f"{unknown[0]!r} is no part of this command; {hint}")
    return arguments


def parser(name: str | None = None) -> argparse.ArgumentParser:
    """The command line: every command by name, and all arguments of the one that is named."""
    top = Parser(
        prog="backrow", description="Turns the recording of an event into a sceptical blog post."
    )
    top.add_argument("--version", action="version", version=f"backrow {__version__}")
    commands = top.add_subparsers(
        title="commands", required=True, metavar="COMMAND", dest="command"
    )
    for each, about in COMMANDS.items():
        command = commands.add_parser(
            each, help=about, description=f"{about[0].upper()}{about[1:]}."
        )
        if each == name:
            command.set_defaults(parser=command)
            _module(name).arguments(command)
    return top


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"pipeline.cli.{name}")
