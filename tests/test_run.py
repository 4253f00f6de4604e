"""`backrow run` from the outside: what comes out, exit codes, and bad input beside good."""

import json
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import media
import numpy as np
import pytest
from llm_server import LlmServer, hanging, status
from personas import good, sloppy

from pipeline.cli import main
from pipeline.render.report import EventReport, so_far

OFFLINE = ["--profile", "offline"]


@pytest.fixture(scope="session")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short recording: a piece of the sample's keynote."""
    return media.write(tmp_path_factory.mktemp("media") / "talk.wav", media.speech(14.0, 30.0))


@pytest.fixture(scope="session")
def hearing(talk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run that ended when it had heard the talk."""
    out = tmp_path_factory.mktemp("heard")
    assert main(["run", str(talk), "-o", str(out), *OFFLINE, "--until", "diarize"]) == 0
    return out


@pytest.fixture
def heard(hearing: Path, tmp_path: Path) -> Path:
    """An output folder in which a run finds the words and the speakers of the talk."""
    return Path(shutil.copytree(hearing, tmp_path / "heard"))


BESIDE = Path(__file__).parents[2] / "shared" / "models" / "yamnet.tflite"
YAMNET = Path(os.environ.get("BACKROW_YAMNET", BESIDE))


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code, and all that was printed."""
    code = main([str(argument) for argument in arguments])
    out = capsys.readouterr()
    return code, out.out + out.err


def ran(stage: str, said: str) -> bool:
    """Whether the output tells of a stage that had to run."""
    return f": {stage} took" in said or f": {stage} to " in said


def report(folder: Path) -> dict[str, dict[str, object]]:
    events = json.loads((folder / "report.json").read_text())["events"]
    return {event["slug"]: event for event in events}


@pytest.mark.slow
def test_a_bad_recording_costs_only_itself(
    talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    bad = {
        "empty.mp3": b"",
        "text.mp3": b"this is no sound at all\n" * 50,
        "cut.mp4": b"",
    }
    for name, data in bad.items():
        (inputs / name).write_bytes(data)
    media.cut(media.write(inputs / "cut.mp4", media.speech(5.0)), 0.5)
    media.write(inputs / "silence.wav", media.silence(4.0))
    media.write(inputs / "short.wav", media.speech(0.1))
    media.write(inputs / "music.flac", media.music(12.0))
    files = [talk, *sorted(inputs.iterdir()), tmp_path / "nowhere.wav"]
    code, said = run(capsys, "run", *files, "-o", tmp_path / "out", *OFFLINE)
    assert code == 1
    events = report(tmp_path / "out")
    assert events["talk"]["state"] == "done"
    assert (tmp_path / "out" / str(events["talk"]["post"])).exists()
    for slug in ("empty", "text", "silence", "short", "music", "nowhere"):
        assert events[slug]["state"] == "failed", slug
        message = str(events[slug]["message"])
        assert slug in message and "\n" not in message and "Traceback" not in message
        assert message in said
    assert not list((tmp_path / "out").rglob(".tmp-*"))


@pytest.mark.slow
def test_a_second_run_computes_nothing_and_a_changed_glossary_little(
    talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "evening"
    folder.mkdir()
    (folder / talk.name).write_bytes(talk.read_bytes())
    arguments = ("run", folder, "-o", tmp_path / "out", *OFFLINE)
    assert run(capsys, *arguments)[0] == 0
    post = tmp_path / "out" / "evening" / "index.md"
    before = post.stat().st_mtime_ns
    code, said = run(capsys, *arguments, "-v")
    assert code == 0 and " took " not in said and "kept from before" in said
    assert post.stat().st_mtime_ns == before
    (folder / "event.toml").write_text('title = "An Evening"\nslug = "evening"\n')
    code, said = run(capsys, *arguments)
    assert code == 0 and not ran("transcribe", said) and not ran("diarize", said)
    assert 'title = "An Evening"' in post.read_text()


def test_until_and_plan(talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ("-o", tmp_path / "out", *OFFLINE)
    said = run(capsys, "plan", talk, *where, "--flavor", "hugo")[1]
    assert "talk.wav: 0:00:14, pcm_s16le, 1 channel" in said
    assert "  decode      new" in said
    code, said = run(capsys, "run", talk, *where, "--until", "speech")
    assert code == 0 and "stopped after speech" in said
    lines = dict(line.split(None, 1) for line in _plan(capsys, talk, where))
    assert lines["decode"] == lines["speech"] == "cached"
    assert lines["transcribe"] == "new"
    talk = media.write(tmp_path / "talk.wav", media.speech(9.0))
    assert dict(line.split(None, 1) for line in _plan(capsys, talk, where))["decode"] == "stale"
    assert not (tmp_path / "out" / "talk").exists()


@pytest.mark.slow
def test_the_edit_of_a_person_stays(
    talk: Path, heard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("run", talk, "-o", heard, *OFFLINE)
    run(capsys, *arguments)
    post = heard / "talk" / "index.md"
    post.write_text("mine")
    code, said = run(capsys, *arguments, "--no-receipts")
    assert code == 0 and post.read_text() == "mine"
    assert "[^1]" not in (heard / "talk" / "index.new.md").read_text()
    assert "index.new.md" in said


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--set", "asr.modle=x"], 2, "did you mean model"),
        (["--asr", "vosk"], 2, "there are auto, faster-whisper"),
        (["--asr", "faster-whisper", "--model", "/nowhere/model"], 1, "faster-whisper"),
        (["--name", "Ada"], 2, "SPEAKER_03"),
        (["--config", "/nowhere.toml"], 2, "cannot be read"),
        (["--prompts", "/nowhere"], 2, "prompts copy"),
        (["--voices", "/nowhere.json"], 2, "voices add"),
        (["--ledger", "/nowhere.db"], 2, "ledger add"),
    ],
)
def test_wrong_usage_is_one_sentence(
    arguments: list[str],
    code: int,
    says: str,
    talk: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    got, said = run(capsys, "run", talk, "-o", tmp_path, *OFFLINE, *arguments)
    assert got == code and says in said


def test_wrong_dates_templates_and_twins_are_named(
    talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two", "dated"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "talk.wav").write_bytes(talk.read_bytes())
    (tmp_path / "one" / "event.toml").write_text('slug = "same"\n')
    (tmp_path / "two" / "event.toml").write_text('slug = "same"\n')
    (tmp_path / "dated" / "event.toml").write_text('date = "15.5.2025"\n')
    where = ("-o", tmp_path / "out", *OFFLINE, "--until", "decode")
    code, said = run(capsys, "run", *(tmp_path / n for n in ("one", "two", "dated")), *where)
    assert code == 1
    assert "same" in said and "YYYY-MM-DD" in said
    mine = tmp_path / "prompts"
    mine.mkdir()
    (mine / "write.md").write_text("{{ voice }} {{ transkript }}")
    code, said = run(capsys, "run", talk, *where, "--prompts", mine)
    assert code == 2 and "write.md" in said and "transkript" in said


def test_an_output_that_cannot_be_written_is_one_sentence(
    talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    code, said = run(capsys, "run", talk, "-o", tmp_path / "file", *OFFLINE)
    assert code == 1 and "cannot be written" in said and "-o" in said
    if os.geteuid() != 0:
        locked = tmp_path / "locked"
        locked.mkdir()
        locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
        assert run(capsys, "run", talk, "-o", locked, *OFFLINE)[0] == 1


@pytest.mark.slow
@pytest.mark.parametrize("persona", [good, sloppy])
def test_a_model_writes_and_an_edited_prompt_asks_only_its_own_calls_again(
    persona: object,
    talk: Path,
    heard: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-mine")
    mine = tmp_path / "prompts"
    assert run(capsys, "prompts", "copy", mine)[0] == 0
    with LlmServer(persona) as server:  # type: ignore[arg-type]
        arguments = ("run", talk, "-o", heard, *OFFLINE, "--writer", "llm")
        arguments += ("--set", f"writer.base_url={server.url}", "--prompts", mine)
        assert run(capsys, *arguments)[0] == 0
        first = len(server.requests)
        assert first > 0 and not server.problems
        assert run(capsys, *arguments)[0] == 0
        assert len(server.requests) == first
        if persona is good:
            write = mine / "write.md"
            write.write_text(write.read_text().replace("\n", "\nBe brief.\n", 1))
            code, said = run(capsys, *arguments)
            assert code == 0 and not ran("transcribe", said)
            again = server.requests[first:]
            assert again and all("Be brief." in str(r.body["messages"][0]) for r in again)
    kept = b"".join(p.read_bytes() for p in heard.rglob("*") if p.is_file())
    assert b"sk-secret-of-mine" not in kept


@pytest.mark.slow
@pytest.mark.parametrize(
    ("persona", "says", "out"),
    [
        (status(401), "OPENAI_API_KEY", "tmp_path"),  # the run that fails has heard it itself
        (status(429), "429", "heard"),
        (status(500), "500", "heard"),
        (hanging, "s", "heard"),
    ],
)
def test_a_model_that_fails_is_one_sentence_and_what_was_heard_is_kept(
    persona: object,
    says: str,
    out: str,
    request: pytest.FixtureRequest,
    talk: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-mine")
    folder = request.getfixturevalue(out)
    with LlmServer(persona) as server:  # type: ignore[arg-type]
        code, said = run(
            capsys, "run", talk, "-o", folder, *OFFLINE, "--writer", "llm",
            *("--set", f"writer.base_url={server.url}"),
            *("--set", "run.llm_retries=0", "--set", "run.llm_timeout=0.5"),
        )  # fmt: skip
    assert code == 1 and says in said and "sk-secret" not in said
    code, said = run(capsys, "run", talk, "-o", folder, *OFFLINE)
    assert code == 0 and not ran("transcribe", said)


@pytest.mark.slow
@pytest.mark.skipif(not YAMNET.exists(), reason="yamnet.tflite is not at hand")
def test_the_room_is_heard_by_yamnet_where_its_file_is_given(
    talk: Path, heard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("run", talk, "-o", heard, *OFFLINE, "--set", f"room.model={YAMNET}")
    code, said = run(capsys, *arguments)
    assert code == 0 and ran("room", said)
    code, said = run(capsys, "run", talk, "-o", heard, *OFFLINE, "--set", "room.model=none")
    assert code == 1 and "none: room.model is no file" in said
    code, said = run(capsys, "run", talk, "-o", heard, *OFFLINE, "--set", "room.model=yamnet")
    assert code == 1 and "-yamnet.tflite: room.model is no file" in said, "nothing is fetched"


@pytest.mark.slow
def test_two_files_of_a_folder_are_one_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "two-parts"
    folder.mkdir()
    stereo = np.stack([media.speech(6.0, 22.0)] * 2)
    media.write(folder / "part2.mp3", stereo, rate=44_100, layout="stereo")
    media.write(folder / "part1.m4a", media.speech(6.0), rate=48_000)
    assert run(capsys, "run", folder, "-o", tmp_path / "out", *OFFLINE)[0] == 0
    heard = json.loads((tmp_path / "out" / "two-parts" / "transcript.json").read_text())
    assert 11.5 < heard["duration"] < 12.5
    times = [word["start"] for word in heard["words"]]
    assert times == sorted(times) and times[-1] > 6.5


@pytest.mark.slow
def test_a_web_search_that_failed_is_asked_again_by_the_next_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claim = media.write(tmp_path / "claim.wav", media.speech(8.0, 34.0))
    engines = ("--diarizer", "campplus", "--writer", "quotes")
    nowhere = ("--web", "searxng", "--set", "writer.searxng_url=http://127.0.0.1:9")
    for _ in range(2):
        code, said = run(capsys, "run", claim, "-o", tmp_path / "out", *engines, *nowhere)
        assert code == 0 and "not looked up" in said
    assert not ran("transcribe", said)


@pytest.mark.slow
def test_an_event_does_not_contradict_what_it_left_in_the_ledger_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claim = media.write(tmp_path / "claim_one.wav", media.speech(8.0, 34.0))
    ledger = ("--ledger", tmp_path / "claims.db")
    assert run(capsys, "run", claim, "-o", tmp_path, *OFFLINE)[0] == 0
    assert run(capsys, "ledger", "add", tmp_path / "claim-one", *ledger)[0] == 0
    assert "Claim one" in run(capsys, "ledger", "show", *ledger)[1]
    with sqlite3.connect(tmp_path / "claims.db") as db:
        db.execute("UPDATE claim SET quote = replace(quote, 'twenty', 'fifty')")
    assert run(capsys, "run", claim, "-o", tmp_path, *OFFLINE, *ledger)[0] == 0
    assert "fifty" not in (tmp_path / "claim-one" / "index.md").read_text()


@pytest.mark.slow
def test_speakers_says_why_and_where_to_listen(
    talk: Path, heard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run(
        capsys, "speakers", talk, "-o", heard, *OFFLINE, "--clips",
        "--name", "SPEAKER_00=Ada Park", "--name", "SPEAKER_42=Bo Lind",
    )  # fmt: skip
    assert code == 1 and "SPEAKER_00  Ada Park (100%)" in said
    assert "    override Ada Park\n" in said
    assert "talk: Bo Lind: there is no SPEAKER_42; did you mean SPEAKER_00?" in said
    assert '    [names]\n    SPEAKER_00 = "Ada Park"\n' in said
    clips = [Path(line.strip()) for line in said.splitlines() if line.endswith(".mp3")]
    assert clips and all(clip.stat().st_size > 1000 for clip in clips)


@pytest.mark.slow
def test_a_name_for_nobody_leaves_the_post_and_is_an_error(
    talk: Path, heard: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("run", talk, "-o", heard, *OFFLINE, "--name", "SPEAKER_99=Bo Lind")
    for _ in range(2):  # the second time nothing has to be done
        code, said = run(capsys, *arguments)
        assert (
            code == 1 and "talk: Bo Lind: there is no SPEAKER_99; did you mean SPEAKER_00?" in said
        )
        assert (heard / "talk" / "index.md").exists()
    code, said = run(capsys, "plan", *arguments[1:])
    assert code == 1 and "  Bo Lind: there is no SPEAKER_99; did you mean SPEAKER_00?" in said
    assert run(capsys, *arguments[:-1], "SPEAKER_00=Ada Park")[0] == 0


def _plan(capsys: pytest.CaptureFixture[str], talk: Path, where: tuple[object, ...]) -> list[str]:
    return [line for line in run(capsys, "plan", talk, *where)[1].splitlines() if line[0] == " "]


def test_captions_alone_become_a_post_that_names_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        "WEBVTT\nLanguage: en\n\n00:00:01.000 --> 00:00:09.000\n<v Ada Park>Our new kettle boils a "
    )
    (tmp_path / "talk.vtt").write_text(lines + "litre of water in forty seconds flat.\n")
    code, said = run(capsys, "run", tmp_path / "talk.vtt", "-o", tmp_path / "out", *OFFLINE)
    assert code == 0, said
    post = (tmp_path / "out" / "talk" / "index.md").read_text()
    assert "Read from talk.vtt" in post
    assert "Ada Park" in post
    said = run(capsys, "plan", tmp_path / "talk.vtt", "-o", tmp_path / "new", *OFFLINE)[1]
    assert "transcribe  read in talk.vtt" in said


def test_captions_beside_a_recording_are_used_when_asked(
    talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "rec"
    folder.mkdir()
    (folder / "talk.wav").write_bytes(talk.read_bytes())
    text = (
        "WEBVTT\nLanguage: en\n\n00:00:01.000 --> 00:00:13.000\nADA: It boils in forty seconds.\n"
    )
    (folder / "talk.vtt").write_text(text)
    where = ("-o", tmp_path / "out", *OFFLINE)
    said = run(capsys, "run", folder, *where, "--until", "speech")[1]
    assert "talk.vtt" in run(capsys, "plan", folder, *where)[1]
    code, said = run(capsys, "run", folder, *where, "--captions", "use", "--until", "transcribe")
    assert code == 0 and not ran("transcribe", said), said
    assert "read in talk.vtt" in run(capsys, "plan", folder, *where, "--captions", "use")[1]


@pytest.mark.parametrize("step", ["decode", "speech", "room", "transcribe", "diarize", "outline"])
def test_until_holds_for_captions_alone(
    step: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vtt = tmp_path / "talk.vtt"
    vtt.write_text("WEBVTT\n\n00:01.000 --> 00:13.000\nADA: It boils in forty seconds.\n")
    code, said = run(capsys, "run", vtt, "-o", tmp_path / "out", *OFFLINE, "--until", step)
    assert code == 0 and f"talk: stopped after {step}" in said
    assert not (tmp_path / "out" / "talk").exists()


@pytest.mark.parametrize("alone", [False, True])
def test_of_captions_that_name_nobody_all_is_no_one_persons(
    alone: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who introduces herself in them may be one of several, unless the user knows of one alone."""
    said = ["Good evening. My name is Nora Bell.", "Hm.", "So it is. Ah."]
    cues = (f"00:{n}0.000 --> 00:{n}5.000\n{line}\n" for n, line in enumerate(said))
    (tmp_path / "a.en.vtt").write_text("\n".join(["WEBVTT\n", *cues]))
    count = ["--set", "diarize.speakers=1"] if alone else []
    out = tmp_path / "out"
    code, told = run(capsys, "run", tmp_path / "a.en.vtt", "-o", out, *OFFLINE, *count)
    (post,) = out.glob("*/index.md")
    assert code == 0 and ("one voice without a name" in told) != alone
    assert ("nothing was noted: no sentence" in told) and "nothing was noted" in post.read_text()
    (speaker,) = json.loads((post.parent / "transcript.json").read_text())["speakers"]
    assert speaker["name"] == ("Nora Bell" if alone else None), speaker


def test_programs_are_told_of_what_failed(
    talk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "typo").mkdir()
    shutil.copy(talk, tmp_path / "typo")
    (tmp_path / "typo" / "event.toml").write_text("titel = 'x'\n")
    (tmp_path / "torn.mp3").write_bytes(b"no sound at all\n" * 50)
    inputs, out = (tmp_path / "typo", tmp_path / "torn.mp3", talk), tmp_path / "out"
    said = ("--json-progress", *OFFLINE, "--workers", "1", "--until", "decode", "-o", out)
    code = main(["run", *map(str, (*inputs, *said))])
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    ended = {each["event"]: each for each in told if each["stage"] == "event"}
    states = {slug: each["state"] for slug, each in ended.items()}
    assert (code, states) == (1, {"typo": "failed", "torn": "failed", "talk": "stopped"})
    assert "titel" in ended["typo"]["text"] and "torn.mp3" in ended["torn"]["text"]
    batch = json.loads((out / "report.json").read_text())
    assert (batch["done"], batch["stopped"], batch["failed"]) == (0, 1, 2)


@pytest.mark.slow
def test_a_run_puts_its_posts_into_a_site(
    talk: Path, heard: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site, out = tmp_path / "site", heard
    site.mkdir()
    (site / "hugo.toml").write_text('baseURL = "https://example.org/"\n')
    arguments = ("run", talk, "-o", out, "--site", site, "--side", "transcript.vtt", *OFFLINE)
    code, said = run(capsys, *arguments)
    assert code == 0 and "in the site as" in said
    (site / "content" / "posts" / "talk" / "index.md").write_text("mine")
    code, said = run(capsys, *arguments, "--clips")
    assert "index.md (edited there, stays" in said and "the new version is" in said
    lies = {path.name for path in (site / "content" / "posts" / "talk").iterdir()}
    assert lies == {"index.md", "transcript.vtt", "clips"}
    assert "[params" in (out / "talk" / "index.md").read_text(), "the flavor is the site's"
    inside = ("-o", site / "content" / "posts", "--until", "decode")
    code, said = run(capsys, "run", talk, *inside, *OFFLINE)
    assert "lies in a site of hugo" in said and "--site" in said


def test_a_batch_that_is_killed_leaves_a_line_for_each_event_that_ended(tmp_path: Path) -> None:
    place = tmp_path / "report.jsonl"
    with pytest.raises(OSError, match="of the body"), so_far(tmp_path) as keep:
        keep(EventReport(slug="one", state="done"))
        keep(EventReport(slug="two", state="failed", message="torn\nin two"))
        lines = [json.loads(line) for line in place.read_text().splitlines()]
        assert [line["slug"] for line in lines] == ["one", "two"]
        assert place.stat().st_mode & 0o077 == 0, "words of people are their owner's"
        raise OSError("of the body")
    assert not place.exists()
