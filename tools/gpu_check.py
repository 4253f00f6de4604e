"""One check of tools/gpu_check.sh: libraries, words, voices or memory, on "cuda" or "cpu".

    uv run --extra cuda python tools/gpu_check.py words cuda

Prints what was measured; raises or ends with 1 where it is not what it has to be.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import numpy as np
from first_minute import SAMPLE, plain
from numpy.typing import NDArray

from pipeline import audio, config
from pipeline.asr import faster_whisper
from pipeline.asr.whisper_model import open_model, preload_cublas
from pipeline.cli import main
from pipeline.data import Audio
from pipeline.engines.choose import choose
from pipeline.engines.loaded import Engines
from pipeline.event import SpeakerCount

SECONDS = 120.0  # of the sample: its opening, and most of the keynote
LEAST = 0.85  # of the words that are said there
SPEAKERS = range(7, 10)  # that may be found of the sample's eight


def libraries(device: str) -> None:
    """CTranslate2 on CUDA 12's cuBLAS and torch on 13's, one after the other in one process."""
    run = config.Run(device=device)
    opened = open_model("base", run)
    assert opened.device == device, opened.warnings
    import torch

    square = torch.ones(64, 64, device=device)
    assert float((square @ square)[0, 0]) == 64.0
    open_model("base", run)  # again, after torch has brought its own
    maps = Path("/proc/self/maps")
    found = set(re.findall(r"libcublas\.so\.\d+", maps.read_text() if maps.exists() else ""))
    print(f"        torch {torch.__version__}; loaded: {', '.join(sorted(found)) or 'no cuBLAS'}")
    if device == "cuda":
        assert preload_cublas() and "libcublas.so.12" in found


def words(device: str) -> None:
    """Batches on the GPU, as a large model takes them, with base's weights."""
    with evening() as heard:
        speech = [span for span in audio.find_speech(heard, ignore) if span.end < SECONDS]
        samples = audio.read(heard, 0.0, SECONDS)
        engine = faster_whisper.load(config.Asr(model="base"), config.Run(device=device))
        began = time.monotonic()
        found = engine.transcribe(samples, speech, ignore)
        took = time.monotonic() - began
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    said = {plain(word["text"]) for word in truth if word["end"] < speech[-1].end}
    share = len(said & {plain(word.text) for word in found.words}) / len(said)
    print(f"        {share:.0%} of the words, {SECONDS / took:.0f} x real time")
    assert share >= LEAST


def voices(device: str) -> None:
    """The diarizer that a run would choose here, over the whole sample."""
    options = config.load(profile="local", run={"device": device})
    choices = choose(options)
    engines = Engines(options, choices)
    with evening() as heard:
        speech, samples = audio.find_speech(heard, ignore), audio.read(heard)
        engine = engines.diarizer()
        began = time.monotonic()
        found = engine.diarize(samples, speech, SpeakerCount(), ignore)
        took = time.monotonic() - began
    count = len({turn.speaker for turn in found.turns})
    name, speed = choices["diarize"].backend.name, heard.duration / took
    print(f"        {name}: {count} of 8 speakers, {speed:.0f} x real time")
    assert count in SPEAKERS


def memory(device: str) -> None:
    """Two recordings by two workers; on a GPU, what of its memory they took at most."""
    with tempfile.TemporaryDirectory(prefix="backrow-") as name, evening() as heard:
        for number in range(2):
            start = number * SECONDS
            place = Path(name) / f"part{number}.wav"
            write(place, audio.read(heard, start, start + SECONDS))
        with peak() as most:
            command = ["run", f"{name}/part0.wav", f"{name}/part1.wav", "-o", f"{name}/posts"]
            command += ["--workers", "2", "--profile", "local", "--model", "base"]
            code = main([*command, "--writer", "quotes", "--set", f"run.device={device}"])
    assert code == 0
    if device == "cuda":
        import torch

        there = torch.cuda.get_device_properties(0).total_memory >> 20
        print(f"        {most[0]} MiB of {there} at most")
        assert 0 < most[0] < there


@contextmanager
def evening() -> Iterator[Audio]:
    """The sample, decoded."""
    with tempfile.TemporaryDirectory(prefix="backrow-") as name:
        yield audio.decode([SAMPLE / "evening.opus"], Path(name) / "evening.wav", ignore)


def write(place: Path, samples: NDArray[np.float32]) -> None:
    with wave.open(str(place), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.SAMPLE_RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())


@contextmanager
def peak() -> Iterator[list[int]]:
    """MiB of GPU memory in use at most, of all processes; 0 without nvidia-smi."""
    most, done = [0], Event()

    def look() -> None:
        ask = ["nvidia-smi", "--query-gpu=memory.used", "--format=csv,noheader,nounits"]
        while not done.wait(0.5):
            try:
                told = subprocess.run(ask, capture_output=True, text=True, check=False).stdout
            except FileNotFoundError:
                return
            most[0] = max([most[0], *map(int, re.findall(r"\d+", told))])

    thread = Thread(target=look, daemon=True)
    thread.start()
    yield most
    done.set()
    thread.join()


def ignore(seconds: float) -> None:
    """A `tick` that nobody listens to."""


CHECKS: dict[str, Callable[[str], None]] = {
    "libraries": libraries,
    "words": words,
    "voices": voices,
    "memory": memory,
}

if __name__ == "__main__":
    CHECKS[sys.argv[1]](sys.argv[2])
