"""`backrow prompts`: the templates, and the very text that would be sent for a talk."""

import asyncio
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pipeline import flow
from pipeline.annotate import gather
from pipeline.cache import Looking, Missing
from pipeline.cli.arguments import actions, add_settings
from pipeline.cli.options import event_of, settings
from pipeline.errors import UsageError
from pipeline.executors import last_run
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.llm.conversation import Message, estimate
from pipeline.notes import prompt_files
from pipeline.notes.model_writer import ModelWriter
from pipeline.progress import Watch, plain
from pipeline.prompts import Prompts
from pipeline.render import post
from pipeline.session import make_session

M = TypeVar("M", bound=BaseModel)


def arguments(command: ArgumentParser) -> None:
    """List, check, copy, show."""
    listed, check, copy, show = actions(
        command,
        {
            "list": "every template and the file that serves it",
            "check": "whether yours can be used",
            "copy": "the built-in ones into a folder, to edit them",
            "show": "one template, or what would be sent for a talk",
        },
    )
    for action in (listed, check):
        action.add_argument("--prompts", type=Path, metavar="DIR", help="where yours are")
    copy.add_argument("folder", type=Path, metavar="DIR")
    show.usage = "%(prog)s NAME [--talk N EVENT] [options]"
    show.add_argument("what", metavar="NAME", help="as `prompts list` names it")
    show.add_argument(
        "--talk", nargs=2, metavar=("N", "EVENT"), help="what would be sent for EVENT's talk N"
    )
    add_settings(show)


def main(args: Namespace) -> int:
    """List, check, copy or show."""
    if args.action == "copy":
        copied = Prompts().copy(args.folder)
        print("\n".join(map(str, copied)) or f"{args.folder} has them all; nothing was changed")
        return 0
    if args.action == "check":
        prompts = Prompts(args.prompts)
        if wrong := problems(prompts):
            print("\n".join(wrong))
            return 2
        print(f"{len(prompts.list())} files read, all can be used")
        return 0
    if args.action == "list":
        for found in Prompts(args.prompts).list():
            print(f"{found.template.name:10} {found.template.about:58} {found.path}")
        return 0
    if args.talk:
        return _sent(args)
    print(Prompts(args.prompts).text(args.what), end="")
    return 0


def problems(prompts: Prompts) -> tuple[str, ...]:
    """A sentence for each file that cannot be used; empty when all can."""
    return tuple(dict.fromkeys((*prompt_files.problems(prompts), *post.problems(prompts))))


ASKED = ("outline", "write", "judge", "close")


@dataclass
class Overheard(Asker):
    """Asks nothing that was not answered before, and keeps what it would have sent."""

    seen: list[tuple[str, tuple[Message, ...]]] = field(default_factory=list)

    async def __call__(self, prompt: str, variables: Mapping[str, object], shape: type[M]) -> M:
        """The answer of an earlier run; raises Missing where there was none."""
        self.seen.append((prompt, self.compose(prompt, variables)))
        if self.client.model == "auto":
            raise Missing("the model was not asked yet")  # and only its server knows its name
        return await super().__call__(prompt, variables, shape)


def _sent(args: Namespace) -> int:
    """The messages of a question about talk N of an event, and their size."""
    number, event = args.talk
    if args.what not in ASKED:
        raise UsageError(f"{args.what} is not sent; {', '.join(ASKED)} are")
    if not number.isdecimal():
        raise UsageError(f"--talk {number}: is no number; write --talk N EVENT")
    args.inputs = [Path(event)]
    sent = [sent for prompt, sent in _overheard(args) if prompt == args.what]
    messages = by_talk(args.what, sent)
    place = int(number) - 1 if args.what in _NAMED else 0
    if not 0 <= place < len(messages):
        there = f"{args.what} is sent for {len(messages)} talks, from 1 to {len(messages)}"
        none = f"{args.what} rests on answers that are not there yet; run the event first"
        raise UsageError(f"--talk {number}: {there if messages else none}")
    for message in messages[place]:
        print(f"--- {message['role']} ---\n{message['content']}\n")
    size = sum(estimate(message["content"]) for message in messages[place])
    print(f"--- about {size} tokens ---")
    return 0


_NAMED = {"write": r"^\d+\. “.*utterances \[", "judge": "^Heading: "}  # each talk of a question


def by_talk(what: str, sent: Sequence[tuple[Message, ...]]) -> list[tuple[Message, ...]]:
    """The question about each talk, in their order: one may be about several, or about all."""
    named = _NAMED.get(what)
    if named is None:
        return list(sent)
    return [each for each in sent for _ in re.findall(named, each[-1]["content"], re.MULTILINE)]


def _overheard(args: Namespace) -> list[tuple[str, tuple[Message, ...]]]:
    """What would be sent for an event, as far as earlier answers tell; the model is not asked."""
    setup = settings(args, network=False)
    session, event = make_session(setup), event_of(args)
    watch = Watch(event.slug, plain)
    heard = flow.listen(event, session, watch)
    session = replace(session, cache=Looking(session.cache))
    evening = gather(heard, session, watch)
    writer, last = setup.config.writer, last_run.find(event.slug, setup.output)
    if writer.model == "auto" and last:
        writer = writer.model_copy(update={"model": last.config.writer.model})
    prompts = session.prompts.spoken(heard.language)
    ask = Overheard(Client(writer, setup.config.run), prompts, session.cache)
    with suppress(Missing):
        asyncio.run(ModelWriter(ask).write_up(evening, Watch(event.slug)))
    return ask.seen
