"""Real applause and laughter in real speech: what is found of it, and what is found that is not.

    uv run --all-groups python tests/benchmarks/room_real.py [--model yamnet.tflite]

Reads `room/` of BACKROW_EVAL_DATA (or ../shared/data); without --model the rules are measured.
Found: a sound of the right kind that overlaps. Limits were set on half 0; half 1 is the other file.
The published YAMNet could not be fetched where its figures were made: a copy, sha256 469be6a3….
"""

import argparse
import csv
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from pipeline.audio import decode, find_speech, hear_room, yamnet
from pipeline.data import RoomSound

BESIDE = Path(__file__).parents[3] / "shared" / "data"
DATA = Path(os.environ.get("BACKROW_EVAL_DATA", BESIDE)) / "room"
OTHERS = ("music", "noise", "unrest", "single")


def heard(file: Path, model: Path | None, folder: Path) -> Sequence[RoomSound]:
    audio = decode([file], folder / f"{file.stem}.wav", digest=file.stem)
    return yamnet.detect_sounds(audio, model) if model else hear_room(audio, find_speech(audio))


def overlaps(sound: RoomSound, row: dict[str, str]) -> bool:
    return sound.start < float(row["end"]) and float(row["start"]) < sound.end


def figures(rows: Sequence[dict[str, str]], sounds: Sequence[RoomSound]) -> Counter[str]:
    """What of the truth was found, by kind, and what was called wrongly."""
    told = [sound for sound in sounds if sound.kind in ("applause", "laughter")]
    counts: Counter[str] = Counter()
    for row in rows:
        near = {sound.kind for sound in told if overlaps(sound, row)}
        counts[f"all {row['kind']}"] += 1
        counts[f"{row['kind']} found"] += row["kind"] in near
        counts["others called"] += row["kind"] in OTHERS and bool(near)
        counts["laughter called applause"] += row["kind"] == "laughter" and "applause" in near
    counts["false alarms"] = sum(not any(overlaps(sound, row) for row in rows) for sound in told)
    return counts


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path)
    options = parser.parse_args()
    truth = list(csv.DictReader((DATA / "truth.tsv").open(), delimiter="\t"))
    table = Table("event", "applause", "laughter", "others called", "laughs as applause", "false")
    with tempfile.TemporaryDirectory() as folder:
        for file in sorted((DATA / "events").glob("*.opus")):
            rows = [row for row in truth if row["file"].endswith(file.name)]
            found = figures(rows, heard(file, options.model, Path(folder)))
            table.add_row(
                file.stem,
                f"{found['applause found']} of {found['all applause']}",
                f"{found['laughter found']} of {found['all laughter']}",
                f"{found['others called']} of {sum(found[f'all {kind}'] for kind in OTHERS)}",
                str(found["laughter called applause"]),
                str(found["false alarms"]),
            )
    Console().print(table)


if __name__ == "__main__":
    main()
