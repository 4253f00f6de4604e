"""An evening of three talks in captions, and a model that writes it up for a loopback server."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import personas
import pytest
from cassettes import key, step
from llm_server import Answer, LlmServer, Request
from personas import good, quoting

from pipeline.cli import main

SAID = (
    ("Vera", "Good evening and welcome to the evening of cold water and of kettles."),
    ("Vera", "Please welcome our first speaker, Ben Stone of Hiron Kettles."),
    ("Ben Stone", "Thank you. Our new kettle boils one litre of water in 40 seconds flat."),
    ("Ben Stone", "We have built 400,000 of them in three months at our place in Leeds."),
    ("Ben Stone", "The people at Hiron Kettles use half the power of any other kettle."),
    ("Vera", "Thank you so much. Please welcome Carla Moor, she runs a tea room."),
    ("Carla Moor", "Thank you, Vera. We pour 900 cups of tea on a normal Saturday here."),
    ("Carla Moor", "The old kettle needed three minutes and the new one needs only one."),
    ("Carla Moor", "Our electricity bill went down by 30 percent in the first winter."),
    ("Vera", "Lovely. And please welcome our last guest, the plumber Ian Wood."),
    ("Ian Wood", "Good evening. Hard water kills every kettle in about two years of use."),
    ("Ian Wood", "I replace 60 of them every month and nobody ever reads the manual."),
)
STEP = 8.0  # seconds from one line to the next


def captions(said: tuple[tuple[str, str], ...] = SAID) -> str:
    def clock(seconds: float) -> str:
        return f"00:{int(seconds) // 60:02d}:{seconds % 60:06.3f}"

    cues = (
        f"{clock(1 + n * STEP)} --> {clock(1 + n * STEP + 6)}\n<v {who}>{text}\n"
        for n, (who, text) in enumerate(said)
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def talks(request: Request) -> list[dict[str, Any]]:
    lines = re.findall(r"^\[(\d+)\] \d+:\d\d [^:]+: (.*)$", request.material, re.MULTILINE)
    begins = [(int(n), re.search(r"welcome .*?([A-Z]\w+ [A-Z]\w+)", text)) for n, text in lines]
    headings = [(n, found[1]) for n, found in begins if found]
    return [{"first": n, "kind": "talk", "heading": name, "words": None} for n, name in headings]


def model(request: Request) -> Answer:
    """Three talks, and of each notes that say what was said."""
    if step(request.system) == "outline":
        return Answer(content=json.dumps({"talks": talks(request), "people": []}))
    if step(request.system) != "write":
        return good(request)
    said = re.findall(r"^\[(\d+)\] [\d:]+ [^:]+: (.*)$", request.material, re.MULTILINE)
    parts = [
        {
            "number": number,
            "summary": [],
            "notes": notes([(int(n), text) for n, text in said if int(n) in own]),
        }
        for number, own in personas.talks(request)
    ]
    return Answer(content=json.dumps({"parts": parts}))


def notes(own: list[tuple[int, str]]) -> list[dict[str, Any]]:
    """A note a sentence, and one that a correction spoils."""
    sentences = [(n, s) for n, text in own for s in re.split(r"(?<=[.]) ", text) if len(s) > 40]
    return [
        *(quoting(each, each[1].rstrip(".")) for each in sentences),
        *(
            quoting(each, "That is 0.4 million kettles in a single summer, or so he says")
            for each in sentences
            if "400,000" in each[1]
        ),
    ]


@dataclass
class Evening:
    """The event's folder, and what a run of it asks and says."""

    folder: Path
    out: Path
    server: LlmServer
    told: Callable[[], str]
    asked: list[str] = field(default_factory=list)  # by the last run

    @property
    def file(self) -> Path:
        return self.folder / "corrections.toml"

    def run(self, corrections: str = "", *options: str) -> str:
        """Run it with these corrections; what is said."""
        if corrections:
            self.file.write_text(corrections, encoding="utf-8")
        before = len(self.server.requests)
        writer = () if options else self.writer
        self.told()
        assert main(["run", str(self.folder), "-o", str(self.out), *writer, *options]) == 0
        self.asked = [key(each.system, each.material) for each in self.server.requests[before:]]
        return self.told()

    def read(self, name: str) -> str:
        return (self.out / "cold-water" / name).read_text(encoding="utf-8")

    @property
    def writer(self) -> tuple[str, ...]:
        return ("--set", f"writer.base_url={self.server.url}")

    def model(self, request: Request) -> Answer:
        return model(request)

    @property
    def said(self) -> list[tuple[str, str]]:
        return list(SAID)

    def caption(self, said: list[tuple[str, str]]) -> None:
        """Have other lines, or other voices say them."""
        (self.folder / "talk.vtt").write_text(captions(tuple(said)), encoding="utf-8")

    def notes_of(self, name: str) -> Any:
        return json.loads(self.read(name))

    @property
    def utterances(self) -> list[dict[str, Any]]:
        return list(self.notes_of("transcript.json")["utterances"])

    @property
    def post(self) -> str:
        return self.read("index.md")

    @property
    def notes(self) -> Any:
        return self.notes_of("notes.json")


@pytest.fixture
def evening(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    folder = tmp_path / "cold-water"
    folder.mkdir()
    (folder / "event.toml").write_text('title = "Cold Water"\n', encoding="utf-8")
    (folder / "talk.vtt").write_text(captions(), encoding="utf-8")

    def told() -> str:
        return "".join(capsys.readouterr())

    with LlmServer(model) as server:
        yield Evening(folder, tmp_path / "posts", server, told)
        assert server.problems == []
