"""What a server's place, pace and end mean for the calls of an event."""

import asyncio
import inspect
import json
import socket
import ssl
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import llm_faults as faults
import pytest
from llm_server import Answer, LlmServer, Persona, Request, at_first, error, hanging, status
from pydantic import BaseModel

from pipeline import config
from pipeline.cache import Cache
from pipeline.claims import web
from pipeline.errors import ModelError, NeverAnswered, ServerFailed, TooLong, Unusable
from pipeline.llm import call, models
from pipeline.llm.asking import Asker
from pipeline.llm.capabilities import RESPONSE_FORMATS, Capabilities
from pipeline.llm.client import Client
from pipeline.llm.conversation import Message
from pipeline.llm.endpoint import endpoint
from pipeline.llm.failures import Failure
from pipeline.llm.server import forget_servers
from pipeline.prompts import Prompts

KEY = "sk-very-secret-0123456789"


class Said(BaseModel):
    lines: tuple[str, ...]


def good(request: Request) -> Answer:
    return Answer('{"lines": ["nine machines"]}')


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setattr(call, "FIRST_WAIT", 0.05)
    forget_servers()


def client(url: str, writer: Any = None, **run: Any) -> Client:
    how = config.Run(**{"llm_retries": 1, "llm_timeout": 5.0, "llm_patience": 5.0, **run})
    return Client(config.Writer(**{"base_url": url, "model": "test-1", **(writer or {})}), how)


def messages(talk: int = 1, words: str = "We have nine machines.") -> tuple[Message, ...]:
    return (
        {"role": "system", "content": "Tell in JSON what a talk says."},
        {"role": "user", "content": f"Talk {talk}: {words}"},
    )


def ask(to: Client, folder: Path, talks: int = 1) -> list[Said | BaseException]:
    """An answer, or what was raised, for each of several talks, asked for at once."""

    async def all_talks() -> list[Said | BaseException]:
        asked = (
            Asker(to, Prompts(), Cache(folder)).ask(messages(talk), Said) for talk in range(talks)
        )
        done = asyncio.gather(*asked, return_exceptions=True)
        return list(await asyncio.wait_for(done, 60))

    return asyncio.run(all_talks())


def says(answers: list[Any]) -> list[str]:
    return [" ".join(each.lines) if isinstance(each, Said) else repr(each) for each in answers]


WELL = ["nine machines"]

# ---- pace


def test_calls_in_flight_are_bounded(tmp_path: Path) -> None:
    flying, most, lock = [0], [0], threading.Lock()

    def slow(request: Request) -> Answer:
        with lock:
            flying[0] += 1
            most[0] = max(most[0], flying[0])
        time.sleep(0.05)
        with lock:
            flying[0] -= 1
        return good(request)

    with LlmServer(slow) as server:
        assert says(ask(client(server.url, llm_concurrency=2), tmp_path, 6)) == WELL * 6
    assert most[0] == 2


def test_one_that_answers_one_after_another_is_asked_one_after_another(tmp_path: Path) -> None:
    with LlmServer(faults.one_slot(0.15)(good)) as server:
        to = client(server.url, llm_timeout=0.5, llm_concurrency=4)
        assert says(ask(to, tmp_path, 6)) == WELL * 6
        assert to.server.alone
        assert len(server.requests) <= 6 + 4


def test_a_hung_server_fails_all_later_calls(tmp_path: Path) -> None:
    with LlmServer(hanging) as server:
        failed = ask(client(server.url, llm_timeout=0.2), tmp_path, 7)
        assert {type(each) for each in failed} == {NeverAnswered}


def test_a_server_that_dies_half_way_is_told_from_one_that_never_lived(tmp_path: Path) -> None:
    with LlmServer(at_first(good, 2, status(500, "the GPU fell off"))) as server:
        told = ask(client(server.url, llm_concurrency=1), tmp_path, 5)
    assert says(told)[:2] == WELL * 2
    assert {type(each) for each in told[2:]} == {ServerFailed}
    assert len(server.requests) <= 2 + 2 * 3, "the others are not tried"


def test_one_that_goes_away_half_way_leaves_what_it_answered(tmp_path: Path) -> None:
    server = LlmServer(good)
    to = client(server.url)

    async def both() -> BaseException:
        asker = Asker(to, Prompts(), Cache(tmp_path))
        with server:
            await asker.ask(messages(), Said)
        with pytest.raises(ModelError) as raised:
            await asker.ask(messages(2), Said)
        assert (await asker.ask(messages(), Said)).lines == ("nine machines",)
        assert asker.usage.calls == 2
        return raised.value

    gone = asyncio.run(both())
    assert type(gone) is ServerFailed and "cannot be reached" in str(gone)


def test_one_question_that_is_refused_costs_no_other(tmp_path: Path) -> None:
    def picky(request: Request) -> Answer:
        bad = "Talk 2" in request.material
        return status(400, "flagged as a risk")(request) if bad else good(request)

    with LlmServer(picky) as server:
        told = ask(client(server.url, llm_concurrency=1), tmp_path, 4)
    assert [type(each).__name__ for each in told] == ["Said", "Said", "Unusable", "Said"]


def test_a_try_that_broke_off_is_counted(tmp_path: Path) -> None:
    with LlmServer(at_first(faults.half_event, 1, good)) as server:
        asker = Asker(client(server.url), Prompts(), Cache(tmp_path))
        asyncio.run(asker.ask(messages(), Said))
    assert asker.usage.calls == 2 and asker.usage.tokens_out > 0


def test_a_server_that_crashed_for_another_reason_is_given_its_schema_again(
    tmp_path: Path,
) -> None:
    with LlmServer(at_first(status(500), 4, good)) as server:
        (told,) = ask(client(server.url), tmp_path)
        assert type(told) is NeverAnswered
        assert says(ask(client(server.url), tmp_path)) == WELL
        assert server.requests[-1].form == "json_schema"


def test_a_judge_that_crashes_over_the_schema_is_asked_without(tmp_path: Path) -> None:
    chokes = faults.refuses("json_schema", "oops", 500)(good)

    def persona(request: Request) -> Answer:
        return (chokes if request.body["model"] == "judge" else good)(request)

    with LlmServer(persona) as server:
        to = client(server.url)
        assert says(ask(to, tmp_path)) == WELL
        assert says(ask(to.with_model("judge"), tmp_path, 3)) == WELL * 3


def test_a_crash_is_over_the_schema_that_another_call_has_left_out_since() -> None:
    crash, sent = Failure(500, "oops"), {"response_format": {"type": "json_schema"}}
    model = Capabilities(answered=True)
    assert not model.crashed_on_schema(crash, sent)
    model.refused |= RESPONSE_FORMATS  # by a call that was answered without
    assert model.crashed_on_schema(crash, sent)
    assert not model.crashed_on_schema(crash, {})


def test_a_server_that_says_so_is_not_asked_again(tmp_path: Path) -> None:
    with LlmServer(status(500, "it is over", x_should_retry="false")) as server:
        ask(client(server.url, {"base_url": server.url}, llm_retries=3), tmp_path)
        assert len(server.requests) <= 3, "without a schema, and that is all"


def test_what_a_server_holds_back_as_no_json_is_read(tmp_path: Path) -> None:
    with LlmServer(faults.held_back(good)) as server:
        assert says(ask(client(server.url), tmp_path)) == WELL
        assert len(server.requests) == 1


def test_answers_that_are_no_json_cost_themselves_alone(tmp_path: Path) -> None:
    spoilt = error(400, "Failed to generate JSON", "json_validate_failed")
    with LlmServer(lambda request: spoilt) as server:
        failed = ask(client(server.url), tmp_path, 3)
    assert {type(each) for each in failed} == {Unusable}


def test_a_wait_is_a_wait_of_its_call_alone(tmp_path: Path) -> None:
    busy = faults.waits("Please try again in 0.2s")
    with LlmServer(at_first(busy, 2, good)) as server:
        assert says(ask(client(server.url), tmp_path, 3)) == WELL * 3


# ---- place


@pytest.mark.parametrize("ending", ["", "/", "/v1/", "/v1\n", " ", "/v1/chat/completions"])
def test_addresses_that_people_write(ending: str, tmp_path: Path) -> None:
    with LlmServer(faults.only_at("/v1/")(good), strict=False) as server:
        assert says(ask(client(server.root + ending), tmp_path, 3)) == WELL * 3


def test_an_address_without_http(tmp_path: Path) -> None:
    with LlmServer(good) as server:
        assert says(ask(client(server.url.removeprefix("http://")), tmp_path)) == WELL


@pytest.mark.parametrize(
    "page",
    [
        faults.web_page,
        status(405, "no"),
        status(400, "no such path: /chat/completions"),
        faults.body(b'{"ok": true}'),
        faults.body(b'{"error": "Unexpected endpoint or method. (POST /chat/completions)"}'),
    ],
)
def test_a_page_where_the_v1_is_missing(page: Persona, tmp_path: Path) -> None:
    def persona(request: Request) -> Answer:
        return (good if request.path.startswith("/v1/") else page)(request)

    with LlmServer(persona, strict=False) as server:
        assert says(ask(client(server.root), tmp_path)) == WELL


def test_a_whole_address_of_a_server_without_v1(tmp_path: Path) -> None:
    with LlmServer(faults.only_at("/chat/")(good), strict=False) as server:
        assert says(ask(client(f"{server.root}/chat/completions"), tmp_path)) == WELL


NOWHERE = [
    faults.web_page,
    status(404, "404 page not found"),
    status(405, "no"),
    status(400, "no such path: /api/chat/completions"),
    faults.body(b'{"ok": true}'),
    faults.body(b'{"error": "Unexpected endpoint or method. (POST /api/chat/completions)"}'),
]


@pytest.mark.parametrize("page", NOWHERE)
def test_no_chat_at_an_address(page: Persona, tmp_path: Path) -> None:
    with LlmServer(page, strict=False) as server:
        (told,) = ask(client(f"{server.root}/api"), tmp_path)
    assert type(told) is NeverAnswered and "ends in /v1" in str(told)


@pytest.mark.parametrize("url", ["http://", "http://[bad", "http://host:port/v1"])
def test_an_address_that_is_none(url: str, tmp_path: Path) -> None:
    with pytest.raises(NeverAnswered, match="no address; write http"):
        endpoint(config.Writer(base_url=url))


def test_a_server_that_is_down(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    (told,) = ask(client(url), tmp_path)
    assert type(told) is NeverAnswered and "nothing listens there" in str(told)


def test_a_host_that_does_not_exist(tmp_path: Path) -> None:
    (told,) = ask(client("http://no-such-host.invalid/v1"), tmp_path)
    assert type(told) is NeverAnswered and "no such host" in str(told)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"])
@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9"])
def test_this_machine_is_reached_past_proxies(
    name: str, proxy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, proxy)
    with LlmServer(good) as server:
        assert says(ask(client(server.url), tmp_path)) == WELL


def test_a_proxy_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://me:hunter2222@127.0.0.1:9")
    (told,) = ask(client("http://model.invalid/v1"), tmp_path)
    assert type(told) is NeverAnswered and "ALL_PROXY" in str(told) and "hunter" not in str(told)


def test_a_certificate_that_is_not_trusted_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj"]
    files = (tmp_path / "key.pem", tmp_path / "cert.pem")
    names = ["/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [*made, *names, "-keyout", str(files[0]), "-out", str(files[1])]
    subprocess.run(command, check=True, capture_output=True)
    with LlmServer(good) as server:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files[1], files[0])
        server.http.socket = context.wrap_socket(server.http.socket, server_side=True)
        url = server.url.replace("http:", "https:")
        (told,) = ask(client(url), tmp_path)
        assert type(told) is NeverAnswered and "SSL_CERT_FILE" in str(told)
        monkeypatch.setenv("SSL_CERT_FILE", str(files[1]))
        assert says(ask(client(url), tmp_path)) == WELL


def test_https_where_there_is_none(tmp_path: Path) -> None:
    with LlmServer(good) as server:
        (told,) = ask(client(server.url.replace("http:", "https:")), tmp_path)
    assert type(told) is NeverAnswered and "write http://" in str(told)


def test_calls_to_this_machine_are_not_sent_on(tmp_path: Path) -> None:
    with LlmServer(good) as other:
        there = {"Location": f"{other.url}/chat/completions"}
        moved = faults.body(b"", status=307, headers=there)
        with LlmServer(moved) as server:
            (told,) = ask(client(server.url), tmp_path)
        assert other.requests == []
    assert type(told) is NeverAnswered and "another address" in str(told)


# ---- keys


def test_a_key_is_stripped_of_what_shells_leave_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"  {KEY}\r\n")
    with LlmServer(good) as server:
        assert says(ask(client(server.url), tmp_path)) == WELL
        assert server.keys == {f"Bearer {KEY}"}
    monkeypatch.setenv("OPENAI_API_KEY", "sk-\u201cquoted\u201d-in-a-document")
    (told,) = ask(client(server.url), tmp_path / "b")
    assert type(told) is NeverAnswered and "characters that no key has" in str(told)


def test_a_local_server_needs_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    with LlmServer(good) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        assert says(ask(Client(config.Writer(), config.Run()), tmp_path)) == WELL


def test_azure_has_a_header_of_its_own(tmp_path: Path) -> None:
    with LlmServer(faults.key_in_its_own_header(KEY)(good), strict=False) as server:
        gateway = f"{server.root}/v1"
        deployed = f"{server.root}/openai/deployments/mine?api-version=2026-02-01"
        assert says(ask(client(gateway), tmp_path / "a")) == WELL
        assert says(ask(client(deployed), tmp_path / "b")) == WELL
        last = server.requests[-1]
    assert last.path == "/openai/deployments/mine/chat/completions?api-version=2026-02-01"
    assert "authorization" not in last.headers


# ---- what is sent


def test_a_schema_that_is_enforced_is_not_told_in_words(tmp_path: Path) -> None:
    with LlmServer(good) as server:
        ask(client(server.url), tmp_path)
        assert not server.requests[0].told and server.requests[0].form == "json_schema"


def test_one_that_passes_over_the_schema_is_told_it_in_words(tmp_path: Path) -> None:
    def deaf(request: Request) -> Answer:
        return good(request) if request.told else Answer('{"summary": "It was nice."}')

    with LlmServer(deaf) as server:
        assert says(ask(client(server.url), tmp_path)) == WELL
        asked = len(server.requests)
        assert says(ask(client(server.url), tmp_path / "b")) == WELL
        assert len(server.requests) == asked + 1


def test_thinking_is_asked_to_be_short_and_the_tier_is_the_users(tmp_path: Path) -> None:
    with LlmServer(good) as server:
        ask(client(server.url, {"service_tier": "flex"}), tmp_path)
        ask(client(server.url, {"reasoning": ""}), tmp_path / "b")
        first, second = (request.body for request in server.requests)
    assert (first["reasoning_effort"], first["service_tier"]) == ("low", "flex")
    assert not {"reasoning_effort", "service_tier", "prompt_cache_key"} & set(second)


def test_all_calls_of_an_event_have_one_cache_key_on_a_hosted_server() -> None:
    to = Client(config.Writer(base_url="https://api.example.org/v1"), config.Run())
    sent = to.capabilities.parameters(to.options, {}, 100, to.server.at, "firelight")
    assert sent["prompt_cache_key"] == "firelight"


def test_an_answer_is_never_more_than_a_third_of_the_context(tmp_path: Path) -> None:
    with LlmServer(good) as server:
        ask(client(server.url, {"context": 6000}), tmp_path)
        assert server.requests[0].cap == 2000


def test_another_model_on_the_same_server(tmp_path: Path) -> None:
    with LlmServer(good) as server:
        to = client(server.url)
        judge = to.with_model("judge-1")
        assert judge.server is to.server
        ask(to, tmp_path)
        ask(judge, tmp_path)
        assert [request.body["model"] for request in server.requests] == ["test-1", "judge-1"]


def test_the_context_is_learnt_and_the_talk_can_be_cut(tmp_path: Path) -> None:
    with LlmServer(faults.holds(2000, "llama.cpp")(good)) as server:
        to = client(server.url)
        asker = Asker(to, Prompts(), Cache(tmp_path))
        long = messages(1, "We have nine machines in the house. " * 400)
        with pytest.raises(TooLong) as raised:
            asyncio.run(asker.ask(long, Said))
        room = raised.value.room
        assert 900 < room < 2000 and room == to.room
        short = messages(1, "We have nine machines in the house. " * (room // 10))
        assert asyncio.run(asker.ask(short, Said)).lines
        asked = len(server.requests)
        with pytest.raises(TooLong):
            asyncio.run(asker.ask(long, Said))
        assert len(server.requests) == asked, "what is known not to fit is not sent"


# ---- which model


def listing(*names: Any, model: str = "auto") -> tuple[LlmServer, Any]:
    return LlmServer(good, models=names), {"model": model}


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (("llama-9",), "llama-9"),
        (("llama-9", "nomic-embed-text"), "llama-9"),
        (("zzz", "gpt-6.1-sol", "gpt-6.2-sol", "gpt-4.1"), "gpt-6.2-sol"),
        (("openai/gpt-6.1-sol", "mistral"), "openai/gpt-6.1-sol"),
        (
            ({"id": "gpt-6.2-sol", "shutdown_date": "2027-05-01"}, "gpt-6.1-sol", "b"),
            "gpt-6.1-sol",
        ),
    ],
)
def test_auto_is_the_only_model_or_the_first_of_ours(
    names: tuple[Any, ...], taken: str, tmp_path: Path
) -> None:
    with LlmServer(good, models=names) as server:
        to = client(server.url, {"model": "auto"})
        assert says(ask(to, tmp_path, 3)) == WELL * 3
        assert {request.body["model"] for request in server.requests} == {taken} == {to.model}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("a", "b"), r"has 2 models; set writer\.model to one of them \(a, b\)"),
        ((), "lists no model"),
        (None, "does not list its models"),
    ],
)
def test_where_the_choice_is_the_users_it_is_said(names: Any, told: str, tmp_path: Path) -> None:
    with LlmServer(good, models=names) as server:
        (failed,) = ask(client(server.url, {"model": "auto"}), tmp_path)
        assert type(failed) is NeverAnswered and server.requests == []
    with pytest.raises(NeverAnswered, match=told):
        raise failed


class Stumbling(LlmServer):
    """Lists its models at the second try."""

    def listed(self, path: str) -> Answer:
        self.listed = super().listed  # type: ignore[method-assign]
        return error(503, "loading")


def test_a_list_that_cannot_be_had_at_once_is_asked_for_again(tmp_path: Path) -> None:
    with Stumbling(good) as server:
        assert says(ask(client(server.url, {"model": "auto"}), tmp_path)) == WELL


class Locked(LlmServer):
    """Lists its models to nobody."""

    def listed(self, path: str) -> Answer:
        return error(401, f"Incorrect API key: {KEY}")


def test_a_list_that_cannot_be_had_is_told_with_its_remedy(tmp_path: Path) -> None:
    server = Locked(good)
    with server:
        (locked,) = ask(client(server.url, {"model": "auto"}), tmp_path)
    (gone,) = ask(client(server.url, {"model": "auto"}, llm_retries=0), tmp_path)
    assert type(locked) is type(gone) is NeverAnswered
    assert "OPENAI_API_KEY" in str(locked) and KEY not in str(locked)
    assert "nothing listens there" in str(gone)


@pytest.mark.parametrize(
    ("model", "told"),
    [("gpt-5.4", ""), ("old-1", "ends on 2027-05-01; set"), ("other", "does not list it; set")],
)
def test_doctor_knows_whether_a_model_is_there_and_for_how_long(model: str, told: str) -> None:
    names = ("gpt-5.4", {"id": "old-1", "shutdown_date": "2027-05-01"})
    with LlmServer(good, models=names) as server:
        name, wrong = asyncio.run(models.check_model(client(server.url, {"model": model})))
    assert name == model and told in wrong and bool(wrong) == bool(told)


def test_no_model_that_is_taken_by_itself_has_an_announced_end() -> None:
    from openai.types.shared import chat_model

    known, _, ending = inspect.getsource(chat_model).partition("Deprecated values")
    for name in (*models.DATED, web.MODEL):
        assert f'"{name}"' in known and f'"{name}"' not in ending


# ---- the cache


def test_a_stored_answer_does_not_depend_on_how_it_came(tmp_path: Path) -> None:
    with LlmServer(faults.particular(good)) as server:
        ask(client(server.url), tmp_path)
        asked = len(server.requests)
        same: list[tuple[dict[str, Any], dict[str, Any]]] = [
            ({}, {"llm_timeout": 7.0, "llm_retries": 0, "price_in": 1.0}),
            ({"max_output": 2000, "context": 50_000, "service_tier": "flex"}, {}),
            ({"base_url": server.root + "/"}, {}),
        ]
        for writer, run in same:
            assert says(ask(client(server.url, writer, **run), tmp_path)) == WELL
        assert len(server.requests) == asked
        other: list[dict[str, Any]] = [{"model": "test-2"}, {"temperature": 0.9}]
        for number, writer in enumerate(other, 1):
            forget_servers()
            ask(client(server.url, writer), tmp_path)
            assert len(server.requests) > asked, number
            asked = len(server.requests)


# ---- no secret anywhere


def test_a_key_in_an_answer_is_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def echo(request: Request) -> Answer:
        said = f"basic understanding of {request.headers['authorization']} and ?key=qsecret-99"
        return Answer(json.dumps({"lines": [said]}))

    with LlmServer(echo, strict=False) as server:
        address = server.url.replace("//", "//me:talk@") + "?api-key=qsecret-99"
        for number, url in enumerate((server.url, address)):
            (told,) = ask(client(url), tmp_path / str(number))
            assert isinstance(told, Said)
            assert told.lines[0].startswith("basic understanding of B")
            kept = "".join(file.read_text("utf-8") for file in tmp_path.rglob("*.json"))
            assert KEY not in kept and (number == 0 or "qsecret-99" not in told.lines[0])


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422, 429, 500])
def test_what_a_server_echoes_is_struck_out(
    code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = ("CANARY-key-00112233", "canary-pass-445566", "canary-query-778899")
    monkeypatch.setenv("OPENAI_API_KEY", canaries[0])
    with LlmServer(faults.echoes_headers(code), strict=False) as server:
        url = server.url.replace("//", f"//me:{canaries[1]}@") + f"?token={canaries[2]}"
        for number, address in enumerate((server.url, url)):
            (told,) = ask(client(address, llm_retries=0), tmp_path / str(number))
            assert isinstance(told, ModelError)
            shown = f"{told} {told.briefly} {told!r} {client(address)!r} {told.__cause__}"
            for canary in canaries:
                assert canary.lower() not in shown.lower() and canary[:10] not in shown
                assert "bWU6" not in shown, "nor user and password in base64"
