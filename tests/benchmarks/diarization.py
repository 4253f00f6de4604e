"""Who speaks when: error, number of speakers and cost of an engine, as a table and one JSON line.

    uv run python tests/benchmarks/diarization.py [EVENT ...]
    uv run python tests/benchmarks/diarization.py --engine pyannote --segmentation FILE [EVENT ...]

An EVENT is a name of this list or any folder with a truth.json (`turns` of start, end, speaker)
and one recording: sample (the made-up evening of samples/), firelight, phone and trn01 to trn05
(30 s each: a telephone, a meeting), and made ones, N being a seed: made-N (talks, then a fast
panel, ten minutes), interview-N, questions-N, crosstalk-N, loud-N (see made_events.py). All but
sample need BACKROW_EVAL_DATA. Speech is found by the program itself and its cost not counted.

The rules of the engine were set on the events that are marked tuned; the others were run after.

Columns: diarization error rate at a collar of 0.25 s and at none (by pyannote.metrics, whose
collar is the whole width around an edge; overlaps
count), confusion at none, speakers found of true ones (hardly any speech is no speaker, as in the
program), CPU seconds per hour of sound.
The row `meetings` is phone and trn03 to trn05 together.
"""

import argparse
import json
import time
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from made_events import (
    MadeEvent,
    conference,
    crosstalk,
    eval_data,
    find_speech_in,
    interview,
    loud_room,
    questions,
    read_audio,
    read_voices,
)
from pyannote.core import Annotation, Segment
from pyannote.metrics.diarization import DiarizationErrorRate

from pipeline import config
from pipeline.data import Diarization, Span, Turn
from pipeline.diarize import Diarizer
from pipeline.diarize.strays import reassign, stray_speakers
from pipeline.errors import NoSpeech
from pipeline.event import SpeakerCount

SAMPLES = Path(__file__).parents[2] / "samples"
SOUND = (".opus", ".ogg", ".wav", ".flac", ".mp3", ".m4a")
MADE = {"made": conference, "interview": interview, "questions": questions, "crosstalk": crosstalk}
MEETINGS = ("phone", "trn03", "trn04", "trn05")
TUNED = ("sample", "firelight", *MEETINGS, "made-0", "made-1")
ALL = (
    *TUNED,
    *("trn01", "trn02", "made-2", "made-3", "interview-0", "interview-1"),
    *("questions-0", "questions-1", "crosstalk-0", "crosstalk-1", "loud-0", "loud-1"),
)


@dataclass(frozen=True)
class Row:
    """What was measured on an event; seconds of the truth's speech."""

    name: str
    forgiving: float
    wrong: float
    confused: float
    spoken: float
    found: int
    speakers: int
    cpu: float
    seconds: float

    def __str__(self) -> str:
        seen = "tuned" if self.name in TUNED else "seen" if self.name == "trn01" else ""
        speakers = f"{self.found}/{self.speakers}" if self.speakers else ""
        name = Path(self.name).name
        return (
            f"{name:14} {seen:6} {self.forgiving:8.1%} {self.share(self.wrong):7.1%} "
            f"{self.share(self.confused):10.2%} {speakers:>9} {self.cpu / self.seconds * 3600:8.0f}"
        )

    def share(self, part: float) -> float:
        return part / self.spoken if self.spoken else 0.0


def read_rttm(path: Path, recording: str | None = None) -> tuple[Turn, ...]:
    """The turns of a file, of one recording in it."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if recording in (None, row[1])]
    turns = [Turn(float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows]
    return tuple(sorted(turns, key=lambda turn: turn.start))


def folder_event(folder: Path) -> MadeEvent:
    """A recording and its truth."""
    turns = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["turns"]
    [audio] = [file for file in sorted(folder.iterdir()) if file.suffix in SOUND]
    made = tuple(Turn(t["start"], t["end"], t["speaker"]) for t in turns)
    return MadeEvent(read_audio(audio), made)


def event(name: str, data: Path) -> MadeEvent:
    """An event by its name in the table, or a folder."""
    real = data / "real"
    kind, _, seed = name.rpartition("-")
    if name == "sample":
        return folder_event(next(SAMPLES.glob("*/truth.json")).parent)
    if name == "firelight":
        return folder_event(data / "events" / name)
    if name == "phone":
        truth = read_rttm(real / "pyannote_sample.rttm")
        return MadeEvent(read_audio(real / "pyannote_sample.wav"), truth)
    if name.startswith("trn"):  # the first half of each is annotated
        half = read_audio(real / "ami" / f"{name}.wav")[: 30 * 16000]
        return MadeEvent(half, read_rttm(real / "ami" / "train.rttm", name))
    if kind == "loud":
        return loud_room(read_voices(real / "voices"), int(seed), data / "room" / "clips")
    if kind in MADE:
        return MADE[kind](read_voices(real / "voices"), int(seed))
    return folder_event(Path(name))


def annotation(turns: Iterable[Turn]) -> Annotation:
    made = Annotation()
    for number, turn in enumerate(turns):
        made[Segment(turn.start, turn.end), number] = turn.speaker
    return made


def errors(truth: Sequence[Turn], found: Sequence[Turn]) -> tuple[float, float, float]:
    """DER at a collar of 0.25 s, DER at none, confusion at none; shares of the truth's speech."""
    forgiving, parts = _errors(truth, found)
    return forgiving, parts["diarization error rate"], parts["confusion"] / parts["total"]


def _errors(truth: Sequence[Turn], found: Sequence[Turn]) -> tuple[float, dict[str, float]]:
    true, heard = annotation(truth), annotation(found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "uem" is not given: the whole recording counts
        forgiving = DiarizationErrorRate(collar=0.25)(true, heard)
        return forgiving, DiarizationErrorRate()(true, heard, detailed=True)


def speech_of(made: MadeEvent) -> tuple[Span, ...]:
    try:
        return find_speech_in(made.samples)
    except NoSpeech:
        return ()


def measure(engine: Diarizer, name: str, made: MadeEvent) -> Row:
    speech = speech_of(made)
    began = time.process_time()
    found: Diarization = engine.diarize(made.samples, speech, SpeakerCount(), lambda _: None)
    cpu = time.process_time() - began
    found = reassign(found, stray_speakers(found))
    forgiving, parts = _errors(made.turns, (*found.turns, *found.beside))
    wrong = parts["diarization error rate"] * parts["total"]
    return Row(
        name,
        forgiving,
        wrong,
        parts["confusion"],
        parts["total"],
        len(found.voices),
        len(made.speakers),
        cpu,
        made.seconds,
    )


def together(name: str, rows: Sequence[Row]) -> Row:
    """Several events as one."""
    weighed = sum(row.forgiving * row.spoken for row in rows) / sum(row.spoken for row in rows)
    sums = {
        part: sum(getattr(row, part) for row in rows)
        for part in ("wrong", "confused", "spoken", "cpu", "seconds")
    }
    return Row(name, weighed, found=0, speakers=0, **sums)


def engine(options: argparse.Namespace) -> Diarizer:
    if options.engine == "pyannote":
        from pipeline.diarize import pyannote

        return pyannote.load(config.Diarize(segmentation=options.segmentation), config.Run())
    from pipeline.diarize import campplus

    return campplus.load(config.Diarize(), config.Run())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("events", nargs="*", metavar="EVENT")
    parser.add_argument("--engine", default="campplus", choices=("campplus", "pyannote"))
    parser.add_argument("--segmentation", help="pyannote: a checkpoint")
    options = parser.parse_args()
    data, names = eval_data(), options.events or list(ALL)
    if data is None and not options.events:
        print("all but sample: skipped, there is no BACKROW_EVAL_DATA")
        names = ["sample"]
    print("event                 DER 0.25   DER 0  confusion  speakers  CPU s/h")
    ready, rows = engine(options), []
    for name in names:
        rows.append(measure(ready, name, event(name, data or Path())))
        print(rows[-1], flush=True)
    if set(MEETINGS) <= set(names):
        rows.append(together("meetings", [row for row in rows if row.name in MEETINGS]))
        print(rows[-1])
    print(json.dumps({"engine": options.engine, "rows": [vars(row) for row in rows]}))


if __name__ == "__main__":
    main()
