"""Word error rate and real-time factor of Whisper, on recordings whose words are known.

uv run python tests/benchmarks/asr.py [--model small]

Errors are counted by jiwer after lower-casing, removing punctuation and writing numbers one way.
The real recordings are read from BACKROW_EVAL_DATA (or ../shared/data) and left out without it.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jiwer
from rich.console import Console
from rich.table import Table
from text_to_num import alpha2digit

from pipeline import audio, config
from pipeline.asr import Transcriber
from pipeline.backends import best, loader
from pipeline.data import Word

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("BACKROW_EVAL_DATA", ROOT.parent / "shared" / "data"), "real")
JFK = (
    "And so my fellow Americans ask not what your country can do for you ask what you can do for "
    "your country"
)
TWO_CITIES = (
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the "
    "age of foolishness, it was the epoch of belief, it was the epoch of incredulity, it was the "
    "season of Light, it was the season of Darkness, it was the spring of hope, it was the winter "
    "of despair, we had everything before us, we had nothing before us, we were all going direct "
    "to Heaven, we were all going direct the other way, in short, the period was so far like the "
    "present period, that some of its noisiest authorities insisted on its being received, for "
    "good or for evil, in the superlative degree of comparison only."
)
PLAIN = jiwer.Compose(
    [jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.RemoveMultipleSpaces()]
)


@dataclass(frozen=True)
class Recording:
    """Sound, and what is said in it; without `text` only the speed is measured."""

    name: str
    files: tuple[Path, ...]
    text: str = ""
    words: tuple[Word, ...] = ()  # with times


@dataclass(frozen=True)
class Measured:
    """What an engine made of a recording."""

    heard: tuple[Word, ...]
    seconds: float  # of sound
    wall: float  # seconds to transcribe it, the model's loading not counted


def normal(text: str) -> str:
    """Words as they are compared."""
    return PLAIN(alpha2digit(PLAIN(text.replace("-", " ")), "en")).strip()


def errors(said: str, heard: str) -> jiwer.WordOutput:
    return jiwer.process_words(normal(said), normal(heard))


def recordings() -> Iterator[Recording]:
    """Those that are here; what is missing is said."""
    for truth in sorted((ROOT / "samples").glob("*/truth.json")):
        words = tuple(
            Word(word["start"], word["end"], word["text"], 1.0)
            for word in json.loads(truth.read_text(encoding="utf-8"))["words"]
        )
        files = tuple(truth.parent.glob("*.opus"))
        yield Recording(truth.parent.name, files, " ".join(word.text for word in words), words)
    found = [
        Recording("jfk", (REAL / "jfk.wav",), JFK),
        Recording("two_cities", (REAL / "two_cities.wav",), TWO_CITIES),
        Recording("voices (no truth)", tuple(sorted((REAL / "voices").glob("*-000?.flac")))),
    ]
    for recording in found:
        if recording.files and all(file.exists() for file in recording.files):
            yield recording
        else:
            print(f"{recording.name}: not in {REAL}, left out (set BACKROW_EVAL_DATA)")


def measure(engine: Transcriber, recording: Recording, folder: Path) -> Measured:
    decoded = audio.decode(recording.files, folder / "sound.wav", audio.wav.ignore)
    speech = audio.find_speech(decoded, audio.wav.ignore)
    samples = audio.read(decoded)
    began = time.perf_counter()
    heard = engine.transcribe(samples, speech, audio.wav.ignore)
    return Measured(heard.words, decoded.duration, time.perf_counter() - began)


def timing(said: tuple[Word, ...], heard: tuple[Word, ...]) -> str:
    """The median and the 95th percentile of how far the right words' starts are off, in ms."""
    aligned = jiwer.process_words(_one_by_one(said), _one_by_one(heard)).alignments[0]
    off = sorted(
        abs(said[one.ref_start_idx + n].start - heard[one.hyp_start_idx + n].start)
        for one in aligned
        if one.type == "equal"
        for n in range(one.ref_end_idx - one.ref_start_idx)
    )
    middle, most = off[len(off) // 2], off[int(len(off) * 0.95)]
    return f"{middle * 1000:.0f}, {most * 1000:.0f}"


def _one_by_one(words: tuple[Word, ...]) -> str:
    """A token for each word, whatever it becomes."""
    return " ".join(normal(word.text).replace(" ", "") or "-" for word in words)


def row(recording: Recording, measured: Measured) -> tuple[str, ...]:
    speed = f"{measured.wall / measured.seconds:.3f}"
    length = f"{measured.seconds:.0f} s"
    if not recording.text:
        return recording.name, length, "", "", "", "", speed, ""
    found = errors(recording.text, " ".join(word.text for word in measured.heard))
    counts = (found.substitutions, found.deletions, found.insertions)
    times = timing(recording.words, measured.heard) if recording.words else ""
    return recording.name, length, f"{found.wer:.1%}", *map(str, counts), speed, times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="base", help="a size, a hub name or a folder")
    chosen = parser.parse_args()
    options = config.Asr(model=chosen.model, language="en")
    engine = loader(best("asr"))(options, config.Run(), ())
    table = Table(title=f"{engine.name}, {engine.model}, {os.cpu_count()} cores")
    for column in ("recording", "length", "WER", "subst.", "del.", "ins.", "wall / length"):
        table.add_column(column)
    table.add_column("starts off, ms: median, 95%")
    with tempfile.TemporaryDirectory() as folder:
        for recording in recordings():
            table.add_row(*row(recording, measure(engine, recording, Path(folder))))
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
