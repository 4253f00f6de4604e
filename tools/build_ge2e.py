"""Make pipeline/diarize/ge2e.onnx from the weights in the Resemblyzer wheel. Run once, by hand:

    uvx pip download --no-deps Resemblyzer==0.1.4 -d /tmp
    uv run python tools/build_ge2e.py /tmp/Resemblyzer-0.1.4-py3-none-any.whl

The wheel itself is no dependency: its webrtcvad needs a C compiler and its librosa is heavy, while
all that is wanted from it is one small network. The weights are stored as 16-bit floats and cast
back when the file is loaded, which halves it. The result is checked against torch before it is
written.
"""

import hashlib
import io
import sys
import zipfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

WEIGHTS_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
INTO = Path(__file__).parent.parent / "pipeline" / "diarize" / "ge2e.onnx"
MELS, HIDDEN, LAYERS = 40, 256, 3
CLOSE = 2e-3  # between unit vectors; what 16-bit weights cost

State = dict[str, torch.Tensor]


def read_weights(wheel: Path) -> State:
    """The network's tensors; exits if they are not the published ones."""
    data = zipfile.ZipFile(wheel).read("resemblyzer/pretrained.pt")
    found = hashlib.sha256(data).hexdigest()
    if found != WEIGHTS_SHA256:
        sys.exit(f"{wheel}: holds other weights ({found}) than Resemblyzer 0.1.4")
    return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)["model_state"]


def gates(tensor: torch.Tensor) -> np.ndarray:
    """torch's order (input, forget, cell, output) in ONNX's (input, output, forget, cell)."""
    i, f, c, o = tensor.numpy().reshape(4, HIDDEN, -1)
    return np.concatenate([i, o, f, c])


def initialisers(state: State) -> dict[str, np.ndarray]:
    """Each weight by its name in the graph."""
    made = {
        "linear.w": state["linear.weight"].numpy(),
        "linear.b": state["linear.bias"].numpy(),
    }
    for layer in range(LAYERS):
        made[f"w{layer}"] = gates(state[f"lstm.weight_ih_l{layer}"])[None]
        made[f"r{layer}"] = gates(state[f"lstm.weight_hh_l{layer}"])[None]
        biases = [gates(state[f"lstm.bias_{part}_l{layer}"]).ravel() for part in ("ih", "hh")]
        made[f"b{layer}"] = np.concatenate(biases)[None]
    return made


def build(state: State) -> onnx.ModelProto:
    """mel (windows, frames, 40) -> embedding (windows, 256), each of unit length."""
    weights = initialisers(state)
    stored = [
        numpy_helper.from_array(w.astype(np.float16), f"{n}.half") for n, w in weights.items()
    ]
    nodes = [helper.make_node("Cast", [f"{n}.half"], [n], to=TensorProto.FLOAT) for n in weights]
    nodes.append(helper.make_node("Transpose", ["mel"], ["x0"], perm=[1, 0, 2]))
    for n in range(LAYERS):
        nodes.append(
            helper.make_node(
                "LSTM", [f"x{n}", f"w{n}", f"r{n}", f"b{n}"], [f"y{n}", f"h{n}"], hidden_size=HIDDEN
            )
        )
        nodes.append(helper.make_node("Squeeze", [f"y{n}", "one"], [f"x{n + 1}"]))
    stored.append(numpy_helper.from_array(np.array([1], dtype=np.int64), "one"))
    stored.append(numpy_helper.from_array(np.array([0], dtype=np.int64), "zero"))
    nodes += [
        helper.make_node("Squeeze", [f"h{LAYERS - 1}", "zero"], ["last"]),
        helper.make_node("Gemm", ["last", "linear.w", "linear.b"], ["raw"], transB=1),
        helper.make_node("Relu", ["raw"], ["positive"]),
        helper.make_node("LpNormalization", ["positive"], ["embedding"], axis=1, p=2),
    ]
    mel = helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["windows", "frames", MELS])
    out = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["windows", HIDDEN])
    graph = helper.make_graph(nodes, "ge2e", [mel], [out], stored)
    return helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=8,
        producer_name="Resemblyzer 0.1.4 pretrained.pt (Apache-2.0)",
    )


def torch_embeddings(state: State, mel: np.ndarray) -> np.ndarray:
    """What Resemblyzer's own network answers."""
    lstm = torch.nn.LSTM(MELS, HIDDEN, LAYERS, batch_first=True)
    lstm.load_state_dict({k[5:]: v for k, v in state.items() if k.startswith("lstm.")})
    with torch.no_grad():
        _, (hidden, _) = lstm(torch.from_numpy(mel))
        raw = torch.relu(hidden[-1] @ state["linear.weight"].T + state["linear.bias"])
        return (raw / raw.norm(dim=1, keepdim=True)).numpy()


def check(model: onnx.ModelProto, state: State) -> float:
    """The largest difference from torch on made features; exits if it is not small."""
    onnx.checker.check_model(model, full_check=True)
    mel = np.random.default_rng(0).gamma(0.3, 0.1, (32, 160, MELS)).astype(np.float32)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (ours,) = session.run(None, {"mel": mel})
    worst = float(np.abs(ours - torch_embeddings(state, mel)).max())
    if worst > CLOSE:
        sys.exit(f"the ONNX file differs from torch by {worst:.5f}")
    return worst


def main() -> None:
    state = read_weights(Path(sys.argv[1]))
    model = build(state)
    worst = check(model, state)
    INTO.write_bytes(model.SerializeToString())
    print(f"{INTO}: {INTO.stat().st_size:,} bytes, at most {worst:.1e} from torch")


if __name__ == "__main__":
    main()
