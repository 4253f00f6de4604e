"""How well the detector finds claims, numbers, omissions, contradictions and evidence.

    uv run python tests/benchmarks/claims.py            the table
    uv run python tests/benchmarks/claims.py --errors   and what was missed or wrong (not for the
                                                        held-out events: nobody tunes on them)

`claims/*.toml` are events with keys. Half are heard as a small engine hears them: lower case,
numbers in words, no punctuation, pauses of every length, some words wrong.
"""

import random
import re
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jellyfish

from pipeline.data import Claim, Contradiction, Findings, Outline, Speaker, Talk, Utterance, Word
from pipeline.event import EventInfo
from pipeline.notes import claims, examine, omissions, quantities
from pipeline.notes.evidence import Sources
from pipeline.notes.ledger import Ledger
from pipeline.notes.stems import stem

HERE = Path(__file__).parent
CAVEATS = HERE.parent.parent / "prompts" / "caveats.toml"
NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand million billion trillion point half third quarter fifth twice".split()
)
WRONG_WORDS = 0.05  # of the words of a "sphinx" event


@dataclass
class Line:
    """A line of an event's text: what was said, what the engine heard, and the key."""

    said: str
    kind: str | None = None  # "maybe": neither required nor wrong
    values: list[tuple[float, str | None]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def heard(self) -> str:
        return " ".join(word.text for word in self.words)


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
    kinds: Score = field(default_factory=Score)
    numbers: Score = field(default_factory=Score)
    omissions: Score = field(default_factory=Score)
    decoys: int = 0
    contradictions: Score = field(default_factory=Score)
    sources: Score = field(default_factory=Score)
    noise: int = 0  # claims for which a source about something else was brought
    errors: list[str] = field(default_factory=list)

    def __add__(self, other: "Result") -> "Result":
        return Result(
            self.claims + other.claims,
            self.kinds + other.kinds,
            self.numbers + other.numbers,
            self.omissions + other.omissions,
            self.decoys + other.decoys,
            self.contradictions + other.contradictions,
            self.sources + other.sources,
            self.noise + other.noise,
        )


# ---- events as an engine would have heard them


def read_lines(text: str) -> Iterator[tuple[str, Line]]:
    """Speaker and line of each line of an event's text."""
    for row in text.strip().splitlines():
        spoken, _, key = row.partition(" ## ")
        speaker, _, said = spoken.partition(": ")
        kind, _, values = key.partition(":")
        line = Line(said.strip(), kind.strip() or None)
        for value in values.split(",") if values else ():
            number, _, unit = value.strip().partition(" ")
            line.values.append((float(number), unit.strip() or None))
        yield speaker, line


class Room:
    """Gives words their times, and mishears some."""

    def __init__(self, style: str, vocabulary: set[str]) -> None:
        self.sphinx = style == "sphinx"
        self.vocabulary = sorted(vocabulary)
        self.random = random.Random()
        self.clock = 1.0

    def hear(self, line: Line, speaker: str) -> None:
        self.random.seed(line.said)  # a changed line changes no other
        words = line.said.split()
        for place, text in enumerate(words):
            # a number and its unit are heard right: this measures the parser, not the engine
            counted = any(map(_is_number, words[max(0, place - 3) : place + 1]))
            heard = self._heard(text, counted) if self.sphinx else text
            end = self.clock + 0.06 * len(text) + 0.08
            if heard:
                said = re.sub(r"[^\w']", "", text.lower())
                sure = 0.9 if heard in (text, said) else 0.4
                line.words.append(Word(round(self.clock, 3), round(end, 3), heard, sure, speaker))
            self.clock = end + self._pause(text)

    def _pause(self, text: str) -> float:
        draw = self.random.random()
        if text.endswith((".", "?", "!")):
            return 0.06 if draw < 0.1 else 0.25 + 0.6 * self.random.random()
        if text.endswith(","):
            return 0.25 * self.random.random()
        return 0.35 * self.random.random() if draw < 0.04 else 0.0

    def _heard(self, text: str, counted: bool) -> str:
        word = re.sub(r"[^\w']", "", text.lower())
        if counted or len(word) < 4 or self.random.random() > WRONG_WORDS:
            return word
        if self.random.random() < 0.2:
            return ""
        near = [other for other in self.vocabulary if other != word and other[0] == word[0]]
        return max(near, key=lambda other: jellyfish.jaro_similarity(word, other), default=word)


def _is_number(word: str) -> bool:
    return re.sub(r"[^\w]", "", word.lower()) in NUMBER_WORDS or word[:1].isdigit()


def build(event: dict[str, Any]) -> tuple[list[Talk], list[list[Line]]]:
    every = [list(read_lines(talk["text"])) for talk in event["talk"]]
    vocabulary = {
        re.sub(r"[^\w']", "", word.lower())
        for rows in every
        for _, line in rows
        for word in line.said.split()
    } - {""}
    room = Room(event["style"], vocabulary)
    talks, ids = [], 0
    for index, (talk, rows) in enumerate(zip(event["talk"], every, strict=True)):
        utterances: list[Utterance] = []
        for speaker, line in rows:
            room.hear(line, speaker)
            if utterances and utterances[-1].speaker == speaker:
                words = utterances[-1].words + tuple(line.words)
                utterances[-1] = Utterance(utterances[-1].id, speaker, words)
            else:
                utterances.append(Utterance(ids, speaker, tuple(line.words)))
                ids += 1
        room.clock += 20
        speakers = tuple(dict.fromkeys(utterance.speaker for utterance in utterances))
        kind = talk.get("kind", "talk")
        talks.append(Talk(index, talk["title"], kind, speakers, tuple(utterances)))
    return talks, [[line for _, line in rows] for rows in every]


# ---- scores


def run(event: dict[str, Any], folder: Path) -> Result:
    talks, lines = build(event)
    for source in event.get("source", ()):
        (folder / "sources").mkdir(exist_ok=True)
        (folder / "sources" / source["name"]).write_text(source["text"], encoding="utf-8")
    sources = Sources.read(folder / "sources")
    caveats = omissions.load_caveats(CAVEATS)
    findings = examine(
        talks, [claims.find(talk) for talk in talks], caveats, (), sources, ledger(event, folder)
    )
    result = Result()
    for talk, rows, found in zip(event["talk"], lines, findings, strict=True):
        score_claims(rows, found.claims, result)
        score_omissions(talk, found, result)
    score_contradictions(event, [row for rows in lines for row in rows], findings, result)
    score_sources(event, [row for rows in lines for row in rows], sources, result)
    noise = {s["name"] for s in event.get("source", ()) if s.get("irrelevant")}
    for found in findings:
        for claim, passages in zip(found.claims, found.evidence, strict=True):
            beside = [p for p in passages if any(name in str(p.source) for name in noise)]
            result.noise += bool(beside)
            result.errors.extend(f"irrelevant      {claim.quote} <- {p.quote}" for p in beside)
    return result


def ledger(event: dict[str, Any], folder: Path) -> Ledger | None:
    if "ledger" not in event:
        return None
    book = Ledger(folder / "ledger.db")
    for past in event["ledger"]:
        speaker = Speaker("SPEAKER_00", past["speaker"])
        made = [
            Claim(quote, "capability", 0.0, 1.0, "SPEAKER_00", 0, quantities.parse(quote))
            for quote in past["quotes"]
        ]
        info = EventInfo(title=past["event"], date=past["date"])
        book.add(info, Outline((speaker,), (), ()), made)
    return book


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
            elif line.kind not in {claim.kind for claim in hits}:
                result.kinds.wrong += 1
                result.errors.append(f"kind {hits[0].kind:11} {line.kind}: {line.heard}")
            else:
                result.kinds.right += 1
        if line.values:
            score_numbers(line, result)
    for claim in found:
        if not any(line.kind and over(line, claim) for line in rows):
            result.claims.wrong += 1
            result.errors.append(f"no claim         {claim.quote}")


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
        match = next((key for key in keys if is_key(key, claim, each, rows)), None)
        if match is None:
            result.contradictions.wrong += 1
            result.errors.append(f"no contradiction {each.quote} <> {each.other.quote}")
        elif match in open_keys:
            open_keys.remove(match)
            result.contradictions.right += 1
    result.contradictions.missed += len(open_keys)
    result.errors.extend(f"missed contradiction {key}" for key in open_keys)


def is_key(key: dict[str, str], claim: Claim, each: Contradiction, rows: list[Line]) -> bool:
    if not over(find_line(rows, key["quote"]), claim):
        return False
    if each.other.talk is None:
        return key["other"] in each.other.quote
    other = find_line(rows, key["other"]) if any(key["other"] in r.said for r in rows) else None
    time_ = each.other.time or 0.0
    return other is not None and (
        other.words[0].start - 8 <= time_ <= other.words[-1].end
        and len(set(each.other.quote.split()) & set(other.heard.split())) * 2
        >= len(other.heard.split())
    )


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
    talks, _ = build(
        {"title": "Hour", "style": "sphinx", "talk": [{"title": "", "text": "\n".join(rows)}]}
    )
    passages = Path(tempfile.mkdtemp())
    (passages / "all.txt").write_text("\n\n".join(text.splitlines()), encoding="utf-8")
    caveats = omissions.load_caveats(CAVEATS)
    claims.find(build(events[0])[0][0])  # the word lists are read once per run, not per talk
    quantities.parse.cache_clear()
    began = time.process_time()
    examine(talks, [claims.find(talks[0])], caveats, (), Sources.read(passages), None)
    return len(talks[0].text.split()), time.process_time() - began


def main() -> None:
    events = [
        tomllib.loads(file.read_text(encoding="utf-8"))
        for file in sorted((HERE / "claims").glob("*.toml"))
    ]
    results = []
    for event in events:
        with tempfile.TemporaryDirectory() as folder:
            results.append((event, run(event, Path(folder))))
    names = ("claims R", "P", "kind", "numbers", "omissions P", "R", "decoys", "contrad. R", "P",
             "sources", "noise")  # fmt: skip
    print(f"{'':34}" + "".join(f"{name:>11}" for name in names))
    for event, result in results:
        held = " (held out)" if event.get("held_out") else ""
        print_row(f"{event['title']}, {event['style']}{held}"[:34], result)
    for name, chosen in (("tuned on", False), ("held out", True)):
        kept = [result for event, result in results if event.get("held_out", False) == chosen]
        print_row(name, sum(kept, Result()))
    print_row("all", sum((result for _, result in results), Result()))
    print_row_of_text("to reach", ("0.85", "0.75", "", "0.95", "0.95", "0.85", "0", "0.70", "0.90",
                                   "0.90", ""))  # fmt: skip
    words, seconds = seconds_for_an_hour(events)
    print(f"\na talk of {words} words, with sources: {seconds:.2f} s (to reach: 3 s)")
    for event, result in results:
        if "--errors" in sys.argv and not event.get("held_out"):
            print(f"\n== {event['title']}", *result.errors, sep="\n  ")


def print_row(name: str, result: Result) -> None:
    numbers = result.numbers
    all_right = numbers.right / max(1, numbers.right + numbers.missed + numbers.wrong)
    print_row_of_text(
        name,
        (
            f"{result.claims.recall:.2f}",
            f"{result.claims.precision:.2f}",
            f"{result.kinds.precision:.2f}",
            f"{all_right:.2f}",
            f"{result.omissions.precision:.2f}",
            f"{result.omissions.recall:.2f}",
            f"{result.decoys}",
            f"{result.contradictions.recall:.2f}",
            f"{result.contradictions.precision:.2f}",
            f"{result.sources.recall:.2f}",
            f"{result.noise}",
        ),
    )


def print_row_of_text(name: str, cells: tuple[str, ...]) -> None:
    print(f"{name:34}" + "".join(f"{cell:>11}" for cell in cells))


if __name__ == "__main__":
    main()
