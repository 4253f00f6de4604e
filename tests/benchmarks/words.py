"""How good the words are, and how fast, against faster-whisper itself: one run, the same weights.

    uv run python tests/benchmarks/words.py [--model FOLDER] [EVENT ...]
    uv run python tests/benchmarks/words.py --only room
    uv run python tests/benchmarks/words.py --only hour --minutes 60

An EVENT is a folder with recordings and a truth.json in it or above it, which has `words` with
times or `turns` with text. Without any: firelight, the sample, two_cities, jfk, five readers back
to back (91 s) and ten minutes of them, from BACKROW_EVAL_DATA (or ../shared/data); what is not
there is left out and said. The voices' words are the books' they were read from. `WhisperModel`
has its VAD on, both have their defaults otherwise. Prints tables and, last, one line of JSON.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from wer import Errors, errors, starts_off

from pipeline import audio, config
from pipeline.asr.faster_whisper import load
from pipeline.asr.whisper_model import find_model
from pipeline.audio.inputs import find_events
from pipeline.data import Audio, Transcript, Word
from pipeline.engines.choose import choose
from pipeline.errors import NoSpeech
from pipeline.progress import ignore
from pipeline.talks.people import with_speakers

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("BACKROW_EVAL_DATA", ROOT.parent / "shared" / "data"))
SOUNDS = (".opus", ".ogg", ".wav", ".flac", ".mp3", ".m4a", ".mp4", ".mkv", ".webm", ".mov")
READERS = ("1688-142285-000[048]", "1998-15444-000[26]", "2033-164914-000[048]")
READERS += ("2414-128291-000[26]",)
VOICES = 600.0  # seconds of them
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


@dataclass(frozen=True)
class Reading:
    """Sound, and what is said in it, with times where they are known."""

    name: str
    files: tuple[Path, ...]
    text: str
    words: tuple[Word, ...] = ()


@dataclass
class Systems:
    """Ours and faster-whisper's two, of the same weights on all cores."""

    model: str
    batch: int = 8
    _theirs: Any = field(default=None)

    def ours(self, sound: Audio, vocabulary: tuple[str, ...] = ()) -> Transcript:
        """From the WAV to the words: our search for speech and our guards included."""
        engine = load(self._options(), config.Run())
        speech = audio.find_speech(sound, ignore)
        return engine.transcribe(audio.read(sound), speech, ignore, "en", vocabulary)

    def sequential(self, sound: Audio) -> tuple[Word, ...]:
        found, _ = self._model().transcribe(
            audio.read(sound), language="en", vad_filter=True, word_timestamps=True
        )
        return _words(found)

    def batched(self, sound: Audio) -> tuple[Word, ...]:
        from faster_whisper import BatchedInferencePipeline

        found, _ = BatchedInferencePipeline(self._model()).transcribe(
            audio.read(sound), language="en", batch_size=self.batch, word_timestamps=True
        )
        return _words(found)

    def _options(self) -> config.Asr:
        return config.Asr(model=self.model, batch_size=self.batch)

    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        if self._theirs is None:
            opened = load(self._options(), config.Run()).loaded
            self._theirs = WhisperModel(
                str(find_model(opened.name)),
                opened.device,
                compute_type=opened.model.model.compute_type,
                cpu_threads=os.cpu_count() or 1,
            )
        return self._theirs


def _words(segments: Any) -> tuple[Word, ...]:
    return tuple(
        Word(word.start, word.end, word.word.strip(), word.probability)
        for segment in segments
        for word in segment.words or ()
    )


def readings(folders: Sequence[Path]) -> Iterator[Reading]:
    """The events asked for, or those that are known and here."""
    if folders:
        yield from map(event, folders)
        return
    yield event(ROOT / "samples" / "full-steam")
    voices = json.loads(
        (Path(__file__).parent / "data" / "voices.json").read_text(encoding="utf-8")
    )
    known = (
        ("two_cities", ("real/two_cities.wav",), TWO_CITIES),
        ("jfk", ("real/jfk.wav",), JFK),
    )
    if not DATA.is_dir():
        print(f"{DATA}: not there, only the sample is measured (set BACKROW_EVAL_DATA)")
        return
    yield event(DATA / "events" / "firelight")
    for name, files, text in known:
        yield Reading(name, tuple(DATA / file for file in files), text)
    read = [
        file for glob in READERS for file in sorted((DATA / "real/voices").glob(f"{glob}.flac"))
    ]
    yield Reading("readers", tuple(read), " ".join(voices[file.stem] for file in read))
    ten = _ten_minutes(sorted((DATA / "real/voices").glob("*.flac")))
    yield Reading("voices", tuple(ten), " ".join(voices[file.stem] for file in ten))


def _ten_minutes(files: Sequence[Path]) -> list[Path]:
    """Five talks, then a panel in which the readers take turns, until ten minutes are over."""
    panel = sorted(files, key=lambda file: file.stem.rsplit("-", 1)[1])
    taken, seconds = [], 0.0
    for file in [*files, *panel]:
        if seconds < VOICES:
            taken.append(file)
            seconds += file.stat().st_size / 18_400  # FLAC of these readers, about
    return taken


def event(folder: Path) -> Reading:
    """An event folder with its truth beside or above it."""
    truth = next((t for t in (folder, *folder.parents) if (t / "truth.json").is_file()), None)
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SOUNDS)
    if truth is None or not files:
        raise SystemExit(f"{folder}: has no recording, or no truth.json in it or above it")
    said = json.loads((truth / "truth.json").read_text(encoding="utf-8"))
    words = tuple(Word(w["start"], w["end"], w["text"], 1.0) for w in said.get("words", ()))
    texts = [word.text for word in words] or [turn["text"] for turn in said["turns"]]
    return Reading(folder.name, tuple(files), " ".join(texts), words)


def decoded(files: Sequence[Path], folder: Path, name: str) -> Audio:
    return audio.decode(files, folder / f"{name}.wav", ignore)


def measure_words(systems: Systems, folders: Sequence[Path], folder: Path) -> list[dict[str, Any]]:
    """A row for each reading, and the sum of them."""
    rows, sums = [], [Errors(0, 0, ())] * 3
    for reading in readings(folders):
        sound = decoded(reading.files, folder, reading.name)
        ours = systems.ours(sound)
        three = [
            errors(reading.text, ours.words, ours.doubts),
            errors(reading.text, systems.sequential(sound)),
            errors(reading.text, systems.batched(sound)),
        ]
        rows.append(_row(reading.name, three) | _times(reading, ours))
        sums = [
            Errors(a.words + b.words, a.errors + b.errors, a.lost + b.lost)
            for a, b in zip(sums, three, strict=True)
        ]
    rows.append(_row("sum", sums))
    return rows


def _row(name: str, three: Sequence[Errors]) -> dict[str, Any]:
    ours, *theirs = three
    best = min(one.rate for one in theirs)
    return {
        "name": name,
        "words": ours.words,
        "wer": [round(one.rate, 4) for one in three],
        "points_over_the_better": round(100 * (ours.rate - best), 2),
        "lost_in_runs": [one.lost_words for one in three],
        "lost": list(ours.lost),
    }


def _times(reading: Reading, ours: Transcript) -> dict[str, Any]:
    said: dict[str, Any] = {"wordless": ours.wordless, "doubts": len(ours.doubts)}
    if reading.words:
        off = starts_off(reading.words, ours.words)
        at = (off[len(off) // 2], off[int(len(off) * 0.95)], off[-1])
        said["starts_off_ms"] = [round(1000 * one) for one in at]
    return said


def measure_room(systems: Systems, folder: Path) -> dict[str, Any]:
    """Words made of ten minutes in which nobody speaks."""
    sound = decoded(sorted((DATA / "room" / "clips").glob("*.opus")), folder, "room")
    try:
        heard = systems.ours(sound)
    except NoSpeech:
        heard = Transcript("en", ())
    theirs = {"sequential": systems.sequential(sound), "batched": systems.batched(sound)}
    return {
        "seconds": round(sound.duration),
        "invented": " ".join(word.text for word in heard.words),
        "words": len(heard.words),
        **{name: len(words) for name, words in theirs.items()},
    }


def measure_hour(systems: Systems, minutes: float, folder: Path) -> dict[str, Any]:
    """The sample's evening again and again: our wall and CPU time over theirs."""
    one = decoded(sorted((ROOT / "samples").glob("*/*.opus")), folder, "one")
    systems.ours(one), systems.batched(decoded([DATA / "real" / "jfk.wav"], folder, "jfk"))
    times = max(1, round(minutes * 60 / one.duration))
    hour = decoded([folder / "one.wav"] * times, folder, "hour")
    took = {}
    for name in ("ours", "batched", "sequential"):
        began, spent = time.perf_counter(), time.process_time()
        getattr(systems, name)(hour)
        took[name] = (time.perf_counter() - began, time.process_time() - spent)
    faster = min(("batched", "sequential"), key=lambda name: took[name][0])
    return {
        "minutes": round(hour.duration / 60, 1),
        "wall_s": {name: round(wall) for name, (wall, _) in took.items()},
        "cpu_s": {name: round(cpu) for name, (_, cpu) in took.items()},
        "wall_over_the_faster": round(took["ours"][0] / took[faster][0], 2),
        "cpu_over_it": round(took["ours"][1] / took[faster][1], 2),
        "cores": os.cpu_count(),
    }


def measure_hotwords(systems: Systems, folder: Path) -> dict[str, Any]:
    """Firelight with and without the names that its user gave: names heard right, word errors."""
    place = DATA / "events" / "firelight"
    info = with_speakers(find_events([place])[0][0].info)
    reading = event(place)
    sound = decoded(reading.files, folder, "hotwords")
    parts = {part.lower() for name in info.vocabulary() for part in name.split()}
    said: dict[str, Any] = {"vocabulary": list(info.vocabulary())}
    for name, vocabulary in (("without", ()), ("with", info.vocabulary())):
        heard = systems.ours(sound, vocabulary)
        right = sum(word.text.strip(".,?!'s").lower() in parts for word in heard.words)
        found = errors(reading.text, heard.words, heard.doubts)
        said[name] = {"wer": round(found.rate, 4), "lost": found.lost_words, "parts": right}
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", nargs="*", type=Path)
    parser.add_argument("--model", default="auto", help="a size, a hub name or a folder")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--only", choices=("words", "room", "hour", "hotwords"))
    asked = parser.parse_args()
    systems = Systems(choose(config.load(asr={"model": asked.model}))["asr"].model)
    wanted = [asked.only] if asked.only else ["words"]
    if not asked.only and not asked.events:
        wanted += ["room", "hotwords", "hour"]
    found: dict[str, Any] = {"model": asked.model}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "words" in wanted:
            found["words"] = measure_words(systems, asked.events, folder)
            show(found["words"], asked.model)
        if "room" in wanted and DATA.is_dir():
            found["room"] = measure_room(systems, folder)
        if "hotwords" in wanted and DATA.is_dir():
            found["hotwords"] = measure_hotwords(systems, folder)
        if "hour" in wanted:
            found["hour"] = measure_hour(systems, asked.minutes, folder)
    print(json.dumps(found))


def show(rows: Sequence[dict[str, Any]], model: str) -> None:
    table = Table(title=f"word error rate, {model}: ours, WhisperModel, BatchedInferencePipeline")
    for column in ("recording", "words", "WER", "points over the better", "lost in runs"):
        table.add_column(column)
    table.add_column("wordless, s"), table.add_column("starts off, ms: median, 95%, most")
    for row in rows:
        rates = " ".join(f"{rate:.1%}" for rate in row["wer"])
        lost, off = (
            " ".join(map(str, row.get(key, ()))) for key in ("lost_in_runs", "starts_off_ms")
        )
        over = f"{row['points_over_the_better']:+.2f}"
        silent = str(row.get("wordless", ""))
        table.add_row(row["name"], str(row["words"]), rates, over, lost, silent, off)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
