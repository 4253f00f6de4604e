"""Speakers linked across an eight-hour day: confusion, number, time and memory, as a table.

    uv run python tests/benchmarks/long_day.py [--hours H] [--talks N] [--seeds N]

Needs BACKROW_EVAL_DATA. The day is made of single voices that come back at random, each talk by
another than the one before, in blocks of at most 20 minutes. Every block is made, searched for
speech and diarized for real, whole, and thrown away; then the blocks are linked. No embedding is
used twice. Confusion is the share of the truth's speech that has the wrong speaker.
"""

import argparse
import resource
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
from made_events import Stage, eval_data, find_speech_in, read_voices
from scipy.optimize import linear_sum_assignment

from pipeline import config
from pipeline.data import Diarization, Span, Turn
from pipeline.diarize import campplus
from pipeline.diarize.link import link
from pipeline.event import SpeakerCount

BLOCK = 1200.0  # seconds
ANY = SpeakerCount()
Voices = dict[str, list[np.ndarray]]


def programme(
    voices: Voices, talks: int, seconds: float, seed: int
) -> list[list[tuple[str, float]]]:
    """For each block, who talks for how long; a talk goes on in the next block."""
    rng = np.random.default_rng(seed)
    blocks: list[list[tuple[str, float]]] = [[]]
    room, last = BLOCK, ""
    for _ in range(talks):
        last = str(rng.choice([name for name in sorted(voices) if name != last]))
        left = seconds / talks
        while left > 0:
            part = min(left, room)
            blocks[-1].append((last, part))
            left, room = left - part, room - part
            if room < 1:
                blocks.append([])
                room = BLOCK
    return [block for block in blocks if block]


def confused(truth: Sequence[Turn], found: Sequence[Turn]) -> float:
    """The share of the truth's speech that has the wrong speaker, in steps of 10 ms."""
    shared: Counter[tuple[str, str]] = Counter()
    true, heard = timeline(truth), timeline(found)
    for place, who in true.items():
        if place in heard:
            shared[who, heard[place]] += 1
    rows, columns = (sorted({pair[side] for pair in shared}) for side in (0, 1))
    table = np.array([[shared[row, column] for column in columns] for row in rows])
    right = table[linear_sum_assignment(-table)].sum()
    return float(table.sum() - right) / len(true)


def timeline(turns: Sequence[Turn]) -> dict[int, str]:
    """Who speaks in each 10 ms."""
    return {at: t.speaker for t in turns for at in range(int(t.start * 100), int(t.end * 100))}


def day(voices: Voices, talks: int, hours: float, seed: int) -> str:
    rng = np.random.default_rng(seed)
    engine = campplus.load(config.Diarize(), config.Run())
    done: list[tuple[Span, Diarization]] = []
    truth: list[Turn] = []
    start, spent, alone = 0.0, 0.0, 0
    for block in programme(voices, talks, hours * 3600, seed):
        stage = Stage(voices, rng)
        for who, seconds in block:
            stage.talk(who, seconds)
        made = stage.done()
        speech = find_speech_in(made.samples)
        began = time.perf_counter()
        found = engine.diarize(made.samples, speech, ANY, lambda _: None)
        spent += time.perf_counter() - began
        alone += len(found.voices) == len(made.speakers)
        done.append((Span(start, start + made.seconds), found))
        truth += [Turn(t.start + start, t.end + start, t.speaker) for t in made.turns]
        start += made.seconds
    began = time.perf_counter()
    whole = link(done, ANY)
    linking = time.perf_counter() - began
    confusion = confused(truth, whole.turns)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speakers = f"{len(whole.voices)}/{len({turn.speaker for turn in truth})}"
    right = f"{alone}/{len(done)}"
    return (
        f"{seed:4} {start / 3600:6.2f} {right:>12} {confusion:10.2%} {speakers:>9} "
        f"{spent / start:6.3f} {linking:8.3f} {peak:8.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--talks", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    data = eval_data()
    if data is None:
        print("skipped: there is no BACKROW_EVAL_DATA")
        return
    voices = read_voices(data / "real" / "voices")
    print("goals: confusion <= 1%, right number of speakers, linking < 60 s, memory < 1 GB")
    print("seed  hours blocks right  confusion  speakers  speed  link s  peak MB")
    for seed in range(options.seeds):
        print(day(voices, options.talks, options.hours, seed), flush=True)


if __name__ == "__main__":
    main()
