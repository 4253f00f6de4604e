"""pyannote.audio: what a user is told when it cannot run; the real pipeline from local parts."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.config import Diarize, Run
from pipeline.data import Span, Turn
from pipeline.diarize.pyannote import folder_of, load, within
from pipeline.errors import EngineError
from pipeline.event import SpeakerCount

SHARED = Path(__file__).parents[3] / "shared"
MODELS = Path(os.environ.get("BACKROW_EVAL_MODELS", SHARED / "models"))
DATA = Path(os.environ.get("BACKROW_EVAL_DATA", SHARED / "data"))
LOAD = """
import sys
from pipeline.config import Diarize, Run
from pipeline.diarize.pyannote import load
from pipeline.errors import EngineError
try:
    load(Diarize(), Run())
except EngineError as error:
    print(error)
sys.exit("pyannote.audio" in sys.modules or "torch" in sys.modules)
"""


def told(folder: Path, **environment: str) -> str:
    """What a fresh interpreter says on loading the hub's model, without importing pyannote."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGING"))}
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        env=clean | {"HF_HOME": str(folder)} | environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_without_a_token_it_says_how_to_get_one(tmp_path: Path) -> None:
    message = told(tmp_path)
    assert "HF_TOKEN" in message
    assert "https://hf.co/pyannote/speaker-diarization-community-1" in message
    assert "diarize.model=FOLDER" in message
    assert "\n" not in message


def test_a_hub_that_refuses_is_an_error_that_hides_the_token(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    message = told(tmp_path, HF_TOKEN="hf_secret", HF_ENDPOINT=f"http://127.0.0.1:{port}")
    assert "cannot be fetched" in message
    assert "hf_secret" not in message


@pytest.mark.slow
def test_a_hub_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        message = told(
            tmp_path,
            HF_TOKEN="hf_secret",
            HF_ENDPOINT=f"http://127.0.0.1:{silent.getsockname()[1]}",
        )
    assert "cannot be fetched" in message


def test_no_hub_is_asked_where_nothing_may_be_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("the hub was asked")

    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", asked)
    with pytest.raises(EngineError, match=r"nothing may be fetched \(run\.download\)"):
        folder_of("nobody/no-such-model", download=False)


def test_a_checkpoint_that_is_not_there_is_named() -> None:
    with pytest.raises(EngineError, match=r"nowhere\.bin.*diarize\.segmentation"):
        load(Diarize(segmentation="nowhere.bin"), Run())


def test_turns_reach_the_near_edges_of_speech_and_one_another() -> None:
    turns = [Turn(1.2, 3.0, "A"), Turn(3.4, 5.0, "B"), Turn(7.0, 8.0, "A"), Turn(9.98, 11, "B")]
    found = within(Span(1.0, 10.0), turns)
    assert found == [Turn(1.0, 3.2, "A"), Turn(3.2, 5.0, "B"), Turn(7.0, 8.0, "A")]
    assert within(Span(20.0, 21.0), turns) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the imports of pyannote, lightning and torchaudio
def test_the_real_pipeline_from_local_checkpoints(tmp_path: Path) -> None:
    """One test for all that needs the import, which takes 20 s."""
    checkpoint = MODELS / "pyannote-segmentation.bin"
    sound = DATA / "real" / "pyannote_sample.wav"
    if not (checkpoint.exists() and sound.exists()):
        pytest.skip("needs BACKROW_EVAL_MODELS and BACKROW_EVAL_DATA")
    engine = load(Diarize(segmentation=str(checkpoint)), Run(device="cpu"))
    samples = np.fromfile(sound, "<i2", offset=44).astype(np.float32) / 32768
    heard: list[float] = []
    speech = [Span(6.6, 20.0), Span(20.5, 30.0)]
    found = engine.diarize(samples, speech, SpeakerCount(count=2), heard.append)
    assert os.environ["PYANNOTE_METRICS_ENABLED"] == "0"
    assert [voice.speaker for voice in found.voices] == ["SPEAKER_00", "SPEAKER_01"]
    assert {len(voice.embedding) for voice in found.voices} == {192}
    assert {voice.engine for voice in found.voices} == {"pyannote-campplus"}
    for turn, following in zip(found.turns, found.turns[1:], strict=False):
        assert turn.end <= following.start
    for turn in found.turns:
        assert any(s.start <= turn.start and turn.end <= s.end for s in speech)
    assert heard == sorted(heard)
    assert 0 < heard[-1] <= 30

    (tmp_path / "broken.bin").write_bytes(b"not a checkpoint")
    with pytest.raises(EngineError, match=r"broken\.bin: pyannote\.audio cannot load it"):
        load(Diarize(segmentation=str(tmp_path / "broken.bin")), Run())
    (tmp_path / "clone").mkdir()
    with pytest.raises(EngineError, match=r"clone: pyannote\.audio cannot load it"):
        load(Diarize(model=str(tmp_path / "clone")), Run())
