"""Recorded answers of a strong model, played back by a loopback server.

    python tests/cassettes.py write CASSETTE_DIR BASE_URL OUT    writes an event up
    python tests/cassettes.py record RELAY_DIR CASSETTE_DIR      keeps what relay_llm was answered

A cassette is a folder: event.toml, sources/, transcript.json (of an hour, script.txt), answers/ (a
file a question, by step and talk, with the prompt's hash beside), post.md (what it gives). A
question whose prompt has changed since is answered all the same, its numbers moved to where the
same notes stand now, and is listed in `stale`.
"""

import hashlib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from llm_server import Answer, Request

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))

import scripted

from pipeline import config
from pipeline.audio.inputs import EventInput
from pipeline.data import Audio, Diarization, RoomSound, Transcript, Utterance
from pipeline.diarize.merge import utterances
from pipeline.engines.choose import choose
from pipeline.event import EventInfo
from pipeline.flow import write
from pipeline.heard import Heard
from pipeline.notes.editor import FIRST_REFUSED, NEW
from pipeline.progress import Watch, plain
from pipeline.render.article import Article
from pipeline.render.transcript_json import TranscriptFile
from pipeline.session import Settings, make_session
from pipeline.talks import outline
from pipeline.toml import read, validate

_STEPS = {
    "outline": "You make the table of contents",
    "judge": "You check the notes of a blogger",
    "close": "you read the post once more",
    "translate": "is written and checked in one language",
    "write": "write up the talks of it",
}
SAID = ("transcript.json", "script.txt")  # what an engine heard, or an hour made of a script
_NOTE = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)


def step(system: str) -> str:
    """Which of the four questions a system prompt asks."""
    return next(name for name, words in _STEPS.items() if words in system)


def key(system: str, material: str) -> str:
    """The step and first talk of a question: "write-12", "judge-ada-park", "repair", "close"."""
    name = step(system)
    if name == "write":
        if "The notes below were refused" in material or "read the post as it stands" in material:
            return "repair"
        begin = re.search(r"utterances \[(\d+)\] to \[(\d+)\]", material)
        assert begin, "the task names its utterances"
        return f"write-{begin.group(1)}"
    if name == "judge":
        first = re.search(r"^Heading: (.*?)(?: \(speakers.*)?$", material, re.MULTILINE)
        heading = first.group(1).lower() if first else ""
        return f"judge-{re.sub(r'[^a-z0-9]+', '-', heading).strip('-')}"
    return name


@dataclass
class Cassette:
    """Plays the answers of one recorded run; a persona for `LlmServer`."""

    folder: Path
    stale: set[str] = field(default_factory=set)  # questions recorded on another prompt
    missing: set[str] = field(default_factory=set)  # questions that were never recorded
    _asked: Counter[str] = field(default_factory=Counter)

    def __call__(self, request: Request) -> Answer:
        """The recorded answer; for a question that was never asked, an answer that says nothing."""
        name = key(request.system, request.material)
        self._asked[name] += 1
        file = self.folder / "answers" / f"{name}.{self._asked[name]}.json"
        if not file.exists():
            self.missing.add(file.stem)
            return Answer(content=json.dumps(_NOTHING[step(request.system)]))
        recorded = json.loads(file.read_text(encoding="utf-8"))
        if recorded["prompt"] != digest(request.messages):
            self.stale.add(file.stem)
        told = recorded["answer"]
        if not name.startswith("write"):  # its numbers are those of talks
            told = _renumbered(told, _moved(recorded["numbered"], request.material))
        return Answer(content=json.dumps(told))


_NOTHING: dict[str, dict[str, Any]] = {
    "outline": {"talks": [], "people": []},
    "write": {"parts": []},
    "judge": {"refused": [], "holds": []},
    "translate": {"lines": [], "quotes": []},
    "close": {"caveat": [], "description": "", "links": [], "doubles": []},
}


def digest(messages: list[dict[str, str]]) -> str:
    """The hash of a question's whole text."""
    text = "\n".join(message["content"] for message in messages)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _notes(material: str) -> dict[int, str]:
    """The numbered notes of a question: their texts, without what stands around them."""
    found = {int(number): text for number, text in _NOTE.findall(material)}
    return {number: _text(line) for number, line in found.items()}


def _text(line: str) -> str:
    """A refused note is listed with its whole answer; its text is what it is known by."""
    told = re.search(r'"text":"((?:[^"\\]|\\.)*)"', line)
    return told.group(1) if told else line


def _moved(before: dict[str, str], now: str) -> dict[int, int]:
    """Old numbers of notes to new ones, by their texts."""
    places = {text: number for number, text in _notes(now).items()}
    return {int(number): places[text] for number, text in before.items() if text in places}


def _renumbered(answer: dict[str, Any], moved: dict[int, int]) -> dict[str, Any]:
    """An answer about numbered notes, for the numbers that they have now; others are left out."""
    told = dict(answer)
    if "refused" in told:
        told["refused"] = _kept(told["refused"], "note", moved)
        told["holds"] = [moved[number] for number in told["holds"] if number in moved]
        told["unclear"] = _kept(told.get("unclear", []), "note", moved)
    if "parts" in told:
        talks = {number: number for number in range(1, FIRST_REFUSED)}
        behind = {NEW + old: NEW + new for old, new in (talks | moved).items()}
        told["parts"] = _kept(told["parts"], "number", talks | moved | behind)
    for lines in ("caveat", "links"):
        if lines in told:
            told[lines] = [
                {**line, "notes": [moved[n] for n in line["notes"] if n in moved]}
                for line in told[lines]
            ]
    if "doubles" in told:
        told["doubles"] = _kept(_kept(told["doubles"], "keep", moved), "drop", moved)
    return told


def _kept(entries: list[dict[str, Any]], name: str, moved: dict[int, int]) -> list[dict[str, Any]]:
    return [{**each, name: moved[each[name]]} for each in entries if each[name] in moved]


def record(relay: Path, folder: Path) -> int:
    """A finished run of relay_llm.py as a cassette's answers; how many there are."""
    into = folder / "answers"
    into.mkdir(parents=True, exist_ok=True)
    asked: Counter[str] = Counter()
    for file in sorted(relay.glob("*.request.json")):
        messages = json.loads(file.read_text(encoding="utf-8"))["messages"]
        if any(message["role"] == "assistant" for message in messages):
            continue  # asked again after an answer of the wrong shape
        answer = file.with_name(file.name.replace(".request.json", ".answer.md"))
        text = answer.read_text(encoding="utf-8")
        told = json.loads(text[text.index("{") : text.rindex("}") + 1])
        system, material = messages[0]["content"], messages[1]["content"]
        name = key(system, material)
        asked[name] += 1
        entry = {"prompt": digest(messages), "answer": told, "numbered": _notes(material)}
        place = into / f"{name}.{asked[name]}.json"
        place.write_text(json.dumps(entry, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return sum(asked.values())


# ---- an event out of a transcript


@cache
def event(folder: Path) -> Heard:
    """The event of a folder as if it had just been listened to."""
    values = read(folder / "event.toml") if (folder / "event.toml").exists() else {}
    dated = {key: str(value) if key == "date" else value for key, value in values.items()}
    info = validate(EventInfo, dated, str(folder))
    file = next(folder / name for name in SAID if (folder / name).exists())
    transcript, said, sounds = (_read if file.suffix == ".json" else _played)(folder)
    story = outline(said, (), info, config.Talks())
    audio = Audio(Path(), said[-1].end + 1.0, folder.name, ())
    source = EventInput(folder.name, info, (file,), folder)
    return Heard(source, audio, transcript, Diarization((), ()), sounds, story)


Said = tuple[Transcript, list[Utterance], tuple[RoomSound, ...]]


def _read(folder: Path) -> Said:
    """What an engine heard."""
    told = TranscriptFile.model_validate_json((folder / "transcript.json").read_bytes())
    words, said = iter(told.words), list[Utterance]()
    for number, one in enumerate(told.utterances):
        own = tuple(next(words) for _ in one.text.split())
        said.append(Utterance(number, one.speaker, own))
    return Transcript(told.language, told.words), said, told.sounds


def _played(folder: Path) -> Said:
    """An hour, whose words would fill a megabyte, from its script."""
    made = scripted.read(folder / "script.txt")
    names = {turn.speaker: "" for turn in made.turns}
    ids = {name: f"SPEAKER_{number:02d}" for number, name in enumerate(names)}
    turns = [replace(turn, speaker=ids[turn.speaker]) for turn in made.turns]
    said, _ = utterances(made.words, turns)
    return Transcript("en", tuple(made.words)), list(said), tuple(made.sounds)


def written(
    folder: Path, url: str, out: Path, language: str | None = None, **options: object
) -> tuple[Article, Path]:
    """The event of a folder written up by the model behind a server."""
    writer = {"engine": "llm", "base_url": url, "model": "relay", **options}
    run = {"llm_timeout": 3600.0, "llm_concurrency": 8}
    chosen = config.load(writer=writer, run=run, post={"language": language})
    session = make_session(Settings(chosen, out, choose(chosen)))
    return write(event(folder), session, Watch(folder.name, plain))


def main(arguments: list[str]) -> int:
    """Write an event up, or keep what was answered."""
    if arguments[0] == "record":
        print(record(Path(arguments[1]), Path(arguments[2])), "answers")
    else:
        print(written(Path(arguments[1]), arguments[2], Path(arguments[3]))[1])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
