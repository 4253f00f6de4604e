"""The same good answer, travelling otherwise: how real servers behind the OpenAI protocol differ.

Each was met in the wild (../shared/reference/faults/README.md). A persona here takes the persona
whose answer it spoils.
"""

import email.utils
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from llm_server import Answer, Persona, Request, error

Spoiler = Callable[[Persona], Persona]


def _text(change: Callable[[str], str], **more: Any) -> Spoiler:
    """The good answer with another text."""

    def spoil(good: Persona) -> Persona:
        return lambda request: Answer(change(str(good(request).content)), **more)

    return spoil


# ---- thoughts

thinks_first = _text(lambda good: f'<think>Say {{"notes": []}}? No: {{hm}}.</think>\n{good}')
thinks_unopened = _text(lambda good: f'They want {{"notes": []}}, I guess.</think>\n\n{good}')
thinks_in_channels = _text(
    lambda good: (
        f"<|channel|>analysis<|message|>Hm {{}}.<|end|><|start|>assistant"
        f"<|channel|>final<|message|>{good}<|return|>"
    )
)


def thinks_beside(name: str) -> Spoiler:
    """The answer in the field for thoughts, with nothing in its own."""

    def spoil(good: Persona) -> Persona:
        return lambda request: Answer("", more={name: str(good(request).content)})

    return spoil


def held_back(good: Persona) -> Persona:
    """The answer as what was written and is no JSON (Groq)."""

    def persona(request: Request) -> Answer:
        answer = error(400, "Failed to generate JSON", "json_validate_failed")
        told = json.loads(answer.body or b"")
        told["error"]["failed_generation"] = f"{str(good(request).content)[:-1]},}}"
        answer.body = json.dumps(told).encode()
        return answer

    return persona


def thinks_long(tokens: int) -> Spoiler:
    """So many tokens go into thoughts before the answer begins."""

    def spoil(good: Persona) -> Persona:
        def persona(request: Request) -> Answer:
            if request.cap <= tokens:
                return Answer("", finish="length", thought_tokens=request.cap)
            answer = good(request)
            answer.thought_tokens = tokens
            return answer

        return persona

    return spoil


def thinks_aloud_long(good: Persona) -> Persona:
    """The same, with the thoughts in the text and no end to them."""
    return lambda request: (
        Answer("<think>Let me see {", finish="length") if request.cap < 3000 else good(request)
    )


# ---- the text

fenced = _text(lambda good: f"Here you are:\n```json\n{good}\n```\nAnything else?")
echoes_first = _text(lambda good: f'{{"type": "object", "properties": {{}}}}\n{good}')
tries_twice = _text(lambda good: f'{{"notes": "oops", \n"x": 1}} No, again: {good}')
wrapped = _text(lambda good: f'{{"answer": {good}}}')
raw_newline = _text(lambda good: good.replace("in the house", "in\nthe\thouse"))
trailing_comma = _text(lambda good: good.replace("}]", "},]").replace('"}', '",}'))
bare_quotes = _text(lambda good: good.replace("nine machines", 'nine "machines"'))
python_like = _text(lambda good: repr(json.loads(good)))
prose = _text(lambda good: "Sure! Here is what I think about the talk: it was great.")
half = _text(lambda good: good[: len(good) // 2])
cut_off = _text(lambda good: good[: len(good) // 2], finish="length")
blank = _text(lambda good: "")


def changed(change: Callable[[Any], Any]) -> Spoiler:
    """The good answer with something else in it."""
    return _text(lambda good: json.dumps(change(json.loads(good))))


def listed(good: Persona) -> Persona:
    """The list by itself."""
    return lambda request: Answer(json.dumps(json.loads(str(good(request).content))["notes"]))


# ---- the envelope


def in_parts(good: Persona) -> Persona:
    """The content as a list of parts, thoughts among them, and never as a stream."""

    def persona(request: Request) -> Answer:
        text = str(good(request).content)
        parts: list[dict[str, Any]] = [{"type": "thinking", "thinking": [{"text": "{hm}"}]}]
        parts += [{"type": "text", "text": text[:30]}, {"type": "text", "text": text[30:]}]
        return Answer(parts, streams=False)

    return persona


def as_tool(good: Persona) -> Persona:
    """The answer as the arguments of a tool."""

    def persona(request: Request) -> Answer:
        made = {"function": {"name": "json", "arguments": str(good(request).content)}, "index": 0}
        return Answer("", finish="tool_calls", more={"tool_calls": [made]})

    return persona


def stream_only(good: Persona) -> Persona:
    return lambda request: (
        good(request) if request.body.get("stream") else error(400, "only stream=true is served")
    )


def no_stream(good: Persona) -> Persona:
    return lambda request: (
        error(400, "stream is not supported") if request.body.get("stream") else good(request)
    )


def unasked_body(good: Persona) -> Persona:
    """One body where a stream was asked for."""

    def persona(request: Request) -> Answer:
        answer = good(request)
        answer.streams = False
        return answer

    return persona


def body(data: bytes, **more: Any) -> Persona:
    return lambda request: Answer(body=data, **more)


web_page = body(b"<html>Welcome to the proxy</html>", headers={"Content-Type": "text/html"})
error_inside = body(b'{"error": {"message": "upstream is overloaded", "code": 503}}')
error_of_the_key = body(b'{"error": {"message": "no such user", "code": 401}}')
half_json = body(b'{"id": "1", "choices": [{"ind')
blank_body = body(b"  \n\n")
half_event = body(b'data: {"choices": [{"delta": {"content": "{"}}]}\n\ndata: {"choi')
error_event = body(
    b'data: {"choices": [{"delta": {"content": "{"}}]}\n\n'
    b'data: {"error": {"message": "the worker died"}}\n\n'
)
blanks_for_ever: Persona = lambda request: Answer(drip=b" ")  # noqa: E731
empty_events_for_ever: Persona = lambda request: Answer(  # noqa: E731
    drip=b'data: {"choices": [{"delta": {"content": ""}}]}\n\n'
)
refusing: Persona = lambda request: Answer("", refusal="I can't help with that.")  # noqa: E731
filtered: Persona = lambda request: Answer("", finish="content_filter")  # noqa: E731


def breaking(good: Persona) -> Persona:
    """The connection ends in the middle of the answer."""

    def persona(request: Request) -> Answer:
        answer = good(request)
        answer.breaks = True
        return answer

    return persona


# ---- what a server refuses


def refuses(option: str, message: str = "", code: int = 400, shape: str = "openai") -> Spoiler:
    """A server that does not take an option."""
    said = message or f"Unsupported parameter: '{option}' is not supported with this model."

    def spoil(good: Persona) -> Persona:
        def persona(request: Request) -> Answer:
            sent = {**request.body, request.form: True}
            if option not in sent:
                return good(request)
            return _told(code, said, option, shape)

        return persona

    return spoil


def _told(code: int, said: str, option: str, shape: str) -> Answer:
    """The same refusal as OpenAI, FastAPI or plain programs put it."""
    if shape == "openai":
        return error(code, said)
    if shape == "fastapi":
        each = {"type": "extra_forbidden", "loc": ["body", option], "msg": said, "input": 1}
        return Answer(status=code, body=json.dumps({"detail": [each]}).encode())
    if shape == "detail":
        return Answer(status=code, body=json.dumps({"detail": said}).encode())
    return Answer(status=code, body=said.encode(), headers={"Content-Type": "text/plain"})


def particular(good: Persona) -> Persona:
    """A reasoning model: no temperature, another name for the length, all learnt in turn."""

    def persona(request: Request) -> Answer:
        for option in ("max_tokens", "temperature", "stream_options"):
            if option in request.body:
                return error(400, f"Unsupported parameter: '{option}' is not supported")
        return good(request)

    return persona


def short_answers(most: int) -> Spoiler:
    """A model that gives no longer answers."""

    def spoil(good: Persona) -> Persona:
        said = f"max_tokens is too large: %d. This model supports at most {most} completion tokens"
        return lambda request: (
            error(400, said % request.cap) if request.cap > most else good(request)
        )

    return spoil


def holds(context: int, shape: str) -> Spoiler:
    """A model that holds so many tokens, prompt and answer."""

    def spoil(good: Persona) -> Persona:
        def persona(request: Request) -> Answer:
            prompt = sum(len(message["content"]) for message in request.messages) // 4
            if prompt + request.cap <= context:
                return good(request)
            return _overflow(context, prompt, request.cap, shape)

        return persona

    return spoil


def _overflow(context: int, prompt: int, cap: int, shape: str) -> Answer:
    if shape == "llama.cpp":
        told: dict[str, Any] = {"code": 400, "type": "exceed_context_size_error"}
        told["message"] = "the request exceeds the available context size, try increasing it"
        told |= {"n_prompt_tokens": prompt, "n_ctx": context}
        return Answer(status=400, body=json.dumps({"error": told}).encode())
    if shape == "vllm":
        return error(
            400,
            f"This model's maximum context length is {context} tokens. However, you requested "
            f"{prompt + cap} tokens ({prompt} in the messages, {cap} in the completion).",
        )
    return error(400, "prompt is too long", "context_length_exceeded")


def cutting(tokens: int) -> Spoiler:
    """A server that reads only so many tokens of a prompt and does not say so."""

    def spoil(good: Persona) -> Persona:
        def persona(request: Request) -> Answer:
            answer = good(request)
            answer.prompt_tokens = tokens
            return answer

        return persona

    return spoil


def keeps_the_end(tokens: int, by_message: bool = False) -> Spoiler:
    """A server that keeps the end of a prompt, as Ollama does, without what is asked; of a
    conversation that is too long it drops the messages between the first and the last."""

    def spoil(good: Persona) -> Persona:
        def persona(request: Request) -> Answer:
            sizes = [len(message["content"]) // 4 for message in request.messages]
            fits = sum(sizes) <= tokens
            answer = good(request) if fits else Answer(content="Sure! The chip is fast.")
            left = sizes if fits or not by_message else [sizes[0], sizes[-1]]
            answer.prompt_tokens = min(sum(left), tokens)
            return answer

        return persona

    return spoil


# ---- patience


def waits(said: str, header: str = "", code: int = 429) -> Persona:
    """Asks to wait, in words or in a header."""

    def persona(request: Request) -> Answer:
        answer = error(code, said, "rate_limit_exceeded")
        if header:
            answer.headers["Retry-After"] = header
        return answer

    return persona


def in_a_second() -> str:
    """A Retry-After as a date."""
    return email.utils.formatdate(time.time() + 2, usegmt=True)


def one_slot(seconds: float) -> Spoiler:
    """A server that answers one after another, and goes on with what nobody waits for."""
    slot = threading.Lock()

    def spoil(good: Persona) -> Persona:
        def persona(request: Request) -> Answer:
            with slot:
                time.sleep(seconds)
            return good(request)

        return persona

    return spoil


def only_at(path: str) -> Spoiler:
    """Serves one path; a page or a 404 elsewhere."""

    def spoil(good: Persona) -> Persona:
        return lambda request: (
            good(request)
            if request.path.startswith(path)
            else Answer(status=404, body=b"404 page not found")
        )

    return spoil


def key_in_its_own_header(key: str) -> Spoiler:
    """Azure's gateway."""

    def spoil(good: Persona) -> Persona:
        said = "Access denied due to invalid subscription key or wrong API endpoint."
        return lambda request: (
            good(request) if request.headers.get("api-key") == key else error(401, said)
        )

    return spoil


def echoes_headers(code: int) -> Persona:
    """Repeats all that it was sent, as some gateways do in their errors."""
    return lambda request: error(code, f"bad request: {json.dumps(request.headers)} {request.path}")
