"""A loopback server that speaks chat completions and plays a model.

Each request is held against what OpenAI's endpoint accepts; what is wrong with one is answered
with a 400 and kept in `problems`, which a test asserts to be empty. Servers that travel otherwise
are in llm_faults.py.
"""

import json
import re
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any
from urllib.parse import urlsplit

_KEYS = {
    *("model", "messages", "temperature", "max_tokens", "max_completion_tokens", "stream"),
    *("stream_options", "reasoning_effort", "service_tier", "prompt_cache_key", "response_format"),
}


@dataclass(frozen=True)
class Request:
    """A request that has passed the check."""

    body: dict[str, Any]
    path: str
    headers: dict[str, str] = field(default_factory=dict)  # names in small letters

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
    def told(self) -> bool:
        """Whether the schema is in the text of the prompt."""
        return "JSON Schema:\n" in self.system

    @property
    def schema(self) -> dict[str, Any]:
        """The schema that is asked for: enforced by the server, or told in words."""
        if self.form == "json_schema":
            return dict(self.body["response_format"]["json_schema"]["schema"])
        begin = self.system.rindex("JSON Schema:\n") + len("JSON Schema:\n")
        return dict(json.loads(self.system[begin:]))

    @property
    def cap(self) -> int:
        """How many tokens the answer may have."""
        return int(self.body.get("max_tokens") or self.body.get("max_completion_tokens") or 0)


@dataclass
class Answer:
    """What goes over the wire. `body` replaces the completion that is made of the rest."""

    content: Any = ""
    status: int = 200
    finish: str = "stop"
    refusal: str | None = None
    more: dict[str, Any] = field(default_factory=dict)  # fields of the message: reasoning, ...
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    delay: float = 0.0
    drip: bytes = b""  # sent for ever, as some servers send blanks to keep a connection
    breaks: bool = False  # the connection ends in the middle of the answer
    streams: bool = True  # in events, where that is asked for
    prompt_tokens: int | None = None
    thought_tokens: int = 0


Persona = Callable[[Request], Answer]


class LlmServer:
    """Serves a persona on a loopback port for the length of a `with`."""

    def __init__(self, persona: Persona, models: Any = ("test-1",), strict: bool = True) -> None:
        self.persona = persona
        self.models = models  # names, or whole entries, or None: no such path
        self.strict = strict
        self.requests: list[Request] = []
        self.problems: list[str] = []
        self.keys: set[str] = set()
        self.stopping = threading.Event()
        self._seen: set[str] = set()
        self._lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.http.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.http.server_port}"
        self.url = f"{self.root}/v1"

    def __enter__(self) -> "LlmServer":
        self._thread = threading.Thread(target=self.http.serve_forever, args=(0.005,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self.http.shutdown()
        self.http.server_close()
        self._thread.join()

    def answer(self, request: Request) -> Answer:
        """Check a request, count it, and let the persona answer."""
        problem = check(request.body, request.path) if self.strict else None
        if problem:
            with self._lock:
                self.problems.append(problem)
            return error(400, problem)
        with self._lock:
            self.requests.append(request)
        return self.persona(request)

    def listed(self, path: str) -> Answer:
        """The models, as they are listed."""
        if self.models is None or not path.endswith("/models"):
            return error(404, "Not Found")
        each = (m if isinstance(m, dict) else {"id": m, "object": "model"} for m in self.models)
        data = [{"created": 1, "owned_by": "test", **entry} for entry in each]
        return Answer(body=json.dumps({"object": "list", "data": data}).encode())

    def usage(self, request: Request, answer: Answer) -> dict[str, Any]:
        """Tokens counted as a real server would."""
        text = " ".join(str(message["content"]) for message in request.messages)
        told = answer.prompt_tokens
        tokens = len(re.findall(r"\w+|[^\w\s]", text)) if told is None else told
        with self._lock:
            cached = len(request.system) // 4 if request.system in self._seen else 0
            self._seen.add(request.system)
        out = len(str(answer.content)) // 4 + answer.thought_tokens
        return {
            "prompt_tokens": tokens,
            "completion_tokens": out,
            "total_tokens": tokens + out,
            "prompt_tokens_details": {"cached_tokens": min(cached, tokens)},
            "completion_tokens_details": {"reasoning_tokens": answer.thought_tokens},
        }

    def completion(self, request: Request, answer: Answer) -> bytes:
        """A whole chat completion around an answer."""
        said = {"role": "assistant", "content": answer.content, "refusal": answer.refusal}
        choice = {"index": 0, "message": said | answer.more, "finish_reason": answer.finish}
        whole = _envelope(request, "chat.completion", [choice])
        return json.dumps(whole | {"usage": self.usage(request, answer)}).encode()

    def events(self, request: Request, answer: Answer) -> bytes:
        """The same as a stream of events, in a few pieces."""
        text, step = answer.content, 40
        cut = [text[n : n + step] for n in range(0, len(text), step)] if text else []
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}, answer.more]
        deltas += [{"content": piece} for piece in cut]
        deltas.append({"refusal": answer.refusal} if answer.refusal else {})
        choices = [[{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas]
        choices[-1][0]["finish_reason"] = answer.finish
        chunks = [_envelope(request, "chat.completion.chunk", each) for each in choices]
        if request.body.get("stream_options"):
            last = _envelope(request, "chat.completion.chunk", [])
            chunks.append(last | {"usage": self.usage(request, answer)})
        lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        return "".join([": hello\n\n", *lines, "data: [DONE]\n\n"]).encode()

    def drip(self, out: IO[bytes], drop: bytes) -> None:
        """The same for ever, until nobody listens any more."""
        while not self.stopping.wait(0.05):
            out.write(drop)
            out.flush()

    def _handler(server) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.keys.add(self.headers.get("Authorization", ""))
                with suppress(BrokenPipeError, ConnectionResetError):
                    listed = server.listed(urlsplit(self.path).path)
                    self._send(listed, listed.body or b"", "application/json")

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.keys.add(self.headers.get("Authorization", ""))
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(body, self.path, headers)
                answer = server.answer(request)
                server.stopping.wait(answer.delay)
                # some tests are about clients that have given up by now
                with suppress(BrokenPipeError, ConnectionResetError):
                    self._give(request, answer)

            def _give(self, request: Request, answer: Answer) -> None:
                streams = bool(request.body.get("stream")) and answer.streams
                kind = "text/event-stream" if streams else "application/json"
                if answer.body is not None:
                    return self._send(answer, answer.body, "application/json")
                if answer.drip:
                    self._send(answer, b"", kind)
                    return server.drip(self.wfile, answer.drip)
                made = server.events if streams else server.completion
                return self._send(answer, made(request, answer), kind)

            def _send(self, answer: Answer, data: bytes, kind: str) -> None:
                self.send_response(answer.status)
                for name, value in {"Content-Type": kind, **answer.headers}.items():
                    self.send_header(name, value)
                if not answer.drip:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2] if answer.breaks else data)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _envelope(request: Request, kind: str, choices: list[Any]) -> dict[str, Any]:
    made = {"id": "chatcmpl-1", "object": kind, "created": 1, "model": request.body["model"]}
    return made | {"choices": choices}


def check(body: dict[str, Any], path: str) -> str | None:
    """What is wrong with a request, or None."""
    if urlsplit(path).path != "/v1/chat/completions":
        return f"no such path: {path}"
    unknown = set(body) - _KEYS
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


def error(status: int, message: str, code: str = "invalid_request_error") -> Answer:
    body = {"error": {"message": message, "type": code, "param": None, "code": code}}
    return Answer(status=status, body=json.dumps(body).encode())


# ---- personas; those that answer the four questions are in personas.py


def status(code: int, message: str = "it failed", **headers: str) -> Persona:
    """Always fails so."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def persona(request: Request) -> Answer:
        answer = error(code, message)
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
