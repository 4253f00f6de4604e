"""Workers that die, legs that several kinds of workers go, and the lock that guards a GPU."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

import media
import pytest

from pipeline import config
from pipeline.audio.inputs import EventInput
from pipeline.data import Usage
from pipeline.engines.choose import Choice, Choices, choose
from pipeline.engines.loaded import Engines
from pipeline.engines.table import backend_named
from pipeline.event import EventInfo
from pipeline.executors.dispatch import EventTask, Lost, dispatch, legs, work_on
from pipeline.executors.job import Leg, run_event, session_for
from pipeline.executors.workers import Processes
from pipeline.progress import Progress
from pipeline.render.report import EventReport
from pipeline.session import Settings, make_session


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> tuple[EventInput, ...]:
    folder = tmp_path_factory.mktemp("media")
    starts = {"alpha": 1.0, "beta": 15.0, "gamma": 22.0}
    files = {
        name: media.write(folder / f"{name}.wav", media.speech(3.0, start))
        for name, start in starts.items()
    }
    return tuple(EventInput(name, EventInfo(), (file,)) for name, file in files.items())


def settings(output: Path, **more: object) -> Settings:
    options = config.load(profile="offline", run={"workers": 2})
    return Settings(options, output, choose(options), **more)


@pytest.fixture(scope="module")
def heard(
    events: tuple[EventInput, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, EventReport]:
    """The output of a run of the first event that ended with its words, and its report."""
    folder = tmp_path_factory.mktemp("heard")
    given = settings(folder, until="transcribe")
    return folder, run_event(events[0], make_session(given), lambda told: None)


@pytest.mark.slow
def test_a_killed_worker_costs_its_event_and_nothing_else(
    events: tuple[EventInput, ...], tmp_path: Path
) -> None:
    crew: Processes | None = None

    def kill_who_hears_beta(told: Progress) -> None:
        if (told.event, told.stage) == ("beta", "transcribe"):
            for worker in crew.workers if crew else ():
                if worker.task and worker.task.event.slug == "beta" and worker.process.pid:
                    os.kill(worker.process.pid, signal.SIGKILL)

    crew = Processes(settings(tmp_path), 2, kill_who_hears_beta)
    try:
        reports = {each.slug: each for each in dispatch(events, crew, tries=1)}
    finally:
        crew.close()
    assert {worker.process.exitcode for worker in crew.workers} == {0}, "idle ones go by themselves"
    assert {slug: each.state for slug, each in reports.items()} == {
        "alpha": "done",
        "beta": "failed",
        "gamma": "done",
    }
    assert "beta.wav" in reports["beta"].message
    assert "its worker process was killed (signal 9)" in reports["beta"].message
    assert "fewer --workers" in reports["beta"].message


class Inline:
    """A crew of one, in this process; the first task that it gets of `loses` is lost."""

    def __init__(self, given: Settings, ways: tuple[Leg, ...], loses: str = "") -> None:
        self.legs, self.loses = ways, loses
        self.session = make_session(given)
        self.went: list[tuple[str, int]] = []
        self._task: EventTask | None = None

    def give(self, task: EventTask) -> bool:
        if self._task:
            return False
        self._task = task
        return True

    def wait(self) -> Iterator[tuple[EventTask, EventReport | Lost]]:
        task, self._task = self._task, None
        assert task
        self.went.append((task.event.slug, self.legs.index(task.legs[0])))
        if task.event.slug == self.loses:
            self.loses = ""
            yield task, Lost("its node went away")
            return
        yield task, work_on(task, self.session, lambda told: None)


def offline() -> Choices:
    """Whisper, which takes a GPU where there is one, and campplus, which needs a core."""
    return choose(config.load(profile="offline"))


def on_gpu(model: str, free: bool) -> Choices:
    """The same with pyannote for the speakers."""
    return offline() | {"diarize": Choice(backend_named("diarize", "pyannote"), model, "", free)}


@pytest.mark.slow
def test_three_legs_make_one_report_and_one_post(
    events: tuple[EventInput, ...], tmp_path: Path
) -> None:
    ways = legs(Settings(config.Config(), tmp_path, offline()), gpus=1)
    assert [(leg.until, leg.gpu) for leg in ways] == [
        ("room", False),
        ("diarize", True),
        (None, False),
    ]
    crew = Inline(settings(tmp_path), ways)
    (report,) = dispatch(events[:1], crew, tries=1)
    assert crew.went == [("alpha", 0), ("alpha", 1), ("alpha", 2)]
    assert report.state == "done"
    assert {"decode", "room", "transcribe", "diarize", "notes"} <= set(report.stages)
    in_turn = [took for stage, took in report.stages.items() if stage != "diarize"]
    assert report.seconds >= sum(in_turn) - 0.1  # of all three legs
    assert (tmp_path / "alpha" / "index.md").exists()


@pytest.mark.slow
def test_the_last_leg_goes_on_with_the_engine_that_stepped_in_on_the_gpu(
    events: tuple[EventInput, ...], heard: tuple[Path, EventReport], tmp_path: Path
) -> None:
    shutil.copytree(heard[0], tmp_path / "out")
    given = settings(tmp_path / "out")
    broken = given.config.model_copy(
        update={"diarize": config.Diarize(model=str(tmp_path / "no-model"))}
    )
    choices = on_gpu(str(tmp_path / "no-model"), free=True)
    given = replace(given, config=broken, choices=choices)
    report, told = None, []
    for leg in legs(given, gpus=1):  # each by a worker of its own
        session = session_for(leg, make_session(given))
        report = run_event(events[0], session, told.append, report)
    assert report and report.state == "done"
    assert report.engines["diarize"].name == "campplus"
    words = [each.state for each in told if each.stage == "diarize" and each.state != "running"]
    assert words == ["begun", "begun", "done", "kept"]  # the broken one, campplus, the last leg
    assert sum("campplus does it instead" in text for text in report.warnings) == 1


def test_without_a_gpu_there_are_no_legs(tmp_path: Path) -> None:
    given = Settings(config.Config(), tmp_path, offline(), until="notes")
    assert legs(given, gpus=0) == (Leg("notes"),)


def test_what_is_forced_is_done_again_in_its_own_leg_only(tmp_path: Path) -> None:
    force = frozenset({"decode", "transcribe", "llm"})
    given = Settings(config.Config(), tmp_path, offline(), force=force)
    assert [leg.force for leg in legs(given, gpus=1)] == [{"decode"}, {"transcribe"}, {"llm"}]


def test_a_lost_recording_is_tried_once_more_where_that_is_asked_for(
    events: tuple[EventInput, ...], tmp_path: Path
) -> None:
    ways = (Leg("speech"),)
    crew = Inline(settings(tmp_path), ways, loses="beta")
    again = {each.slug: each for each in dispatch(events, crew, tries=2)}
    assert {each.state for each in again.values()} == {"stopped"}
    assert crew.went.count(("beta", 0)) == 2
    never = Inline(settings(tmp_path), ways, loses="beta")
    reports = {each.slug: each for each in dispatch(events, never, tries=1)}
    assert reports["beta"].message.endswith("its node went away")
    assert reports["beta"].usage == Usage()


def test_a_gpu_is_one_processs_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    gpu = config.load(run={"device": "cuda"})
    order: list[str] = []
    inside = Event()

    def other() -> None:
        inside.wait()
        with Engines(gpu, offline()).alone("asr"):
            order.append("second")

    thread = Thread(target=other)
    thread.start()
    with Engines(gpu, offline()).alone("asr"):
        inside.set()
        with Engines(gpu, offline()).alone("diarize"):  # campplus: no GPU, no waiting
            thread.join(0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_words_and_speakers_wait_for_each_other_only_on_one_gpu() -> None:
    gpu, cpu = (config.load(run={"device": device}) for device in ("cuda", "cpu"))
    both = on_gpu("", free=False)
    assert Engines(gpu, both).share_a_gpu()
    assert not Engines(gpu, offline()).share_a_gpu()  # campplus takes a core
    assert not Engines(cpu, both).share_a_gpu()


@pytest.mark.slow
def test_no_more_is_heard_than_was_asked_for(
    events: tuple[EventInput, ...], heard: tuple[Path, EventReport], tmp_path: Path
) -> None:
    folder, report = heard
    assert report.state == "stopped"
    assert set(report.stages) & {"transcribe", "diarize"} == {"transcribe"}
    shutil.copytree(folder, tmp_path / "out")
    given = settings(tmp_path / "out", until="diarize")
    report = run_event(events[0], make_session(given), lambda told: None)
    assert report.state == "stopped"
    assert set(report.stages) & {"transcribe", "diarize"} == {"diarize"}, "the words were kept"
