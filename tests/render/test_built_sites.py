"""The sample's post in built sites: every link is followed, and desktop and phone are looked at.

All hosts are this machine: the site's own, and made-up ones that show the event and its video.
"""

import html
import os
import re
import shutil
from collections.abc import Iterator
from functools import partial
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, unquote, urldefrag, urljoin, urlsplit

import pytest
from articles import changed
from bs4 import BeautifulSoup
from cassettes import Cassette, written
from llm_server import LlmServer
from markdown_it import MarkdownIt
from media import RATE, evening
from playwright.sync_api import sync_playwright
from site_builds import JEKYLL, build

from pipeline.audio.wav import open_wav_writer
from pipeline.config import Flavor, Post
from pipeline.data import Audio
from pipeline.event import EventInfo
from pipeline.prompts import Prompts
from pipeline.render import front_matter
from pipeline.render.article import Article
from pipeline.render.publish import publish

pytestmark = pytest.mark.slow
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SHOTS = os.environ.get("BACKROW_SCREENSHOTS")  # the folder that CI keeps
STEAM = Path(__file__).parents[1] / "cassettes" / "full-steam"
SITE, FILM = "example.org", "film.example.net"
ELSEWHERE = {"ironkettle.example/full-steam", "ironkettle.example/speed", f"{FILM}/w/a_b"}
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root { color-scheme: light dark } img { max-width: 100%%; height: auto }
body { font: 1.05rem/1.6 system-ui; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
h1 { line-height: 1.2 }
</style></head><body><h1>%s</h1><main>%s</main></body></html>"""
LIST = "{{ range .Site.RegularPages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}"
UNSAFE = "[markup.goldmark.renderer]\nunsafe = true\n"  # as docs/output.md says: else no players
SITES: dict[Flavor, dict[str, str]] = {
    "hugo": {
        "hugo.toml": f'baseURL = "https://{SITE}/"\ndisableKinds = ["taxonomy", "term"]\n{UNSAFE}',
        "layouts/_default/single.html": PAGE % ("{{ .Title }}", "{{ .Title }}", "{{ .Content }}"),
        "layouts/_default/list.html": PAGE % ("list", "list", LIST),
    },
    "jekyll": {
        "_config.yml": f"url: https://{SITE}\n",
        "_layouts/post.html": PAGE
        % ("{{ page.title | escape }}", "{{ page.title | escape }}", "{{ content }}"),
        "index.html": "---\n---\n{% for p in site.posts %}<a href='{{ p.url }}'>x</a>{% endfor %}",
    },
    "plain": {},
}


@pytest.fixture(scope="module")
def evening_post(tmp_path_factory: pytest.TempPathFactory) -> Article:
    """The sample evening as a strong model wrote it up, with a film, and its sound."""
    place = tmp_path_factory.mktemp("evening")
    with LlmServer(Cassette(STEAM)) as server:
        article, _ = written(STEAM, server.url, place)
    samples = (evening() * 32767).astype("<i2")
    with open_wav_writer(str(place / "audio.wav")) as sound:
        sound.writeframes(samples.tobytes())
    audio = Audio(place / "audio.wav", len(samples) / RATE, "0" * 64, article.heard.audio.parts)
    told = article.heard.source.info.model_dump() | {"video": f"https://{FILM}/w/a_b", "offset": 30}
    return changed(article, event=EventInfo.model_validate(told), audio=audio)


@pytest.fixture(scope="module", params=SITES)
def site(
    request: pytest.FixtureRequest, evening_post: Article, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The built site's folder."""
    tmp_path = tmp_path_factory.mktemp(request.param)
    for name, text in SITES[request.param].items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    posts = {"hugo": "content/posts", "jekyll": "posts", "plain": "public/posts"}[request.param]
    options = Post(flavor=request.param, draft=False, clips=True, transcript=True, timeline=True)
    publish(evening_post, tmp_path / posts, options, Prompts())
    if request.param == "plain":  # as any other generator: its title, and CommonMark
        post = next(tmp_path.rglob("index.md"))
        text = post.read_text(encoding="utf-8")
        title = html.escape((front_matter.read(text) or ("", {}))[1]["title"])
        body = MarkdownIt("commonmark").render(text.split("\n---\n", 1)[1])
        post.with_suffix(".html").write_text(PAGE % (title, title, body), encoding="utf-8")
        (tmp_path / "public/index.html").write_text(f"<a href='/posts/{post.parent.name}/'>x</a>")
        return tmp_path / "public"
    command = {"hugo": ("hugo",), "jekyll": JEKYLL}
    if shutil.which(request.param) is None:
        pytest.skip(f"{request.param} is not installed")
    build(command[request.param], tmp_path)
    return tmp_path / {"hugo": "public", "jekyll": "_site"}[request.param]


class World(SimpleHTTPRequestHandler):
    """Every host there is: the built site, and the few pages elsewhere that a post may lead to."""

    def send_head(self):  # type: ignore[no-untyped-def]
        host = self.headers["Host"].partition(":")[0]
        if host == SITE:
            return super().send_head()
        self.send_response(200 if host + urlsplit(self.path).path in ELSEWHERE else 404)
        self.end_headers()
        return None

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def port(site: Path) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(World, directory=str(site)))
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def fetched(url: str, port: int) -> tuple[int, bytes]:
    """What a host answers, all of them being this machine."""
    at = urlsplit(url)
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(
        "GET", at.path + (f"?{at.query}" if at.query else ""), headers={"Host": at.netloc}
    )
    answer = connection.getresponse()
    try:
        return answer.status, answer.read()
    finally:
        connection.close()


def followed(start: str, port: int) -> tuple[dict[str, bytes], list[str]]:
    """Every address that can be reached from a page, and those that lead nowhere."""
    seen: dict[str, bytes] = {}
    marks: list[tuple[str, str]] = []
    todo, wrong = [start], []
    while todo:
        url = todo.pop()
        status, body = fetched(url, port)
        seen[url] = body
        wrong += [f"{status} {url}"] if status != 200 else []
        ours = urlsplit(url).netloc == SITE and url.endswith(("/", "html"))
        for tag in BeautifulSoup(body, "html.parser").select("[href], [src]") if ours else ():
            there, mark = urldefrag(urljoin(url, str(tag.get("href") or tag.get("src"))))
            marks.append((there, mark))
            todo += [there] if there not in seen and there not in todo else []
    for there, mark in marks:
        page = BeautifulSoup(seen[there], "html.parser")
        if mark and page.find(id=unquote(mark)) is None and urlsplit(there).netloc == SITE:
            wrong.append(f"no {mark} in {there}")
    return seen, wrong


def test_every_link_leads_somewhere(site: Path, port: int) -> None:
    seen, wrong = followed(f"https://{SITE}/", port)
    assert wrong == []
    kinds = {re.sub(r".*\.", ".", urlsplit(url).path) for url in seen}
    assert kinds >= {".svg", ".mp3"} and kinds & {".html", ".xhtml"}, "timeline, clips, transcript"
    films = [url for url in seen if urlsplit(url).netloc == FILM]
    starts = {int(parse_qs(urlsplit(url).query)["start"][0].rstrip("s")) for url in films}
    assert len(starts) > 10 and min(starts) >= 30
    assert {f"{urlsplit(url).netloc}{urlsplit(url).path}" for url in seen} >= ELSEWHERE
    assert all(len(body) > 1000 for url, body in seen.items() if url.endswith(".mp3"))


@pytest.mark.skipif(CHROMIUM is None, reason="needs apt-get install chromium")
def test_it_fits_a_desktop_and_a_phone(
    site: Path, port: int, request: pytest.FixtureRequest
) -> None:
    (post,) = site.glob("posts/*/index.html")
    (transcript,) = post.parent.glob("transcript.*html")
    flavor = request.node.callspec.params["site"]
    with sync_playwright() as playwright:
        rules = f"--host-resolver-rules=MAP * 127.0.0.1:{port}"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", rules])
        for name in ("index.html", transcript.name):
            for device, width, scheme in (("desktop", 1280, "light"), ("phone", 390, "dark")):
                page = browser.new_page(
                    viewport={"width": width, "height": 850},
                    color_scheme=scheme,  # type: ignore[arg-type]
                )
                page.goto(
                    f"http://{SITE}/posts/{post.parent.name}/{name}", wait_until="networkidle"
                )
                wide = page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{name} is {wide} wide on a {device}"
                if SHOTS:
                    place = Path(SHOTS) / f"post-{flavor}-{Path(name).stem}-{device}.png"
                    page.screenshot(path=place, full_page=name == "index.html")
                page.close()
        browser.close()
