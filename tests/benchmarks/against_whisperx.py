"""Minutes of an event: `backrow run` against whisperX's command, with the same Whisper weights.

    uv run python tests/benchmarks/against_whisperx.py --model FOLDER [--minutes 60] [--env FOLDER]

Both are whole commands, start to end, on the same WAV of the sample's evening over and over. Ours
transcribes with the times of words, tells speakers apart and merges; whisperX transcribes,
aligns, tells speakers apart and merges. Its models for alignment and speakers come from a hub where
HF_TOKEN is set; else they are made, of the same sizes and untrained (whisperx_models.py); with
`--speakers ours` it is spared that work, most of what it does on a CPU, and ours is not. Without
--model the Whisper weights are made too, of whisper-tiny's size: 70 words for each window, whatever
is said. whisperX is installed into an environment of its own (7 GB), or taken from --env.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "asr"))
import media
import scripted_whisper

COMMAND = "import sys; from pipeline.cli import main; sys.exit(main())"


@dataclass(frozen=True)
class Took:
    """Wall and processor seconds of a command, its children's included."""

    wall: float
    cpu: float


def timed(command: list[str]) -> Took:
    began, spent = time.perf_counter(), processor()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return Took(time.perf_counter() - began, processor() - spent)


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def whisperx_in(env: Path) -> Path:
    """whisperX's Python, installed if it is not there; its ffmpeg is put on the PATH."""
    python, ffmpeg = env / "bin" / "python", env / "bin" / "ffmpeg"
    uv = shutil.which("uv") or "uv"
    if not python.exists():
        subprocess.run([uv, "venv", "--quiet", "--python", "3.11", str(env)], check=True)
    if not ffmpeg.exists():  # whisperX calls the program; this package carries it
        wanted = ["whisperx", "imageio-ffmpeg"]
        install = [uv, "pip", "install", "--quiet", "--python", str(python), *wanted]
        subprocess.run(install, check=True)
        where = "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"
        found = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True)
        ffmpeg.symlink_to(found.stdout.strip())
    os.environ["PATH"] = f"{env / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a CTranslate2 Whisper folder; none: random weights")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument(
        "--speakers",
        choices=["both", "ours"],
        default="both",
        help="ours: whisperX tells none apart",
    )
    parser.add_argument("--env", type=Path, help="where whisperX is, or is to be, installed")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="backrow-whisperx-"))
    try:
        compare(asked, folder)
    finally:
        shutil.rmtree(folder)


def compare(asked: argparse.Namespace, folder: Path) -> None:
    model, beam = asked.model or made(folder / "model"), "5" if asked.model else "1"
    sound = np.resize(media.evening(), round(asked.minutes * 60 * media.RATE))  # over and over
    hour = media.write(folder / "hour.wav", sound)
    python = whisperx_in(asked.env or folder / "env")
    ours = [sys.executable, "-c", COMMAND, "run", str(hour), "-o", str(folder / "ours")]
    ours += ["--profile", "local", "--asr", "faster-whisper", "--model", model]
    ours += ["--set", "asr.language=en", "--set", f"asr.beam_size={beam}"]
    ours += ["--diarizer", "campplus", "--until", "outline"]
    theirs = [str(python), "-m", "whisperx", str(hour), "--model", model, "--language", "en"]
    theirs += ["--device", "cpu", "--compute_type", "int8", "--output_dir", str(folder / "x")]
    theirs += ["--beam_size", beam, "--batch_size", "8", "--threads", str(os.cpu_count())]
    diarized = asked.speakers == "both"
    them, us = timed([*theirs, *models(python, folder, diarized)]), timed(ours)
    table = Table(title=f"{asked.minutes:g} minutes, {asked.model or 'made weights'}, CPU")
    for column in ("command", "wall time", "ratio", "CPU time", "ratio"):
        table.add_column(column)
    whisperx = "whisperx" if diarized else "whisperx, no speakers"
    for name, took in {whisperx: them, "backrow run": us}.items():
        wall, cpu = f"{took.wall / them.wall:.2f}", f"{took.cpu / them.cpu:.2f}"
        table.add_row(name, f"{took.wall:.1f} s", wall, f"{took.cpu:.1f} s", cpu)
    Console(width=110).print(table)


def made(folder: Path) -> str:
    said = scripted_whisper.babble()
    return str(scripted_whisper.make(folder, said, said, size=scripted_whisper.TINY))


def models(python: Path, folder: Path, diarized: bool) -> list[str]:
    """The options that give whisperX alignment, and speakers if it is to tell them apart."""
    if os.environ.get("HF_TOKEN"):
        return ["--diarize"] if diarized else []
    make = Path(__file__).with_name("whisperx_models.py")
    subprocess.run([python, make, folder], check=True, capture_output=True)
    os.environ |= {"NLTK_DATA": f"{folder}/nltk_data", "HF_HUB_OFFLINE": "1"}
    speakers = ["--diarize", "--diarize_model", f"{folder}/diarize"] if diarized else []
    return ["--align_model", f"{folder}/align", *speakers]


if __name__ == "__main__":
    main()
