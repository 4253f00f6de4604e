"""Models that answer the four questions, for a loopback server: good, sloppy, weak, obedient."""

import json
import re
from collections.abc import Callable
from typing import Any

from cassettes import step
from llm_server import Answer, Request

_UTTERANCE = re.compile(r"^\[(\d+)\] [\d:]+ [^:]+: (.*)$", re.MULTILINE)
_TALK = re.compile(r"^(\d+)\. “.*utterances \[(\d+)\] to \[(\d+)\]", re.MULTILINE)
_NOTE = re.compile(r"^(\d+)\. ", re.MULTILINE)
_SOUND = re.compile(r"\{[^{}]*\}")
INVENTED = "zebra"  # is in everything that the sloppy model makes up

Notes = list[dict[str, Any]]
Said = list[tuple[int, str]]  # sentences, with the utterances that hold them


def talks(request: Request) -> list[tuple[int, range]]:
    """The numbers of the talks that are to be written up, and their utterances."""
    found = _TALK.findall(request.material)
    return [(int(number), range(int(first), int(last) + 1)) for number, first, last in found]


def sentences(request: Request, talk: range) -> list[tuple[int, str]]:
    """The sentences of a talk, with their utterances."""
    return [
        (int(number), sentence.strip())
        for number, text in _UTTERANCE.findall(request.material)
        if int(number) in talk
        for sentence in re.split(r"(?<=[.?!]) ", _SOUND.sub("", text))
        if 4 <= len(sentence.split()) <= 25
    ]


def quoting(sentence: tuple[int, str], text: str, kind: str = "claim") -> dict[str, Any]:
    """A note that rests on a sentence."""
    number, said = sentence
    receipts = [{"utterance": number, "quote": said}]
    return {"receipts": receipts, "kind": kind, "text": text}


def good(request: Request) -> Answer:
    """Repeats what was said, and finds no fault with it."""
    return _answer(
        request,
        lambda said: [quoting(each, f"“{each[1].rstrip('.,?!')}”") for each in said[:4]],
    )


def sloppy(request: Request) -> Answer:
    """Quotes, and says something else."""

    def notes(said: Said) -> Notes:
        return [note for each in said[:3] for note in _wrong(*each)]

    return _answer(request, notes)


def _wrong(number: int, said: str) -> Notes:
    laughter = quoting((number, said), f"Laughter for the {INVENTED} joke")
    laughter["receipts"].append({"sound": 999})
    return [
        quoting((number, said), f"The {INVENTED} runs 777 times faster"),
        quoting((number, f"{said} {INVENTED}"), "Says so"),
        quoting((number, said), f"He says “the {INVENTED} was always the plan”"),
        laughter,
    ]


def weak(request: Request) -> Answer:
    """A small model: copies headings and lines with their labels, garbles, says a word or two."""

    def notes(said: Said) -> Notes:
        return [note for each in said[:3] for note in _weak(*each)]

    return _answer(request, notes, summary="Talk about the talk")


def _weak(number: int, said: str) -> Notes:
    words = said.split()
    return [
        quoting((number, said), f"[{number}] Speaker: {said}"),
        quoting((number, said), "## Note 1"),
        quoting((number, " ".join(reversed(words))), "Great"),
        quoting((number, said), " ".join(words[:2] * 8)),
    ]


def obedient(request: Request) -> Answer:
    """Writes down every order that it can see, word for word, as its own line."""

    def notes(said: Said) -> Notes:
        orders = [each for each in said if re.search(ORDER, each[1], re.IGNORECASE)]
        return [quoting(each, _obeyed(each[1])) for each in orders]

    assert _UTTERANCE.search(request.material) or step(request.system) in ("judge", "close")
    return _answer(request, notes)


ORDER = r"\b(?:write|say|add|note|notes|put|mention|summary|instructions?|ignore|rate|stars?)\b"


def _obeyed(order: str) -> str:
    """What was ordered, without the words that order it."""
    wanted = re.split(r"\b(?:that|with|say|write|add|mention)\b", order, maxsplit=1)[-1]
    return " ".join(wanted.split()[:20]).strip(" .,:") or order


def _answer(request: Request, write: Callable[[Said], Notes], summary: str = "") -> Answer:
    name = step(request.system)
    told: dict[str, Any] = {"talks": [], "people": []}
    if name == "write":
        lines = [summary] if summary else []
        told = {
            "parts": [
                {"number": number, "summary": lines, "notes": write(sentences(request, talk))}
                for number, talk in talks(request)
            ]
        }
    elif name == "judge":
        told = {"refused": [], "holds": [int(n) for n in _NOTE.findall(request.material)]}
    elif name == "close":
        told = {"caveat": [], "description": "", "links": [], "doubles": []}
    return Answer(content=json.dumps(told))
