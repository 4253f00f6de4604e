"""Debian's Chromium, driven by Playwright: the page as a person has it before them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = "BACKROW_SCREENSHOTS"  # the folder that CI keeps
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs apt-get install chromium")


def chromium() -> Iterator[Browser]:
    """A browser that may play without being asked, as after a click."""
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser, url: str, scheme: Literal["light", "dark"] = "light", width: int = 1400
) -> Iterator[Page]:
    """The page, read; fails if it complains, or asks anybody else for anything."""
    context = browser.new_context(
        viewport={"width": width, "height": 880}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def asked(request: Request) -> None:
        if not request.url.startswith(url):
            complaints.append(f"asked for {request.url}")

    page.on("request", asked)
    page.goto(url)
    page.wait_for_selector(".row .w")
    page.wait_for_timeout(200)
    try:
        yield page
        assert complaints == []
    finally:
        context.close()


def settled(page: Page, count: int) -> None:
    """Wait until so many corrections are written and the post is put together again."""
    name = f"Corrections {count}" if count else "Corrections"
    expect(page.locator("#to-fixes")).to_have_text(name)
    expect(page.locator("#scroll")).to_have_attribute("aria-busy", "false", timeout=20_000)


def fill(page: Page, **values: Any) -> None:
    """Fill a dialog and save it."""
    for name, value in values.items():
        field = page.locator(f"dialog [name={name}]")
        if isinstance(value, bool):
            field.set_checked(value)
        elif field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    page.locator("dialog .yes").click()


def shot(page: Page, name: str) -> None:
    """A picture of the page as it is, where CI asks for them."""
    if os.environ.get(SHOTS):
        page.screenshot(path=Path(os.environ[SHOTS]) / f"{name}.png")


def serious(page: Page) -> list[str]:
    """What axe-core finds that keeps people out, with the first place of each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {each['nodes'][0]['html'][:200]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
