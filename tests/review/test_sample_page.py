"""Every correction on the sample, with the mouse and with keys; then a run says it in the post."""

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from browser import chromium, fill, needs_chromium, opened, serious, settled, shot
from cassettes import Cassette
from llm_server import LlmServer
from playwright.sync_api import Browser, Page, expect
from served import apart, serving, working

from pipeline.cli import main

pytestmark = [needs_chromium, pytest.mark.slow]
HERE = Path(__file__).parents[2]
COLOURS = """() => {
    const { width, height } = document.getElementById("picture");
    const pen = document.getElementById("picture").getContext("2d");
    const data = new Uint32Array(pen.getImageData(0, 0, width, height).data.buffer);
    return new Set(data).size;
}"""
SLUG = "iron-kettle-full-steam"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    yield from chromium()


@dataclass
class Sample:
    """The sample evening, heard by Whisper and written up by recorded answers."""

    event: Path
    out: Path
    played: Cassette
    server: LlmServer

    def run(self) -> int:
        """A run; how many questions it put to the model."""
        before = len(self.server.requests)
        self.played._asked.clear()
        asked = ("--writer", "llm", "--set", f"writer.base_url={self.server.url}")
        told = ("--set", "writer.model=recorded")
        arguments = ["run", str(self.event), "-o", str(self.out), *asked, *told]
        assert apart(lambda: main(arguments)) == 0
        return len(self.server.requests) - before

    def copied(self, folder: Path) -> "Sample":
        event = shutil.copytree(self.event, folder / self.event.name)
        out = shutil.copytree(self.out, folder / "posts")
        return Sample(event, out, self.played, self.server)

    @property
    def fixes(self) -> Any:
        return tomllib.loads((self.event / "corrections.toml").read_text(encoding="utf-8"))

    @property
    def post(self) -> str:
        return (self.out / SLUG / "index.md").read_text(encoding="utf-8")

    @property
    def notes(self) -> Any:
        return json.loads((self.out / SLUG / "notes.json").read_text(encoding="utf-8"))

    @property
    def words(self) -> Any:
        return json.loads((self.out / SLUG / "transcript.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ran(evening_posts: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """Run once, from what was heard of it."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(evening_posts / ".backrow", folder / "posts" / ".backrow")
    shutil.copytree(HERE / "samples" / "full-steam", folder / "full-steam")
    played = Cassette(Path(__file__).parent / "recorded")
    with LlmServer(played) as server:
        sample = Sample(folder / "full-steam", folder / "posts", played, server)
        assert sample.run() > 0
        yield sample


@pytest.fixture
def sample(ran: Sample, tmp_path: Path) -> Sample:
    """A copy that a test may correct."""
    return ran.copied(tmp_path)


@contextmanager
def at_work(browser: Browser, sample: Sample, **how: Any) -> Iterator[Page]:
    """The page with its worker."""
    for served in serving(sample.event, sample.out):
        with working(served.desk), opened(browser, served.url, **how) as page:
            yield page


def test_it_opens_on_the_doubts_and_shows_the_whole_event(browser: Browser, sample: Sample) -> None:
    with at_work(browser, sample) as page:
        expect(page.locator("#queue-title")).to_have_text(re.compile(r"\d+ doubts"))
        expect(page.locator("#list")).to_contain_text("Grace Walker")
        shot(page, "sample-light")
        page.keyboard.press("d")
        expect(page.locator("#queue li.picked .acts")).to_be_visible()
        shot(page, "sample-doubt")
        assert page.evaluate(COLOURS) > 10  # eight voices, talks, the room, doubts


@pytest.mark.parametrize(("scheme", "width"), [("light", 1400), ("dark", 1400), ("light", 700)])
def test_each_state_is_read_by_who_does_not_see_it(
    browser: Browser, sample: Sample, scheme: str, width: int
) -> None:
    states = {
        "note": "jj",
        "keys": "?",
        "post": "p",
        "left-out": "o",
        "corrections": "al",
        "word": "e",
        "name": "n",
        "voice": "v",
        "talk": "t",
        "reword": "jr",
        "write": "w",
        "head": "c",
    }
    with at_work(browser, sample, scheme=scheme, width=width) as page:
        for name, pressed in states.items():
            for key in pressed:
                page.keyboard.press(key)
                if key == "a":
                    settled(page, 1)
            page.wait_for_timeout(150)
            assert serious(page) == [], name
            shot(page, f"sample-{scheme}-{width}-{name}")
            page.keyboard.press("Escape")


def find(page: Page, words: str) -> None:
    """Pick words with keys."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def jump(page: Page, seconds: float) -> None:
    """Click into the picture of the whole event."""
    canvas = page.locator("#picture")
    box, most = canvas.bounding_box(), canvas.get_attribute("aria-valuemax")
    assert box and most
    canvas.click(position={"x": box["width"] * seconds / float(most), "y": 40})


def word(page: Page, text: str, near: float) -> Any:
    """A word of the transcript, after a click into the picture near its time."""
    jump(page, near)
    said = page.locator(".row .w").filter(has_text=re.compile(rf"^{re.escape(text)}[.,?]?$"))
    return said.first


def typed(page: Page, *keys: str) -> None:
    """Keys; what is no key is typed over what a field holds."""
    for key in keys:
        if len(key) == 1 or key in KEYS:
            page.keyboard.press(key)
        elif key.startswith(SETTLED):
            settled(page, int(key.removeprefix(SETTLED)))
        else:
            page.keyboard.press("Control+A")
            page.keyboard.type(key)


KEYS = {"Tab", "Enter", "Space", "Escape", "Control+Enter", "ArrowDown", "ArrowRight", "ArrowUp"}
KEYS |= {"ArrowLeft", "Shift+ArrowRight", "Shift+ArrowLeft"}
SETTLED = "settled "


def both(
    browser: Browser, sample: Sample, tmp_path: Path, mouse: Any, keys: Any, count: int
) -> Any:
    """The same corrections with the mouse on a copy and with keys on the sample: one file."""
    other = sample.copied(tmp_path / "mouse")
    with at_work(browser, other) as page:
        mouse(page)
        settled(page, count)
    with at_work(browser, sample) as page:
        keys(page)
        settled(page, count)
    assert other.fixes == sample.fixes
    return sample.fixes


def test_who_that_is(browser: Browser, sample: Sample, tmp_path: Path) -> None:
    def mouse(page: Page) -> None:
        page.locator("#queue .doubt", has_text="man in the second row").click()
        page.locator("#queue .picked .act", has_text="Name").click()
        fill(page, name="Ray Quill")
        settled(page, 1)
        word(page, "Really", 257.6).click()
        page.locator(".row", has_text="Really").locator(".who").click()
        page.locator("dialog button", has_text="Another voice").click()
        fill(page, what="this turn is somebody else's", who="Walter Green")
        settled(page, 2)
        word(page, "Good", 378.4).last.dblclick()
        page.locator("dialog button", has_text="Another voice").click()
        fill(
            page, what="from this word on it is another voice", who="somebody new", name="Announcer"
        )

    def keys(page: Page) -> None:
        for _ in range(20):
            page.keyboard.press("d")
            if "man in the second row" in page.locator("#queue .picked").inner_text():
                break
        typed(page, "n", "Ray Quill", "Enter", "settled 1")
        find(page, "Really")
        typed(page, "v", "Tab")
        page.keyboard.type("Walter")
        typed(page, "Tab", "Enter", "settled 2")
        find(page, "Good night")
        typed(page, "Shift+ArrowLeft", "v")
        page.keyboard.type("from")
        page.keyboard.press("Tab")
        page.keyboard.type("some")
        typed(page, "Tab", "Announcer", "Enter")

    fixes = both(browser, sample, tmp_path, mouse, keys, 3)
    assert list(fixes["names"].values()) == ["Ray Quill"]
    assert [set(fix) for fix in fixes["voice"]] == [{"turn", "to"}, {"split", "at", "to"}]
    assert fixes["voice"][0]["to"][0].isdigit(), "a moment: the name may be the model's"
    sample.run()
    names = {one["id"]: one["name"] for one in sample.words["speakers"]}
    said = {one["text"].strip(",?"): names[one["speaker"]] for one in sample.words["utterances"]}
    assert said["Really"] == "Walter Green"
    assert said["Good night."] == "Announcer"
    assert said["And does the chip work for training"] != "Ray Quill"
    assert "Ray Quill" in names.values()
    assert sample.notes["doubts"] == []


def test_two_voices_of_one_person(browser: Browser, sample: Sample, tmp_path: Path) -> None:
    def mouse(page: Page) -> None:
        word(page, "Really", 257.6).dblclick()
        page.locator("dialog button", has_text="Another voice").click()
        fill(page, what="the whole voice is the same as", who="Walter Green")

    def keys(page: Page) -> None:
        find(page, "Really")
        page.keyboard.press("v")
        page.keyboard.type("the whole")
        page.keyboard.press("Tab")
        page.keyboard.type("Walter")
        typed(page, "Tab", "Enter")

    fixes = both(browser, sample, tmp_path, mouse, keys, 1)
    ((one, other),) = [fix["merge"] for fix in fixes["voice"]]
    assert one[0].isdigit() and other[0].isdigit(), "by moments, which any engine knows"
    before = {one["id"]: one["name"] for one in sample.words["speakers"]}
    said = {u["text"].strip(",?"): before[u["speaker"]] for u in sample.words["utterances"]}
    sample.run()
    names = {one["id"]: one["name"] for one in sample.words["speakers"]}
    now = {u["text"].strip(",?"): names[u["speaker"]] for u in sample.words["utterances"]}
    assert len(names) == len(before) - 1
    assert now["Really"] == "Walter Green" != said["Really"]
    assert said["Really"] not in names.values()
    assert sample.notes["doubts"] == []


def heard_of_the_power(sample: Sample) -> str:
    """What Whisper makes of "It uses", which differs with the processor."""
    found = re.search(r"If (?:you )?uses?", json.dumps(sample.words))
    assert found
    return found[0]


def test_what_was_said(browser: Browser, sample: Sample, tmp_path: Path) -> None:
    heard = heard_of_the_power(sample)

    def mouse(page: Page) -> None:
        word(page, "If", 84.3).dblclick()
        fill(page, written="It")
        settled(page, 1)
        word(page, "murderer.", 71.0).dblclick()
        fill(page, written="butler.", all=True)
        settled(page, 2)
        page.locator("#queue .doubt", has_text="man in the second row").click()
        page.locator("#queue .picked .act", has_text="Name").click()
        fill(page, name="Ray Quill")

    def keys(page: Page) -> None:
        find(page, heard)
        back = ["Shift+ArrowLeft"] * heard.count(" ")
        typed(page, *back, "e", "It", "Enter", "settled 1")
        find(page, "murderer")
        typed(page, "e", "butler", "Tab", "Space", "Enter", "settled 2")
        find(page, "You said 20")
        typed(page, "n", "Ray Quill", "Enter")

    fixes = both(browser, sample, tmp_path, mouse, keys, 3)
    assert fixes["replace"] == {"murderer": "butler"}
    assert fixes["word"][0]["heard"] == "If" and fixes["word"][0]["written"] == "It"
    assert sample.run() == 0  # names and words cost no call
    assert "find the butler" in json.dumps(sample.words) and "murderer" not in sample.post
    assert heard.replace("If", "It") in json.dumps(sample.words)
    assert "Ray Quill: “You said 20 times faster.”" in sample.post


def test_the_talks(browser: Browser, sample: Sample, tmp_path: Path) -> None:
    def edit(page: Page, talk: str) -> None:
        page.locator(".row.talk", has_text=talk).get_by_role("button").click()

    def mouse(page: Page) -> None:
        jump(page, 90)
        edit(page, "Paul Garden, heart")
        fill(page, title="A second look at every heart", kind="lightning")
        settled(page, 1)
        word(page, "Please", 13.5).dblclick()
        page.locator("dialog button", has_text="The talk").click()
        fill(page, join=True)
        settled(page, 2)
        word(page, "sell", 346.5).dblclick()
        page.locator("dialog button", has_text="The talk").click()
        fill(page, hide=True)
        settled(page, 3)
        word(page, "Let", 173.2).dblclick()
        page.locator("dialog button", has_text="The talk").click()
        fill(page, edge="this talk begins with them, not earlier or later")

    def keys(page: Page) -> None:
        find(page, "hard doctor")
        typed(page, "t", "A second look at every heart", "Tab")
        page.keyboard.type("light")
        typed(page, "Enter", "settled 1")
        find(page, "Please welcome the founder")
        typed(page, "t", "Tab", "Tab", "Tab", "Tab", "Space", "Enter", "settled 2")
        find(page, "sell shares")
        typed(page, "t", "Tab", "Tab", "Tab", "Space", "Enter", "settled 3")
        find(page, "Let me explain why")
        typed(page, "t", "Tab", "Tab")
        page.keyboard.type("this talk")
        page.keyboard.press("Enter")

    fixes = both(browser, sample, tmp_path, mouse, keys, 4)
    assert [set(fix) - {"at"} for fix in fixes["talk"]] == [
        {"title", "kind"},
        {"join"},
        {"hide"},
        {"begin"},
    ]
    sample.run()
    talks = {talk["title"]: talk for talk in sample.notes["talks"]}
    assert talks["A second look at every heart"]["kind"] == "lightning"
    assert "## A second look at every heart" in sample.post
    assert "## Q&A" not in sample.post and "## Founder's keynote" not in sample.post
    assert any(abs(talk["start"] - 173.1) < 0.5 for talk in talks.values())
    assert sample.notes["doubts"] == []


def test_the_lines_of_the_post(browser: Browser, sample: Sample, tmp_path: Path) -> None:
    first, doors = "Bar stays closed so that nobody can leave", "Built from the very first day"
    line = "You change one line of code and you are done"

    def act(page: Page, note: str, name: str) -> None:
        page.locator(".note", has_text=note).hover()
        page.locator(".note", has_text=note).locator(".act", has_text=name).click()

    def mouse(page: Page) -> None:
        jump(page, 5)
        act(page, first, "Accept")
        settled(page, 1)
        act(page, doors, "Strike")
        settled(page, 2)
        jump(page, 80)
        act(page, line, "Reword")
        fill(page, text="You change one line of code, one")
        settled(page, 3)
        act(page, "More speed means better answers", "Keep")
        settled(page, 4)
        word(page, "At", 101.0).dblclick()
        page.locator("dialog button", has_text="Write a note").click()
        fill(page, text="40 doctors, all of them real")
        settled(page, 5)
        page.locator("#to-dropped").click()
        page.locator(".dropped li").first.get_by_role("button").click()
        fill(page, text="In five years he is retired, best road map so far")
        settled(page, 6)
        page.locator("#scroll").evaluate("one => one.scrollTo(0, 0)")
        page.locator(".row.head button", has_text="Edit caveat").click()
        fill(page, caveat="I paid for my own drink", description="An evening with a bar")

    def keys(page: Page) -> None:
        typed(page, "j", "a", "settled 1")
        find(page, "From the very first")
        typed(page, "j", "x", "settled 2")
        find(page, "You change one line")
        typed(page, "j", "r", "You change one line of code, one", "Control+Enter", "settled 3")
        find(page, heard_of_the_power(sample))
        typed(page, "j", "k", "settled 4")
        find(page, "At our hospital")
        typed(page, "Shift+ArrowLeft", "Shift+ArrowLeft", "w", "40 doctors, all of them real")
        typed(page, "Control+Enter", "settled 5", "o", "Tab")
        typed(page, "Enter", "In five years he is retired, best road map so far")
        typed(page, "Control+Enter", "settled 6", "c", "I paid for my own drink", "Tab")
        typed(page, "An evening with a bar", "Control+Enter")

    fixes = both(browser, sample, tmp_path, mouse, keys, 8)
    done = [
        next(key for key in ("accept", "strike", "reword", "pin", "add") if key in fix)
        for fix in fixes["note"]
    ]
    assert done == ["accept", "strike", "reword", "pin", "add", "add"]
    assert fixes["post"] == {
        "caveat": ["I paid for my own drink"],
        "description": "An evening with a bar",
    }
    assert sample.run() == 0  # nor do lines
    assert first in sample.post and doors not in sample.post
    assert "You change one line of code, one" in sample.post and f"\n{line}[^" not in sample.post
    assert "40 doctors, all of them real" in sample.post
    assert "In five years he is retired" in sample.post
    assert "the writer's own words" in sample.post
    assert "I paid for my own drink" in sample.post
    assert 'description = "An evening with a bar"' in sample.post
    assert sample.notes["doubts"] == []
