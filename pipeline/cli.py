"""The command line: parse, call, exit code. What the commands do is in commands/.

Exit codes: 0 all done; 1 some recordings failed (report.json says which and why); 2 wrong usage.
Nothing heavy is imported here, so that `backrow --help` answers at once.
"""

import argparse
import difflib
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.errors import PipelineError, UsageError

STEPS = ("decode", "speech", "room", "transcribe", "diarize", "outline", "notes", "post")
SIDES = ("transcript.srt", "transcript.vtt", "transcript.json", "notes.json")
FORCEABLE = ("decode", "speech", "room", "transcribe", "diarize", "llm")

Parser = argparse.ArgumentParser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file's name need not be UTF-8
    try:
        arguments = parse(argv)
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


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """The arguments of a command; raises UsageError for an option that it does not have."""
    arguments, unknown = parser().parse_known_args(argv)
    if unknown:
        known = [f"--{key.replace('_', '-')}" for key in vars(arguments)]
        near = difflib.get_close_matches(unknown[0].partition("=")[0], known, 1)
        hint = f"did you mean {near[0]}?" if near else f"see backrow {arguments.command} --help"
        raise UsageError(f"{unknown[0]!r} is no part of this command; {hint}")
    return arguments


def parser() -> Parser:
    """The whole command line."""
    top = Parser(
        prog="backrow", description="Turns the recording of an event into a sceptical blog post."
    )
    top.add_argument("--version", action="version", version=f"backrow {__version__}")
    commands = top.add_subparsers(
        title="commands", required=True, metavar="COMMAND", dest="command"
    )
    _run(_add(commands, "run", "recordings in, posts out"))
    _publish(_add(commands, "publish", "finished posts into a site"))
    _plan(_add(commands, "plan", "what a run would do again, and what is kept"))
    _speakers(_add(commands, "speakers", "who was heard, and why they are called so"))
    _voices(_add(commands, "voices", "the voice book: speakers known by their voice"))
    _ledger(_add(commands, "ledger", "claims of earlier events, for contradictions"))
    _prompts(_add(commands, "prompts", "list, show, copy and check the templates"))
    _lint(_add(commands, "lint", "hold posts against the voice"))
    _add(commands, "backends", "every engine there is")
    _add(commands, "doctor", "what is installed and found, and what to do next")
    return top


def _add(to: Any, name: str, about: str) -> Parser:
    """A command, or an action of one, that says in its own help what it does."""
    added: Parser = to.add_parser(name, help=about, description=f"{about[0].upper()}{about[1:]}.")
    return added


def _actions(command: Parser) -> Any:
    return command.add_subparsers(title="actions", required=True, metavar="ACTION", dest="action")


def _events(command: Parser) -> None:
    """What works on events."""
    command.usage = "%(prog)s [options] INPUT..."
    command.add_argument(
        "inputs",
        nargs="+",
        type=Path,
        metavar="INPUT",
        help="a media file, an event's folder, or a folder of them",
    )
    _options(command)


def _options(command: Parser) -> None:
    """What every command on events understands."""
    add = command.add_argument
    add(
        *("-o", "--output"),
        type=Path,
        default=Path("posts"),
        metavar="DIR",
        help="where posts go (default: posts)",
    )
    add("--prompts", type=Path, metavar="DIR", help="your templates, over the built-in ones")
    add(
        "--beyond",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="a folder that links in an event's own may lead to; else they are refused",
    )
    add("-v", "--verbose", action="store_true", help="a line for every step, kept ones too")
    add(
        "--config",
        type=Path,
        metavar="FILE",
        help="options as TOML: [asr], [diarize], [talks], [writer], [post], [run]",
    )
    add(
        "--set",
        action="append",
        default=[],
        metavar="SECTION.KEY=VALUE",
        help="one option, as in the file",
    )
    _recordings(command.add_argument_group("recordings"))
    _engines(command.add_argument_group("engines"))
    _knowledge(command.add_argument_group("what is known before"))


def _recordings(group: Any) -> None:
    group.add_argument(
        "--track", type=int, metavar="N", help="the audio track to hear, from 1 (else: the speech)"
    )
    group.add_argument(
        "--captions",
        choices=("use", "ignore"),
        help="whether .vtt or .srt files or subtitle tracks stand for hearing (default: ignore, "
        "but where there is no sound)",
    )


def _engines(group: Any) -> None:
    group.add_argument(
        "--profile",
        choices=("auto", "offline", "local", "cloud"),
        help="auto (default): the best that runs here; offline: no network; "
        "local: nothing leaves this machine; cloud: the best, or an error",
    )
    group.add_argument("--asr", metavar="ENGINE", help="words: faster-whisper")
    group.add_argument("--diarizer", metavar="ENGINE", help="speakers: pyannote or campplus")
    group.add_argument("--writer", metavar="ENGINE", help="notes: llm or quotes")
    group.add_argument(
        "--model", metavar="MODEL", help="Whisper model: a size, a hub name or a folder"
    )
    group.add_argument(
        "--trust-model",
        action="store_true",
        help="let a speaker model's files run programs while they are loaded",
    )


def _knowledge(group: Any) -> None:
    group.add_argument(
        "--name",
        action="append",
        default=[],
        metavar='SPEAKER_03="Ada Park"',
        help="who a speaker is; once for each",
    )
    group.add_argument(
        "--voices", type=Path, metavar="FILE", help="voice book: speakers of earlier events"
    )
    group.add_argument(
        "--ledger", type=Path, metavar="FILE", help="claims of earlier events, for contradictions"
    )
    group.add_argument(
        "--no-corrections", action="store_true", help="leave misheard names as they were heard"
    )


def _run(command: Parser) -> None:
    _plan(command)
    how = command.add_argument_group("how it runs").add_argument
    how("--workers", type=int, metavar="N", help="recordings at once (default: 2)")
    how("--ray", nargs="?", const="auto", metavar="ADDRESS", help="on a Ray cluster (backrow[ray])")
    how("--until", choices=STEPS, metavar="STEP", help=f"stop after one of: {', '.join(STEPS)}")
    how(
        "--force",
        action="append",
        default=[],
        choices=FORCEABLE,
        metavar="STEP",
        help=f"do one of these again: {', '.join(FORCEABLE)}",
    )
    _site(command.add_argument_group("into a site"), required=False)
    how("--learn-voices", action="store_true", help="put the named speakers into --voices")
    how("--json-progress", action="store_true", help="progress as JSON lines on stderr")


def _site(group: Any, required: bool) -> None:
    group.add_argument(
        "--site",
        type=Path,
        required=required,
        metavar="DIR",
        help="a Zola, Hugo or Jekyll site, or a folder in it: posts go there, and nothing else",
    )
    group.add_argument(
        "--side",
        action="append",
        default=[],
        choices=SIDES,
        metavar="FILE",
        help=f"beside the post, one of: {', '.join(SIDES)}",
    )


def _publish(command: Parser) -> None:
    command.usage = "%(prog)s POST... --site DIR [options]"
    command.add_argument(
        "posts", nargs="+", type=Path, metavar="POST", help="its folder, as in posts/my-event"
    )
    _site(command, required=True)


def _plan(command: Parser) -> None:
    """All that a post depends on: what a plan has to know of a run."""
    _events(command)
    post = command.add_argument_group("the post").add_argument
    post(
        "--flavor",
        choices=("zola", "hugo", "jekyll"),
        help="front matter and layout (default: zola)",
    )
    post("--no-receipts", action="store_true", help="leave the footnotes out")
    post("--clips", action="store_true", help="cut an audio clip for each receipt")
    post("--web", choices=("openai", "searxng"), help="look for evidence on the web")


def _speakers(command: Parser) -> None:
    _events(command)
    command.add_argument("--clips", action="store_true", help="cut three samples of each speaker")


def _voices(command: Parser) -> None:
    actions = _actions(command)
    add = _add(actions, "add", "put the voices of those whom --name names into --voices")
    _events(add)
    add.usage = "%(prog)s INPUT --name SPEAKER_03=NAME --voices FILE [options]"
    listed = _add(actions, "list", "whose voices are in it")
    remove = _add(actions, "remove", "forget a person's voice")
    remove.add_argument("person", nargs="+", metavar="NAME")
    for action in (listed, remove):
        action.add_argument("--voices", type=Path, required=True, metavar="FILE", help="the book")


def _ledger(command: Parser) -> None:
    actions = _actions(command)
    add = _add(actions, "add", "the claims of finished posts")
    add.add_argument(
        "posts", nargs="+", type=Path, metavar="POST", help="its folder, as in posts/my-event"
    )
    search = _add(actions, "search", "claims that hold all of some words")
    search.add_argument("what", nargs="+", metavar="WORD")
    show = _add(actions, "show", "all events, or the claims of one")
    show.add_argument("what", nargs="*", metavar="TITLE", help="an event's title")
    remove = _add(actions, "remove", "forget an event")
    remove.add_argument("what", nargs="+", metavar="TITLE", help="its title")
    for action in (add, search, show, remove):
        action.add_argument("--ledger", type=Path, required=True, metavar="FILE", help="the ledger")


def _prompts(command: Parser) -> None:
    actions = _actions(command)
    listed = _add(actions, "list", "every template and the file that serves it")
    check = _add(actions, "check", "whether yours can be used")
    for action in (listed, check):
        action.add_argument("--prompts", type=Path, metavar="DIR", help="where yours are")
    copy = _add(actions, "copy", "the built-in ones into a folder, to edit them")
    copy.add_argument("folder", type=Path, metavar="DIR")
    show = _add(actions, "show", "one template, or what would be sent for a talk")
    show.usage = "%(prog)s NAME [--talk N EVENT] [options]"
    show.add_argument("what", metavar="NAME", help="as `prompts list` names it")
    show.add_argument(
        "--talk", nargs=2, metavar=("N", "EVENT"), help="what would be sent for EVENT's talk N"
    )
    _options(show)


def _lint(command: Parser) -> None:
    command.add_argument(
        "posts", nargs="+", type=Path, metavar="POST", help="a post, or its folder"
    )
    command.add_argument("--prompts", type=Path, metavar="DIR", help="where your lint.toml lies")


if __name__ == "__main__":
    sys.exit(main())
