"""Many short recordings: a batch against a shell loop, a second run, and a batch that is killed.

    uv run python tests/benchmarks/batch.py [--count 200] [--workers 2] [--loop 20]
    uv run python tests/benchmarks/batch.py --kills 20

The recordings are 20 s each of what is said in the sample's evening. The loop, one `backrow run`
for each, is run for --loop of them, taken out evenly, and scaled: it does the same each time. Words
come from a Whisper of made weights, which decodes in next to no time, so that what is compared is
the program; with --model base its decoding is the greater part. With --kills a batch of ten is
killed so often at random moments, one in five before it tells of any work and the others after, and
its end held against a batch that nobody disturbed, byte for byte.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "asr"))
import media
import scripted_whisper

SECONDS = 20.0
COMMAND = "import sys; from pipeline.cli import main; sys.exit(main())"


def recordings(folder: Path, count: int) -> list[Path]:
    """Each in a folder of its own; no two are the same."""
    spoken = media.speech(1e6)
    size, around = int(SECONDS * media.RATE), np.concatenate([spoken, spoken])
    made = []
    for number in range(count):
        start = len(spoken) * number // count
        file = folder / f"talk{number:03d}" / "talk.wav"
        file.parent.mkdir(parents=True)
        made.append(media.write(file, around[start : start + size]).parent)
    return made


def backrow(inputs: list[Path], output: Path, options: list[str]) -> list[str]:
    command = [sys.executable, "-c", COMMAND, "run", *map(str, inputs), "-o", str(output)]
    return command + options


def run(inputs: list[Path], output: Path, options: list[str]) -> float:
    """Seconds of wall time; stops when a recording failed."""
    began = time.perf_counter()
    done = subprocess.run(backrow(inputs, output, options), capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return time.perf_counter() - began


def compare(asked: argparse.Namespace, folder: Path, options: list[str]) -> None:
    inputs = recordings(folder / "in", asked.count)
    some = inputs[:: max(1, asked.count // asked.loop)][: asked.loop]
    looped = sum(run([each], folder / "loop", options) for each in some)
    loop = looped * len(inputs) / len(some)
    workers = [*options, "--workers", str(asked.workers)]
    batch = run(inputs, folder / "batch", workers)
    again = run(inputs, folder / "batch", workers)
    table = Table(title=f"{len(inputs)} recordings of {SECONDS:.0f} s")
    for column in ("what", "wall time", "ratio"):
        table.add_column(column)
    table.add_row(f"a loop of single runs ({len(some)} run, scaled)", f"{loop:.1f} s", "1.00")
    table.add_row(f"one batch, {asked.workers} workers", f"{batch:.1f} s", f"{batch / loop:.2f}")
    table.add_row("the same again", f"{again:.1f} s", f"{again / loop:.3f}")
    Console().print(table)


def kill(asked: argparse.Namespace, folder: Path, options: list[str]) -> None:
    """Begin a batch, kill it, and again; then let it end and compare."""
    inputs = recordings(folder / "in", 10)
    workers = [*options, "--workers", str(asked.workers)]
    whole = run(inputs, folder / "whole", workers)
    moments = random.Random(asked.seed)
    began = time.perf_counter()
    command = [*backrow(inputs, folder / "killed", workers), "--json-progress"]
    for number in range(asked.kills):
        told = folder / "told" if number % 5 else None
        # the runs together get about as far as one that is not disturbed
        killed_after(moments.uniform(0.0, 2 * whole / asked.kills), command, told)
    kept = len(list((folder / "killed").rglob("index.md")))
    last = run(inputs, folder / "killed", workers)
    same = published(folder / "whole") == published(folder / "killed")
    left = [*(folder / "killed").rglob(".tmp-*"), *(folder / "killed").rglob("*.part")]
    table = Table(title=f"{asked.kills} SIGKILLs in a batch of {len(inputs)}")
    for column in ("what", "measured"):
        table.add_column(column)
    table.add_row("undisturbed", f"{whole:.1f} s")
    table.add_row("killed and begun again", f"{time.perf_counter() - began:.1f} s")
    table.add_row("of that the last run, to the end", f"{last:.1f} s")
    table.add_row("posts that it found", str(kept))
    table.add_row("files", str(len(published(folder / "whole"))))
    table.add_row("equal byte for byte", "yes" if same else "NO")
    table.add_row("half-written files left", str(len(left)))
    Console().print(table)
    raise SystemExit(0 if same and not left else 1)


def killed_after(seconds: float, command: list[str], told: Path | None) -> None:
    """Run it in a process group of its own, and kill all of that so long after it has begun.

    It has begun when it tells of its work in the file `told`; None: at once.
    """
    with (
        (told or Path(os.devnull)).open("wb") as out,
        subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=out, start_new_session=True
        ) as process,
    ):
        while told and process.poll() is None and not told.stat().st_size:
            time.sleep(0.01)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def published(output: Path) -> dict[str, bytes]:
    """What a user keeps; the report, which holds times, is held to its states by `run`."""
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file() and ".backrow" not in path.parts and path.name != "report.json"
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--loop", type=int, default=20, help="recordings that the loop runs")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--model", help="a Whisper model; otherwise one of made weights")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="backrow-batch-"))
    said = scripted_whisper.babble()
    model = asked.model or str(scripted_whisper.make(folder / "model", said, said))
    options = ["--profile", "offline", "--model", model, "--set", "asr.beam_size=1"]
    try:
        (kill if asked.kills else compare)(asked, folder, options)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
