"""`backrow plan`: what a run would do again and what is kept, without importing an engine."""

from argparse import Namespace
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pipeline import flow, steps
from pipeline.annotate import Material, annotate
from pipeline.audio.inputs import EventInput
from pipeline.commands.described import described
from pipeline.commands.options import events_of, settings
from pipeline.data import Audio, Span
from pipeline.errors import PipelineError, Unusable
from pipeline.job import finished, make_kit
from pipeline.kept import STEP, Kept
from pipeline.kit import RAN, Kit
from pipeline.progress import Progress, Watch
from pipeline.store import Store

T = TypeVar("T")
CHEAP = frozenset({"content"})  # computed in a plan too: it says whether the rest is stale


class Missing(Unusable):
    """A step that would have to run; for a question to a model, one that was not asked yet."""


class Looking(Store):
    """A store that is only read: counts what is there, and raises Missing for what is not."""

    def __init__(self, store: Store) -> None:
        super().__init__(store.root, store.force)
        self.kept: dict[str, set[Path]] = defaultdict(set)
        self.missing: dict[str, set[Path]] = defaultdict(set)

    def step(self, step: str, key: Any, shape: type[T], compute: Callable[[], T]) -> T:
        """The stored value; raises Missing."""
        if step in CHEAP:
            return super().step(step, key, shape, compute)
        found = self.find(step, key, shape)
        counted = self.missing if found is None else self.kept
        counted[step].add(self.place(step, key))
        if found is None:
            asked = "the model was not asked yet" if step == "llm" else f"{step} was not run yet"
            raise Missing(asked)
        return found

    async def step_async(
        self, step: str, key: Any, shape: type[T], compute: Callable[[], Awaitable[T]]
    ) -> T:
        """The stored value; raises Missing."""
        return self.step(step, key, shape, _never)


def _never() -> Any:
    raise AssertionError("a plan computes nothing")


def main(args: Namespace) -> int:
    """A line per step of each event."""
    setup = settings(args)
    events, refused = events_of(args)
    kit = make_kit(setup)
    for event in events:
        done = finished(event, kit, setup)
        print(f"{event.slug}: finished, nothing to do" if done else f"{event.slug}:")
        store = Looking(kit.store)
        told = look(event, replace(kit, store=store), setup.output / event.slug)
        for line in (*described(event), *told.lines):
            print(f"  {line}")
        if done:
            continue
        for step in steps.ORDER:
            if step != "llm" or asks_a_model(kit):
                how = told.steps.get(step) or state(step, event.slug, store)
                print(f"  {step:11} {how}")
        print(f"  {'post':11} to be written")
    for bad in refused:
        print(f"{bad.slug}: {bad.error}")
    return 1 if refused else 0


def state(step: str, slug: str, store: Looking) -> str:
    """In a word or two; "stale" is what was computed before, from something else."""
    kept, missing = len(store.kept[step]), len(store.missing[step])
    if not missing:
        return "cached" if kept else "waits for the steps before it"
    word = "stale" if was_computed(slug, step, store) else "new"
    return f"{word} ({kept} of it cached)" if kept else word


def was_computed(slug: str, step: str, store: Store) -> bool:
    """Whether a step of an event ran before; for the model, whether a post was written."""
    if step == "llm":
        return store.find(STEP, slug, Kept) is not None
    return store.find(RAN, (slug, step), bool) is not None


@dataclass
class Told:
    """What a plan has to tell beside the steps: how the recordings were taken, who tells what."""

    lines: tuple[str, ...] = ()
    steps: dict[str, str] = field(default_factory=dict)  # those that no engine has to do


def look(event: EventInput, kit: Kit, folder: Path) -> Told:
    """Walk through the steps as far as what is kept allows."""
    watch = Watch(event.slug, _silent)
    told = Told()
    with _as_far_as_kept():
        audio = steps.decode(event, kit, watch)
        told.lines = audio.said + audio.warnings
        if not audio.sounding:
            told.steps = dict.fromkeys(("decode", "speech", "room"), "nothing to hear")
        speech = steps.speech(audio, kit, watch)
        read = steps.captions(event, audio, speech, kit, watch)
        if read:
            told.steps["transcribe"] = f"read in {read.source}"
            audio = replace(audio, known=read.known or audio.known)
        if audio.known:
            told.steps["diarize"] = f"told by the {audio.known.by}"
        elif not audio.sounding:
            told.steps["diarize"] = "nothing to hear"
        _engines(event, audio, speech, kit, told)
        if asks_a_model(kit):
            heard = flow.listen(event, kit, watch)
            material = Material(event, heard.story, heard.sounds, heard.language, folder)
            annotate(material, kit, watch)
    return told


def _engines(
    event: EventInput, audio: Audio, speech: tuple[Span, ...], kit: Kit, told: Told
) -> None:
    """The steps that engines do, each by itself."""
    watch, info = Watch(event.slug, _silent), flow.told(event.info, audio)
    each: dict[str, Callable[[], object]] = {
        "room": lambda: steps.room(audio, speech, kit, watch),
        "transcribe": lambda: steps.transcribe(audio, speech, info, kit, watch),
        "diarize": lambda: steps.diarize(audio, speech, info, kit, watch),
    }
    for step, look_at in each.items():
        if step not in told.steps:
            with _as_far_as_kept():
                look_at()


def asks_a_model(kit: Kit) -> bool:
    """Whether there are calls to count; the other writer keeps nothing."""
    return kit.engines.choices["writer"].backend.name == "llm"


@contextmanager
def _as_far_as_kept() -> Iterator[None]:
    try:
        yield
    except (Missing, PipelineError):
        return


def _silent(report: Progress) -> None:
    """A plan reports at its end."""
