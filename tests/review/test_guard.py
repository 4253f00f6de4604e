"""Nobody is answered but the page itself, and the page can ask nobody but us."""

import json
import socket
from contextlib import closing
from http.client import HTTPConnection

import pytest
from served import Served

from pipeline.errors import UsageError
from pipeline.review.serve import bound


def test_the_page_is_served_to_who_has_the_address(served: Served) -> None:
    status, headers, body = served.ask("")
    assert status == 200 and b"own/main.js" in body
    assert served.token.encode() not in body
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/state", "/wrong/state", "/secret-token-more/state", "//"])
def test_without_the_token_nothing_is_told(served: Served, path: str) -> None:
    status, _, body = served.ask(path)
    assert status == 403
    assert b"Cold Water" not in body


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "localhost:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_site_is_refused_even_with_the_token(
    served: Served, headers: dict[str, str]
) -> None:
    assert served.ask("state", **headers)[0] == 403
    body = {"table": "names", "values": {"voice": "SPEAKER_00", "name": "Eve"}}
    assert served.ask("correct", "POST", body, **headers)[0] == 403
    assert not served.desk.place.exists()


def test_a_change_has_to_say_where_it_comes_from(served: Served) -> None:
    body = json.dumps({}).encode()
    status, _, _ = served.ask("undo", "POST", None, content_type="application/json")
    assert status == 403 and body


def test_what_is_asked_of_no_address_is_refused(served: Served) -> None:
    with closing(HTTPConnection("127.0.0.1", served.port)) as line:
        line.request("OPTIONS", "*")
        assert line.getresponse().status == 403


def test_a_form_or_a_flood_is_no_correction(served: Served) -> None:
    body = {"table": "names", "values": {"voice": "SPEAKER_00", "name": "Eve"}}
    assert served.ask("correct", "POST", body, content_type="text/plain")[0] == 415
    long = {"table": "names", "values": {"voice": "SPEAKER_00", "name": "E" * 200_000}}
    assert served.ask("correct", "POST", long)[0] == 413
    assert served.ask("correct", "POST", {"other": 1})[0] == 400
    assert served.ask("correct", "POST", [1])[0] == 400
    assert not served.desk.place.exists()


def test_the_policy_lets_the_page_speak_to_its_server_alone(served: Served) -> None:
    for path in ("", "state", "own/main.js", "nothing", "/elsewhere"):
        policy = served.ask(path)[1]["content-security-policy"].split("; ")
        assert "default-src 'none'" in policy
        allowed = {rule.partition(" ")[2] for rule in policy}
        assert allowed <= {"'none'", "'self'", "'script'"}


def test_only_files_of_the_page_are_served(served: Served) -> None:
    assert served.ask("own/page.css")[1]["content-type"].startswith("text/css")
    for name in ("..%2Fapp.py", "../app.py", "app.py", "%2Fetc%2Fpasswd", "page.py", ""):
        assert served.ask(f"own/{name}")[0] == 404


def test_it_listens_on_this_machine_alone() -> None:
    with bound(0) as listening:
        assert listening.getsockname()[0] == "127.0.0.1"
        taken = listening.getsockname()[1]
        listening.listen()
        with pytest.raises(UsageError, match=f"--port {taken}: is taken"):
            bound(taken)
    with socket.socket() as free, pytest.raises(UsageError):
        free.bind(("127.0.0.1", 0))
        bound(99_999)
