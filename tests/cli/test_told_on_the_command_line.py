"""What the command line says of recordings wins over event.toml."""

from pathlib import Path

import media
import pytest
from cassettes import Cassette, step
from llm_server import Answer, LlmServer, Request
from test_expected import STEAM, asked, captions

from pipeline.cli import main, parse
from pipeline.cli.options import events_of


def test_track_and_captions(tmp_path: Path) -> None:
    media.write(tmp_path / "talk.mkv", media.speech(1), media.speech(1, 30))
    (tmp_path / "event.toml").write_text('track = 1\ncaptions = "ignore"\n')
    (event,), _ = events_of(parse(["plan", str(tmp_path)]))
    assert (event.info.track, event.info.captions) == (1, "ignore")
    asked = ["plan", str(tmp_path), "--track", "2", "--captions", "use"]
    (event,), _ = events_of(parse(asked))
    assert (event.info.track, event.info.captions) == (2, "use")


def test_tracks_count_from_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    media.write(tmp_path / "talk.wav", media.speech(1))
    assert main(["plan", str(tmp_path), "--track", "0"]) == 2
    assert "tracks count from 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["--track", "2"], "talk.mkv: track 2 was asked for, and it has only one"),
        (["--captions", "use"], "talk.srt: is neither WebVTT nor SubRip"),
        (["--set", "room.model=none"], "none: room.model is no file; yamnet is fetched once"),
    ],
)
def test_plan_tells_what_a_run_would_fail_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], asked: list[str], why: str
) -> None:
    media.write(tmp_path / "talk.mkv", media.speech(3))
    (tmp_path / "talk.srt").write_text("Dear diary", encoding="utf-8")
    inputs = [str(tmp_path / "talk.mkv"), "-o", str(tmp_path / "out"), "--profile", "offline"]
    assert main(["run", *inputs, "--until", "speech"]) == 0
    assert main(["plan", *inputs]) == 0
    capsys.readouterr()
    assert main(["plan", *inputs, *asked]) == 1
    assert why in capsys.readouterr().out


def test_plan_says_how_files_are_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "rec"
    media.write(folder / "a.mkv", media.speech(2), media.speech(2), languages=["eng", "ger"])
    media.write(folder / "b.flac", media.speech(3, 20))
    (folder / "poster.jpg").write_bytes(b"x")
    (folder / "a.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello.\n")
    arguments = ["-o", str(tmp_path / "out"), "--profile", "offline"]
    assert main(["plan", str(folder), *arguments]) == 0
    said = capsys.readouterr().out
    assert "2 files are one event: they lie in rec/" in said
    assert "a.mkv: 0:00:02, 2 audio tracks: 1 pcm_s16le, 1 channel, eng; 2 pcm_s16le" in said
    assert "b.flac: 0:00:03, flac, 1 channel" in said
    assert "a.srt: captions, not used" in said
    assert "left out: poster.jpg (is no recording)" in said


def test_a_plan_says_of_all_files_why_they_cannot_be_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("part1.m4a", "part2.m4a", "part3.wav"):
        media.write(tmp_path / "rec" / name, media.speech(3))
    media.cut(tmp_path / "rec" / "part1.m4a", 0.5)
    media.cut(tmp_path / "rec" / "part2.m4a", 0.6)
    out = ["-o", str(tmp_path / "out"), "--profile", "offline"]

    def told(command: str) -> str:
        assert main([command, str(tmp_path / "rec"), *out]) == 1
        return capsys.readouterr().out

    for said in (told("plan"), told("run")):
        assert "rec/part1.m4a: is an MP4 without its index (moov)" in said
        assert "; and " in said and "rec/part2.m4a: is an MP4 without its index (moov)" in said
        assert "post " not in said and "part3.wav: is" not in said
    (tmp_path / "rec" / "part4.mp3").touch()
    said = told("plan")
    assert "part1.m4a: is an MP4 without" in said and "part4.mp3: is empty" in said


def test_a_file_that_begins_like_an_option_is_told_how_to_be_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    media.write(tmp_path / "-ode.m4a", media.speech(1))
    assert main(["plan", "-ode.m4a"]) == 2
    assert "-ode.m4a: begins like an option; name that file ./-ode.m4a" in capsys.readouterr().err
    assert main(["plan", "./-ode.m4a", "--profile", "offline"]) == 0


def test_plan_says_why_a_folder_of_speakers_belongs_to_the_recording_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("video1.mp4", "Audio Record/audioAda1.m4a", "Audio Record/audioOscar2.m4a"):
        media.write(tmp_path / "kettle" / name, media.speech(3))
    main(["plan", str(tmp_path / "kettle"), "--profile", "offline"])
    told = capsys.readouterr().out
    assert "3 files are one event: those in Audio Record/ are as long as the recording" in told


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ('language = "English"', 'language should be a language code like "en"'),
        ('title = ""', "title should not be empty"),
        ('video = "youtu.be/x"', "video should be an address that begins with https://"),
        ('video = "https://[half/x"', "video should be an address that begins with https://"),
        ("offset = inf", "offset should be a finite number"),
        ('videos = [{file = "tal.wav", url = "https://vimeo.com/1"}]', "did you mean talk.wav?"),
        ('tag = ["x"]', "tag is not known; did you mean tags?"),
        ('tags = [""]', "tags.#1 should not be empty"),
        ('offset = "1m"', "offset should be seconds, or a time like 0:12:30, not '1m'"),
    ],
)
def test_what_is_wrong_in_event_toml_is_told_with_what_was_meant(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], told: str, why: str
) -> None:
    media.write(tmp_path / "talk.wav", media.speech(1))
    (tmp_path / "event.toml").write_text(told, encoding="utf-8")
    assert main(["plan", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert why in said and "event.toml" in said


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (["plam", "x"], "did you mean plan?"),
        (["plan", "x", "--flavour", "hugo"], "did you mean --flavor?"),
        (["plan", "x", "--flavor", "hug"], "--flavor: there is no 'hug'; did you mean hugo?"),
        (["run", "x", "--until", "here"], "there are decode, diarize, notes, outline, post, "),
        (["prompts", "chekc"], "did you mean check?"),
        (["plan", "x", "--beyond", "nowhere"], "--beyond nowhere: is no folder"),
        (["plan", "x", "--config", "none.toml"], "none.toml: cannot be read (No such file or"),
        (["prompts"], "required: ACTION; see backrow prompts --help"),
        (["plan", "x", "--diarizer", "pyanote"], "did you mean pyannote?"),
        (["plan", "x", "--set", "run.price_in=-1"], "run.price_in should be greater than or equal"),
        (["plan", "x", "--name", "SPEAKER_3=Ada"], "did you mean SPEAKER_03?"),
        (["plan", "x", "--name", "Speaker 03=Ada"], "did you mean SPEAKER_03?"),
        (
            ["plan", "x", "--set", "asr.language=English"],
            "should be a language code like \"en\", not 'English'\n",
        ),
    ],
)
def test_what_is_wrong_on_the_command_line_is_told_with_what_was_meant(
    capsys: pytest.CaptureFixture[str], wrong: list[str], why: str
) -> None:
    assert main(wrong) == 2
    assert why in capsys.readouterr().err


class Unclosed(Cassette):
    """The recorded evening, whose server dies before the last question."""

    def __call__(self, request: Request) -> Answer:
        if step(request.system) == "close":
            return Answer(status=401, content="")
        return super().__call__(request)


def test_a_last_question_that_failed_is_told_with_the_remedy_and_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    captions(tmp_path / "in" / "night", "One night", STEAM)
    told = []
    for played in (Unclosed(STEAM), Cassette(STEAM)):
        with LlmServer(played) as server:
            assert main(["run", *asked(tmp_path / "in", server)]) == 0
        told.append(capsys.readouterr().err)
    assert "refuses the key (401); set OPENAI_API_KEY" in told[0]
    assert "the post has neither caveat nor description: the model's server" in told[0]
    assert "neither caveat nor" not in told[1]
    assert 'description = "' in (tmp_path / "posts/one-night/index.md").read_text("utf-8")


def test_lint_reads_a_post_its_folder_and_a_folder_of_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note = (
        "+++\ntitle = 'x'\n+++\n\n## Ada Park\n\nThe idiot claims 20x again lol[^1]\n\n[^1]: so\n"
    )
    for place in ("posts/one/index.md", "posts/two/_posts/2026-01-01-two.md"):
        (tmp_path / place).parent.mkdir(parents=True)
        (tmp_path / place).write_text(note, encoding="utf-8")
    (tmp_path / "posts/two/_posts/_2026-01-01-two.new.md").write_text("nothing", "utf-8")
    assert main(["lint", str(tmp_path / "posts")]) == 1
    told = capsys.readouterr().out.splitlines()
    read = {line.partition(": ")[0].rpartition("posts/")[2] for line in told}
    assert read == {"one/index.md", "2026-01-01-two.md"}
    assert main(["lint", str(tmp_path / "posts/one"), str(tmp_path / "posts/one/index.md")]) == 1
    assert main(["lint", str(tmp_path)]) == 1
    assert "holds no post" in capsys.readouterr().err
    silent = tmp_path / "posts/one/index.md"
    silent.write_text("+++\n[extra.engines]\nasr = 'x'\n+++\n\nNothing noted: 1 (Panel)\n", "utf-8")
    assert main(["lint", str(silent)]) == 0, "for what we make"
