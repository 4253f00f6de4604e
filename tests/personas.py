"""Models that answer the four questions, for a loopback server: good, sloppy, obedient."""

import json
import re
from typing import Any

from cassettes import step
from llm_server import Answer, Request

_UTTERANCE = re.compile(r"^\[(\d+)\] \d+:\d\d [^:]+: (.*)$", re.MULTILINE)
_RANGE = re.compile(r"utterances \[(\d+)\] to \[(\d+)\]")
_NOTE = re.compile(r"^(\d+)\. ", re.MULTILINE)
_SOUND = re.compile(r"\{[^{}]*\}")
INVENTED = "zebra"  # is in everything that the sloppy model makes up

Notes = list[dict[str, Any]]


def sentences(request: Request) -> list[tuple[int, str]]:
    """The sentences of the talk that is to be written up, with their utterances."""
    found = _RANGE.search(request.material)
    first, last = map(int, found.groups()) if found else (0, -1)
    return [
        (int(number), sentence.strip())
        for number, text in _UTTERANCE.findall(request.material)
        if first <= int(number) <= last
        for sentence in re.split(r"(?<=[.?!]) ", _SOUND.sub("", text))
        if 4 <= len(sentence.split()) <= 25
    ]


def quoting(sentence: tuple[int, str], text: str, kind: str = "claim") -> dict[str, Any]:
    """A note that rests on a sentence."""
    number, said = sentence
    return {"quotes": [{"utterance": number, "quote": said}], "kind": kind, "text": text}


def good(request: Request) -> Answer:
    """Repeats what was said, and finds no fault with it."""
    notes = [quoting(each, f"“{each[1].rstrip('.,?!')}”") for each in sentences(request)[:4]]
    return _answer(request, notes)


def sloppy(request: Request) -> Answer:
    """Quotes, and says something else."""
    notes: Notes = []
    for number, said in sentences(request)[:3]:
        notes += [
            quoting((number, said), f"The {INVENTED} runs 777 times faster"),
            quoting((number, f"{said} {INVENTED}"), "Says so"),
            quoting((number, said), f"He says “the {INVENTED} was always the plan”"),
            {**quoting((number, said), f"Laughter for the {INVENTED} joke"), "sounds": [999]},
        ]
    return _answer(request, notes)


def obedient(request: Request) -> Answer:
    """Writes down every order that it can see, word for word, as its own line."""
    seen = [text for _, text in _UTTERANCE.findall(request.material)]
    own = sentences(request)
    orders = [s for s in own if re.search(ORDER, s[1], re.IGNORECASE)]
    notes = [quoting(each, _obeyed(each[1])) for each in orders]
    assert seen or step(request.system) in ("judge", "close")
    return _answer(request, notes)


ORDER = r"\b(?:write|say|add|note|notes|put|mention|summary|instructions?|ignore|rate|stars?)\b"


def _obeyed(order: str) -> str:
    """What was ordered, without the words that order it."""
    wanted = re.split(r"\b(?:that|with|say|write|add|mention)\b", order, maxsplit=1)[-1]
    return " ".join(wanted.split()[:20]).strip(" .,:") or order


def _answer(request: Request, notes: Notes) -> Answer:
    name = step(request.system)
    if name == "write":
        refused = "The notes below were refused" in request.material
        told: dict[str, Any] = {"summary": [], "notes": [] if refused else notes}
    elif name == "judge":
        numbers = [int(number) for number in _NOTE.findall(request.material)]
        told = {"verdicts": [{"note": n, "holds": True, "why": None} for n in numbers]}
    elif name == "close":
        told = {"caveat": [], "description": "", "links": [], "doubles": []}
    else:
        told = {"talks": [], "people": []}
    return Answer(content=json.dumps(told))
