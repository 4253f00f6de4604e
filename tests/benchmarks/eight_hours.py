"""A whole day: time and memory of each stage, and how memory grows with the length.

    uv run python tests/benchmarks/eight_hours.py [--hours 4 8] [--sample 60] [--model base]

The day is the sample's evening again and again, decoded from its Opus file each time. Decoding,
the search for speech, the room, talks, notes and post are the real ones. The speech engines hear
the first --sample minutes, in blocks of 20; for the rest engines in this file make words and turns
up. --sample 0: they hear all of it. Without --model Whisper runs with made weights, each window
decoded to the same 70 words. Memory is that of this process beyond what it held with its engines
loaded.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle
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
from pipeline.asr.faster_whisper import FasterWhisper
from pipeline.audio.inputs import EventInput
from pipeline.data import Diarization, Span, Transcript, Turn, Voice, Word, ms
from pipeline.diarize import Diarizer
from pipeline.diarize.embedding import SIZE
from pipeline.engines.choose import choose
from pipeline.engines.loaded import Engines
from pipeline.event import EventInfo, SpeakerCount
from pipeline.flow import process
from pipeline.progress import Progress, Tick, Watch
from pipeline.session import Settings, make_session
from pipeline.steps import BLOCK_SECONDS

SAID = (
    "So the first thing that we measured is the time to the first token. It is 240 "
    "milliseconds, and that is 20 times faster than last year. Thank you all for coming."
)
EVENING_SECONDS = 385.828
VOICES = tuple(
    Voice(f"SPEAKER_{n:02d}", "campplus", tuple(float(x) for x in unit))
    for n, unit in enumerate(np.linalg.qr(np.random.default_rng(0).standard_normal((SIZE, 5)))[0].T)
)


class MadeWords:
    """Three words a second, where somebody speaks."""

    def transcribe(
        self, samples: NDArray[np.float32], speech: Sequence[Span], tick: Tick, *_: object
    ) -> Transcript:
        texts = cycle(SAID.split())
        starts = (at for span in speech for at in np.arange(span.start, span.end - 0.3, 1 / 3))
        words = (Word(ms(at), ms(at + 0.3), next(texts), 0.9) for at in starts)
        return Transcript("en", tuple(words))


class MadeTurns:
    """Each stretch of speech by the next of five voices."""

    name = model = version = "made"

    def diarize(
        self, samples: NDArray[np.float32], speech: Sequence[Span], count: SpeakerCount, tick: Tick
    ) -> Diarization:
        names = cycle(voice.speaker for voice in VOICES)
        turns = tuple(Turn(span.start, span.end, next(names)) for span in speech)
        return Diarization(turns, VOICES)


@dataclass
class Sampled(Engines):
    """The real engines for so many blocks, then those that make things up."""

    blocks: int = 0
    given: Counter[str] = field(default_factory=Counter)

    def transcriber(self) -> FasterWhisper | MadeWords:
        return super().transcriber() if self._real("asr") else MadeWords()

    def diarizer(self) -> Diarizer:
        return super().diarizer() if self._real("diarize") else MadeTurns()

    def _real(self, stage: str) -> bool:
        self.given[stage] += 1
        return not self.blocks or self.given[stage] <= self.blocks


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
    session = make_session(offline(asked.model, folder))
    engines = Sampled(session.config, session.engines.choices)
    engines.transcriber(), engines.diarizer()  # loaded before memory is counted
    engines.given.clear()
    engines.blocks = round(asked.sample * 60 / BLOCK_SECONDS)
    whole_peak = Meter()
    base, began = memory("VmRSS"), time.perf_counter()
    watch = Watch("day", whole_peak)
    article, _ = process(event, replace(session, engines=engines), watch)
    return {
        "hours": article.heard.audio.duration / 3600,
        "seconds": time.perf_counter() - began,
        "stages": watch.seconds,
        "peaks": {stage: peak - base for stage, peak in whole_peak.peaks.items()},
        "base": base,
        "last": memory("VmHWM") - base,  # talks, notes, post: after the last stage began
        "talks": len(article.written.talks),
    }


def offline(model: str | None, folder: Path) -> Settings:
    engine: dict[str, object] = {"language": "en", "model": model}
    if model is None:
        said = scripted_whisper.babble()
        made = scripted_whisper.make(folder / "model", said, said)
        engine |= {"model": str(made), "beam_size": 1}
    options = config.load(profile="offline", asr=engine)
    return Settings(options, folder / "out", choose(options))


def show(days: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    heard = f"{asked.sample:.0f} min of it" if asked.sample else "all of it"
    table = Table(title=f"the engines hear {heard}: seconds (peak MB beyond the engines)")
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
    parser.add_argument("--model", help="a Whisper model; otherwise one of made weights")
    parser.add_argument("--sample", type=float, default=60.0, help="minutes that are really heard")
    parser.add_argument("--one", type=float, help=argparse.SUPPRESS)  # measure in this process
    asked = parser.parse_args()
    if asked.one:
        with tempfile.TemporaryDirectory(prefix="backrow-day-") as name:
            print(json.dumps(measure(asked.one, asked, Path(name))))
        return
    days = []
    for hours in sorted(asked.hours):  # each in a process of its own, for its peak
        command = [sys.executable, __file__, "--one", str(hours), "--sample", str(asked.sample)]
        command += ["--model", asked.model] if asked.model else []
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        days.append(json.loads(done.stdout.splitlines()[-1]))
    show(days, asked)


if __name__ == "__main__":
    main()
