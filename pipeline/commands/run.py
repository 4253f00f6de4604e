"""`backrow run`: recordings in, posts out."""

import time
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pipeline import batch
from pipeline.audio.inputs import Refused
from pipeline.choose import Choices
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
    begun = time.monotonic()
    reports = [_refusal(bad) for bad in refused]
    for each in reports:
        _print_result(each, setup)
    try:
        with shown(args.json_progress, len(events), args.verbose) as sink:
            due = begun
            for each in batch.run(events, setup, sink):
                reports.append(each)
                _print_result(each, setup)
                if time.monotonic() >= due:
                    _write(reports, setup, begun)
                    due = time.monotonic() + REPORT_SECONDS
    finally:
        place = _write(reports, setup, begun)
    failed = sum(each.state == "failed" for each in reports)
    if len(reports) > 1:
        print(f"{len(reports) - failed} done, {failed} failed: see {place}")
    if args.learn_voices and setup.voices:
        from pipeline.commands.voices import learn_named

        done = {each.slug for each in reports if each.state == "done"}
        for event in (event for event in events if event.slug in done):
            learn_named(event, make_kit(setup), setup.voices)
    return 1 if failed else 0


def _refusal(bad: Refused) -> EventReport:
    return EventReport(slug=bad.slug, state="failed", message=str(bad.error))


def _print_engines(choices: Choices) -> None:
    for stage, choice in choices.items():
        print(f"{stage:8} {choice.backend.name:15} {choice.why}", flush=True)


def _print_result(each: EventReport, setup: Settings) -> None:
    what = {"done": f"{setup.remote or setup.output}/{each.post}", "stopped": each.message}
    print(f"{each.slug}: {what.get(each.state, f'FAILED: {each.message}')}", flush=True)


def _write(reports: Sequence[EventReport], setup: Settings, begun: float) -> Path:
    place = write(report(tuple(reports), time.monotonic() - begun), setup.output)
    if storage := setup.storage():
        storage.put(place.name)
    return place
