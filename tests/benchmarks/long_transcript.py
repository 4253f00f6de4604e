"""How time and memory grow with the length of an event, without hearing it.

    uv run --group dev python tests/benchmarks/long_transcript.py [--transcript FILE]
        [--words 50000 100000 200000] [--model]

A transcript.json (default: the recorded sample's) is said again and again, by twelve casts in
turn, each of whose voices has a name of its own; talks, quotes and all files of the post are made
of it. With --model a server on this machine writes it, which answers at once. Each length runs in a
process of its own; memory is the most that this process held.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from itertools import count
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "notes")]

from llm_server import LlmServer  # noqa: E402
from personas import good  # noqa: E402

from pipeline import Event, write  # noqa: E402
from pipeline.api import Line  # noqa: E402
from pipeline.config import load  # noqa: E402
from pipeline.event import EventInfo  # noqa: E402

SAMPLE = TESTS / "cassettes" / "full-steam" / "transcript.json"
CASTS = 12


def repeated(file: Path, words: int) -> list[Line]:
    """A transcript until it has so many words."""
    said = json.loads(file.read_text(encoding="utf-8"))["utterances"]
    length = max(one["end"] for one in said) + 5.0
    lines: list[Line] = []
    for turn in count():
        for one in said:
            times = one["start"] + turn * length, one["end"] + turn * length
            lines.append(Line(*times, f"{one['speaker']}-{turn % CASTS}", one["text"]))
        if sum(len(line.text.split()) for line in lines) >= words:
            return lines
    raise AssertionError


def measure(file: Path, words: int, model: bool) -> None:
    """Print a row of the table."""
    lines = repeated(file, words)
    told = sum(len(line.text.split()) for line in lines)
    with (
        LlmServer(good) if model else nullcontext() as server,
        tempfile.TemporaryDirectory() as out,
    ):
        llm = {"engine": "llm", "base_url": server.url, "model": "relay"} if server else {}
        options = load(writer=llm or {"engine": "quotes"})
        begun = time.perf_counter()
        post = write(Event(details=EventInfo(title="Long")), lines, out, options)
        seconds = time.perf_counter() - begun
        talks = post.read_text(encoding="utf-8").count("\n## ")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{told:9,} {talks:6} {seconds:8.1f} s {most:6} MB")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--transcript", type=Path, default=SAMPLE)
    parser.add_argument("--words", type=int, nargs="+", default=[50_000, 100_000, 200_000])
    parser.add_argument("--model", action="store_true")
    asked = parser.parse_args()
    if len(asked.words) == 1:
        measure(asked.transcript, asked.words[0], asked.model)
        return 0
    print(f"{'words':>9} {'talks':>6} {'time':>10} {'memory':>9}", flush=True)
    more = ["--model"] if asked.model else []
    for words in asked.words:
        own = ["--transcript", str(asked.transcript), "--words", str(words), *more]
        subprocess.run([sys.executable, __file__, *own], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
