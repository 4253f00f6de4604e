"""One table of all servers: each gives the answer, or one sentence with the right remedy."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any, Literal

import llm_faults as faults
import pytest
from llm_server import Answer, LlmServer, Persona, Request, at_first, error, hanging, status
from pydantic import BaseModel, ConfigDict

from pipeline import config
from pipeline.cache import Cache
from pipeline.errors import ModelError, NeverAnswered, TooLong, Unusable
from pipeline.llm import call
from pipeline.llm.asking import Asker
from pipeline.llm.client import Client
from pipeline.llm.conversation import Message
from pipeline.llm.server import forget_servers
from pipeline.prompts import Prompts

KEY = "sk-very-secret-0123456789"
SECRETS = (KEY, "canary-password-5566", "canary-query-778899")
MESSAGES: tuple[Message, ...] = (
    {"role": "system", "content": "Write the notes of a talk as a JSON object. " * 20},
    {"role": "user", "content": "[0] 0:00 Ada Park: We have nine machines in the house."},
)


class Note(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    quotes: tuple[int, ...] = ()
    kind: Literal["claim", "room"]
    baseline: str | None = None
    text: str


class Notes(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    notes: tuple[Note, ...] = ()
    summary: tuple[str, ...] = ()


ONE = {"quotes": [0], "kind": "claim", "baseline": None, "text": "nine machines in the house"}
TWO = {"quotes": [0, 3], "kind": "room", "baseline": "eight", "text": "applause {for} [it]"}
GOOD = {"notes": [ONE, TWO], "summary": ["There are nine machines"]}


def good(request: Request) -> Answer:
    return Answer(json.dumps(GOOD))


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setattr(call, "FIRST_WAIT", 0.05)
    forget_servers()


def asker(url: str, folder: Path, writer: Any = None, **run: Any) -> Asker:
    secret = url.replace("//", f"//me:{SECRETS[1]}@") + f"?token={SECRETS[2]}"
    options = {"base_url": secret, "model": "test-1", **(writer or {})}
    how = config.Run(**{"llm_retries": 2, "llm_timeout": 5.0, "llm_patience": 5.0, **run})
    return Asker(Client(config.Writer(**options), how), Prompts(), Cache(folder))


def ask(it: Asker, messages: tuple[Message, ...] = MESSAGES) -> Notes:
    return asyncio.run(asyncio.wait_for(it.ask(messages, Notes), 30))


def assert_nothing_is_told(folder: Path, *texts: str) -> None:
    kept = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    for secret in SECRETS:
        assert secret not in " ".join([*texts, *kept])


# ---- those that answer

ANSWERS: dict[str, tuple[Persona, int]] = {  # and in how many requests at most
    "good": (good, 1),
    "thinks first, with braces": (faults.thinks_first(good), 1),
    "thinks without an opening tag": (faults.thinks_unopened(good), 1),
    "thinks in channels": (faults.thinks_in_channels(good), 1),
    "answers in reasoning": (faults.thinks_beside("reasoning")(good), 1),
    "answers in reasoning_content": (faults.thinks_beside("reasoning_content")(good), 1),
    "the whole budget goes into reasoning": (faults.thinks_long(9000)(good), 2),
    "thinks aloud until the limit": (faults.thinks_aloud_long(good), 2),
    "a fence and words around": (faults.fenced(good), 1),
    "echoes a schema first": (faults.echoes_first(good), 1),
    "tries twice in one answer": (faults.tries_twice(good), 1),
    "in an envelope": (faults.wrapped(good), 1),
    "a raw newline": (faults.raw_newline(good), 1),
    "trailing commas": (faults.trailing_comma(good), 1),
    "quotes that are not escaped": (faults.bare_quotes(good), 1),
    "Python instead of JSON": (faults.python_like(good), 1),
    "content in parts": (faults.in_parts(good), 1),
    "as a tool": (faults.as_tool(good), 1),
    "stream only": (faults.stream_only(good), 1),
    "no stream": (faults.no_stream(good), 2),
    "a body where a stream was asked for": (faults.unasked_body(good), 1),
    "prose, once": (at_first(faults.prose(good), 1, good), 2),
    "half an answer, once": (at_first(faults.half(good), 1, good), 2),
    "cut off, once": (at_first(faults.cut_off(good), 1, good), 2),
    "nothing, once": (at_first(faults.blank(good), 1, good), 2),
    "a refusal, once": (at_first(faults.refusing, 1, good), 2),
    "an error inside a 200, once": (at_first(faults.error_inside, 1, good), 2),
    "half a body, once": (at_first(faults.half_json, 1, good), 2),
    "a blank body, once": (at_first(faults.blank_body, 1, good), 2),
    "half an event, once": (at_first(faults.half_event, 1, good), 2),
    "an error as an event, once": (at_first(faults.error_event, 1, good), 2),
    "the connection breaks, once": (at_first(faults.breaking(good), 1, good), 2),
    "json_validate_failed, once": (
        at_first(lambda _: error(400, "Failed to generate JSON", "json_validate_failed"), 1, good),
        2,
    ),
    "400 that is to be tried again, once": (
        at_first(status(400, "busy", x_should_retry="true"), 1, good),
        2,
    ),
    "500, once": (at_first(status(500), 1, good), 2),
    "429, twice": (at_first(status(429, "slow down", retry_after="0"), 2, good), 3),
    "429 with the wait in words": (
        at_first(faults.waits("Rate limit reached. Please try again in 0.2s. Visit x."), 1, good),
        2,
    ),
    "429 with the wait in a field": (
        at_first(
            lambda _: Answer(
                status=429,
                body=b'{"error": {"message": "quota", "details": [{"retryDelay": "0.2s"}]}}',
            ),
            1,
            good,
        ),
        2,
    ),
    "429 with a date": (at_first(lambda r: faults.waits("x", faults.in_a_second())(r), 1, good), 2),
    "500 for a schema": (faults.refuses("json_schema", "oops", 500)(good), 4),
    "no json_schema": (faults.refuses("json_schema", "response_format type")(good), 2),
    "no response_format at all": (faults.refuses("response_format", "response_format")(good), 3),
    "a reasoning model": (faults.particular(good), 4),
    "no reasoning_effort": (faults.refuses("reasoning_effort")(good), 2),
    "a model that cannot think": (
        faults.refuses("reasoning_effort", '"llama3" does not support thinking')(good),
        2,
    ),
    "unknown keys, as FastAPI says it": (
        faults.refuses("stream_options", "Extra inputs are not permitted", 422, "fastapi")(good),
        2,
    ),
    "a detail": (faults.refuses("temperature", "no temperature here", 400, "detail")(good), 2),
    "plain text": (faults.refuses("temperature", "no temperature here", 400, "plain")(good), 2),
    "max_tokens is too large": (faults.short_answers(1000)(good), 2),
    "holds little, as llama.cpp says it": (faults.holds(3000, "llama.cpp")(good), 2),
    "holds little, as vLLM says it": (faults.holds(3000, "vllm")(good), 2),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_arrives(name: str, tmp_path: Path) -> None:
    persona, most = ANSWERS[name]
    with LlmServer(persona) as server:
        it = asker(server.url, tmp_path)
        expected = json.dumps(GOOD)
        if name == "a raw newline":
            expected = expected.replace("in the house", r"in\nthe\thouse")
        if name == "quotes that are not escaped":
            expected = expected.replace("nine machines", r"nine \"machines\"")
        assert ask(it) == Notes.model_validate_json(expected)
        assert len(server.requests) <= most
        assert server.problems == [] and it.lost == []
        assert_nothing_is_told(tmp_path, repr(it))
        tells = "stream_options" in server.requests[-1].body or name == "no stream"
        assert it.usage.calls >= 1 and bool(it.usage.tokens_in) == tells
        told = len(server.requests)
        again = asker(server.url, tmp_path / "again")
        assert ask(again) == Notes.model_validate_json(expected)
        if "once" not in name and "429" not in name:
            assert len(server.requests) == told + 1, "what was refused is not sent again"


# ---- entries that are bad, and what is plainly meant


def _first(**changes: Any) -> Any:
    return lambda answer: {**answer, "notes": [{**ONE, **changes}, TWO]}


MEANT: dict[str, tuple[Any, dict[str, Any]]] = {  # what is sent, and how it is read
    "an extra key": (_first(confidence=0.9), GOOD),
    "a null list": (_first(quotes=None), _first(quotes=[])(GOOD)),
    "a null list at the top": (lambda a: {**a, "summary": None}, {**GOOD, "summary": []}),
    "[3] for 3": (_first(quotes=["[3]"]), _first(quotes=[3])(GOOD)),
    "3.0 and U4 for 3 and 4": (_first(quotes=[3.0, "U4"]), _first(quotes=[3, 4])(GOOD)),
    "one for a list of one": (_first(quotes=7), _first(quotes=[7])(GOOD)),
    "a name in other letters": (_first(kind=" Claim"), GOOD),
    "a number for a text": (_first(text=1610), _first(text="1610")(GOOD)),
    "null in words": (_first(baseline="null"), GOOD),
}


@pytest.mark.parametrize("name", MEANT)
def test_what_is_plainly_meant_is_read_so(name: str, tmp_path: Path) -> None:
    change, read = MEANT[name]
    with LlmServer(faults.changed(change)(good)) as server:
        it = asker(server.url, tmp_path)
        assert ask(it) == Notes.model_validate_json(json.dumps(read))
        assert len(server.requests) == 1 and it.lost == []


LOST = {
    "an unknown name": _first(kind="weather"),
    "a field that is missing": lambda a: {**a, "notes": [{"quotes": [1], "kind": "room"}, TWO]},
    "no object": lambda a: {**a, "notes": ["nine machines", TWO]},
    "null in a list": lambda a: {**a, "notes": [{"text": None}, TWO]},
}


@pytest.mark.parametrize("name", LOST)
def test_one_bad_entry_costs_no_answer(name: str, tmp_path: Path) -> None:
    with LlmServer(faults.changed(LOST[name])(good)) as server:
        it = asker(server.url, tmp_path)
        found = ask(it)
        assert [note.text for note in found.notes] == [TWO["text"]] and found.summary
        assert it.lost == ["1 of the model's notes could not be read"]
        assert len(server.requests) == 1
        assert ask(it) == found and len(server.requests) == 1, "it is kept"


def test_a_bad_receipt_costs_no_note(tmp_path: Path) -> None:
    with LlmServer(faults.changed(_first(quotes=[0, "all", 3]))(good)) as server:
        assert ask(asker(server.url, tmp_path)).notes[0].quotes == (0, 3)


def test_a_list_of_nothing_but_bad_entries_is_asked_for_again(tmp_path: Path) -> None:
    bad = faults.changed(lambda a: {**a, "notes": [{"text": 1}, {}]})(good)
    with LlmServer(at_first(bad, 1, good)) as server:
        it = asker(server.url, tmp_path)
        assert len(ask(it).notes) == 2 and it.lost == []
    with LlmServer(bad) as server:
        it = asker(server.url, tmp_path / "b")
        assert ask(it).summary and it.lost == ["2 of the model's notes could not be read"]
        assert len(server.requests) == 2


def test_the_only_list_may_stand_by_itself(tmp_path: Path) -> None:
    class Only(BaseModel):
        notes: tuple[Note, ...]

    with LlmServer(faults.listed(good)) as server:
        it = asker(server.url, tmp_path)
        assert len(asyncio.run(it.ask(MESSAGES, Only)).notes) == 2


def test_half_an_answer_is_taken_for_no_whole_one(tmp_path: Path) -> None:
    with LlmServer(faults.half(good)) as server:
        it = asker(server.url, tmp_path)
        assert [note.text for note in ask(it).notes] == [ONE["text"]]
        assert it.lost == ["the model's answer was cut off: its end is missing"]
        assert len(server.requests) == 2


def test_a_server_that_dies_before_the_second_try_leaves_the_first(tmp_path: Path) -> None:
    with LlmServer(at_first(faults.half(good), 1, status(503))) as server:
        it = asker(server.url, tmp_path)
        assert len(ask(it).notes) == 1 and len(it.lost) == 1


def test_of_an_answer_that_is_cut_off_twice_the_whole_entries_are_kept(tmp_path: Path) -> None:
    text = json.dumps({"notes": [ONE, TWO, ONE, TWO], "summary": []})
    cut = text[: text.rindex("applause")]
    with LlmServer(lambda _: Answer(cut, finish="length")) as server:
        it = asker(server.url, tmp_path)
        assert len(ask(it).notes) == 3
        assert it.lost == ["the model's answer was cut off: its end is missing"]
        assert [request.cap for request in server.requests] == [12000, 24000]
        assert len(ask(it).notes) == 3 and len(server.requests) == 2, "it is kept"
        longer = asker(server.url, tmp_path, {"max_output": 17_000})
        ask(longer)
        assert len(server.requests) == 4, "but not where a longer answer may be whole"


# ---- those that give none

Failure = tuple[Persona, type[ModelError], str, int]
FAILS: dict[str, Failure] = {  # the error, what its sentence says, and in how many requests at most
    "a wrong key": (status(401, f"Incorrect API key: {KEY}"), NeverAnswered, "OPENAI_API_KEY", 1),
    "a country": (status(403, "Country not supported"), NeverAnswered, "does not serve this", 1),
    "a model one may not use": (status(403, "no access"), NeverAnswered, "may use 'test-1'", 1),
    "no such model": (status(404, "model 'test-1' not found"), NeverAnswered, r"writer\.model", 1),
    "no such model, with a 400": (
        status(400, "The model `test-1` does not exist"),
        NeverAnswered,
        r"writer\.model",
        1,
    ),
    "no credit": (status(402, "Insufficient Balance"), NeverAnswered, "top it up", 1),
    "a quota used up": (
        lambda _: error(429, "You exceeded your current quota", "insufficient_quota"),
        NeverAnswered,
        "top it up",
        1,
    ),
    "429 for ever": (
        status(429, "slow down", retry_after="0"),
        NeverAnswered,
        r"429.*run\.llm_concurrency",
        3,
    ),
    "an hour to wait": (faults.waits("x", "3600"), NeverAnswered, r"3600 s.*llm_patience", 1),
    "an hour to wait, in words": (
        faults.waits("Please try again in 1h2m."),
        NeverAnswered,
        r"3720 s.*llm_patience",
        1,
    ),
    "500 for ever": (status(500, "oops"), NeverAnswered, "500.*server's log.*oops", 6),
    "an error inside a 200 for ever": (faults.error_inside, NeverAnswered, "overloaded", 3),
    "a key refused inside a 200": (faults.error_of_the_key, NeverAnswered, "OPENAI_API_KEY", 1),
    "a proxy's page": (faults.web_page, NeverAnswered, "not as an OpenAI-compatible", 2),
    "a blank body for ever": (faults.blank_body, NeverAnswered, "blank.*server's log", 3),
    "hanging": (hanging, NeverAnswered, r"no word for 0\.2 s; raise run\.llm_timeout", 3),
    "blanks for ever": (faults.blanks_for_ever, NeverAnswered, r"no word for 0\.2 s", 3),
    "empty events for ever": (faults.empty_events_for_ever, NeverAnswered, "no word for", 3),
    "prose": (faults.prose(good), Unusable, r"no JSON.*stronger model", 2),
    "a refusal": (faults.refusing, Unusable, r"I can't help.*another model", 2),
    "filtered": (faults.filtered, Unusable, "refused.*another model", 2),
    "thinks for ever": (faults.thinks_long(10**9)(good), Unusable, r"writer\.max_output", 4),
    "cuts prompts silently": (
        faults.cutting(40)(good),
        TooLong,
        "cuts prompts silently.*num_ctx",
        1,
    ),
    "holds next to nothing": (faults.holds(120, "llama.cpp")(good), TooLong, "holds 120 tokens", 1),
    "holds next to nothing, unsaid": (faults.holds(120, "")(good), TooLong, "too long", 9),
}


@pytest.mark.parametrize("name", FAILS)
def test_a_server_that_does_not_answer_is_one_sentence(name: str, tmp_path: Path) -> None:
    persona, kind, says, most = FAILS[name]
    with LlmServer(persona) as server:
        timeout = 0.2 if "no word" in says else 5.0
        it = asker(server.url, tmp_path, llm_timeout=timeout)
        with pytest.raises(ModelError) as raised:
            ask(it)
        assert 0 < len(server.requests) <= most
        assert server.problems == []
        message = str(raised.value)
        assert type(raised.value) is kind and re.search(says, message)
        assert "\n" not in message and "http://" not in message
        assert_nothing_is_told(tmp_path, message, raised.value.briefly, repr(it))
        assert raised.value.briefly and "127" not in raised.value.briefly
        assert not list(tmp_path.rglob("llm/*"))
        if kind is Unusable:
            assert it.usage.calls == 2 or "length" in message, "failed tries are counted"
            assert it.usage.tokens_in > 0
