"""`backrow prompts`: the templates, and the very text that would be sent for a talk."""

import asyncio
from argparse import Namespace
from pathlib import Path

from pipeline import flow
from pipeline.annotate import Material, study
from pipeline.batch import make_kit
from pipeline.commands.options import events_of, settings
from pipeline.commands.plan import Looking, Missing
from pipeline.data import Claim, Talk
from pipeline.errors import UsageError
from pipeline.progress import Watch, plain
from pipeline.prompts import Prompts
from pipeline.writer import Context, check
from pipeline.writer.llm import LlmWriter, load
from pipeline.writer.server import estimate


def main(args: Namespace) -> int:
    """List, check, copy or show."""
    if args.action == "copy":
        copied = Prompts(args.prompts).copy(args.folder)
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


class Unasked(LlmWriter):
    """Asks nothing: the claims are those of earlier answers, where there are any."""

    async def claims(self, talk: Talk, context: Context) -> tuple[Claim, ...]:
        """What the model said when it was last asked the same, else nothing."""
        try:
            return await super().claims(talk, context)
        except Missing:
            return ()


def _sent(args: Namespace) -> int:
    """The messages for talk N of an event, and their size."""
    number, event = args.talk
    args.inputs = [Path(event)]
    setup = settings(args)
    kit = make_kit(setup)
    events, refused = events_of(args)
    for bad in refused:
        raise bad.error
    watch = Watch(events[0].slug, plain)
    heard = flow.listen(events[0], kit, watch)
    writer = Unasked(
        load(setup.config.writer, setup.config.run, kit.prompts, Looking(kit.store)).ask
    )
    folder = setup.output / events[0].slug
    material = Material(events[0], heard.story, heard.sounds, heard.language, folder)
    studied = asyncio.run(study(writer, material, kit, watch))
    place = _place(number, len(studied.talks))
    messages = writer.preview(
        args.what, studied.talks[place], studied.findings[place], studied.context
    )
    for message in messages:
        print(f"--- {message['role']} ---\n{message['content']}\n")
    size = sum(estimate(message["content"]) for message in messages)
    print(f"--- about {size} tokens ---")
    return 0


def _place(number: str, talks: int) -> int:
    if not (number.isdecimal() and 1 <= int(number) <= talks):
        raise UsageError(f"--talk {number}: the event has talks 1 to {talks}")
    return int(number) - 1
