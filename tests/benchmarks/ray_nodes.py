"""Twenty recordings on a Ray cluster of one node, and of two.

    uv run python tests/benchmarks/ray_nodes.py [--count 20] [--seconds 20] [--cores 1]

Both clusters are real ones on this machine (`ray.cluster_utils.Cluster`), each node with --cores
cores, so that two nodes need twice as many cores to be free. Timed from the first recording given
to a cluster that is up to the last report: actors start, engines load.
"""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import ray
from ray.cluster_utils import Cluster
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
import media

from pipeline import config
from pipeline.audio.inputs import EventInput
from pipeline.engines.choose import choose
from pipeline.event import EventInfo
from pipeline.executors.batch import run
from pipeline.session import Settings


def recordings(folder: Path, count: int, seconds: float) -> list[EventInput]:
    folder.mkdir()
    spoken, size = media.speech(1e6), int(seconds * media.RATE)
    around = np.concatenate([spoken, spoken])
    starts = [len(spoken) * number // count for number in range(count)]
    files = [
        media.write(folder / f"talk{number:02d}.wav", around[start : start + size])
        for number, start in enumerate(starts)
    ]
    return [EventInput(file.stem, EventInfo(), (file,)) for file in files]


def on_nodes(count: int, events: list[EventInput], output: Path, cores: int) -> float:
    """Seconds for all events on so many nodes."""
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": cores})
    for _ in range(count - 1):
        cluster.add_node(num_cpus=cores)
    options = config.load(profile="offline")
    settings = Settings(options, output, choose(options), ray=cluster.address)
    began = time.perf_counter()
    try:
        reports = list(run(events, settings, lambda told: None))
    finally:
        ray.shutdown()
        cluster.shutdown()
    failed = [report.message for report in reports if report.state != "done"]
    if failed:
        raise SystemExit("\n".join(failed))
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--cores", type=int, default=1)
    asked = parser.parse_args()
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    table = Table(title=f"{asked.count} recordings of {asked.seconds:.0f} s, profile offline")
    for column in ("nodes", "wall time", "of one node's"):
        table.add_column(column)
    with tempfile.TemporaryDirectory(prefix="backrow-ray-") as name:
        events = recordings(Path(name) / "in", asked.count, asked.seconds)
        one = on_nodes(1, events, Path(name) / "one", asked.cores)
        two = on_nodes(2, events, Path(name) / "two", asked.cores)
    table.add_row("1", f"{one:.1f} s", "1.00")
    table.add_row("2", f"{two:.1f} s", f"{two / one:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
