"""What a step's key holds: all that changes what comes out, and the same in a plan and a run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import media
import pytest

from pipeline import config, kept, steps
from pipeline.audio.inputs import EventInput
from pipeline.choose import Choice, choose
from pipeline.commands import plan
from pipeline.data import Audio, Part, Span
from pipeline.event import AgendaItem, EventInfo
from pipeline.job import Settings, make_kit
from pipeline.kit import Kit
from pipeline.progress import Watch

AUDIO = Audio(Path("a.wav"), 9.0, "digest", (Part("a.wav", 0.0, 9.0),))
SPEECH = (Span(0.0, 9.0),)


def kit(root: Path, **options: Any) -> Kit:
    """A kit with a store that is only looked at."""
    found = config.load(None, (), profile="offline", **options)
    made = make_kit(Settings(found, root / "out", choose(found)))
    return replace(made, store=plan.Looking(made.store))


def watch() -> Watch:
    return Watch("event", lambda told: None)


def decoded(root: Path, *files: Path) -> str:
    found = config.load(profile="offline")
    made = make_kit(Settings(found, root / "out", choose(found)))
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


def place(step: str, made: Kit) -> set[Path]:
    """Where the words or turns of an event would be kept."""
    work = {"transcribe": steps.transcribe, "diarize": steps.diarize}[step]
    assert isinstance(made.store, plan.Looking)
    with pytest.raises(plan.Missing):
        work(AUDIO, SPEECH, EventInfo(), made, watch())
    return made.store.missing[step]


def test_how_a_model_rounds_changes_words(tmp_path: Path) -> None:
    event = EventInput("event", EventInfo(), ())
    usual, other = kit(tmp_path), kit(tmp_path, run={"compute_type": "float32"})
    assert place("transcribe", usual) != place("transcribe", other)
    assert kept._key(event, usual) != kept._key(event, other)


def changed(root: Path, file: Path, step: str, **options: Any) -> bool:
    """Whether other content of a model's file is another key, of the step and of the event."""
    event, before, made = EventInput("event", EventInfo(), ()), [], []
    for content in (b"one", b"other"):
        file.write_bytes(content)
        using = kit(root, **options)
        made.append(kept._key(event, using))
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
    using = kit(tmp_path)
    assert kept.inside(tmp_path, using.store) is None
    assert kept.inside(tmp_path / "gone", using.store) is None


def test_a_plan_asks_with_all_the_names_that_a_run_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[EventInfo] = []
    monkeypatch.setattr(steps, "transcribe", lambda _, __, info, *more: asked.append(info))
    info = EventInfo(agenda=(AgendaItem(title="Keynote: Ada Park, CEO"),))
    event = EventInput("event", info, ())
    plan._engines(event, AUDIO, SPEECH, kit(tmp_path), plan.Told())
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
