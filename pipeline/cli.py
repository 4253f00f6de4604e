"""The command line: parse, call, exit code. What the commands do is in commands/.

Exit codes: 0 all done; 1 some recordings failed (report.json says which and why); 2 wrong usage.
Nothing heavy is imported here, so that `backrow --help` answers at once.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import __version__
from pipeline.errors import PipelineError, UsageError

STEPS = ("decode", "speech", "room", "transcribe", "diarize", "outline", "notes", "post")
FORCEABLE = ("decode", "speech", "room", "transcribe", "diarize", "llm")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    arguments = parser().parse_args(argv)
    try:
        command = importlib.import_module(f"pipeline.commands.{arguments.command}")
        return int(command.main(arguments))
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


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="backrow", description="Turns the recording of an event into a sceptical blog post."
    )
    top.add_argument("--version", action="version", version=f"backrow {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _run(commands.add_parser("run", help="recordings in, posts out"))
    _plan(commands.add_parser("plan", help="what a run would do again, and what is kept"))
    _speakers(commands.add_parser("speakers", help="who was heard, and why they are called so"))
    _voices(commands.add_parser("voices", help="the voice book: speakers known by their voice"))
    _ledger(commands.add_parser("ledger", help="claims made at earlier events"))
    _prompts(commands.add_parser("prompts", help="list, show, copy and check the templates"))
    _lint(commands.add_parser("lint", help="hold a post against the voice"))
    _bare(commands.add_parser("backends", help="every engine there is"), "backends")
    _bare(
        commands.add_parser("doctor", help="what is installed and found, what to do next"), "doctor"
    )
    return top


def _bare(command: argparse.ArgumentParser, name: str) -> None:
    command.set_defaults(command=name)


def _inputs(command: argparse.ArgumentParser, name: str) -> None:
    command.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="a media file, an event's folder, or a folder of them",
    )
    _options(command, name)


def _options(command: argparse.ArgumentParser, name: str) -> None:
    command.set_defaults(command=name)
    command.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("posts"),
        metavar="DIR",
        help="where posts go (default: posts)",
    )
    command.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="options as TOML: [asr], [diarize], [writer], [post], [run]",
    )
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SECTION.KEY=VALUE",
        help="one option, as in the file",
    )
    command.add_argument(
        "--profile",
        choices=("auto", "offline", "local", "cloud"),
        help="auto: the best that runs here; offline: no network, no models; "
        "local: nothing leaves this machine; cloud: the best or an error",
    )
    command.add_argument("--asr", metavar="ENGINE", help="faster-whisper or sphinx")
    command.add_argument("--diarizer", metavar="ENGINE", help="pyannote or ge2e")
    command.add_argument("--writer", metavar="ENGINE", help="llm or offline")
    command.add_argument(
        "--model", metavar="MODEL", help="Whisper model: a size, a hub name or a folder"
    )
    command.add_argument(
        "--prompts", type=Path, metavar="DIR", help="your templates, over the built-in ones"
    )
    command.add_argument(
        "--name",
        action="append",
        default=[],
        metavar='SPEAKER_03="Ada Park"',
        help="who a speaker is",
    )
    command.add_argument(
        "--voices",
        type=Path,
        metavar="FILE",
        help="voice book: recognise speakers of earlier events",
    )
    command.add_argument(
        "--ledger", type=Path, metavar="FILE", help="claims of earlier events, for contradictions"
    )
    command.add_argument(
        "--no-corrections", action="store_true", help="leave misheard names as they were heard"
    )
    command.add_argument("-v", "--verbose", action="store_true", help="a line for every step")


def _run(command: argparse.ArgumentParser) -> None:
    _inputs(command, "run")
    command.add_argument(
        "--flavor",
        choices=("zola", "hugo", "jekyll"),
        help="front matter and layout (default: zola)",
    )
    command.add_argument(
        "--no-receipts", action="store_true", help="leave the footnotes out of the post"
    )
    command.add_argument("--clips", action="store_true", help="cut an audio clip per receipt")
    command.add_argument(
        "--web", choices=("openai", "searxng"), help="look for evidence on the web"
    )
    command.add_argument(
        "--learn-voices", action="store_true", help="put the named speakers into --voices"
    )
    command.add_argument(
        "--until", choices=STEPS, metavar="STEP", help=f"stop after it: {', '.join(STEPS)}"
    )
    command.add_argument(
        "--force",
        action="append",
        default=[],
        choices=FORCEABLE,
        metavar="STEP",
        help=f"do it again: {', '.join(FORCEABLE)}",
    )
    command.add_argument("--workers", type=int, metavar="N", help="recordings at once")
    command.add_argument(
        "--ray", nargs="?", const="auto", metavar="ADDRESS", help="on a Ray cluster (backrow[ray])"
    )
    command.add_argument(
        "--json-progress", action="store_true", help="progress as JSON lines on stderr"
    )


def _plan(command: argparse.ArgumentParser) -> None:
    _inputs(command, "plan")


def _speakers(command: argparse.ArgumentParser) -> None:
    _inputs(command, "speakers")
    command.add_argument("--clips", action="store_true", help="cut three samples of each speaker")


def _voices(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="voices add INPUT --name SPEAKER_03=NAME --voices FILE")
    _inputs(add, "voices")
    add.set_defaults(action="add")
    for action, about in (
        ("list", "whose voices are in it"),
        ("remove", "forget a person's voice"),
    ):
        other = actions.add_parser(action, help=about)
        other.set_defaults(command="voices", action=action)
        other.add_argument("--voices", type=Path, required=True, metavar="FILE")
        if action == "remove":
            other.add_argument("person", metavar="NAME")


def _ledger(command: argparse.ArgumentParser) -> None:
    command.set_defaults(command="ledger")
    command.add_argument("action", choices=("search", "show", "add", "remove"))
    command.add_argument(
        "what", nargs="?", default="", help="words; an event's title; add: the folder of a post"
    )
    command.add_argument("--ledger", type=Path, required=True, metavar="FILE")


def _prompts(command: argparse.ArgumentParser) -> None:
    actions = command.add_subparsers(title="actions", required=True, metavar="ACTION")
    listed = actions.add_parser("list", help="every template and the file that serves it")
    check = actions.add_parser("check", help="whether yours can be used")
    copy = actions.add_parser("copy", help="the built-in ones into a folder, to edit them")
    copy.add_argument("folder", type=Path, metavar="DIR")
    for action, parser in (("list", listed), ("check", check), ("copy", copy)):
        parser.set_defaults(command="prompts", action=action)
        parser.add_argument("--prompts", type=Path, metavar="DIR", help="where yours are")
    show = actions.add_parser("show", help="one template; with --talk N EVENT, what would be sent")
    show.add_argument("what", metavar="NAME")
    show.add_argument(
        "--talk", nargs=2, metavar=("N", "EVENT"), help="what would be sent for EVENT's talk N"
    )
    _options(show, "prompts")
    show.set_defaults(action="show")


def _lint(command: argparse.ArgumentParser) -> None:
    command.set_defaults(command="lint")
    command.add_argument("posts", nargs="+", type=Path, metavar="POST")
    command.add_argument("--prompts", type=Path, metavar="DIR", help="where your lint.toml lies")


if __name__ == "__main__":
    sys.exit(main())
