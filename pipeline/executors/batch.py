"""Many events: those that are finished are passed by, the others go to one worker or to several."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain

from pipeline import finished, leftovers
from pipeline.audio.inputs import EventInput, RejectedInput
from pipeline.executors.job import failure, run_event
from pipeline.llm import budget
from pipeline.progress import Sink, Watch
from pipeline.render.report import EventReport
from pipeline.session import Settings, make_session


def run(
    events: Sequence[EventInput],
    settings: Settings,
    sink: Sink,
    refused: Sequence[RejectedInput] = (),
) -> Iterator[EventReport]:
    """Each event's report as it is finished; what went wrong with a recording is in its report.

    Those that could not begin come first.
    """
    unfit = (failure(bad.slug, bad.path, bad.error, [bad.path]) for bad in refused)
    for each in chain(unfit, _ended(events, settings, sink)):
        state = "kept" if each.kept else each.state
        Watch(each.slug, sink).end(each.seconds, state, each.message)
        yield each


def _ended(events: Sequence[EventInput], settings: Settings, sink: Sink) -> Iterator[EventReport]:
    """Events as they end, those first that were finished before; also one whose worker died, or is
    on another node."""
    if storage := settings.storage():
        storage.check()
    leftovers.remove(settings.output)
    session = make_session(settings)
    budget.reset_account(session.config.run)
    # or two: one event is heard while another is decoded or written
    at_once = session.config.run.workers or min(2, os.cpu_count() or 1)
    todo = []
    for event in events:
        # in an object store that is for the worker to find out, with all else that it fetches
        before = None
        with suppress(Exception):  # whoever works on the event tells what stands against that
            before = None if settings.remote else finished.find(event, session)
        if before is None:
            todo.append(event)
        else:
            yield before
    if settings.ray and todo:
        from pipeline.executors import cluster

        yield from cluster.run(todo, settings, sink)
    elif (count := min(at_once, len(todo))) > 1:
        from pipeline.executors import workers

        yield from workers.run(todo, settings, count, sink)
    else:
        for event in todo:
            yield run_event(event, session, sink)
