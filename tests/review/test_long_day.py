"""Eight hours in the page: how soon it is there, how it scrolls, what it takes of memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, needs_chromium, opened, shot
from long_day import LongDay
from playwright.sync_api import Browser, Page, expect
from served import Served, started

from pipeline.review.desk import Desk

pytestmark = [needs_chromium, pytest.mark.slow]
PAINT = 2.0  # seconds
MEMORY = 300e6  # bytes of the page's own process
FRAME = 0.1  # seconds that nine of ten frames take at most while it scrolls, on two busy cores

SCROLL = """async () => {
    const list = document.getElementById("scroll");
    const frames = [];
    let last = performance.now();
    for (let n = 0; n < 150; n += 1) {
        list.scrollTop += 400;
        await new Promise((done) => requestAnimationFrame(done));
        frames.push(performance.now() - last);
        last = performance.now();
    }
    frames.sort((a, b) => a - b);
    return { nine: frames[Math.floor(frames.length * 0.9)] / 1000, most: frames.at(-1) / 1000 };
}"""
SOON = """() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0].startTime / 1000,
    words: performance.getEntriesByName("words")[0].startTime / 1000,
    rows: document.querySelectorAll(".row").length,
})"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from chromium()


@pytest.fixture
def long_day(tmp_path: Path) -> Iterator[Served]:
    yield from started(Desk(LongDay(tmp_path)))  # type: ignore[arg-type]


def own_memory(browser: Browser) -> int:
    """Bytes that the page's process has for itself alone."""
    session = browser.new_browser_cdp_session()
    told: Any = session.send("SystemInfo.getProcessInfo")
    pages = [each["id"] for each in told["processInfo"] if each["type"] == "renderer"]
    return max(private(pid) for pid in pages)


def private(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    lines = (line.split() for line in rollup.splitlines())
    return sum(int(line[1]) * 1024 for line in lines if line[0].startswith("Private_"))


def measured(browser: Browser, page: Page) -> dict[str, float]:
    """All that is promised of a long day, as it is."""
    soon = page.evaluate(SOON)
    scrolled = page.evaluate(SCROLL)
    page.locator("#picture").click(position={"x": 900, "y": 40})
    page.evaluate(SCROLL)
    return {**soon, **scrolled, "memory": own_memory(browser)}


def test_eight_hours_are_there_at_once_and_scroll(browser: Browser, long_day: Served) -> None:
    with opened(browser, long_day.url) as page:
        found = measured(browser, page)
        print(found)
        expect(page.locator("#title")).to_have_text("A long day")
        assert found["words"] <= PAINT and found["paint"] <= PAINT
        assert found["rows"] < 100  # of 3,000: the others are not in the page
        assert found["nine"] <= FRAME
        assert found["memory"] <= MEMORY
        shot(page, "eight-hours")


def test_the_last_word_of_eight_hours_is_found_and_stays_where_it_is(
    browser: Browser, long_day: Served
) -> None:
    with opened(browser, long_day.url) as page:
        last = long_day.desk.reading.article.written.outline.utterances[-1].words[-1]
        page.locator("#scroll").evaluate("list => list.scrollTo(0, list.scrollHeight)")
        expect(page.locator(".row").last).to_contain_text(last.text)
        top = page.locator(".row").last.bounding_box()
        page.wait_for_timeout(300)
        assert page.locator(".row").last.bounding_box() == top
