"""The audio stage's speed and memory: decode, find speech, hear the room.

    uv run python tests/benchmarks/audio.py [HOURS ...]     (default: 1 and 3)

Recordings are made by repeating the sample event. Each length runs in a process of its own, and
its peak resident memory is asked of the system; the growth is per added hour.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))

HOUR = 3600
EVENING = 386  # seconds that the sample event lasts, about


def made(hours: float, folder: Path) -> Path:
    """The sample event as 44.1 kHz stereo, again and again: MP3 frames may simply be repeated."""
    once = folder / "once.mp3"
    if not once.exists():
        _call("--make", once)
    count = round(hours * HOUR / EVENING)
    file = folder / f"{hours:g}h.mp3"
    with file.open("wb") as out:
        for _ in range(count):
            out.write(once.read_bytes())
    return file


def make(file: Path) -> None:
    """The sample event once."""
    import media

    media.write(file, media.evening(), rate=44_100, layout="stereo")


def _call(what: str, file: Path) -> bytes:
    """This script, in another process: a child's peak memory counts its parent's before it."""
    command = [sys.executable, __file__, what, str(file)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def measure(file: Path) -> None:
    """Run the stages on one file and print the figures as JSON; in a process of its own."""
    from pipeline.audio import decode, find_speech, hear_room

    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        audio = decode([file], Path(folder, "out.wav"))
        figures["decode"] = time.perf_counter() - began
        began = time.perf_counter()
        speech = find_speech(audio)
        figures["speech"] = time.perf_counter() - began
        began = time.perf_counter()
        hear_room(audio, speech)
        figures["room"] = time.perf_counter() - began
    figures["hours"] = audio.duration / HOUR
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures["cpu"] = used.ru_utime + used.ru_stime
    figures["peak"] = used.ru_maxrss / 1024
    print(json.dumps(figures))


def figures(hours: float, folder: Path) -> dict[str, float]:
    file = made(hours, folder)
    found: dict[str, float] = json.loads(_call("--measure", file))
    file.unlink()
    return found


def main(lengths: list[float]) -> None:
    table = Table(
        *("hours", "decode s", "speech s", "room s", "all s", "cpu s", "x real time", "peak MB"),
        title="the audio stage on mp3, one process",
    )
    peaks = []
    with tempfile.TemporaryDirectory() as folder:
        for hours in lengths:
            one = figures(hours, Path(folder))
            wall = one["decode"] + one["speech"] + one["room"]
            steps = [f"{one[step]:.1f}" for step in ("decode", "speech", "room")]
            speed = f"{one['hours'] * HOUR / wall:.0f}"
            table.add_row(
                f"{hours:g}",
                *steps,
                f"{wall:.1f}",
                f"{one['cpu']:.1f}",
                speed,
                f"{one['peak']:.0f}",
            )
            peaks.append(one["peak"])
    Console().print(table)
    for (a, low), (b, high) in pairwise(zip(lengths, peaks, strict=True)):
        print(f"{a:g} h to {b:g} h: {(high - low) / (b - a):+.1f} MB for each added hour")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(Path(sys.argv[2]))
    elif sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]))
    else:
        main([float(hours) for hours in sys.argv[1:]] or [1.0, 3.0])
