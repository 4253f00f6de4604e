"""`backrow run`: recordings in, posts out."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from pipeline.audio.inputs import EventInput, RejectedInput
from pipeline.cache import PRIVATE, write_atomic
from pipeline.cli.arguments import add_events, add_flags, add_site
from pipeline.cli.described import taken
from pipeline.cli.engines import table, with_weights
from pipeline.cli.options import events_of, names_of, settings
from pipeline.errors import CacheError, PipelineError, unexpected
from pipeline.executors import batch
from pipeline.executors.job import failed
from pipeline.interrupt import on_ctrl_c
from pipeline.progress import Sink, Watch, shown, stop
from pipeline.render.report import EventReport, report, so_far, write
from pipeline.render.site import exposed, find_site, place
from pipeline.session import CACHED_STEPS, Settings, make_session
from pipeline.visible import visible

STEPS = ("decode", "speech", "room", "transcribe", "diarize", "outline", "notes", "post")


def arguments(command: ArgumentParser) -> None:
    """A batch: what a plan is told, and how it runs."""
    add_events(command)
    add_flags(command, "the post")
    how = add_flags(command, "how it runs").add_argument
    how(
        "--ray", nargs="?", const="auto", metavar="ADDRESS", help="on a Ray cluster (the extra ray)"
    )
    how("--until", choices=STEPS, metavar="STEP", help=f"stop after one of: {', '.join(STEPS)}")
    how(
        "--force",
        action="append",
        choices=CACHED_STEPS,
        metavar="STEP",
        help=f"do one of these again: {', '.join(CACHED_STEPS)}",
    )
    how("--learn-voices", action="store_true", help="put the named speakers into --voices")
    how("--json-progress", action="store_true", help="progress as JSON lines on stderr")
    add_site(command.add_argument_group("into a site"))


def main(args: Namespace) -> int:
    """Run the batch; 1 when a recording failed, or --name named nobody who speaks."""
    setup = settings(args)
    events, refused = events_of(args)
    print(table(setup.choices), flush=True)
    for line in filter(None, map(taken, events)):
        print(line, flush=True)
    if events:
        setup = with_weights(setup, args.json_progress)
    if warning := exposed(setup.output):
        print(warning, file=sys.stderr, flush=True)
    reports = _run(events, refused, setup, args)
    failures = sum(each.state == "failed" for each in reports)
    left_out = [each.slug for each in reports if each.state == "stopped" and setup.until is None]
    if left_out:
        print(f"left out, for the budget of {setup.config.run.budget:g}: {', '.join(left_out)}")
    if len(reports) > 1:
        done = len(reports) - failures - len(left_out)
        print(f"{done} done, {failures} failed: see {setup.remote or setup.output}/report.json")
    if args.learn_voices and setup.voices:
        failures += _learn(events, reports, setup, setup.voices)
    for line in (astray := _named_nobody(reports, args)):
        print(line, file=sys.stderr, flush=True)
    return 1 if failures or astray or left_out else 0


def _run(
    events: Sequence[EventInput], refused: Sequence[RejectedInput], setup: Settings, args: Namespace
) -> list[EventReport]:
    """All events' reports; each is printed and kept as it comes, and report.json ends it."""
    begun = time.monotonic()
    reports: list[EventReport] = []
    try:
        with (
            so_far(setup.output) as keep,
            shown(args.json_progress, len(events) + len(refused), args.verbose) as sink,
            on_ctrl_c(partial(stop, sink)),
        ):
            for ended in batch.run(events, setup, sink, refused):
                each = _in_site(ended, setup, args, sink)
                reports.append(each)
                _tell(each, setup)
                keep(each)
    finally:
        _write_last(reports, setup, begun)
    return reports


def _in_site(each: EventReport, setup: Settings, args: Namespace, sink: Sink) -> EventReport:
    """The report, after its finished post was put into the site that was asked for."""
    if each.state != "done" or not args.site:
        return each
    try:
        site = find_site(args.site, setup.config.post.flavor == "plain")
        placed = place(setup.output / each.slug, site, args.side)
    except PipelineError as error:
        Watch(each.slug, sink).end(each.seconds, "failed", str(error))
        return each.model_copy(update={"state": "failed", "message": str(error)})
    print(f"{each.slug}: in the site as {placed}", flush=True)
    for warning in placed.warnings:
        Watch(each.slug, sink).say(warning)
    return each.model_copy(update={"warnings": (*each.warnings, *placed.warnings)})


def _learn(
    events: Sequence[EventInput], reports: Sequence[EventReport], setup: Settings, book: Path
) -> int:
    """Put the named speakers of what is done into the book; how many events failed at that."""
    from pipeline.cli.voices import learn_named  # slow to import: who asks for it waits

    done = {each.slug for each in reports if each.state == "done"}
    failures = 0
    for event in events:
        if event.slug in done:
            try:
                learn_named(event, make_session(setup), book)
            except BaseException as error:
                failures += 1
                _tell(failed(event, unexpected(error)), setup)
    return failures


def _named_nobody(reports: Sequence[EventReport], args: Namespace) -> list[str]:
    """A sentence for each --name that was given to nobody; the post is there without it."""
    names = names_of(args)
    return [
        visible(f"{each.slug}: {text}")
        for each in reports
        for speaker, text in each.misnamed.items()
        if speaker in names
    ]


def _tell(each: EventReport, setup: Settings) -> None:
    """Print what became of an event; the traceback of a bug goes beside report.json too."""
    what = {"done": f"{setup.remote or setup.output}/{each.post}", "stopped": each.message}
    print(f"{each.slug}: {what.get(each.state, f'FAILED: {each.message}')}", flush=True)
    place = setup.output / f"{each.slug}.traceback.txt"
    with suppress(CacheError, OSError):
        if each.trace:
            print(f"{each.trace}{place} has this traceback", file=sys.stderr, flush=True)
            write_atomic(place, each.trace.encode(errors="replace"), PRIVATE)
        else:
            place.unlink(missing_ok=True)  # of an earlier run


def _write_last(reports: Sequence[EventReport], setup: Settings, begun: float) -> None:
    """The report; where nothing had to be done, a disk that cannot be written is no misfortune."""
    try:
        place = write(report(tuple(reports), time.monotonic() - begun), setup.output)
    except CacheError as error:
        if not all(each.kept for each in reports):
            raise
        print(f"nothing had to be done; {error}", file=sys.stderr)
        return
    if storage := setup.storage():
        storage.put(place.name)
