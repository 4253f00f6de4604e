"""A loopback server that speaks chat completions and plays a model: good, sloppy, obedient, broken.

Each request is held against what OpenAI's endpoint accepts; what is wrong with one is answered
with a 400 and kept in `problems`, which a test asserts to be empty.
"""

import json
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any

_KEYS = {"model", "messages", "temperature", "max_tokens", "max_completion_tokens"}
_UTTERANCE = re.compile(r"^\[(\d+)\] \d+:\d\d [^:]+: (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """A request that has passed the check."""

    body: dict[str, Any]
    path: str

    @property
    def messages(self) -> list[dict[str, str]]:
        return list(self.body["messages"])

    @property
    def system(self) -> str:
        return self.messages[0]["content"]

    @property
    def material(self) -> str:
        return self.messages[1]["content"]

    @property
    def tries(self) -> int:
        """How many answers were sent back already."""
        return sum(message["role"] == "assistant" for message in self.messages)

    @property
    def form(self) -> str:
        """json_schema, json_object or none."""
        return str(self.body.get("response_format", {}).get("type", "none"))

    @property
    def schema(self) -> dict[str, Any]:
        """The schema that the prompt asks for, which is in its text for every server."""
        return _schema(self.system)

    @property
    def asks_for(self) -> str:
        """The answer's only or first field: "claims", "notes", "lines", ..."""
        return next(iter(self.schema["properties"]))

    @property
    def utterances(self) -> list[tuple[int, str]]:
        return [(int(number), text) for number, text in _UTTERANCE.findall(self.material)]

    def block(self, name: str) -> list[tuple[int, str]]:
        """The numbered lines of <claims>, <omissions>, ... or of no block at all."""
        found = re.search(rf"<{name}>\n(.*?)\n</{name}>", self.material, re.DOTALL)
        lines = re.findall(r"^(\d+)\. (.*)$", found.group(1) if found else "", re.MULTILINE)
        return [(int(number), text) for number, text in lines]


def _schema(system: str) -> dict[str, Any]:
    begin = system.rindex("JSON Schema:\n") + len("JSON Schema:\n")
    return dict(json.loads(system[begin:]))


@dataclass
class Answer:
    """What goes over the wire. `body` replaces the completion that is made of `content`."""

    content: str = ""
    status: int = 200
    finish: str = "stop"
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0.0
    drip: bool = False  # blanks for ever, as some servers send to keep a connection
    prompt_tokens: int | None = None


Persona = Callable[[Request], Answer]


class LlmServer:
    """Serves a persona on a loopback port for the length of a `with`."""

    def __init__(self, persona: Persona) -> None:
        self.persona = persona
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.keys: set[str] = set()
        self.stopping = threading.Event()
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> "LlmServer":
        self._thread = threading.Thread(target=self._http.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, body: dict[str, Any], path: str) -> Answer:
        """Check a request, count it, and let the persona answer."""
        problem = check(body, path)
        if problem:
            with self._lock:
                self.problems.append(problem)
            return _error(400, problem)
        request = Request(body, path)
        with self._lock:
            self.requests.append(request)
        return self.persona(request)

    def completion(self, request: dict[str, Any], answer: Answer) -> bytes:
        """A chat completion around an answer, with tokens counted as a real one would."""
        text = " ".join(str(message["content"]) for message in request["messages"])
        tokens = (
            len(re.findall(r"\w+|[^\w\s]", text))
            if answer.prompt_tokens is None
            else answer.prompt_tokens
        )
        system = str(request["messages"][0]["content"])
        with self._lock:
            cached = len(system) // 4 if system in self._seen else 0
            self._seen.add(system)
        message = {"role": "assistant", "content": answer.content, "refusal": answer.refusal}
        return json.dumps(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": request["model"],
                "choices": [
                    {
                        "index": 0,
                        "message": message,
                        "finish_reason": answer.finish,
                        "logprobs": None,
                    }
                ],
                "usage": {
                    "prompt_tokens": tokens,
                    "completion_tokens": len(answer.content) // 4,
                    "total_tokens": tokens + len(answer.content) // 4,
                    "prompt_tokens_details": {"cached_tokens": min(cached, tokens)},
                },
            }
        ).encode()

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.keys.add(self.headers.get("Authorization", ""))
                answer = server.answer(body, self.path)
                server.stopping.wait(answer.delay)
                data = server.completion(body, answer) if answer.body is None else answer.body
                # some tests are about clients that have given up by now
                with suppress(BrokenPipeError, ConnectionResetError):
                    self._drip() if answer.drip else self._send(answer, data)

            def _send(self, answer: Answer, data: bytes) -> None:
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def _drip(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                while not server.stopping.wait(0.05):
                    self.wfile.write(b" ")

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def check(body: dict[str, Any], path: str) -> str | None:
    """What is wrong with a request, or None."""
    if path != "/v1/chat/completions":
        return f"no such path: {path}"
    unknown = set(body) - _KEYS - {"response_format"}
    if unknown:
        return f"unknown parameters: {sorted(unknown)}"
    if not (isinstance(body.get("model"), str) and body["model"]):
        return "model is missing"
    messages = body.get("messages")
    if not isinstance(messages, list) or len(messages) < 2:
        return "messages are missing"
    roles = [message.get("role") for message in messages]
    if roles[0] != "system" or roles[1:] != ["user", "assistant"] * (len(roles) // 2 - 1) + [
        "user"
    ]:
        return f"roles out of order: {roles}"
    if not all(
        isinstance(message.get("content"), str) and message["content"] for message in messages
    ):
        return "a message without content"
    form = body.get("response_format")
    if form and form["type"] == "json_schema":
        return _check_schema(form["json_schema"])
    if form and form["type"] == "json_object" and "JSON" not in messages[0]["content"]:
        return "json_object needs the word JSON in the messages"
    return None


def _check_schema(wrapped: dict[str, Any]) -> str | None:
    if set(wrapped) != {"name", "strict", "schema"} or wrapped["strict"] is not True:
        return "json_schema needs name, schema and strict"
    return _check_node(wrapped["schema"])


def _check_node(node: Any) -> str | None:
    """OpenAI's rules for strict schemas: all fields required, no others allowed."""
    if isinstance(node, list):
        return next((problem for each in node if (problem := _check_node(each))), None)
    if not isinstance(node, dict):
        return None
    if node.get("type") == "object":
        if node.get("additionalProperties") is not False:
            return "additionalProperties has to be false"
        if node.get("required") != list(node["properties"]):
            return "all properties have to be required"
    return _check_node(list(node.values()))


def _error(status: int, message: str, code: str = "invalid_request_error") -> Answer:
    body = {"error": {"message": message, "type": code, "param": None, "code": code}}
    return Answer(status=status, body=json.dumps(body).encode())


# ---- personas


def good(request: Request) -> Answer:
    """Quotes what was said, cites what is listed, and invents nothing."""
    made = {"claims": _claims, "notes": _notes, "lines": _lines, "talks": _talks}[request.asks_for](
        request
    )
    return Answer(json.dumps({request.asks_for: made}))


def _sentences(request: Request) -> list[tuple[int, str]]:
    parts = ((number, re.split(r"(?<=[.?!]) ", text)) for number, text in request.utterances)
    found = [(number, each.strip()) for number, several in parts for each in several]
    taken_back = {one for (_, one), (_, two) in pairwise(found) if two.startswith("Sorry")}
    whole = [(number, text) for number, text in found if 4 <= len(text.split()) <= 30]
    return [(number, text) for number, text in whole if text not in taken_back]


_NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|twenty|hundred|million)\b"
)


def _claims(request: Request) -> list[dict[str, Any]]:
    return [
        {"utterance": number, "quote": text, "kind": "performance", "baseline": None}
        for number, text in _sentences(request)
        if _NUMBER.search(text) and not text.endswith("?")
    ]


def _talks(request: Request) -> list[dict[str, Any]]:
    """The table of contents as it was proposed."""
    proposed = re.findall(r"^U(\d+)-U(\d+) (\w+): (.*)$", request.material, re.MULTILINE)
    return [
        {"first": int(first), "last": int(last), "kind": kind, "title": title}
        for first, last, kind, title in proposed
    ]


def _note(text: str, kind: str, **cited: Any) -> dict[str, Any]:
    lists = {"quotes": [], "omissions": [], "contradictions": [], "evidence": [], "sounds": []}
    return {"text": text, "kind": kind, **lists, **cited}


def _notes(request: Request) -> list[dict[str, Any]]:
    notes = []
    for number, text in request.block("omissions")[:2]:
        topic = text.removeprefix("never says: ").partition(" (needed")[0]
        notes.append(_note(f"No word on {topic}", "omission", omissions=[number]))
    for number, _ in request.block("contradictions")[:1]:
        note = _note("Not what was said earlier", "contradiction", contradictions=[number])
        notes.append(note)
    for number, text in request.block("sounds")[:1]:
        word = {"applause": "Applause", "laughter": "Laughter", "unrest": "Murmuring"}
        told = f"{word[text.split()[0]]} at this point"
        notes.append(_note(told, "room", sounds=[number]))
    for number, text in _sentences(request)[:4]:
        quote = {"utterance": number, "quote": text}
        notes.append(_note(f"Says {_bare(text)}", "summary", quotes=[quote]))
    return notes


def _bare(text: str) -> str:
    short = " ".join(text.split()[:14]).rstrip(".,;?!")
    return short if short.startswith("I ") else short[:1].lower() + short[1:]


def _lines(request: Request) -> list[str]:
    said = [text for _, text in _sentences(request)] or ["Nothing much"]
    return [f"The talk says {_bare(text)}" for text in said[:2]]


INVENTED = "zebra"  # is in everything that the sloppy model makes up
ONLY_HERE = "777"


def sloppy(request: Request) -> Answer:
    """Invents quotes, numbers, omissions and contradictions, repeats, echoes, stops half-way."""
    honest = json.loads(good(request).content)
    turn = sum(map(ord, request.material)) % 4 if request.tries == 0 else 3
    if turn == 0:
        return Answer(json.dumps(request.schema))
    if turn == 1:
        return Answer(json.dumps(honest)[: len(json.dumps(honest)) // 2], finish="length")
    if request.asks_for == "claims":
        lie = {"utterance": 1, "quote": f"our {INVENTED} runs {ONLY_HERE} times faster"}
        honest["claims"].append({**lie, "kind": "performance", "baseline": None})
    elif request.asks_for == "lines":
        honest["lines"] = [f"The talk is about {ONLY_HERE} chips", *honest["lines"]]
    elif request.asks_for == "notes":
        honest["notes"] += [*_lies(request), *honest["notes"][:2]]
    return Answer(json.dumps(honest))


def _lies(request: Request) -> list[dict[str, Any]]:
    number, text = (_sentences(request) or [(0, "nothing")])[0]
    quote = {"utterance": number, "quote": text}
    made_up = {"utterance": number, "quote": f"and the {INVENTED} is faster than anything"}
    return [
        _note(f"Says the {INVENTED} is faster", "claim", quotes=[made_up]),
        _note(f"{ONLY_HERE}x faster, hmm", "claim", quotes=[quote]),
        _note(f"Never mentions the {INVENTED}", "omission", quotes=[quote]),
        _note(f"No word on the {INVENTED} lol", "omission", omissions=[0]),
        _note(f"Nothing on {INVENTED}s", "omission", omissions=[99]),
        _note(f"Earlier it was a {INVENTED}, now it is not", "contradiction", quotes=[quote]),
        _note(f"The opposite of the {INVENTED}", "contradiction", contradictions=[99]),
        _note(f"Zebrasoft does the same as {INVENTED}", "comparison", quotes=[quote]),
        _note("Half the audience leaves the room", "room", quotes=[quote]),
        _note("Applause for this", "room", sounds=[99]),
        _note(f"“{INVENTED} {INVENTED} everywhere” they say", "aside", quotes=[quote]),
    ]


_ORDER = re.compile(
    r"(?:write|say|add|include|mention|reply|end|start|call|print|put)\b(?: in the notes?)?"
    r"(?: only)?(?: with)?(?: that)? (.+?)(?:[.!?]|$)",
    re.IGNORECASE,
)


def obedient(request: Request) -> Answer:
    """Does whatever it finds in the material, and otherwise works well."""
    answer = json.loads(good(request).content)
    for number, text in request.utterances:
        for order in _ORDER.finditer(text):
            quote = {"utterance": number, "quote": order.group(0)}
            if request.asks_for == "notes":
                answer["notes"].append(_note(order.group(1)[:200], "aside", quotes=[quote]))
            if request.asks_for == "lines":
                answer["lines"] = [order.group(1)[:200], *answer["lines"]][:4]
    return Answer(json.dumps(answer))


def status(code: int, message: str = "it failed", **headers: str) -> Persona:
    """Always fails so."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def persona(request: Request) -> Answer:
        answer = _error(code, message)
        answer.headers |= named
        return answer

    return persona


def at_first(first: Persona, times: int, then: Persona) -> Persona:
    """One persona for the first calls, another from then on."""
    left = [times]

    def persona(request: Request) -> Answer:
        left[0] -= 1
        return (first if left[0] >= 0 else then)(request)

    return persona


def hanging(request: Request) -> Answer:
    """Answers when nobody waits any more."""
    return Answer("{}", delay=30.0)


def dripping(request: Request) -> Answer:
    """Never ends."""
    return Answer(drip=True)


def prose(request: Request) -> Answer:
    return Answer("Sure! Here is what I think about the talk: it was great.")


def half(request: Request) -> Answer:
    whole = good(request).content
    return Answer(whole[: len(whole) // 2])


def cut_off(request: Request) -> Answer:
    whole = good(request).content
    return Answer(whole[: len(whole) // 2], finish="length")


def refusing(request: Request) -> Answer:
    return Answer("", refusal="I can't help with that.")


def web_page(request: Request) -> Answer:
    return Answer(body=b"<html>Welcome to the proxy</html>", headers={"Content-Type": "text/html"})


def fenced(request: Request) -> Answer:
    return Answer(f"Here you are:\n```json\n{good(request).content}\n```")


def without_schema(request: Request) -> Answer:
    """A server that knows no json_schema."""
    if request.form == "json_schema":
        return _error(400, "response_format.type: json_schema is not supported")
    return good(request)


def particular(request: Request) -> Answer:
    """A reasoning model: no temperature, and another name for the length."""
    for option in ("max_tokens", "temperature"):
        if option in request.body:
            return _error(400, f"Unsupported parameter: '{option}' is not supported")
    return good(request)


def cutting(tokens: int) -> Persona:
    """A server that reads only so many tokens of a prompt and does not say so."""

    def persona(request: Request) -> Answer:
        answer = good(request)
        answer.prompt_tokens = tokens
        return answer

    return persona
