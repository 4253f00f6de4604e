"""A network of this package on onnxruntime."""

import os
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Network:
    """One input, one output, on `threads` cores, 0 for all; `even`: inputs of about one size."""

    def __init__(self, name: str, threads: int = 0, even: bool = False) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.enable_cpu_mem_arena = even  # of inputs of many lengths the arena keeps them all
        options.enable_mem_pattern = even  # which plans memory for one size of input
        model = files("pipeline.diarize").joinpath(name).read_bytes()
        self._session: Any = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._input = self._session.get_inputs()[0].name

    def __call__(self, given: NDArray[np.float32]) -> NDArray[np.float32]:
        """What it answers; the first axis counts rows."""
        answer: NDArray[np.float32] = self._session.run(None, {self._input: given})[0]
        return answer
