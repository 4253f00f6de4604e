"""One event's misfortune is one line: bad luck of every kind beside good recordings."""

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import media
import pytest

from pipeline import config, flow
from pipeline.audio.inputs import EventInput, find_events
from pipeline.cli import main
from pipeline.engines.choose import choose
from pipeline.executors import batch
from pipeline.executors.cluster import load_ray
from pipeline.progress import Progress
from pipeline.prompts import built_in
from pipeline.render.report import EventReport
from pipeline.session import Settings

GOOD = {"alpha": 1.0, "caf": 15.0, "omega": 22.0}  # slug, and where it begins in the sample
NESTED = "agenda = " + "[" * 5000 + "]" * 5000
LINKS = 'links = ["https://example.org"]\n'


class Cursed(EventInput):
    """An event that meets a bug."""

    @property
    def title(self) -> str:
        raise ZeroDivisionError("cursed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good recordings, one with a name that is not UTF-8, and three with bad luck."""
    for name, start in GOOD.items():
        file = "caf\udce9.wav" if name == "caf" else f"{name}.wav"
        _event(tmp_path / "in" / os.fsdecode(os.fsencode(file))[:-4], file, start, LINKS)
    _event(tmp_path / "in" / "nested", "nested.wav", 0.0, NESTED)
    _event(tmp_path / "in" / "no-links", "no-links.wav", 5.0, "")
    _event(tmp_path / "in" / "vanishing", "vanishing.wav", 3.0, LINKS)
    _event(tmp_path / "in" / "cursed", "cursed.wav", 7.0, LINKS)
    return tmp_path / "in"


def _event(folder: Path, file: str, start: float, details: str) -> None:
    folder.mkdir(parents=True)
    plain = media.write(folder / "a.wav", media.speech(3.0, start))
    plain.rename(folder / file)
    (folder / "event.toml").write_text(details)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cache of a run that has heard all of them but the one that vanishes."""
    folder, out = tmp_path_factory.mktemp("words"), tmp_path_factory.mktemp("words-out")
    for name, start in (GOOD | {"no-links": 5.0, "cursed": 7.0}).items():
        _event(folder / name, f"{name}.wav", start, LINKS)
    arguments = ["run", str(folder), "-o", str(out), "--profile", "offline", "--workers", "1"]
    assert main([*arguments, "--until", "diarize"]) == 0
    return out / ".backrow"


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A layout that divides by an event's number of links."""
    mine = tmp_path / "prompts"
    mine.mkdir()
    text = (built_in() / "post.md.j2").read_text()
    (mine / "post.md.j2").write_text("{% set x = 1 // (article.links | length) %}\n" + text)
    return mine


@pytest.fixture
def ray_is_there(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ray = load_ray()  # before it is imported: else it installs all of this anew for its workers
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    yield
    ray.shutdown()


def run(folder: Path, prompts: Path, output: Path, **more: object) -> dict[str, EventReport]:
    """The reports of a batch in which one recording vanishes as soon as another is at work."""
    events, refused = find_events([folder])
    assert [bad.slug for bad in refused] == ["nested"]
    assert "nested too deep" in str(refused[0].error)
    events = [_cursed(event) if event.slug == "cursed" else event for event in events]
    events.sort(key=lambda event: event.slug == "vanishing")  # it is the last one that is begun

    def pull_out_the_stick(told: Progress) -> None:
        (folder / "vanishing" / "vanishing.wav").unlink(missing_ok=True)

    workers = more.pop("workers", 1)
    options = config.load(profile="offline", run={"workers": workers})
    given = Settings(options, output, choose(options), prompts=prompts, **more)  # type: ignore[arg-type]
    return {each.slug: each for each in batch.run(events, given, pull_out_the_stick)}


def _cursed(event: EventInput) -> EventInput:
    return Cursed(event.slug, event.info, event.files, event.folder)


def as_it_should_be(reports: dict[str, EventReport], output: Path) -> None:
    states = {slug: each.state for slug, each in reports.items()}
    bad = dict.fromkeys(("no-links", "vanishing", "cursed"), "failed")
    assert states == {**dict.fromkeys(GOOD, "done"), **bad}, reports
    assert all((output / slug / "index.md").exists() for slug in GOOD)
    assert "ZeroDivisionError: cursed" in reports["cursed"].message
    assert "raise ZeroDivisionError" in reports["cursed"].trace
    assert "post.md.j2: cannot be filled in (ZeroDivisionError" in reports["no-links"].message
    assert "vanishing.wav" in reports["vanishing"].message
    assert {each.trace for slug, each in reports.items() if slug != "cursed"} == {""}


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_bad_luck_beside_good_recordings(
    folder: Path, prompts: Path, words: Path, tmp_path: Path, workers: int
) -> None:
    output = tmp_path / "out"
    shutil.copytree(words, output / ".backrow")
    as_it_should_be(run(folder, prompts, output, workers=workers), output)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.usefixtures("ray_is_there")
def test_bad_luck_beside_good_recordings_on_ray(
    folder: Path, prompts: Path, words: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    shutil.copytree(words, output / ".backrow")
    as_it_should_be(run(folder, prompts, output, workers=2, ray="local"), output)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("two")
    names = ("first", "second")
    return [
        media.write(folder / f"{n}.wav", media.speech(3.0, 5.0 * i)) for i, n in enumerate(names)
    ]


@pytest.fixture(scope="module")
def hearing(two: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run of both that ended when they had been heard."""
    out = tmp_path_factory.mktemp("hearing")
    arguments = ["run", *map(str, two), "-o", str(out), "--profile", "offline"]
    assert main([*arguments, "--workers", "1", "--until", "diarize"]) == 0
    return out


@pytest.fixture
def output(hearing: Path, tmp_path: Path) -> Path:
    """An output folder in which a run finds what was heard of both."""
    return Path(shutil.copytree(hearing, tmp_path / "out"))


@pytest.mark.slow
def test_a_bug_is_shown_and_kept_and_goes_when_it_is_mended(
    two: list[Path], output: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    arguments = ["run", *map(str, two), "-o", str(output), "--profile", "offline"]
    arguments += ["--workers", "1"]
    whole = flow.process

    def buggy(source: EventInput, *more: object) -> object:
        if source.slug == "first":
            raise RecursionError("round and round")
        return whole(source, *more)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(flow, "process", buggy)
        assert main(arguments) == 1
    said = capsys.readouterr()
    assert "first: FAILED" in said.out and "RecursionError: round and round" in said.out
    assert "Traceback (most recent call last)" in said.err
    kept = output / "first.traceback.txt"
    assert "round and round" in kept.read_text()
    assert (output / "second" / "index.md").exists()
    assert main(arguments) == 0
    assert not kept.exists()


@pytest.mark.slow
def test_speakers_are_shown_of_all_events_but_the_one_that_fails(
    two: list[Path], output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    silent = media.write(tmp_path / "silent.wav", media.silence(2.0))
    files = [str(file) for file in (silent, *two)]
    assert main(["speakers", *files, "-o", str(output), "--profile", "offline"]) == 1
    said = capsys.readouterr().out
    assert "silent: " in said and said.count("SPEAKER_00") >= 2


@pytest.mark.slow
def test_a_finished_batch_on_a_disk_that_cannot_be_written_is_no_misfortune(
    two: list[Path], output: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    arguments = ["run", *map(str, two), "-o", str(output), "--profile", "offline"]
    assert main(arguments) == 0
    (output / ".tmp-00000000-1-left").write_text("by a run that was killed")

    def read_only(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    for function in ("tempfile.mkstemp", "os.unlink", "os.mkdir", "os.chmod"):
        monkeypatch.setattr(function, read_only)
    for method in ("touch", "mkdir", "write_text", "write_bytes", "unlink", "chmod"):
        monkeypatch.setattr(Path, method, read_only)
    capsys.readouterr()
    assert main(arguments) == 0
    said = capsys.readouterr()
    assert "nothing had to be done" in said.err and "Read-only" in said.err
    assert "2 done, 0 failed" in said.out
    assert main([*arguments, "--flavor", "hugo"]) == 1, "with something to do it is one"
