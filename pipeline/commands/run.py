"""`backrow run`: recordings in, posts out."""

import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pipeline import batch
from pipeline.audio.inputs import EventInput, Refused
from pipeline.choose import Choices
from pipeline.commands.described import taken
from pipeline.commands.options import events_of, settings
from pipeline.job import Settings, make_kit
from pipeline.progress import shown
from pipeline.render.report import EventReport, report, write

REPORT_SECONDS = 2.0  # how old report.json may grow while events end


def main(args: Namespace) -> int:
    """Run the batch; 1 when a recording failed."""
    setup = settings(args)
    events, refused = events_of(args)
    _print_engines(setup.choices)
    for line in filter(None, map(taken, events)):
        print(line, flush=True)
    reports = _run(events, refused, setup, args)
    failed = sum(each.state == "failed" for each in reports)
    if len(reports) > 1:
        print(f"{len(reports) - failed} done, {failed} failed: see {_home(setup)}/report.json")
    if args.learn_voices and setup.voices:
        _learn(events, reports, setup, setup.voices)
    return 1 if failed else 0


def _run(
    events: Sequence[EventInput], refused: Sequence[Refused], setup: Settings, args: Namespace
) -> list[EventReport]:
    """All events' reports; each is printed as it comes, and report.json follows."""
    begun = due = time.monotonic()
    reports = [_refusal(bad) for bad in refused]
    for each in reports:
        _print_result(each, setup)
    try:
        with shown(args.json_progress, len(events), args.verbose) as sink:
            for each in batch.run(events, setup, sink):
                reports.append(each)
                _print_result(each, setup)
                if time.monotonic() >= due:
                    _write(reports, setup, begun)
                    due = time.monotonic() + REPORT_SECONDS
    finally:
        _write(reports, setup, begun)
    return reports


def _learn(
    events: Sequence[EventInput], reports: Sequence[EventReport], setup: Settings, book: Path
) -> None:
    from pipeline.commands.voices import learn_named  # slow to import: who asks for it waits

    done = {each.slug for each in reports if each.state == "done"}
    for event in events:
        if event.slug in done:
            learn_named(event, make_kit(setup), book)


def _refusal(bad: Refused) -> EventReport:
    return EventReport(slug=bad.slug, state="failed", message=str(bad.error))


def _print_engines(choices: Choices) -> None:
    for stage, choice in choices.items():
        print(f"{stage:8} {choice.backend.name:15} {choice.why}", flush=True)


def _print_result(each: EventReport, setup: Settings) -> None:
    what = {"done": f"{_home(setup)}/{each.post}", "stopped": each.message}
    print(f"{each.slug}: {what.get(each.state, f'FAILED: {each.message}')}", flush=True)


def _home(setup: Settings) -> str:
    """Where the posts are, as the user named it."""
    return setup.remote or str(setup.output)


def _write(reports: Sequence[EventReport], setup: Settings, begun: float) -> None:
    place = write(report(tuple(reports), time.monotonic() - begun), setup.output)
    if storage := setup.storage():
        storage.put(place.name)
