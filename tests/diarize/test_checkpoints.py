"""Model files that would run something are refused before they do; those that are data load."""

import os
import sys
from pathlib import Path

import pytest

from pipeline.config import Config, Diarize, Run, load
from pipeline.diarize import pyannote
from pipeline.diarize.checkpoints import ForbiddenGlobal, only_weights
from pipeline.engines.choose import choose
from pipeline.engines.loaded import Engines
from pipeline.errors import EngineError

SHARED = Path(__file__).parents[3] / "shared"
MODELS = Path(os.environ.get("BACKROW_EVAL_MODELS", SHARED / "models"))
VERSIONS = {"pyannote.audio": "4.0.0", "torch": "2.8.0", "python": "3.11"}
EVIL = """
from pathlib import Path
Path({marker!r}).touch()
class Model:
    def __init__(self, **named): pass
    @classmethod
    def load_from_checkpoint(cls, *_, **__): return cls()
Pipeline = Model
"""

pytestmark = [
    pytest.mark.slow,  # pyannote.audio takes half a minute to import
    pytest.mark.filterwarnings("ignore"),
]


class Runs:
    """What pickles as a call of os.mkdir."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.marker),)


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Comes into being when evil code runs; a module of such code can be imported."""
    made = tmp_path / "it-ran"
    (tmp_path / "evil_models.py").write_text(EVIL.format(marker=str(made)))
    monkeypatch.syspath_prepend(str(tmp_path))
    sys.modules.pop("evil_models", None)
    return made


def pickled(tmp_path: Path, marker: Path) -> Path:
    import torch

    file = tmp_path / "model.bin"
    torch.save({"state_dict": {}, "extra": Runs(marker)}, file)
    return file


def naming(tmp_path: Path) -> Path:
    """A checkpoint of plain data that is to be loaded into a class of ours."""
    import torch

    made_by = {"versions": VERSIONS, "architecture": {"module": "evil_models", "class": "Model"}}
    torch.save({"pyannote.audio": made_by, "state_dict": {}}, tmp_path / "pytorch_model.bin")
    return tmp_path / "pytorch_model.bin"


def test_a_pickle_that_calls_something_is_refused_and_named(tmp_path: Path, marker: Path) -> None:
    file = pickled(tmp_path, marker)
    with pytest.raises(ForbiddenGlobal) as told:
        pyannote.load(Diarize(segmentation=str(file)), Run())
    message = str(told.value)
    assert str(file) in message and "mkdir" in message
    assert "run any program" in message and "--trust-model" in message
    assert not marker.exists()


def test_a_pickle_that_is_trusted_may(tmp_path: Path, marker: Path) -> None:
    import torch

    file = pickled(tmp_path, marker)
    with pytest.raises(ForbiddenGlobal), only_weights(file, trusted=False):
        torch.load(file, weights_only=False)
    assert not marker.exists()
    with only_weights(file, trusted=True):
        torch.load(file, weights_only=False)
    assert marker.exists()


def test_the_environment_of_other_threads_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    with only_weights(Path("model.bin"), trusted=False):
        assert "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD" not in os.environ
        assert os.environ["TORCH_FORCE_WEIGHTS_ONLY_LOAD"] == "1"
        os.environ["ANOTHER_THREADS"] = "1"
    assert os.environ.pop("ANOTHER_THREADS") == "1"
    assert os.environ["TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"] == "1"
    assert "TORCH_FORCE_WEIGHTS_ONLY_LOAD" not in os.environ


def test_a_class_from_elsewhere_is_refused_before_it_is_imported(
    tmp_path: Path, marker: Path
) -> None:
    from pyannote.audio import Model

    file = naming(tmp_path)
    with pytest.raises(ForbiddenGlobal, match="asks for evil_models"), only_weights(file, False):
        Model.from_pretrained(file)
    assert not marker.exists()
    with only_weights(file, trusted=True):
        Model.from_pretrained(file)
    assert marker.exists()


@pytest.mark.parametrize(
    "config",
    [
        "pipeline:\n  name: evil_models.Pipeline\n",
        "pipeline:\n  name: os.system\n  params: {command: touch it-ran}\n",
        "pipeline:\n  name: pyannote.audio.pipelines.utils.hook.ProgressHook\n"
        "preprocessors:\n  audio:\n    name: evil_models.Model\n",
        "pipeline:\n  name: pyannote.audio.pipelines.SpeakerDiarization\n  params:\n"
        "    segmentation: {checkpoint: $model}\n",
        "pipeline: [",
        "- a\n- b\n",
        "",
    ],
)
def test_a_folder_whose_config_names_anything_else_is_one_sentence(
    config: str, tmp_path: Path, marker: Path
) -> None:
    (tmp_path / "config.yaml").write_text(config)
    naming(tmp_path)
    with pytest.raises(EngineError) as told:
        pyannote.load(Diarize(model=str(tmp_path)), Run())
    assert str(tmp_path) in str(told.value) and "\n" not in str(told.value)
    assert not marker.exists()


@pytest.mark.parametrize(
    "name", ["pyannote-segmentation.bin", "segmentation-3.0/pytorch_model.bin"]
)
def test_pyannotes_own_checkpoints_are_data(name: str) -> None:
    from pyannote.audio import Model

    file = MODELS / name
    if not file.exists():
        pytest.skip(f"{file} is not there")
    with only_weights(file, trusted=False):
        model = Model.from_pretrained(file)
    assert model is not None and model.specifications.classes


def test_pyannotes_own_pipeline_is_data() -> None:
    folder = MODELS / "speaker-diarization-community-1"
    if not folder.exists():
        pytest.skip(f"{folder} is not there")
    assert pyannote.load(Diarize(model=str(folder)), Run()).pipeline is not None


def test_a_folder_asked_for_by_name_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("pipeline: [")
    asked: Config = load(None, (), diarize={"model": str(tmp_path)})
    engines = Engines(asked, choose(asked))
    assert engines.choices["diarize"].backend.name == "pyannote"
    said: list[str] = []
    with pytest.raises(EngineError, match="cannot load it"):
        engines.trying("diarize", lambda _: engines.diarizer(), said.append)
    assert said == []
    offline = load(None, (), profile="offline", diarize={"model": str(tmp_path)})
    assert choose(offline)["diarize"].backend.name == "pyannote"
    assert not choose(offline)["diarize"].free
