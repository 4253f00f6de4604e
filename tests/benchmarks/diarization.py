"""Who speaks when: error, number of speakers and speed of the engines, as a table.

    uv run python tests/benchmarks/diarization.py [--seeds N] [--pyannote] [EVENT ...]

Events: sample (the made-up evening of samples/), made-N (ten minutes built from single voices:
talks, then a fast panel; N is the seed), phone (30 s of two people on the telephone). The latter
two need BACKROW_EVAL_DATA; --pyannote runs pyannote.audio, built from the segmentation checkpoint
in BACKROW_EVAL_MODELS, on the same events. Speech is found by the program itself and shared.

Columns: diarization error rate at a collar of 0.25 s and at none (by pyannote.metrics,
whose collar is the whole width around an edge), confusion,
speakers found of true ones, and the engine's seconds per second of audio (finding speech not
counted; it is the same for all).
"""

import argparse
import json
import time
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

from made_events import (
    MadeEvent,
    conference,
    eval_data,
    eval_models,
    find_speech_in,
    read_audio,
    read_voices,
)
from pyannote.core import Annotation, Segment
from pyannote.metrics.diarization import DiarizationErrorRate

from pipeline import config
from pipeline.data import Turn
from pipeline.diarize import Diarizer, ge2e, pyannote
from pipeline.event import SpeakerCount

SAMPLES = Path(__file__).parents[2] / "samples"
GOALS = {"sample": "DER <= 5%", "made": "confusion <= 1%", "phone": ""}


def read_rttm(path: Path) -> tuple[Turn, ...]:
    """The turns of a file with one recording in it."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    turns = [Turn(float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows]
    return tuple(sorted(turns, key=lambda turn: turn.start))


def sample() -> MadeEvent:
    folder = next(SAMPLES.glob("*/truth.json")).parent
    turns = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["turns"]
    [audio] = folder.glob("*.opus")
    return MadeEvent(
        read_audio(audio), tuple(Turn(t["start"], t["end"], t["speaker"]) for t in turns)
    )


def event(name: str, data: Path) -> MadeEvent:
    """An event by its name in the table."""
    if name == "sample":
        return sample()
    if name == "phone":
        real = data / "real"
        truth = read_rttm(real / "pyannote_sample.rttm")
        return MadeEvent(read_audio(real / "pyannote_sample.wav"), truth)
    return conference(read_voices(data / "real" / "voices"), int(name.removeprefix("made-")))


def annotation(turns: Iterable[Turn]) -> Annotation:
    made = Annotation()
    for number, turn in enumerate(turns):
        made[Segment(turn.start, turn.end), number] = turn.speaker
    return made


def errors(truth: Sequence[Turn], found: Sequence[Turn]) -> tuple[float, float, float]:
    """DER at a collar of 0.25 s, DER at none, confusion at none; shares of the truth's speech."""
    true, heard = annotation(truth), annotation(found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "uem" is not given: the whole recording counts
        forgiving = DiarizationErrorRate(collar=0.25)(true, heard)
        parts = DiarizationErrorRate()(true, heard, detailed=True)
    return forgiving, parts["diarization error rate"], parts["confusion"] / parts["total"]


def measure(engine: Diarizer, name: str, made: MadeEvent) -> str:
    speech = find_speech_in(made.samples)
    began = time.perf_counter()
    found = engine.diarize(made.samples, speech, SpeakerCount(), lambda _: None)
    speed = (time.perf_counter() - began) / made.seconds
    forgiving, strict, confusion = errors(made.turns, found.turns)
    speakers = f"{len(found.voices)}/{len(made.speakers)}"
    goal = GOALS[name.partition("-")[0]]
    which = type(engine).__name__.lower()
    return (
        f"{name:10} {which:9} {forgiving:8.1%} {strict:7.1%} {confusion:10.2%} "
        f"{speakers:>9} {speed:6.3f}  {goal}"
    )


def engines(with_pyannote: bool) -> list[Diarizer]:
    found: list[Diarizer] = [ge2e.load(config.Diarize(), config.Run())]
    models = eval_models()
    if with_pyannote and models:
        checkpoint = str(models / "pyannote-segmentation.bin")
        found.append(pyannote.load(config.Diarize(segmentation=checkpoint), config.Run()))
    elif with_pyannote:
        print("pyannote: skipped, there is no BACKROW_EVAL_MODELS")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("events", nargs="*", metavar="EVENT")
    parser.add_argument("--seeds", type=int, default=5, help="how many made events")
    parser.add_argument("--pyannote", action="store_true")
    options = parser.parse_args()
    data = eval_data()
    names = options.events or ["sample", *(f"made-{n}" for n in range(options.seeds)), "phone"]
    if data is None:
        print("made events and phone: skipped, there is no BACKROW_EVAL_DATA")
        names = [name for name in names if name == "sample"]
    print("event      engine    DER 0.25  DER 0  confusion  speakers  speed  goal")
    for engine in engines(options.pyannote):
        for name in names:
            print(measure(engine, name, event(name, data or Path())), flush=True)


if __name__ == "__main__":
    main()
