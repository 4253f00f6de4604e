"""One hour of an event: our wall time over faster-whisper's own, with the same weights.

uv run python tests/benchmarks/transcribe_hour.py --model FOLDER [--minutes 60]

The hour is the sample's evening again and again, with its pauses and applause. faster-whisper gets
the samples, finds the speech itself (`vad_filter`) and has the model on all cores; ours is timed
from the WAV to the words, its own search for speech and its guards included. Without --model the
weights are made, of whisper-tiny's size: each window is decoded to the same 70 words, whatever is
said.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline import audio, config
from pipeline.asr.faster_whisper import FasterWhisper
from pipeline.asr.whisper_model import Opened, find_model, open_model
from pipeline.data import Audio

ROOT = Path(__file__).parents[2]


def make_hour(minutes: float, folder: Path) -> Audio:
    """The sample's evening over and over, as one WAV."""
    sources = sorted((ROOT / "samples").glob("*/*.opus"))
    one = audio.decode(sources, folder / "one.wav", audio.wav.ignore)
    times = max(1, round(minutes * 60 / one.duration))
    return audio.decode([folder / "one.wav"] * times, folder / "hour.wav", audio.wav.ignore)


def ours(opened: Opened, options: config.Asr, hour: Audio) -> int:
    """From the WAV to words: our search for speech, windows, batches and guards."""
    speech = audio.find_speech(hour, audio.wav.ignore)
    engine = FasterWhisper(opened, options, ())
    return len(engine.transcribe(audio.read(hour), speech, audio.wav.ignore).words)


def theirs_batched(model: Any, options: config.Asr, hour: Audio) -> int:
    from faster_whisper import BatchedInferencePipeline

    segments, _ = BatchedInferencePipeline(model).transcribe(
        audio.read(hour),
        language="en",
        beam_size=options.beam_size,
        temperature=0.0,
        batch_size=options.batch_size,
        word_timestamps=True,
    )
    return words_of(segments)


def theirs_alone(model: Any, options: config.Asr, hour: Audio) -> int:
    segments, _ = model.transcribe(
        audio.read(hour),
        language="en",
        beam_size=options.beam_size,
        temperature=0.0,
        vad_filter=True,
        condition_on_previous_text=False,
        word_timestamps=True,
    )
    return words_of(segments)


def words_of(segments: Iterable[Any]) -> int:
    return sum(len(segment.words) for segment in segments)


@dataclass(frozen=True)
class Took:
    """Wall and processor seconds, and the words that came of it."""

    wall: float
    cpu: float
    words: int


def timed(work: Callable[[], int]) -> Took:
    began, spent = time.perf_counter(), time.process_time()
    words = work()
    return Took(time.perf_counter() - began, time.process_time() - spent, words)


def asked_or_made(model: str | None, folder: Path) -> str:
    """The model of that name or folder; without one, made weights."""
    if model:
        return model
    sys.path.insert(0, str(ROOT / "tests" / "asr"))
    import scripted_whisper

    said = scripted_whisper.babble()
    made = scripted_whisper.make(folder / "made", said, said, size=scripted_whisper.TINY)
    return str(made)


def open_theirs(opened: Opened) -> Any:
    """The same weights on all cores, computed with in the same numbers."""
    from faster_whisper import WhisperModel

    model = opened.model.model
    folder = str(find_model(opened.name))
    cores = os.cpu_count() or 1
    return WhisperModel(folder, model.device, compute_type=model.compute_type, cpu_threads=cores)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a folder, a size or a hub name; none: made weights")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--beam", type=int, help="default: 5, with made weights 1")
    asked = parser.parse_args()
    beam = asked.beam or (5 if asked.model else 1)
    options = config.Asr(language="en", beam_size=beam, batch_size=asked.batch)
    with tempfile.TemporaryDirectory() as name:
        opened = open_model(asked_or_made(asked.model, Path(name)), config.Run())
        theirs = open_theirs(opened)
        ours(opened, options, make_hour(1.0, Path(name)))  # imports and first calls
        hour = make_hour(asked.minutes, Path(name))
        measured = {
            "ours": timed(partial(ours, opened, options, hour)),
            "theirs_batched": timed(partial(theirs_batched, theirs, options, hour)),
            "theirs_alone": timed(partial(theirs_alone, theirs, options, hour)),
        }
    show(measured, hour.duration, f"{asked.model or 'made weights'}, {opened.device}")


def show(measured: dict[str, Took], seconds: float, title: str) -> None:
    names = {
        "ours": "backrow",
        "theirs_batched": "BatchedInferencePipeline",
        "theirs_alone": "WhisperModel, vad_filter",
    }
    table = Table(title=f"{seconds / 60:.0f} minutes, {title}, {os.cpu_count()} cores")
    for column in ("", "wall, s", "CPU, s", "words", "x real time", "ours over it", "in CPU time"):
        table.add_column(column)
    mine = measured["ours"]
    for key, took in measured.items():
        shares = (f"{mine.wall / took.wall:.2f}", f"{mine.cpu / took.cpu:.2f}")
        numbers = (f"{took.wall:.1f}", f"{took.cpu:.1f}", str(took.words))
        table.add_row(names[key], *numbers, f"{seconds / took.wall:.1f}", *shares)
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
