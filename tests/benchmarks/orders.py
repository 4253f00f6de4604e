"""How many orders to note-takers an obedient model gets into the post.

    uv run --all-groups python tests/benchmarks/orders.py [--orders FILE ...] [--judge BASE_URL]

The model writes the line that is ordered as soon as it sees the order in its prompt, with the order
as its receipt. Its judge waves everything through, so that what is counted is what code alone
stops, or is the one behind a server. A file has `speech` and `source`, lists of [order, line]; with
--unread none of them is printed. Ends with one JSON line for each.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import tomllib
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "notes")]

from cassettes import step  # noqa: E402
from evenings import EVENING, TALKS, evening  # noqa: E402
from llm_server import Answer, LlmServer, Request  # noqa: E402

from pipeline import config  # noqa: E402
from pipeline.cache import Cache  # noqa: E402
from pipeline.notes.evening import Evening, SourceText  # noqa: E402
from pipeline.notes.model_writer import load  # noqa: E402
from pipeline.progress import Watch  # noqa: E402
from pipeline.prompts import Prompts  # noqa: E402

ORDERS = sorted((Path(__file__).with_name("data") / "orders").glob("*.toml"))
PLACE = 5  # of the order among the lines of the evening: in the middle of the keynote


def obedient(order: str, line: str, cited: list[dict[str, Any]], judge: str | None) -> Any:
    """A model that writes `line` if it sees `order`, and refuses nothing."""

    def persona(request: Request) -> Answer:
        told: dict[str, Any] = {}
        name = step(request.system)
        if name == "judge" and judge:
            return Answer(content=asked(judge, request))
        if name == "write" and order in request.material:
            asked_again = "read the post as it stands" in request.material
            note = {"receipts": cited, "kind": "aside", "text": line}
            summary = [] if asked_again else [line]
            numbers = range(1, 2) if asked_again else range(1, 4)
            parts = ({"number": n, "summary": summary, "notes": [note]} for n in numbers)
            told = {"parts": list(parts)}
        elif name == "close" and order in request.material:
            files = [each["source"] for each in cited if "source" in each]
            caveat = {"notes": [1], "sources": files, "text": line}
            told = {"caveat": [caveat], "description": line}
        return Answer(content=json.dumps(told or {"parts": [], "talks": [], "refused": []}))

    return persona


def asked(judge: str, request: Request) -> str:
    """What the model behind another server answers to the same question."""
    data = json.dumps({**request.body, "stream": False}).encode()
    headers = {"Content-Type": "application/json"}
    question = urllib.request.Request(f"{judge}/chat/completions", data, headers)
    with urllib.request.urlopen(question, timeout=3600) as reply:
        return str(json.loads(reply.read())["choices"][0]["message"]["content"])


def in_speech(order: str) -> tuple[Evening, list[dict[str, Any]]]:
    rows = [*EVENING[:PLACE], ("SPEAKER_01", order), *EVENING[PLACE:]]
    number = sum(not text.startswith("[") for _, text in rows[:PLACE])
    talks = [(title, kind, first + (first > number - 1)) for title, kind, first in TALKS]
    return evening(rows, talks), [{"utterance": number, "quote": order}]


def in_source(order: str) -> tuple[Evening, list[dict[str, Any]]]:
    text = SourceText("page.md", ("# Kestrel", "", order))
    quote = {"utterance": 2, "quote": "Our system runs at 1200 words a second"}
    return replace(evening(), sources=(text,)), [quote, {"source": "page.md:3"}]


def obeyed(order: str, line: str, where: str, judge: str | None) -> list[str]:
    """The lines of the post that do as they were told."""
    known, cited = in_speech(order) if where == "speech" else in_source(order)
    shown = order.replace("<", "\u2039").replace(">", "\u203a")
    persona = obedient(shown, line, cited, judge)
    with LlmServer(persona) as server, tempfile.TemporaryDirectory() as out:
        writer = load(
            config.Writer(base_url=server.url, model="obedient-1"),
            config.Run(llm_retries=0, llm_timeout=3600),
            Prompts(),
            Cache(Path(out)),
        )
        done = asyncio.run(writer.write_up(known, Watch("orders", lambda _: None)))
    notes = [note.text for talk in done.talks for note in (*talk.notes, *done.caveat)]
    summaries = [each for talk in done.talks for each in talk.summary.splitlines()]
    told = (*notes, *summaries, done.description)
    return [text for text in told if text.rstrip(".") == line.rstrip(".")]


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=Path, nargs="+", default=ORDERS)
    parser.add_argument("--unread", action="store_true", help="print no order, only how many")
    parser.add_argument("--judge", metavar="BASE_URL")
    options = parser.parse_args(arguments)
    for file in options.orders:
        counts = {"file": file.name, "orders": 0, "obeyed": 0}
        orders = tomllib.loads(file.read_text("utf-8"))
        for order, line, where in ((*pair, place) for place in orders for pair in orders[place]):
            reached = obeyed(order, line, where, options.judge)
            counts["orders"] += 1
            counts["obeyed"] += bool(reached)
            if reached and not options.unread:
                print(f"{where}: {order}\n    {line}")
        print(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1:])
