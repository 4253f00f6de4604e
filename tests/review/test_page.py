"""The page in a browser: it shows what was said as text, and serves who has no mouse or no eyes."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from articles import changed
from browser import chromium, fill, needs_chromium, opened, serious, settled, shot
from playwright.sync_api import Browser, Page, expect
from served import Served, working

from pipeline.data import Dropped, RoomSound
from pipeline.review.reading import Reader, Reading

pytestmark = [needs_chromium, pytest.mark.slow]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from chromium()


def test_a_speaker_who_says_a_script_is_shown_saying_it(browser: Browser, served: Served) -> None:
    with opened(browser, served.url) as page:
        expect(page.locator("#list")).to_contain_text("<script>alert(1)</script> is not a joke")
        assert page.locator("#list script").count() == 0
        page.keyboard.press("p")
        expect(page.locator(".post")).to_contain_text("alert(1)")
        assert page.locator(".post script").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(
    browser: Browser, served: Served, scheme: str
) -> None:
    with opened(browser, served.url, scheme) as page:  # type: ignore[arg-type]
        assert serious(page) == []
        shot(page, f"captions-{scheme}")
        for key in ("j", "p", "o", "l", "?", "e", "n", "v", "t", "r", "w", "c", "/"):
            page.keyboard.press(key)
            page.wait_for_timeout(100)
            assert serious(page) == [], key
            page.keyboard.press("Escape")
            expect(page.locator("dialog")).to_have_count(0)


def test_the_second_page_says_that_there_is_a_first(browser: Browser, served: Served) -> None:
    with opened(browser, served.url) as first:
        expect(first.locator("#banner")).to_be_hidden()
        with opened(browser, served.url) as second:
            expect(second.locator("#banner")).to_contain_text("open on another page already")
            expect(first.locator("#banner")).to_be_hidden()
            shot(second, "second-page")


def written(served: Served, table: str) -> Any:
    return tomllib.loads(served.desk.place.read_text(encoding="utf-8")).get(table, [])


def comes(page: Page, served: Served, table: str, entries: list[dict[str, Any]]) -> None:
    """Wait until the file has these corrections: their number may be what it was."""
    for _ in range(100):
        if written(served, table) == entries:
            break
        page.wait_for_timeout(50)
    assert written(served, table) == entries
    expect(page.locator("#scroll")).to_have_attribute("aria-busy", "false", timeout=20_000)


def undone(page: Page, count: int) -> None:
    page.keyboard.press("u")
    settled(page, count)


def test_undo_gives_back_what_was_put_in_the_place_of_another(
    browser: Browser, served: Served
) -> None:
    hidden = {"at": "0:15", "hide": True, "title": "Kettles"}
    served.correct("talk", **hidden)
    with working(served.desk), opened(browser, served.url) as page:
        page.keyboard.press("t")
        fill(page, hide=False)
        expect(page.locator("#list")).to_contain_text("Kettles")
        comes(page, served, "talk", [{"at": "0:15", "title": "Kettles"}])
        undone(page, 1)
        comes(page, served, "talk", [hidden])
        undone(page, 0)
        page.keyboard.press("w")
        fill(page, text="A kettle", own=True)
        settled(page, 1)
        (line,) = written(served, "note")
        page.locator(".note", has_text="A kettle").locator(".text").click()
        page.keyboard.press("r")
        fill(page, text="A pot")
        expect(page.locator(".note", has_text="A pot")).to_be_visible()
        comes(page, served, "note", [{**line, "add": "A pot"}])
        undone(page, 1)
        comes(page, served, "note", [line])


def test_what_is_kept_stays_kept_in_other_words(browser: Browser, served: Served) -> None:
    with working(served.desk), opened(browser, served.url) as page:
        page.keyboard.press("j")
        page.keyboard.press("k")
        settled(page, 1)
        page.keyboard.press("r")
        fill(page, text="It boils a litre in 40 seconds")
        expect(page.locator(".note", has_text="It boils a litre")).to_be_visible()
        (line,) = written(served, "note")
        assert line["pin"] is True and line["reword"] == "It boils a litre in 40 seconds"
        page.keyboard.press("c")
        fill(page, caveat="I own a kettle")
        settled(page, 2)
        page.keyboard.press("ArrowUp")
        page.keyboard.press("J")
        expect(page.locator(".note.picked")).to_contain_text("I own a kettle")
        page.keyboard.press("n")
        fill(page, name="")
        expect(page.locator("#status")).to_contain_text("A name needs letters")


def test_a_name_that_another_voice_has_is_asked_about(browser: Browser, served: Served) -> None:
    with working(served.desk), opened(browser, served.url) as page:
        for answer in ("Not the same", "The same person"):
            page.keyboard.press("n")
            fill(page, name="Benjamin Stone")
            expect(page.locator("dialog h2")).to_have_text("Another voice is called Benjamin Stone")
            assert serious(page) == []
            page.locator("dialog button", has_text=answer).click()
            settled(page, 1)
            if answer == "Not the same":
                assert list(written(served, "names").values()) == ["Benjamin Stone"]
                undone(page, 0)
        ((merged,),) = [fix.values() for fix in written(served, "voice")]
        assert [moment.split(" ")[0] for moment in merged] == ["0:21.625", "0:06.5"]


@pytest.fixture
def doubted(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """An event with music, and a line of which the judge was unsure."""
    read = Reader.read

    def with_doubts(reader: Reader) -> Reading:
        reading = read(reader)
        (noted,) = reading.article.written.talks
        unsure = tuple(Dropped(0, note.text, "as a joke") for note in noted.notes[:1])
        talks = (replace(noted, unsure=unsure),)
        sounds = (RoomSound(2.0, 8.0, "music", 1.0),)
        return replace(reading, article=changed(reading.article, talks=talks, sounds=sounds))

    monkeypatch.setattr(Reader, "read", with_doubts)
    served.correct("replace", heard="market", written="shelf")
    return served


def test_keys_decide_about_a_line_that_the_judge_was_unsure_of(
    browser: Browser, doubted: Served
) -> None:
    with working(doubted.desk), opened(browser, doubted.url) as page:
        expect(page.locator("#queue-title")).to_have_text("1 doubt")
        page.keyboard.press("d")
        page.keyboard.press("r")
        expect(page.locator("dialog")).to_contain_text("The line in your words")
        page.keyboard.press("Escape")
        for before, key, fix in (("", "k", "pin"), ("d", "a", "accept")):
            for each in (*before, key):
                page.keyboard.press(each)
            settled(page, 2)
            assert [one[fix] for one in written(doubted, "note")] == [True]
            expect(page.locator("#queue-title")).to_have_text("No doubts left")
            undone(page, 1)
            expect(page.locator("#queue-title")).to_have_text("1 doubt")


DRAWN = """name => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.fillStyle = getComputedStyle(document.body).getPropertyValue(name);
    pen.fillRect(0, 0, 1, 1);
    const [wanted] = new Uint32Array(pen.getImageData(0, 0, 1, 1).data.buffer);
    const { width, height } = document.getElementById("picture");
    const drawn = document.getElementById("picture").getContext("2d");
    const data = drawn.getImageData(0, 0, width, height).data;
    return new Uint32Array(data.buffer).includes(wanted);
}"""


def test_music_is_not_drawn_as_applause(browser: Browser, doubted: Served) -> None:
    with opened(browser, doubted.url) as page:
        assert page.evaluate(DRAWN, "--music") and not page.evaluate(DRAWN, "--applause")
