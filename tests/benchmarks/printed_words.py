"""Word error rate of what a post prints of its transcript: a reader sees no other words.

    uv run python tests/benchmarks/printed_words.py POSTS/SLUG TRUTH.json
    uv run python tests/benchmarks/printed_words.py POSTS/SLUG TRUTH.json --show

The folder is one that `backrow run` wrote; the truth has words with times, as the sample's
truth.json. Three kinds of stretch: receipts, quotes inside notes, and the lines of summaries and
notes that tell what was said in other words; the last two are looked up in the transcript first.
"""

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
from rapidfuzz import fuzz
from wer import normal

FOUND = 60.0  # rapidfuzz score (0..100) over which a line tells a stretch of the transcript
LEAST = 3  # words of a stretch that is worth looking up
SLACK = 0.08  # seconds that a word's times may differ between truth and engine


@dataclass(frozen=True)
class Stretch:
    """Words as they were heard and as they were said."""

    kind: str
    heard: str
    said: str

    @property
    def measured(self) -> jiwer.WordOutput:
        return jiwer.process_words(normal(self.said) or "-", normal(self.heard) or "-")


def stretches(
    notes: dict[str, Any], heard: Sequence[Any], said: Sequence[Any]
) -> Iterator[Stretch]:
    """All that a post prints of its transcript."""
    for talk in notes["talks"]:
        inside = [w for w in heard if talk["start"] <= w["start"] <= talk["end"]]
        for line in talk["summary"].splitlines():
            quotes = re.findall(r"“(.*?)”", line)
            for each in quotes or [line]:
                yield from _told("quote" if quotes else "told", each, inside, said)
        for note in talk["notes"]:
            receipts = [r for r in note["receipts"] if r["speaker"]]
            for one in receipts:
                if one["end"] > one["start"]:
                    yield _timed("receipt", heard, said, one["start"], one["end"])
            quotes = re.findall(r"“(.*?)”", note["text"])
            for quote in quotes:
                yield from _told("quote", quote, inside, said)
            if receipts and not quotes:
                first = receipts[0]
                own = [w for w in heard if first["start"] <= w["start"] < first["end"]]
                yield from _told("told", note["text"], own, said)


def _timed(
    kind: str, heard: Sequence[Any], said: Sequence[Any], start: float, end: float
) -> Stretch:
    def within(words: Sequence[Any]) -> str:
        inside = (w for w in words if start - SLACK <= (w["start"] + w["end"]) / 2 <= end + SLACK)
        return " ".join(word["text"] for word in inside)

    return Stretch(kind, within(heard), within(said))


def _told(kind: str, line: str, heard: Sequence[Any], said: Sequence[Any]) -> Iterator[Stretch]:
    """The stretch that a line tells; nothing where it tells none (applause, a wording)."""
    tokens = [normal(word["text"]) for word in heard]
    text, starts = "", []
    for token in tokens:
        starts.append(len(text))
        text += f"{token} "
    first_person = line.lower().replace("they", "we").replace("their", "our")
    wanted = " ".join(re.findall(r"[a-z']+", first_person))
    if len(wanted.split()) < LEAST or len(wanted) > len(text) * 1.5:
        return
    found = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=FOUND)
    if found is None or found.score < FOUND:
        return
    first, last = min(found.dest_start, len(text) - 2), max(found.dest_end - 1, 1)
    words = [w for w, at in zip(heard, starts, strict=True) if first - 2 <= at < last - 1]
    if len(words) >= LEAST:
        yield _timed(kind, heard, said, words[0]["start"], words[-1]["end"])


def table(found: Sequence[Stretch]) -> None:
    print(f"{'printed':10} {'stretches':>9} {'words':>6} {'wrong':>6} {'errors':>7} {'whole':>6}")
    for kind in ("receipt", "quote", "told", ""):
        own = [each for each in found if each.kind.startswith(kind)]
        if not own:
            continue
        measured = [each.measured for each in own]
        wrong = sum(m.substitutions + m.deletions + m.insertions for m in measured)
        words = sum(m.substitutions + m.deletions + m.hits for m in measured)
        whole = sum(m.wer == 0 for m in measured) / len(own)
        share = wrong / max(1, words)
        print(f"{kind or 'all':10} {len(own):9} {words:6} {wrong:6} {share:7.1%} {whole:6.0%}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("truth", type=Path)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    notes = json.loads((args.folder / "notes.json").read_text())
    heard = json.loads((args.folder / "transcript.json").read_text())["words"]
    said = json.loads(args.truth.read_text())["words"]
    found = list(stretches(notes, heard, said))
    if args.show:
        for each in found:
            print(f"{each.measured.wer:5.0%} {each.kind:8} {each.heard}\n{'':15}{each.said}")
    table(found)


if __name__ == "__main__":
    main()
