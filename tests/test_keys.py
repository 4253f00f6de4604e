"""What a step's key holds: all that changes what comes out, and the same in a plan and a run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import media
import pytest

from pipeline import config, finished, steps
from pipeline.audio.inputs import EventInput
from pipeline.cache import Looking, Missing
from pipeline.cli import plan
from pipeline.data import Audio, Part, Span
from pipeline.engines.choose import Choice, choose
from pipeline.event import AgendaItem, EventInfo
from pipeline.progress import Watch
from pipeline.session import Session, Settings, make_session

AUDIO = Audio(Path("a.wav"), 9.0, "digest", (Part("a.wav", 0.0, 9.0),))
SPEECH = (Span(0.0, 9.0),)


def session(root: Path, **options: Any) -> Session:
    """A session with a cache that is only looked at."""
    found = config.load(None, (), profile="offline", **options)
    made = make_session(Settings(found, root / "out", choose(found)))
    return replace(made, cache=Looking(made.cache))


def watch() -> Watch:
    return Watch("event", lambda told: None)


def decoded(root: Path, *files: Path) -> str:
    found = config.load(profile="offline")
    made = make_session(Settings(found, root / "out", choose(found)))
    return steps.decode(EventInput("event", EventInfo(), files), made, watch()).digest


def test_sound_is_known_by_its_version_and_several_by_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = (media.write(tmp_path / f"{name}.wav", media.speech(1.0)) for name in "abc")
    first = decoded(tmp_path, a)
    assert decoded(tmp_path, b) == first, "a file's name changes nothing in its sound"
    assert decoded(tmp_path, a, b) != decoded(tmp_path, a, c)
    monkeypatch.setitem(steps.VERSIONS, "decode", 99)
    assert decoded(tmp_path, a) != first


def place(step: str, made: Session) -> set[Path]:
    """Where the words or turns of an event would be kept."""
    work = {"transcribe": steps.transcribe, "diarize": steps.diarize}[step]
    assert isinstance(made.cache, Looking)
    with pytest.raises(Missing):
        work(AUDIO, SPEECH, EventInfo(), made, watch())
    return made.cache.missing[step]


def test_how_a_model_rounds_changes_words(tmp_path: Path) -> None:
    event = EventInput("event", EventInfo(), (_recording(tmp_path),))
    usual, other = session(tmp_path), session(tmp_path, run={"compute_type": "float32"})
    assert place("transcribe", usual) != place("transcribe", other)
    assert finished.key_of(event, usual) != finished.key_of(event, other)


def _recording(folder: Path) -> Path:
    file = folder / "evening.wav"
    file.write_bytes(b"sound")
    return file


def test_a_changed_correction_makes_another_post(tmp_path: Path) -> None:
    event, using = EventInput("event", EventInfo(), (_recording(tmp_path),)), session(tmp_path)
    made = [finished.key_of(event, using)]
    for text in ("[names]\nSPEAKER_00 = 'Ada'\n", "[names]\nSPEAKER_00 = 'Ida'\n"):
        (tmp_path / "evening.corrections.toml").write_text(text)
        made.append(finished.key_of(event, using))
    assert len(set(made)) == 3


def changed(root: Path, file: Path, step: str, **options: Any) -> bool:
    """Whether other content of a model's file is another key, of the step and of the event."""
    event, before, made = EventInput("event", EventInfo(), (_recording(root),)), [], []
    for content in (b"one", b"other"):
        file.write_bytes(content)
        using = session(root, **options)
        made.append(finished.key_of(event, using))
        before.append(place(step, using) if step else {root / str(content)})
    return before[0] != before[1] and made[0] != made[1]


def test_a_models_files_are_known_by_what_they_hold(tmp_path: Path) -> None:
    for name, head, file in (
        ("whisper", "config.json", "model.bin"),
        ("pyannote", "config.yaml", "segmentation/pytorch_model.bin"),
    ):
        (tmp_path / name / file).parent.mkdir(parents=True)
        (tmp_path / name / head).write_text("{}")
    whisper, pyannote = tmp_path / "whisper", tmp_path / "pyannote"
    part, yamnet = tmp_path / "part.bin", tmp_path / "yamnet.tflite"
    assert changed(tmp_path, whisper / "model.bin", "transcribe", asr={"model": str(whisper)})
    file = pyannote / "segmentation" / "pytorch_model.bin"
    assert changed(tmp_path, file, "diarize", diarize={"model": str(pyannote)})
    assert changed(tmp_path, part, "diarize", diarize={"segmentation": str(part)})
    assert changed(tmp_path, yamnet, "", room={"model": yamnet})


def test_a_folder_that_is_no_model_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "recording.wav").write_bytes(b"of hours")
    using = session(tmp_path)
    assert finished.inside(tmp_path, using.cache) is None
    assert finished.inside(tmp_path / "gone", using.cache) is None


def test_a_plan_asks_with_all_the_names_that_a_run_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[EventInfo] = []
    monkeypatch.setattr(steps, "transcribe", lambda _, __, info, *more: asked.append(info))
    info = EventInfo(agenda=(AgendaItem(title="Keynote: Ada Park, CEO"),))
    event = EventInput("event", info, ())
    plan.look_at_engines(event, AUDIO, SPEECH, session(tmp_path), plan.Plan())
    assert asked[0].vocabulary() == ("Ada Park",)


def test_a_size_is_no_folder_of_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def chosen(model: str) -> Choice:
        return choose(config.load(None, (), profile="offline", asr={"model": model}))["asr"]

    assert (chosen("base").model, chosen("base").folder) == ("base", None)
    assert chosen("./base").folder == tmp_path / "base"
    assert chosen("~/mine").model == str(tmp_path / "mine")
