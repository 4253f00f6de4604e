"""What a run will cost is said before, and a budget is kept to."""

import json
import re
import shutil
from pathlib import Path

import pytest
from cassettes import Cassette, event
from llm_server import Answer, LlmServer, Request

from pipeline.cli import main
from pipeline.cli.plan import cost, minutes
from pipeline.config import load
from pipeline.data import Engine, Usage
from pipeline.executors import stage_rates
from pipeline.render.report import EventReport

STEAM = Path(__file__).parents[1] / "cassettes" / "full-steam"
TITLES = ("One night", "Two nights")
PRICES = ("--set", "run.price_in=1.25", "--set", "run.price_out=10")


def captions(folder: Path, title: str, recorded: Path = STEAM, most: int | None = None) -> Path:
    """A recorded evening, or its begin, as an event of captions, which takes no hearing."""
    heard = event(recorded)
    names = heard.story.speakers
    labels = {each.id: each.label for each in names}
    cues = (
        f"{at(one.start)} --> {at(one.end)}\n<v {labels[one.speaker]}>{one.text}\n"
        for one in heard.story.utterances[:most]
    )
    folder.mkdir(parents=True)
    (folder / "talk.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")
    told = re.sub(r"(?m)^title = .*\n", "", (recorded / "event.toml").read_text("utf-8"), count=1)
    told = f'language = "{heard.language}"\n{told}' if "\nlanguage" not in told else told
    if (recorded / "sources").exists():
        shutil.copytree(recorded / "sources", folder / "sources")
    (folder / "event.toml").write_text(f'title = "{title}"\ncaptions = "use"\n{told}', "utf-8")
    return folder


def at(seconds: float) -> str:
    return f"00:{int(seconds) // 60:02d}:{seconds % 60:06.3f}"


class Again:
    """The same recorded answers for each of two events, known by its title."""

    def __init__(self, folder: Path) -> None:
        self.events = {title: Cassette(folder) for title in TITLES}

    def __call__(self, request: Request) -> Answer:
        return next(own for title, own in self.events.items() if title in request.material)(request)


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    for name in TITLES:
        captions(tmp_path / "in" / name, name)
    return tmp_path / "in"


def asked(folder: Path, server: LlmServer, *more: str) -> list[str]:
    out, writer = folder.parent / "posts", f"writer.base_url={server.url}"
    model = ("--writer", "llm", "--set", writer, "--set", "writer.model=relay")
    return [str(folder), "-o", str(out), *model, *more]


@pytest.mark.slow
def test_what_is_planned_is_about_what_it_costs(
    batch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LlmServer(Again(STEAM)) as server:
        assert main(["plan", *asked(batch, server)]) == 0
        assert "set run.price_in and run.price_out" in capsys.readouterr().out
        assert main(["plan", *asked(batch, server, *PRICES)]) == 0
        told = capsys.readouterr().out
        assert main(["run", *asked(batch, server, *PRICES, "--workers", "1")]) == 0
        capsys.readouterr()
        assert main(["plan", *asked(batch, server, *PRICES)]) == 0
        after = capsys.readouterr().out
    total = re.search(r"^all: about \d+ calls, .*: ([\d.]+)$", told, re.M)
    assert total, told
    usage = json.loads((batch.parent / "posts" / "report.json").read_bytes())["usage"]
    assert float(total[1]) == pytest.approx(usage["cost"], rel=0.2)
    assert "calls" not in after, "nothing is left to ask"


@pytest.mark.parametrize(
    ("server", "tier", "price"),
    [
        ("http://127.0.0.1:9/v1", "", "2.00"),
        ("https://api.openai.com/v1", "", "2.00 (1.00 with service_tier = flex)"),
        ("https://api.openai.com/v1", "flex", "1.00"),
    ],
)
def test_the_cheaper_tier_is_offered_where_there_is_one(server: str, tier: str, price: str) -> None:
    writer, run = {"base_url": server, "service_tier": tier}, {"price_in": 2, "price_out": 10}
    told = cost(Usage(1, 1_000_000), load(writer=writer, run=run))
    assert told == f"about 1 calls, 1,000,000 tokens in, 0 out: {price}"


def test_a_post_in_the_language_that_is_spoken_costs_no_translation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    folder = captions(tmp_path / "in" / "night", "One night", most=30)
    with LlmServer(Again(STEAM)) as server:
        for language in ((), ("--set", "post.language=en"), ("--set", "post.language=de")):
            assert main(["plan", *asked(folder, server, *language)]) == 0
            told.append(capsys.readouterr().out)
    plain, same, other = told
    assert same == plain != other


@pytest.mark.slow
def test_a_budget_is_not_passed_and_what_is_left_out_is_said(
    batch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LlmServer(Again(STEAM)) as server:
        one = asked(batch, server, *PRICES, "--workers", "1", "--budget", "0.21")
        assert main(["run", *one]) == 1
        told = capsys.readouterr().out
        report = json.loads((batch.parent / "posts" / "report.json").read_bytes())
        states = {each["slug"]: each["state"] for each in report["events"]}
        assert states == {"one-night": "done", "two-nights": "stopped"}
        assert "left out, for the budget of 0.21: two-nights" in told
        paid = json.loads((batch.parent / "posts/.backrow/locks/spent.json").read_bytes())["paid"]
        assert f"two-nights: not written: {paid:.2f} of the budget of 0.21 is spent" in told
        assert 0.05 < paid <= 0.21
        # an answer that both ask for is paid once, and counted for each
        assert paid - 1e-4 <= report["usage"]["cost"] < paid * 1.1, "of what was left out too"
        # what was answered is kept: with more money only the rest is paid for
        assert main(["run", *asked(batch, server, *PRICES, "--budget", "0.21")]) == 0
        more = json.loads((batch.parent / "posts/.backrow/locks/spent.json").read_bytes())["paid"]
        assert 0 < more < 0.1


@pytest.mark.parametrize(
    ("more", "why"),
    [((), "run.price_in"), ((*PRICES, "--ray"), "--ray"), ((*PRICES, "--web", "openai"), "web")],
)
def test_a_budget_that_nobody_could_keep_is_refused(
    more: tuple[str, ...], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(tmp_path), "--budget", "2.00", *more]) == 2
    assert why in capsys.readouterr().err


def test_minutes_come_from_the_last_runs_of_the_same_engines(tmp_path: Path) -> None:
    base, large = Engine("faster-whisper", "base", "1"), Engine("faster-whisper", "large", "1")
    stages = {"decode": 6.0, "transcribe": 300.0, "diarize": 480.0, "notes": 60.0, "close": 12.0}
    done = EventReport(slug="a", state="done", engines={"asr": base}, audio_seconds=600)
    (tmp_path / "locks").mkdir()
    for more in (
        {"stages": stages},
        {"engines": {"asr": large}, "stages": {"transcribe": 6000.0}},
        {"stages": {"notes": 1.0}},  # one question was asked again: no measure of a run
        {"stages": {"decode": 999.0}, "audio_seconds": 0.0},
    ):
        stage_rates.add(tmp_path, done.model_copy(update=more))
    engines = {"asr": base}

    def told(*steps: str, **others: Engine) -> tuple[float, tuple[str, ...]]:
        return minutes(steps, 600.0, tmp_path, engines | others)

    assert told("decode") == (pytest.approx(0.1), ())
    assert told("transcribe", "diarize") == (pytest.approx(8.0), ()), "heard side by side"
    assert told("transcribe", asr=large) == (pytest.approx(100.0), ())
    assert told("llm") == (pytest.approx(1.2), ())
    assert told("decode", "room") == (pytest.approx(0.1), ("room",)), "no run tells of room"
    assert minutes(["decode"], 600.0, tmp_path / "nowhere", engines) == (0.0, ("decode",))


CUE = "WEBVTT\n\n00:00:01.000 --> 00:00:09.000\nOur pump is {} times faster than all of them.\n"


def test_a_post_is_not_replaced_by_that_of_other_recordings_of_the_same_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("-o", str(tmp_path / "out"), "--writer", "quotes", "--set", "asr.language=en")
    where += ("--set", "run.workers=1")

    def said(command: str, *days: str) -> tuple[int, str]:
        files = [str(tmp_path / day / "Recording.vtt") for day in days]
        return main([command, *files, *where]), " ".join(capsys.readouterr())

    for factor, day in enumerate(("day1", "day2")):
        (tmp_path / day).mkdir()
        (tmp_path / day / "Recording.vtt").write_text(CUE.format(factor + 2))
    (tmp_path / "day2" / "other.vtt").write_text(CUE.format(5))
    assert said("run", "day1")[0] == 0
    post = tmp_path / "out" / "recording" / "index.md"
    for command in ("plan", "run"):
        code, told = said(command, "day2")
        assert code == 1 and "to be written" not in told
        assert str(tmp_path / "day2/Recording.vtt: has the slug recording, and") in told
        assert f"is the post of {tmp_path / 'day1/Recording.vtt'}" in told
    assert main(["run", *map(str, (tmp_path / "day2").iterdir()), *where]) == 1
    assert (tmp_path / "out" / "other" / "index.md").exists()  # it costs the others nothing
    assert "2 times" in post.read_text("utf-8")
    (tmp_path / "day1" / "Recording.vtt").write_text(CUE.format(7))
    assert said("run", "day1")[0] == 0 and "7 times" in post.read_text("utf-8")
    (tmp_path / "day1").rename(tmp_path / "moved")
    assert said("run", "moved")[0] == 0
    shutil.rmtree(post.parent)
    assert said("run", "day2")[0] == 0 and "3 times" in post.read_text("utf-8")
