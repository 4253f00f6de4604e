"""Batches from the outside: workers, kills at any moment, two runs at once, what is done again."""

import json
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import media
import pytest
from processes import Run, killed, started

EVENTS = {"first": 1.0, "second": 15.0, "third": 22.0}  # where each begins in the sample, seconds


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three short recordings and one that is none, a folder each."""
    root = tmp_path_factory.mktemp("talks")
    for name, start in EVENTS.items():
        (root / name).mkdir()
        media.write(root / name / f"{name}.wav", media.speech(3.0, start))
    (root / "broken").mkdir()
    (root / "broken" / "broken.mp3").write_bytes(b"no sound at all" * 100)
    return root


@pytest.fixture(scope="module")
def unbroken(talks: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run that nobody disturbed, one event after the other."""
    output = tmp_path_factory.mktemp("unbroken")
    with started(talks, output, "--workers", "1") as run:
        assert ended(run) == 1
    return output


def told(run: Run) -> Iterator[dict[str, object]]:
    """The run's progress, as it comes."""
    assert run.stderr
    for line in run.stderr:
        if line.startswith("{"):
            yield json.loads(line)


def ended(run: Run) -> int:
    """The exit code, after reading all that the run says."""
    for _ in told(run):
        pass
    return run.wait()


def begun(run: Run) -> set[tuple[object, object]]:
    """(event, stage) of all that the run had to do, and wait for its end."""
    return {(each["event"], each["stage"]) for each in told(run) if each["state"] == "begun"}


def published(output: Path) -> dict[str, bytes]:
    """What a user keeps: all files but the cache and the report, whose times differ."""
    files = (path for path in output.rglob("*") if path.is_file())
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in files
        if ".backrow" not in path.parts and path.name != "report.json"
    }


def results(output: Path) -> dict[str, dict[str, object]]:
    """The report by event, without what was measured."""
    events = json.loads((output / "report.json").read_text())["events"]
    timed = ("seconds", "stages", "times_real_time")
    return {
        each["slug"]: {name: value for name, value in each.items() if name not in timed}
        for each in events
    }


def half_written(output: Path) -> list[Path]:
    return [*output.rglob(".tmp-*"), *output.rglob("*.part")]


@pytest.mark.slow
def test_a_bad_recording_costs_one_line_of_the_report(unbroken: Path) -> None:
    report = json.loads((unbroken / "report.json").read_text())
    assert (report["done"], report["failed"]) == (3, 1)
    events = {each["slug"]: each for each in report["events"]}
    assert "broken.mp3" in events["broken"]["message"]
    for name in EVENTS:
        assert events[name]["state"] == "done"
        assert events[name]["audio_seconds"] == pytest.approx(3.0, abs=0.1)
        assert {"decode", "speech", "transcribe", "diarize"} <= set(events[name]["stages"])
        assert events[name]["engines"]["asr"]["name"] == "faster-whisper"


@pytest.mark.slow
def test_workers_write_what_one_process_writes_and_later_only_what_is_new(
    talks: Path, unbroken: Path, tmp_path: Path
) -> None:
    inputs, output = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    for folder in talks.iterdir():
        (inputs / folder.name).mkdir()
        for file in folder.iterdir():
            (inputs / folder.name / file.name).write_bytes(file.read_bytes())
    with started(inputs, output) as run:
        assert ended(run) == 1
    assert published(output) == published(unbroken)
    assert all(results(output)[name] == results(unbroken)[name] for name in EVENTS)

    (inputs / "second" / "event.toml").write_text('title = "Second"\nplace = "Hall 2"\n')
    media.write(inputs / "broken" / "broken.mp3", media.speech(3.0, 60.0))
    with started(inputs, output) as run:
        done = begun(run)
        assert ended(run) == 0
    assert {event for event, _ in done} == {"second", "broken"}  # the changed and the failed one
    assert ("second", "transcribe") not in done
    assert ("broken", "transcribe") in done


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_killed_at_random_moments_it_goes_on_and_the_end_is_the_same(
    talks: Path, unbroken: Path, tmp_path: Path, workers: str
) -> None:
    moments = random.Random(int(workers))
    for _ in range(3):
        with started(talks, tmp_path, "--workers", workers) as run:
            reports = told(run)
            for _ in range(moments.randint(1, 12)):
                next(reports, None)
            time.sleep(moments.uniform(0, 0.3))  # between steps and within
            killed(run)
    with started(talks, tmp_path, "--workers", workers) as run:
        assert ended(run) == 1
    assert published(tmp_path) == published(unbroken)
    assert results(tmp_path) == results(unbroken)
    assert half_written(tmp_path) == []


@pytest.mark.slow
def test_of_two_runs_at_once_the_second_waits(talks: Path, tmp_path: Path) -> None:
    with started(talks / "first", tmp_path) as one:
        first = told(one)
        assert next(first)["event"] == "first"  # it holds the event's lock from here on
        one.send_signal(signal.SIGSTOP)  # until the second waits, however slowly that begins
        second = []
        with started(talks / "first", tmp_path) as other:
            for each in told(other):
                second += [each] if each["state"] != "running" else []
                if each["state"] == "said":
                    one.send_signal(signal.SIGCONT)
            assert other.wait() == 0
        assert ended(one) == 0
    assert [each["text"] for each in second if each["state"] == "said"] == [
        "another run is at work on it; waiting"
    ]
    assert [each["state"] for each in second if each["stage"] == "event"] == ["kept"]
    assert not [each for each in second if each["state"] == "begun"]


@pytest.mark.slow
def test_a_deleted_transcript_and_another_flavor_are_written_again(
    talks: Path, tmp_path: Path
) -> None:
    for options, deleted in (((), "transcript.srt"), (("--flavor", "hugo"), None), ((), None)):
        with started(talks / "third", tmp_path, *options) as run:
            assert ended(run) == 0
        assert (tmp_path / "third" / "transcript.srt").exists()
        flavor = "hugo" if options else "zola"
        assert ("[extra" in (tmp_path / "third" / "index.md").read_text()) == (flavor == "zola")
        if deleted:
            (tmp_path / "third" / deleted).unlink()
