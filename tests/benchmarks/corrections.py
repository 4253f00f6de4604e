"""Corrections made on one engine's transcript, applied to those of others: which still fit.

    uv run python tests/benchmarks/corrections.py EVENT CORRECTIONS OUT [OUT ...]

EVENT is a folder with a truth.json that was run into each OUT (`backrow run EVENT -o OUT ...`) with
other engines; what was heard is read from there and nothing is computed. CORRECTIONS is a file like
events/full-steam.corrections.toml. Columns: engines, words that the first one of them heard
otherwise, corrections and how many of them fit, notes that are doubted, words that are wrong and
words whose speaker has the right name, each before and after. Below it what no longer fits.

The sample; on events that nobody has read, corrections are measured by reheard.py.
"""

import json
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from pipeline.audio.inputs import find_events
from pipeline.corrections.file import FILE, read
from pipeline.data import Doubted, Outline
from pipeline.render.article import Article
from pipeline.review.reading import reader
from pipeline.text import folded

SLACK = 0.2  # seconds by which a true turn may begin or end otherwise


@dataclass(frozen=True)
class Row:
    """What corrections were worth on one run's transcript."""

    engines: str
    heard: list[str]
    corrections: int
    doubts: tuple[Doubted, ...]
    wrong: tuple[int, int]
    named: tuple[float, float]

    @property
    def astray(self) -> list[Doubted]:
        return [one for one in self.doubts if one.kind == "correction"]


def article(event: Path, out: Path) -> Article:
    """The event as a run into OUT would publish it, with what lies beside it."""
    ((source,), _) = find_events([event])
    return replace(reader(source, out), event=source).read().article


def differing(some: list[str], other: list[str]) -> int:
    """How many words of one transcript another has otherwise."""
    codes = SequenceMatcher(None, some, other, autojunk=False).get_opcodes()
    return sum(max(j - i, n - m) for op, i, j, m, n in codes if op != "equal")


def words(known: Outline) -> list[str]:
    return [folded(word.text) for one in known.utterances for word in one.words]


def rightly_named(known: Outline, truth: Any) -> float:
    """The share of the words whose speaker is called as the truth calls who speaks then."""
    names = {
        one["id"]: folded(one["name"] or one["role"].removeprefix("a "))
        for one in truth["speakers"]
    }
    called = {one.id: folded(one.label).removeprefix("the") for one in known.speakers}
    told = []
    for one in known.utterances:
        for word in one.words:
            middle = (word.start + word.end) / 2
            true = [t["speaker"] for t in truth["turns"] if _within(middle, t)]
            who = called[one.speaker]
            right = (who in names[each] or names[each] in who for each in true)
            told += [any(right)] if true else []
    return sum(told) / len(told)


def _within(time: float, turn: Any) -> bool:
    return bool(turn["start"] - SLACK <= time <= turn["end"] + SLACK)


def measured(event: Path, corrections: Path, out: Path) -> Row:
    """One event as a run into OUT heard it, without and under corrections."""
    truth = json.loads((event / "truth.json").read_text(encoding="utf-8"))
    true = [folded(word["text"]) for word in truth["words"]]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / event.name
        shutil.copytree(event, copy)
        (copy / FILE).unlink(missing_ok=True)
        before = article(copy, out)
        shutil.copy(corrections, copy / FILE)
        after = article(copy, out)
    both = [before.written.outline, after.written.outline]
    wrong = [differing(true, words(each)) for each in both]
    named = [rightly_named(each, truth) for each in both]
    engines = f"{after.engines['asr'].model}, {after.engines['diarize'].name}"
    count = len(read(corrections).fixes)
    return Row(
        engines,
        words(before.written.outline),
        count,
        after.doubts,
        (wrong[0], wrong[1]),
        (named[0], named[1]),
    )


def main(event: Path, corrections: Path, outs: list[Path]) -> None:
    rows = [measured(event, corrections, out) for out in outs]
    heads = ("engines", "otherwise", "corrections", "fit", "doubts", "wrong words", "named")
    print("{:20} {:>9} {:>11} {:>9} {:>6} {:>12} {:>13}".format(*heads))
    for row in rows:
        fit = row.corrections - len(row.astray)
        print(
            f"{row.engines:20} {differing(rows[0].heard, row.heard):9} {row.corrections:11} "
            f"{f'{fit} {fit / row.corrections:.0%}':>9} {len(row.doubts) - len(row.astray):6} "
            f"{'{} > {}'.format(*row.wrong):>12} {'{:.1%} > {:.1%}'.format(*row.named):>13}"
        )
    for row in rows:
        for one in row.doubts:
            print(f"{row.engines}: {one.text}: {one.why}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]])
