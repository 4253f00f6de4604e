"""A whole day: time and memory of each stage, and how memory grows with the length.

    uv run python tests/benchmarks/eight_hours.py [--hours 4 8] [--asr sphinx] [--sample 60]
    uv run python tests/benchmarks/eight_hours.py --asr faster-whisper

The day is the sample's evening again and again, decoded from its Opus file each time. Decoding,
the search for speech, the room, diarization (ge2e), talks, notes and post are the real ones.
Sphinx hears the first --sample minutes; for the rest an engine in this file makes words up, since
sphinx needs half as long as the recording. faster-whisper runs with made weights, each window
decoded to the same 64 words. Memory is that of this process beyond what it held with its
engines loaded (sphinx decoders are processes of their own: their peak is given apart).
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "asr"))
import media
import scripted_whisper

from pipeline import config
from pipeline.asr import Transcriber
from pipeline.asr.faster_whisper import FasterWhisper
from pipeline.asr.whisper_model import open_model
from pipeline.audio.inputs import EventInput
from pipeline.choose import choose
from pipeline.data import Span, Transcript, Word, ms
from pipeline.engines import Engines
from pipeline.event import EventInfo
from pipeline.flow import process
from pipeline.job import Settings, make_kit
from pipeline.progress import Progress, Tick, Watch

SAID = (
    "So the first thing that we measured is the time to the first token. It is 240 "
    "milliseconds, and that is 20 times faster than last year. Thank you all for coming."
)
EVENING_SECONDS = 385.828


@dataclass
class Sampled:
    """The real engine for the first seconds of a recording, then one that makes words up."""

    real: Transcriber
    left: float
    name = "sphinx"
    model = "en-us"
    version = "sampled"

    def transcribe(
        self, samples: NDArray[np.float32], speech: tuple[Span, ...], tick: Tick
    ) -> Transcript:
        self.left -= len(samples) / media.RATE
        if self.left > -1:
            return self.real.transcribe(samples, speech, tick)
        return Transcript("en", tuple(made(speech)))


def made(speech: tuple[Span, ...]) -> list[Word]:
    """Three words a second, where somebody speaks."""
    words: list[Word] = []
    texts = SAID.split()
    for span in speech:
        for start in np.arange(span.start, span.end - 0.3, 1 / 3):
            text = texts[len(words) % len(texts)]
            words.append(Word(ms(start), ms(start + 0.3), text, 0.9))
    return words


@dataclass
class Loaded(Engines):
    """Engines whose transcriber was made by this benchmark."""

    mine: Any = None

    def transcriber(self, vocabulary: tuple[str, ...], language: str | None) -> Transcriber:
        return self.mine


@dataclass
class Meter:
    """Peak memory of this process while each stage was at work, in bytes; some run at once."""

    peaks: dict[str, int] = field(default_factory=dict)
    running: set[str] = field(default_factory=set)

    def __call__(self, told: Progress) -> None:
        if told.state not in ("begun", "done") or told.stage == "event":
            return
        for stage in self.running:
            self.peaks[stage] = max(self.peaks.get(stage, 0), memory("VmHWM"))
        if told.state == "begun":
            self.running.add(told.stage)
            Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
        else:
            self.running.discard(told.stage)


def memory(field_name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field_name + ":"):
            return int(line.split()[1]) * 1024
    raise SystemExit("this needs Linux: memory is read from /proc/self")


def measure(hours: float, asked: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """One day of so many hours, in this process."""
    times = max(1, round(hours * 3600 / EVENING_SECONDS))
    event = EventInput("day", EventInfo(), (media.EVENING,) * times)
    options = config.load(profile="offline")
    settings = Settings(options, folder / "out", choose(options))
    kit = make_kit(settings)
    engines = Loaded(kit.config, kit.engines.choices, mine=engine(asked, kit.engines, folder))
    engines.diarizer()
    whole_peak = Meter()
    base, began = memory("VmRSS"), time.perf_counter()
    watch = Watch("day", whole_peak)
    article, _ = process(event, replace(kit, engines=engines), watch, settings.output)
    return {
        "hours": article.duration / 3600,
        "seconds": time.perf_counter() - began,
        "stages": watch.seconds,
        "peaks": {stage: peak - base for stage, peak in whole_peak.peaks.items()},
        "base": base,
        "last": memory("VmHWM") - base,  # talks, notes, post: after the last stage began
        "child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
        "talks": len(article.talks),
    }


def engine(asked: argparse.Namespace, engines: Engines, folder: Path) -> Any:
    if asked.asr == "sphinx":
        return Sampled(engines.transcriber((), None), asked.sample * 60)
    said = scripted_whisper.babble()
    opened = open_model(str(scripted_whisper.make(folder / "model", said, said)), config.Run())
    return FasterWhisper(opened, config.Asr(language="en", beam_size=1), ())


def show(days: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    table = Table(title=f"{asked.asr}, ge2e, offline: seconds (peak MB beyond the engines)")
    table.add_column("stage")
    for day in days:
        table.add_column(f"{day['hours']:.2f} h", justify="right")
    for stage in days[0]["stages"]:
        cells = (
            f"{day['stages'][stage]:.1f} ({day['peaks'].get(stage, 0) / 1e6:.0f})" for day in days
        )
        table.add_row(stage, *cells)
    table.add_row("all", *(f"{d['seconds']:.0f} ({peak(d) / 1e6:.0f})" for d in days))
    table.add_row("held before", *(f"({day['base'] / 1e6:.0f})" for day in days))
    table.add_row("talks", *(str(day["talks"]) for day in days))
    Console().print(table)
    least, most = days[0], days[-1]
    added = most["hours"] - least["hours"]
    if added > 0:
        print(f"MB for each added hour: {(peak(most) - peak(least)) / 1e6 / added:.1f}")


def peak(day: dict[str, Any]) -> int:
    return max(*day["peaks"].values(), day["last"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, nargs="+", default=[4.0, 8.0])
    parser.add_argument("--asr", choices=("sphinx", "faster-whisper"), default="sphinx")
    parser.add_argument("--sample", type=float, default=60.0, help="minutes that sphinx hears")
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)  # measure in this process
    asked = parser.parse_args()
    if asked.one:
        with tempfile.TemporaryDirectory(prefix="backrow-day-") as name:
            print(json.dumps(measure(asked.one, asked, Path(name))))
        return
    days = []
    for hours in sorted(asked.hours):  # each in a process of its own, for its peak
        command = [sys.executable, __file__, "--one", str(hours), "--asr", asked.asr]
        command += ["--sample", str(asked.sample)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        days.append(json.loads(done.stdout.splitlines()[-1]))
    show(days, asked)


if __name__ == "__main__":
    main()
