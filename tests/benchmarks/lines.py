"""How many good lines about an event the checks refuse, and how many false ones they keep.

    uv run python tests/benchmarks/lines.py --event FOLDER --transcript transcript.json \
        --good good.json --false false.json [--judge http://localhost:1234/v1]
    uv run python tests/benchmarks/lines.py --all FOLDER-OF-EVENTS

FOLDER has event.toml and sources/. Both files of lines have one form: `talks` (`index`, `title`,
`first_utterance`) and `lines` (`id`, `talk`, `text`, `kind`, `quotes` with `utterance` and
`quote`, `sources`, `absent`, `sums`, `cites_a_sound`), missing keys are empty. Ends with one JSON
line. `receipt_words` are the words that a post shows of the good lines' receipts, over their own.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline import config
from pipeline.cache import Cache
from pipeline.claims.omissions import load_caveats
from pipeline.data import Note, Outline, RoomSound, SoundKind, Speaker, Talk, Utterance, Word
from pipeline.errors import PipelineError
from pipeline.event import EventInfo
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.notes import lint
from pipeline.notes.answers import WrittenNote
from pipeline.notes.checks.names import load_terms
from pipeline.notes.checks.verify import verify
from pipeline.notes.citations import resolve_citations
from pipeline.notes.evening import Evening, source_texts
from pipeline.notes.judge import Group, judge
from pipeline.notes.receipts import shown
from pipeline.prompts import Prompts
from pipeline.toml import read, validate

SOUNDS: tuple[SoundKind, ...] = ("applause", "laughter")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A line, its note where it has receipts, and why it was refused, if it was."""

    id: str
    text: str
    note: Note | None
    reasons: tuple[str, ...]


Verdicts = list[Verdict]


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    try:
        sets = [verdicts(options, *files) for files in _files(options)]
    except (PipelineError, OSError, ValueError, KeyError) as error:
        print(f"lines: {error}", file=sys.stderr)
        return 1
    good, false = ([each for both in sets for each in both[side]] for side in (0, 1))
    refused = [verdict for verdict in good if verdict.reasons]
    kept = [verdict for verdict in false if not verdict.reasons]
    for verdict in refused:
        print(f"refused {verdict.id}: {verdict.text}")
        print("".join(f"    {reason}\n" for reason in verdict.reasons), end="")
    for verdict in kept:
        print(f"kept {verdict.id}: {verdict.text}")
    counts = {"good": len(good), "good_refused": len(refused), "false": len(false),
              "false_kept": len(kept), "receipt_words": receipt_words(good)}  # fmt: skip
    print(json.dumps(counts))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    names = ("event", "transcript", "good", "false")
    for name in names:
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument(
        "--all", type=Path, metavar="DIR", help="of events, each with its three files, instead"
    )
    parser.add_argument("--judge", metavar="BASE_URL", help="a server whose model judges too")
    parser.add_argument("--model", default="auto")
    options = parser.parse_args(arguments)
    if not options.all and not all(getattr(options, name) for name in names):
        parser.error("give --all DIR, or --event, --transcript, --good and --false")
    return options


Files = tuple[Path, Path, Path, Path]  # an event's folder, its transcript, good and false lines


def _files(options: argparse.Namespace) -> Iterator[Files]:
    """What is to be measured."""
    if not options.all:
        yield options.event, options.transcript, options.good, options.false
        return
    for good in sorted(options.all.glob("*/good.json")):
        event = good.parent
        yield event, event / "transcript.json", good, event / "false.json"


def verdicts(
    options: argparse.Namespace, event: Path, transcript: Path, good: Path, false: Path
) -> tuple[Verdicts, Verdicts]:
    """The good lines and the false ones, as the checks and the judge, if any, find them."""
    both = tuple(list(judged(lines, event, transcript)) for lines in (good, false))
    if not options.judge:
        return both[0], both[1]
    return doubted(*both, (event, transcript, good, false), options)


def judged(lines: Path, event: Path, transcript: Path) -> Iterator[Verdict]:
    """Each line of a file, resolved and verified as a model's note is."""
    told = json.loads(lines.read_text(encoding="utf-8"))
    evening = evening_of(event, json.loads(transcript.read_text(encoding="utf-8")), told)
    for line in told["lines"]:
        talk = next(talk for talk in evening.outline.talks if talk.index == line["talk"])
        note, reasons = resolve_citations(_written(line, evening), talk, evening)
        reasons = verify(note, talk, evening) if note else reasons
        yield Verdict(line["id"], line["text"], note, reasons)


def doubted(
    good: Verdicts, false: Verdicts, files: Files, options: argparse.Namespace
) -> tuple[Verdicts, Verdicts]:
    """The verdicts with those of a judge who gets good and false lines mixed, talk by talk."""
    event, transcript, *texts = files
    told = [json.loads(file.read_text("utf-8")) for file in texts]
    lines = [line for each in told for line in each["lines"]]
    heard = json.loads(transcript.read_text("utf-8"))
    evening = evening_of(event, heard, {**told[0], "lines": lines})
    kept = [each for each in (*good, *false) if each.note and not each.reasons]
    random.Random(7).shuffle(kept)
    place = {line["id"]: line["talk"] for line in lines}
    why: dict[str, str] = {}

    async def ask() -> None:
        client = Client(
            config.Writer(base_url=options.judge, model=options.model),
            config.Run(llm_timeout=3600, llm_concurrency=16),
        )
        with tempfile.TemporaryDirectory() as folder:
            asker = Asker(client, Prompts(), Cache(Path(folder)))
            await asyncio.gather(*(one(talk, asker) for talk in evening.outline.talks))

    async def one(talk: Talk, asker: Asker) -> None:
        own = [each for each in kept if place[each.id] == talk.index]
        notes = [each.note for each in own if each.note]
        for number, reason in (await judge([Group(talk, notes)], evening, asker)).refused.items():
            why[own[number].id] = reason

    asyncio.run(ask())

    def with_judge(verdicts: Verdicts) -> Verdicts:
        return [
            replace(v, reasons=(f"judge: {why[v.id]}",)) if v.id in why else v for v in verdicts
        ]

    return with_judge(good), with_judge(false)


def receipt_words(good: Sequence[Verdict]) -> float:
    """Words that a post shows of the receipts, over the words of the notes that have them."""
    notes = [verdict.note for verdict in good if verdict.note and not verdict.reasons]
    cited = [r for note in notes for r in note.receipts if r.kind != "sound"]
    sounds = sum(any(r.kind == "sound" for r in note.receipts) for note in notes)
    texts = [*map(shown, cited), *["[sound]"] * sounds]
    shows = sum(word != "\u2026" for text in texts for word in text.split())
    return round(shows / max(1, sum(len(note.text.split()) for note in notes)), 3)


# ---- an evening out of files


def evening_of(folder: Path, transcript: dict[str, Any], told: dict[str, Any]) -> Evening:
    """The event of a folder with the talks that a file of lines names."""
    prompts = Prompts().spoken(transcript.get("language", "en"))
    file = folder / "event.toml"
    event = validate(EventInfo, _as_text(read(file)), str(file)) if file.exists() else None
    outline = _outline(transcript, told["talks"])
    return Evening(
        event=event or EventInfo(),
        outline=outline,
        sounds=tuple(_sounds(told["lines"], outline.utterances)),
        sources=source_texts(folder / "sources")[0],
        terms=load_terms(prompts.find("terms").path),
        mocking=lint.bounds(prompts).words.mocking,
        caveats=load_caveats(prompts.find("caveats").path),
        language=transcript.get("language", "en"),
    )


def _as_text(values: dict[str, Any]) -> dict[str, Any]:
    """TOML has dates and times of its own; EventInfo takes them as they are written."""
    read: dict[str, Any] = json.loads(json.dumps(values, default=str))
    return read


def _outline(transcript: dict[str, Any], talks: Sequence[dict[str, Any]]) -> Outline:
    said = tuple(_utterances(transcript))
    begins = [talk["first_utterance"] for talk in talks]
    parts = [said[a:b] for a, b in pairwise([*begins, len(said)])]
    cut = tuple(
        Talk(talk["index"], talk["title"], "talk", _by_words(part), part)
        for talk, part in zip(talks, parts, strict=True)
    )
    return Outline(tuple(_speakers(transcript, cut)), cut, said)


def _utterances(transcript: dict[str, Any]) -> Iterator[Utterance]:
    """The utterances with their words; where a transcript has no words, evenly spread ones."""
    words = [Word(**word) for word in transcript.get("words", ())]
    place = 0
    for number, one in enumerate(transcript["utterances"]):
        size = len(one["text"].split())
        own = tuple(words[place : place + size]) or tuple(_spread(one))
        place += size
        yield Utterance(number, one["speaker"], own)


def _spread(one: dict[str, Any]) -> Iterator[Word]:
    texts = one["text"].split()
    step = (one["end"] - one["start"]) / len(texts)
    for place, text in enumerate(texts):
        start = one["start"] + place * step
        yield Word(round(start, 3), round(start + step, 3), text, 1.0, one["speaker"])


def _by_words(said: Sequence[Utterance]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for utterance in said:
        counts[utterance.speaker] = counts.get(utterance.speaker, 0) + len(utterance.words)
    return tuple(sorted(counts, key=lambda speaker: -counts[speaker]))


def _speakers(transcript: dict[str, Any], talks: Sequence[Talk]) -> Iterator[Speaker]:
    """Names as the transcript has them; who speaks most in "Ada Park, CEO" is its CEO."""
    main: dict[str, tuple[str, str]] = {}
    for talk in talks:
        name, comma, role = talk.title.rpartition(": ")[2].partition(", ")
        if comma and not name.startswith("The "):
            main.setdefault(talk.speakers[0], (name, role))
    for each in transcript["speakers"]:
        name, role = main.get(each["id"], ("", ""))
        known = each["name"] or name or None
        yield Speaker(each["id"], known, role or None, each.get("confidence", 0.0))


def _sounds(lines: Sequence[dict[str, Any]], said: Sequence[Utterance]) -> Iterator[RoomSound]:
    """A sound of each kind after the first words of each line that takes one as heard there."""
    for line in lines:
        if line.get("cites_a_sound") and line.get("quotes"):
            end = said[line["quotes"][0]["utterance"]].end
            yield from (RoomSound(end, end + 2.0, kind, 0.5) for kind in SOUNDS)


def _written(line: dict[str, Any], evening: Evening) -> WrittenNote:
    """A line of a file in the form in which a model writes a note."""
    sounds: list[int] = []
    if line.get("cites_a_sound") and line.get("quotes"):
        end = evening.utterances[line["quotes"][0]["utterance"]].end
        sounds = [place for place, sound in enumerate(evening.sounds) if sound.start == end]
    receipts = [
        *line.get("quotes", ()),
        *({"source": place} for place in line.get("sources", ())),
        *([{"absent": line["absent"]}] if line.get("absent") else ()),
        *({"sum": each} for each in line.get("sums", ())),
        *({"sound": number} for number in sounds),
    ]
    told = {"text": line["text"], "kind": line.get("kind", "aside"), "receipts": receipts}
    return WrittenNote.model_validate(told)


if __name__ == "__main__":
    sys.exit(main())
