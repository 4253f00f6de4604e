"""`backrow prompts`: the templates, and the very text that would be sent for a talk."""

import asyncio
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pipeline import flow
from pipeline.annotate import Material, gather
from pipeline.commands.options import event_of, settings
from pipeline.commands.plan import Looking, Missing
from pipeline.errors import UsageError
from pipeline.job import make_kit
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.llm.server import Message, estimate
from pipeline.notes import check
from pipeline.notes.model_writer import ModelWriter
from pipeline.progress import Watch, plain
from pipeline.prompts import Prompts

M = TypeVar("M", bound=BaseModel)


def main(args: Namespace) -> int:
    """List, check, copy or show."""
    if args.action == "copy":
        copied = Prompts().copy(args.folder)
        print("\n".join(map(str, copied)) or f"{args.folder} has them all; nothing was changed")
        return 0
    if args.action == "check":
        problems = check.problems(Prompts(args.prompts))
        print("\n".join(problems) or "all can be used")
        return 2 if problems else 0
    if args.action == "list":
        for found in Prompts(args.prompts).list():
            print(f"{found.template.name:10} {found.template.about:58} {found.path}")
        return 0
    return _sent(args) if args.talk else _show(args)


def _show(args: Namespace) -> int:
    print(Prompts(args.prompts).text(args.what), end="")
    return 0


ASKED = ("outline", "write", "judge", "close")


@dataclass
class Overheard(Asker):
    """Asks nothing that was not answered before, and keeps what it would have sent."""

    seen: list[tuple[str, tuple[Message, ...]]] = field(default_factory=list)

    async def __call__(self, prompt: str, variables: Mapping[str, object], shape: type[M]) -> M:
        """The answer of an earlier run; raises Missing where there was none."""
        self.seen.append((prompt, self.compose(prompt, variables, shape)))
        return await super().__call__(prompt, variables, shape)


def _sent(args: Namespace) -> int:
    """The messages of a question about talk N of an event, and their size."""
    number, event = args.talk
    if args.what not in ASKED:
        raise UsageError(f"{args.what} is not sent; {', '.join(ASKED)} are")
    if not number.isdecimal():
        raise UsageError(f"--talk {number}: is no number; write --talk N EVENT")
    args.inputs = [Path(event)]
    messages = [sent for prompt, sent in _overheard(args) if prompt == args.what]
    place = int(number) - 1 if args.what in ("write", "judge") else 0
    if not 0 <= place < len(messages):
        raise UsageError(f"--talk {number}: {_instead(args.what, len(messages))}")
    for message in messages[place]:
        print(f"--- {message['role']} ---\n{message['content']}\n")
    size = sum(estimate(message["content"]) for message in messages[place])
    print(f"--- about {size} tokens ---")
    return 0


def _instead(what: str, there: int) -> str:
    if there:
        return f"{what} is sent {there} times, from 1 to {there}"
    return f"{what} rests on answers that are not there yet; run the event first"


def _overheard(args: Namespace) -> list[tuple[str, tuple[Message, ...]]]:
    """What would be sent for an event, as far as earlier answers tell; the model is not asked."""
    setup = settings(args)
    kit, event = make_kit(setup), event_of(args)
    watch = Watch(event.slug, plain)
    heard = flow.listen(event, kit, watch)
    folder = setup.output / event.slug
    material = Material(event, heard.story, heard.sounds, heard.language, folder)
    client = Client(setup.config.writer, setup.config.run)
    ask = Overheard(client, kit.prompts, Looking(kit.store))
    with suppress(Missing):
        asyncio.run(ModelWriter(ask).write_up(gather(material, kit, watch), watch))
    return ask.seen
