"""What the page is told, and what it does to corrections.toml."""

import json
import tomllib
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
from served import Served

from pipeline.cli import main


def written(served: Served) -> dict[str, Any]:
    return tomllib.loads(served.desk.place.read_text(encoding="utf-8"))


def test_the_page_is_told_who_spoke_when_and_what_was_noted(served: Served) -> None:
    told = served.state()
    assert [talk["title"] for talk in told["talks"]] == ["Benjamin Stone"]
    assert [one["label"] for one in told["speakers"]] == ["Ada Park", "Benjamin Stone"]
    notes = told["talks"][0]["notes"]
    assert "40 seconds" in notes[0]["text"] and notes[0]["receipts"][0]["start"] == pytest.approx(
        15, abs=1
    )
    rows = json.loads(served.ask("words")[2])
    assert {row["s"] for row in rows} == {"SPEAKER_00", "SPEAKER_01"}
    assert all(len(row["w"]) == len(row["t"]) for row in rows)
    assert " ".join(rows[0]["w"]).startswith("Good evening and welcome")


def test_what_a_speaker_says_is_text(served: Served) -> None:
    words = json.loads(served.ask("words")[2])
    assert any("<script>alert(1)</script>" in row["w"] for row in words)
    tree = json.loads(served.ask("post")[2])

    def tags(nodes: list[Any]) -> set[str]:
        inner = [node for node in nodes if isinstance(node, list)]
        return {node[0] for node in inner} | {tag for node in inner for tag in tags(node[1])}

    assert tags(tree) <= {"p", "h2", "pre", "sup", "hr", "em", "strong"}
    assert "script" in json.dumps(tree)


def test_a_correction_is_in_the_file_at_once_and_undone_again(served: Served) -> None:
    served.desk.place.write_text('# mine\n[post]\ndescription = "Cold"  # by hand\n')
    text = served.desk.place.read_text()
    note = served.state()["talks"][0]["notes"][0]
    status, _ = served.correct("note", at="0:15", note=note["text"], strike=True)
    assert status == 200
    assert written(served)["note"] == [{"at": "0:15", "note": note["text"], "strike": True}]
    assert served.desk.place.read_text().startswith("# mine\n")
    assert served.state()["undo"] == 1
    assert served.ask("undo", "POST", {})[0] == 200
    assert served.desk.place.read_text().rstrip() == text.rstrip()
    assert served.state()["undo"] == 0


def test_undo_puts_back_what_was_replaced(served: Served) -> None:
    served.correct("names", voice="SPEAKER_00", name="Ada Parker")
    served.correct("names", voice="SPEAKER_00", name="Ada Parkes")
    assert written(served)["names"] == {"SPEAKER_00": "Ada Parkes"}
    served.ask("undo", "POST", {})
    assert written(served)["names"] == {"SPEAKER_00": "Ada Parker"}


def test_one_is_taken_back_from_the_list(served: Served) -> None:
    served.correct("replace", heard="kettle", written="pot")
    (fix,) = served.state()["fixes"]
    body = {"table": fix["table"], "values": fix["values"]}
    assert served.ask("take-back", "POST", body)[0] == 200
    assert served.state()["fixes"] == []
    served.ask("undo", "POST", {})
    assert [each["values"] for each in served.state()["fixes"]] == [fix["values"]]
    served.ask("undo", "POST", {})
    assert served.state()["fixes"] == [] and served.state()["undo"] == 0


def test_what_is_said_twice_is_undone_once(served: Served) -> None:
    for _ in range(2):
        served.correct("replace", heard="kettle", written="pot")
        served.ask("look", "POST", {"doubt": "one", "done": True})
    assert served.state()["undo"] == 2


def test_one_takes_the_place_of_another_and_undo_brings_that_back(served: Served) -> None:
    line = {"at": "0:15", "add": "A kettle", "own": True}
    hidden = {"at": "0:15", "hide": True, "title": "Kettles"}
    served.correct("note", **line)
    served.correct("talk", **hidden)
    for table, old, new in (
        ("note", line, {**line, "add": "A pot"}),
        ("talk", hidden, {"at": "0:15", "title": "Kettles"}),
    ):
        body = {"table": table, "values": new, "instead": old}
        assert served.ask("correct", "POST", body)[0] == 200
        assert written(served)[table] == [new]
        served.ask("undo", "POST", {})
        assert written(served)[table] == [old]
    assert served.state()["undo"] == 2
    # in the place of another, and there already
    other = {**line, "add": "A pot"}
    served.correct("note", **other)
    body = {"table": "note", "values": line, "instead": other}
    assert served.ask("correct", "POST", body)[0] == 200
    assert written(served)["note"] == [line]
    served.ask("undo", "POST", {})
    assert written(served)["note"] in ([line, other], [other, line])


def test_two_lines_that_say_the_same_are_told_apart_by_their_time(served: Served) -> None:
    for at in ("0:02", "0:25"):
        served.correct("note", at=at, add="I know that face", own=True)
    served.correct("note", at="0:25", note="I know that face", accept=True)
    notes = [each for each in served.state()["talks"][0]["notes"] if "face" in each["text"]]
    assert [each["state"] for each in notes] == ["add", "accept"]
    assert len(written(served)["note"]) == 3


def test_a_bug_is_a_sentence_on_the_page_and_does_not_end_it(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("boom")

    with monkeypatch.context() as patched:
        patched.setattr(type(served.desk.reader), "read", broken)
        served.correct("replace", heard="kettle", written="pot")
        assert "KeyError: 'boom'" in served.state()["problem"]
    served.desk.work()
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.review.desk.sheet", broken)
        status, _, body = served.ask("state")
        assert status == 500 and "KeyError: 'boom'" in json.loads(body)["error"]
    assert served.ask("state")[0] == 200


def test_an_accepted_note_is_counted_and_stays_accepted(served: Served) -> None:
    note = served.state()["talks"][0]["notes"][1]
    served.correct("note", at="0:20", note=note["text"], accept=True)
    notes = served.state()["talks"][0]["notes"]
    assert [each["state"] for each in notes] == ["", "accept", ""]


def test_what_cannot_be_is_said_and_not_written(served: Served) -> None:
    status, told = served.correct("note", at="0:15", note="one", strike=True, accept=True)
    assert status == 422 and "should have one of strike" in told["error"]
    status, told = served.correct("names", voice="SPEAKER_00", name=" ")
    assert status == 422 and told["error"] == "[names] name should not be empty, not ' '"
    assert served.correct("nothing", at="0:15")[0] == 422
    assert not served.desk.place.exists()


def test_a_file_that_a_person_spoilt_is_said_and_what_was_read_stays(served: Served) -> None:
    served.desk.place.write_text("[[note]]\nat = ")
    served.desk.work()
    told = served.state()
    assert "corrections.toml" in told["problem"]
    assert told["talks"][0]["notes"]
    assert served.correct("names", voice="SPEAKER_00", name="Ada")[0] == 422
    served.desk.place.write_text("")
    served.desk.work()
    assert served.state()["problem"] == ""


def test_a_file_that_could_not_be_read_for_a_while_is_read_again(served: Served) -> None:
    served.desk.place.mkdir()
    for _ in range(2):
        served.desk.work()
    told = served.state()
    assert "cannot be read (Is a directory)" in told["problem"]
    version = told["version"]
    served.desk.place.rmdir()
    served.desk.work()
    told = served.state()
    assert (told["problem"], told["version"]) == ("", version + 1)


def test_an_event_of_captions_has_no_sound(served: Served) -> None:
    assert served.state()["sound"] is False
    assert served.ask("sound")[0] == 404


def test_the_second_page_is_told_of_the_first(served: Served) -> None:
    with ExitStack() as lines:

        def open_page() -> tuple[HTTPConnection, HTTPResponse, Any]:
            line = lines.enter_context(closing(HTTPConnection("127.0.0.1", served.port)))
            line.request("GET", f"/{served.token}/live")
            answer = lines.enter_context(line.getresponse())
            return line, answer, told(answer)

        def told(answer: HTTPResponse) -> Any:
            line = answer.readline()
            while not line.startswith(b"data: "):
                line = answer.readline()
            return json.loads(line.removeprefix(b"data: "))

        line, answer, first = open_page()
        assert first["first"] is True
        _, second, news = open_page()
        assert news["first"] is False
        answer.close()
        line.close()
        while not news["first"]:  # the server hears of it; pytest's time limit is the patience
            news = told(second)


def test_a_second_review_of_an_event_is_told_of_the_first(
    event: Path, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from filelock import FileLock

    locks = out / ".backrow" / "locks"
    (locks / "cold-water.review").write_text("http://127.0.0.1:1/token/")
    with FileLock(locks / "cold-water.review-lock"):
        assert main(["review", str(event), "-o", str(out), "--no-open"]) == 1
    assert (
        "a page is open on it already; it is http://127.0.0.1:1/token/" in capsys.readouterr().err
    )
