"""`backrow prompts`: the templates, and the very text that would be sent for a talk."""

import asyncio
from argparse import Namespace
from pathlib import Path

from pipeline import flow
from pipeline.annotate import Material, Studied, study
from pipeline.commands.options import event_of, settings
from pipeline.commands.plan import Looking, Missing
from pipeline.data import Claim, Talk
from pipeline.errors import UsageError
from pipeline.job import make_kit
from pipeline.llm.server import estimate
from pipeline.progress import Watch, plain
from pipeline.prompts import Prompts
from pipeline.writer import Context, check
from pipeline.writer.llm import SHAPES, LlmWriter, load


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
    if args.what not in SHAPES:
        raise UsageError(f"{args.what} is not sent for a talk; {', '.join(SHAPES)} are")
    if not number.isdecimal():
        raise UsageError(f"--talk {number}: is no number; write --talk N EVENT")
    args.inputs = [Path(event)]
    writer, studied = _studied(args)
    place = int(number) - 1
    if not 0 <= place < len(studied.talks):
        raise UsageError(f"--talk {number}: the event has talks 1 to {len(studied.talks)}")
    talk, findings = studied.talks[place], studied.findings[place]
    messages = writer.preview(args.what, talk, findings, studied.context)
    for message in messages:
        print(f"--- {message['role']} ---\n{message['content']}\n")
    size = sum(estimate(message["content"]) for message in messages)
    print(f"--- about {size} tokens ---")
    return 0


def _studied(args: Namespace) -> tuple[LlmWriter, Studied]:
    """An event as far as it is known before anything is written; the model is not asked."""
    setup = settings(args)
    kit, event = make_kit(setup), event_of(args)
    watch = Watch(event.slug, plain)
    heard = flow.listen(event, kit, watch)
    asker = load(setup.config.writer, setup.config.run, kit.prompts, Looking(kit.store)).ask
    folder = setup.output / event.slug
    material = Material(event, heard.story, heard.sounds, heard.language, folder)
    writer = Unasked(asker)
    return writer, asyncio.run(study(writer, material, kit, watch))
