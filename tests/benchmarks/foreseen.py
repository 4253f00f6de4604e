"""What `plan` says that a batch will cost, and what it then costs with the recorded model.

    uv run python tests/benchmarks/foreseen.py [--count 100] [--budget 2.00] [--workers 1]

The events are the three recorded evenings (tests/cassettes; one is an hour long) as captions, in
turn, each under a title of its own; prices are 1.25 and 10 for a million tokens, 0.125 for cached
ones.
"""

import argparse
import contextlib
import io
import json
import re
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "cli")]

from cassettes import Cassette  # noqa: E402
from llm_server import Answer, LlmServer, Request  # noqa: E402
from test_expected import captions  # noqa: E402

from pipeline.cli import main  # noqa: E402

CASSETTES = Path(__file__).parents[1] / "cassettes"
EVENINGS = ("full-steam", "waermeabend", "long-table")
PRICES = ("run.price_in=1.25", "run.price_out=10", "run.price_cached=0.125")


class Both:
    """Plays the answers of the evening that a question is about, for each event from the start."""

    def __init__(self) -> None:
        self.played = {name: Cassette(CASSETTES / name) for name in EVENINGS}

    def __call__(self, request: Request) -> Answer:
        signs = {"waermeabend": "Wärme|Peddersen|Osterloh", "long-table": "Tallow|Calloway|Fenwick"}
        found = (name for name, sign in signs.items() if re.search(sign, request.material))
        cassette = self.played[next(found, "full-steam")]
        cassette._asked.clear()
        return cassette(request)


def quiet(*words: str) -> str:
    """What a command prints."""
    with (
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.redirect_stdout(io.StringIO()) as out,
    ):
        main(words)
    return out.getvalue()


def measure(count: int, budget: float | None, workers: int, root: Path) -> None:
    """Print the plan's last line, what was left out, and what the report says."""
    for number in range(count):
        name = EVENINGS[number % len(EVENINGS)]
        captions(root / "in" / f"e{number:03d}", f"Evening {number:03d}", CASSETTES / name)
    with LlmServer(Both()) as server:
        settings = (f"writer.base_url={server.url}", "writer.model=relay", *PRICES)
        told = [word for each in settings for word in ("--set", each)]
        base = [str(root / "in"), "-o", str(root / "out"), "--writer", "llm", *told]
        print("planned  ", quiet("plan", *base).splitlines()[-1])
        most = ("--budget", str(budget)) if budget else ()
        lines = quiet("run", *base, "--workers", str(workers), *most).splitlines()
    print("left out ", sum("not written" in line for line in lines))
    usage = json.loads((root / "out" / "report.json").read_bytes())["usage"]
    print("came out ", usage)
    spent = root / "out" / ".backrow" / "locks" / "spent.json"
    if spent.exists():
        print("paid     ", json.loads(spent.read_bytes())["paid"], "of", budget)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--budget", type=float)
    parser.add_argument("--workers", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(asked.count, asked.budget, asked.workers, Path(folder))
