"""An hour of an event: `backrow run` against whisperX's command, with the same Whisper weights.

    uv run python tests/benchmarks/against_whisperx.py --model FOLDER [--minutes 60] [--env FOLDER]

Both are whole commands, start to end, on the same WAV of the sample's evening over and over. Ours
transcribes with the times of words, tells speakers apart (ge2e) and merges. whisperX's alignment
and diarization need models from a hub: without a token it gets neither (`--no_align`, no
`--diarize`), so it does less than ours and the ratio flatters it; with HF_TOKEN set it does all.
whisperX is installed into an environment of its own (7 GB), or taken from --env. Without --model
weights are random: each side then decodes every window to its own limit, and the ratio says little.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
import media
import tiny_whisper

COMMAND = "import sys; from pipeline.cli import main; sys.exit(main())"


def timed(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.perf_counter() - began


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
    parser.add_argument("--env", type=Path, help="where whisperX is, or is to be, installed")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="backrow-whisperx-"))
    try:
        compare(asked, folder)
    finally:
        shutil.rmtree(folder)


def compare(asked: argparse.Namespace, folder: Path) -> None:
    model = asked.model or str(tiny_whisper.make(folder / "model"))
    times = max(1, round(asked.minutes * 60 * media.RATE / len(media.evening())))
    hour = media.write(folder / "hour.wav", media.evening())
    hour = repeated(hour, times, folder / "long.wav")
    python = whisperx_in(asked.env or folder / "env")
    ours = [sys.executable, "-c", COMMAND, "run", str(hour), "-o", str(folder / "ours")]
    ours += ["--profile", "local", "--asr", "faster-whisper", "--model", model]
    ours += ["--set", "asr.language=en", "--diarizer", "ge2e", "--until", "outline"]
    theirs = [str(python), "-m", "whisperx", str(hour), "--model", model, "--language", "en"]
    theirs += ["--device", "cpu", "--compute_type", "int8", "--output_dir", str(folder / "x")]
    theirs += ["--batch_size", "8", "--threads", str(os.cpu_count())]
    hub = bool(os.environ.get("HF_TOKEN"))
    theirs += ["--diarize"] if hub else ["--no_align"]
    them, us = timed(theirs), timed(ours)
    table = Table(title=f"{times} evenings, {asked.model or 'random weights'}, CPU")
    for column in ("command", "does", "wall time", "ratio"):
        table.add_column(column)
    does = "words, alignment, speakers" if hub else "segments, no alignment, no speakers"
    table.add_row("whisperx", does, f"{them:.1f} s", "1.00")
    table.add_row("backrow run", "words, speakers, merged", f"{us:.1f} s", f"{us / them:.2f}")
    Console().print(table)


def repeated(file: Path, times: int, into: Path) -> Path:
    """The same sound over and over."""

    with wave.open(str(file)) as one, wave.open(str(into), "wb") as many:
        many.setparams(one.getparams())
        frames = one.readframes(one.getnframes())
        for _ in range(times):
            many.writeframes(frames)
    return into


if __name__ == "__main__":
    main()
