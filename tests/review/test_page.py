"""The page in a browser: it shows what was said as text, and serves who has no mouse or no eyes."""

from collections.abc import Iterator

import pytest
from browser import chromium, needs_chromium, opened, serious, shot
from playwright.sync_api import Browser, expect
from served import Served

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
