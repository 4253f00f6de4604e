"""How well the detector finds claims, numbers, omissions, contradictions and evidence.

    uv run python tests/benchmarks/claims.py            the table
    uv run python tests/benchmarks/claims.py --errors   and what was missed or wrong (not for the
                                                        unread events: nobody tunes on them)
    uv run python tests/benchmarks/claims.py --mishear 0.1   with every tenth word misheard

`claims/*.toml` are events with keys. Every other event is unread: whoever wrote the expressions of
the detector and the caveats' words of 2026-11-28 has read none of its errors. The rules of
quantities are older, and had; on 2026-11-28 each was switched off by itself, and went where that
cost less than .01 on the unread events. So for these the figures of both halves are seen ones. The
events to believe are the sixteen of claims/first_sight, by somebody who had read neither the code
nor an event (`--from`). A contradiction is one with a source; the keys have those between talks
too, which no code finds.
"""

import argparse
import tempfile
import time
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from claims_events import Line, build, read_lines
from mishear import words
from rich.console import Console
from rich.table import Table

from pipeline.claims import claims, examine, omissions, quantities
from pipeline.claims.evidence import Sources
from pipeline.data import Claim, Contradiction, Findings, Outline, Talk
from pipeline.event import EventInfo
from pipeline.notes.evening import Evening, source_texts
from pipeline.text import stem

HERE = Path(__file__).parent
CAVEATS = HERE.parent.parent / "prompts" / "caveats.toml"


@dataclass
class Score:
    """Right, missed and wrong answers of one kind."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.missed + other.missed, self.wrong + other.wrong)


@dataclass
class Result:
    claims: Score = field(default_factory=Score)
    numbers: Score = field(default_factory=Score)
    omissions: Score = field(default_factory=Score)
    decoys: int = 0
    contradictions: Score = field(default_factory=Score)  # two numbers for one thing
    sources: Score = field(default_factory=Score)
    figures: Score = field(default_factory=Score)  # of the claims found: said so, or misheard
    noise: int = 0  # claims for which a source about something else was brought
    errors: list[str] = field(default_factory=list)

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.claims + other.claims,
            self.numbers + other.numbers,
            self.omissions + other.omissions,
            self.decoys + other.decoys,
            self.contradictions + other.contradictions,
            self.sources + other.sources,
            self.figures + other.figures,
            self.noise + other.noise,
        )


# ---- scores


def run(event: dict[str, Any], folder: Path, wrong: float = 0.0) -> Result:
    """An event's scores; `wrong` is the share of its words that is misheard, numbers too."""
    talks, lines = build(event)
    if wrong:
        talks = [misheard(talk, wrong) for talk in talks]
    for source in event.get("source", ()):
        (folder / "sources").mkdir(exist_ok=True)
        (folder / "sources" / source["name"]).write_text(source["text"], encoding="utf-8")
    sources = read_sources(folder / "sources")
    caveats = omissions.load_caveats(CAVEATS)
    findings = examine(talks, [claims.find_claims(talk) for talk in talks], caveats, (), sources)
    result = Result()
    for talk, rows, found in zip(event["talk"], lines, findings, strict=True):
        score_claims(rows, found.claims, result)
        score_omissions(talk, found, result)
    score_contradictions(event, [row for rows in lines for row in rows], findings, result)
    score_sources(event, [row for rows in lines for row in rows], sources, result)
    noise = {s["name"] for s in event.get("source", ()) if s.get("irrelevant")}
    for claim in (claim for found in findings for claim in found.claims):
        beside = [p for p in sources.find(claim.quote) if any(name in p.place for name in noise)]
        result.noise += bool(beside)
        result.errors.extend(f"irrelevant      {claim.quote} <- {p.text}" for p in beside)
    return result


def read_sources(folder: Path) -> Sources:
    """The lines of the files of a folder, as the writer without a model reads them."""
    texts, _ = source_texts(folder)
    return Sources(Evening(EventInfo(), Outline((), (), ()), sources=texts).source_lines)


def misheard(talk: Talk, wrong: float) -> Talk:
    """A talk as an engine with that word error rate hears it."""
    heard = (
        replace(each, words=tuple(words(list(each.words), wrong, f"{talk.title}{each.id}")))
        for each in talk.utterances
    )
    return replace(talk, utterances=tuple(each for each in heard if each.words))


def over(line: Line, claim: Claim) -> bool:
    """Whether a claim covers most of a line, or a line most of a claim."""
    if not line.words:
        return False
    start, end = line.words[0].start, line.words[-1].end
    shared = min(end, claim.end) - max(start, claim.start)
    return shared > 0.5 * min(end - start, claim.end - claim.start)


def score_claims(rows: list[Line], found: tuple[Claim, ...], result: Result) -> None:
    for line in rows:
        hits = [claim for claim in found if over(line, claim)]
        if line.kind not in (None, "maybe"):
            result.claims.right += bool(hits)
            result.claims.missed += not hits
            if not hits:
                result.errors.append(f"missed claim     {line.heard}")
        if line.values:
            score_numbers(line, result)
    for claim in found:
        score_figures([line for line in rows if over(line, claim)], claim, result)
        if not any(line.kind and over(line, claim) for line in rows):
            result.claims.wrong += 1
            result.errors.append(f"no claim         {claim.quote}")


def score_figures(lines: list[Line], claim: Claim, result: Result) -> None:
    """Whether each figure of a claim was said in its lines, whatever it counts."""
    said = [v.value for line in lines for v in quantities.parse(line.said)]
    said += [value for line in lines for value, _ in line.values]
    for each in claim.values:
        right = any(same(each.value, "", value, None) for value in said)
        result.figures.right += right
        result.figures.wrong += not right
        if not right:
            result.errors.append(f"figure {each.text!r} of {[line.said for line in lines]}")


def score_numbers(line: Line, result: Result) -> None:
    parsed = list(quantities.parse(line.heard))
    for value, unit in line.values:
        match = next((each for each in parsed if same(each.value, each.unit, value, unit)), None)
        if match is None:
            result.numbers.missed += 1
            result.errors.append(f"number {value:g} {unit}  {line.heard} -> {parsed}")
        else:
            result.numbers.right += 1
            parsed.remove(match)
    result.numbers.wrong += len(parsed)
    result.errors.extend(f"no number {each}  {line.heard}" for each in parsed)


def same(value: float, unit: str, key: float, key_unit: str | None) -> bool:
    near = abs(value - key) <= 0.01 * abs(key)
    return near and (
        key_unit is None
        or [stem(part) for part in unit.split("/")] == [stem(part) for part in key_unit.split("/")]
    )


def score_omissions(talk: dict[str, Any], found: Findings, result: Result) -> None:
    flagged = {omission.topic for omission in found.omissions} - set(talk["may_omit"])
    key = set(talk["omits"])
    result.omissions += Score(len(flagged & key), len(key - flagged), len(flagged - key))
    result.decoys += len(flagged & set(talk["mentions"]))
    for topic in flagged - key:
        need = [found.claims[at].quote for o in found.omissions if o.topic == topic
                for at in o.claims]  # fmt: skip
        result.errors.append(f"no omission      {topic!r} in {talk['title']}: {need}")
    result.errors.extend(
        f"missed omission  {topic!r} in {talk['title']}" for topic in key - flagged
    )


def find_line(rows: list[Line], said: str) -> Line:
    bare = said.rstrip(".")
    return next(line for line in rows if bare in line.said)


def score_contradictions(
    event: dict[str, Any], rows: list[Line], findings: tuple[Findings, ...], result: Result
) -> None:
    keys = [key for talk in event["talk"] for key in talk.get("contradiction", ())]
    keys += event.get("contradiction", [])
    found = [(found.claims[each.claim], each) for found in findings
             for each in found.contradictions]  # fmt: skip
    open_keys = list(keys)
    for claim, each in found:
        score = result.contradictions
        match = next((key for key in keys if is_key(key, claim, each, rows)), None)
        if match is None:
            score.wrong += 1
            result.errors.append(f"no contradiction {claim.quote} <> {each.quote}")
        elif match in open_keys:
            open_keys.remove(match)
            score.right += 1
    for key in open_keys:
        if all(quantities.parse(key[side]) for side in ("quote", "other")):
            result.contradictions.missed += 1
            result.errors.append(f"missed contradiction {key}")


def is_key(key: dict[str, str], claim: Claim, each: Contradiction, rows: list[Line]) -> bool:
    return over(find_line(rows, key["quote"]), claim) and key["other"] in each.quote


def score_sources(
    event: dict[str, Any], rows: list[Line], sources: Sources, result: Result
) -> None:
    for key in event.get("evidence", ()):
        line = find_line(rows, key["claim"])
        found = sources.find(line.heard)
        hit = any(key["passage"] in passage.text for passage in found)
        result.sources += Score(right=int(hit), missed=int(not hit))
        if not hit:
            result.errors.append(f"source {key} got {[passage.text for passage in found]}")


# ---- the table


def seconds_for_an_hour(events: list[dict[str, Any]]) -> tuple[int, float]:
    """Words of an hour's talk, made of all events' lines, and the time for all of our work."""
    text = "\n".join(
        f"ANN: {line.said}"
        for event in events
        for talk in event["talk"]
        for _, line in read_lines(talk["text"])
    )
    longer = "\n".join(text for _ in range(1 + 9000 // len(text.split())))
    rows = longer.splitlines()
    while len(" ".join(rows).split()) > 9000 + len(rows):
        rows.pop()
    talks, _ = build({"title": "Hour", "talk": [{"title": "", "text": "\n".join(rows)}]})
    passages = Path(tempfile.mkdtemp())
    (passages / "all.txt").write_text("\n\n".join(text.splitlines()), encoding="utf-8")
    caveats = omissions.load_caveats(CAVEATS)
    claims.find_claims(build(events[0])[0][0])  # the word lists are read once per run, not per talk
    quantities.parse.cache_clear()
    began = time.process_time()
    examine(talks, [claims.find_claims(talks[0])], caveats, (), read_sources(passages))
    return len(talks[0].text.split()), time.process_time() - began


COLUMNS = ("claims R", "P", "numbers", "omit P", "R", "decoys", "contra R", "P",
           "source", "figures", "noise")  # fmt: skip
REACH = ("0.85", "0.75", "0.95", "0.95", "0.85", "0", "0.70", "0.90", "0.90", "", "")


def cells(result: Result) -> list[str]:
    """A row of the table; numbers count as right only if none was missed or invented."""
    numbers = result.numbers
    all_right = numbers.right / max(1, numbers.right + numbers.missed + numbers.wrong)
    shares = (result.claims.recall, result.claims.precision, all_right,
              result.omissions.precision, result.omissions.recall, float(result.decoys),
              result.contradictions.recall, result.contradictions.precision,
              result.sources.recall, result.figures.precision, float(result.noise))  # fmt: skip
    counts = (COLUMNS.index("decoys"), COLUMNS.index("noise"))
    return [f"{n:.0f}" if at in counts else f"{n:.2f}" for at, n in enumerate(shares)]


def unread(event: dict[str, Any]) -> bool:
    """Whether an event is one of those that nobody tunes on."""
    return event["place"] % 2 == 1 or event.get("held_out", False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="what was missed or wrong")
    parser.add_argument("--mishear", type=float, default=0.0, help="share of the words")
    own = HERE / "data" / "claims"
    parser.add_argument("--from", dest="folder", type=Path, default=own, help="other events")
    asked = parser.parse_args()
    events = [
        {**tomllib.loads(file.read_text(encoding="utf-8")), "place": place}
        for place, file in enumerate(sorted(asked.folder.glob("*.toml")))
    ]
    results = []
    for event in events:
        with tempfile.TemporaryDirectory() as folder:
            results.append((event, run(event, Path(folder), asked.mishear)))
    table = Table("event", *COLUMNS)
    for event, result in results:
        table.add_row(event["title"], *cells(result))
    table.add_section()
    halves = [[result for event, result in results if unread(event) == half] for half in (0, 1)]
    for name, half in zip(("read", "unread"), halves, strict=True):
        table.add_row(f"{name} ({len(half)})", *cells(sum(half, Result())))
    table.add_row("all", *cells(sum([*halves[0], *halves[1]], Result())))
    table.add_row("to reach", *REACH)
    console = Console(width=150)
    console.print(table)
    words, seconds = seconds_for_an_hour(events)
    console.print(f"a talk of {words} words, with sources: {seconds:.2f} s (to reach: 3 s)")
    for event, result in results:
        if asked.errors and not unread(event):
            print(f"\n== {event['title']}", *result.errors, sep="\n  ")


if __name__ == "__main__":
    main()
