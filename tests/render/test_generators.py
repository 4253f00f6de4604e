"""Hugo and Jekyll themselves build a site of our posts, where they are installed."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import site_builds
from articles import changed
from bs4 import BeautifulSoup, Tag
from site_builds import JEKYLL

from pipeline.config import Flavor, Post
from pipeline.data import Audio, Note
from pipeline.prompts import Prompts
from pipeline.render.article import Article
from pipeline.render.publish import publish
from pipeline.visible import one_line

PAGE = "<h1>%s</h1><main>%s</main>"
TYPOGRAPHY = str.maketrans(
    {"\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2013": "--", "\u2014": "---"}
    | {"\u2026": "...", "\xa0": " "}
)


@dataclass(frozen=True)
class Generator:
    """A site of one layout, and how it is built."""

    flavor: Flavor
    posts: str  # where posts go, in the site's folder
    files: dict[str, str]
    build: tuple[str, ...]
    built: str  # where the site comes out


GENERATORS = (
    Generator(
        "hugo",
        "content/posts",
        {
            "hugo.toml": 'baseURL = "https://example.org/"\n',
            "layouts/_default/single.html": PAGE % ("{{ .Title }}", "{{ .Content }}"),
            "layouts/_default/list.html": "{{ range .Pages }}{{ .Title }}{{ .Date }}{{ end }}",
        },
        ("hugo",),
        "public",
    ),
    Generator(
        "jekyll",
        "posts",
        {
            "_config.yml": "url: https://example.org\n",
            "_layouts/post.html": PAGE % ("{{ page.title | escape }}", "{{ content }}"),
        },
        JEKYLL,
        "_site",
    ),
)

Build = Callable[[Article, Post], Path]


@pytest.fixture(params=GENERATORS, ids=lambda generator: generator.flavor)
def build(request: pytest.FixtureRequest, tmp_path: Path, audio: Audio) -> Build:
    """Publishes an article into a site, builds it, and returns the folder of the built post."""
    generator: Generator = request.param
    if shutil.which(generator.build[0]) is None:
        pytest.skip(f"{generator.build[0]} is not installed")
    site = tmp_path / "site"
    for name, text in generator.files.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")

    def built(article: Article, options: Post) -> Path:
        options = options.model_copy(update={"flavor": generator.flavor})
        publish(article, site / generator.posts, options, Prompts(None))
        site_builds.build(generator.build, site)
        return site / generator.built / "posts" / article.heard.source.slug

    return built


def straight(text: str) -> str:
    """Text without the typographic marks that generators put in."""
    return text.translate(TYPOGRAPHY).strip()


def main_part(folder: Path) -> Tag:
    page = BeautifulSoup((folder / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert page.h1 is not None and page.h1.get_text() == "Nova Night: the *fast* one"
    assert page.main is not None
    return page.main


def test_every_note_is_a_line_whatever_it_says(
    build: Build, article: Article, nasty: list[str]
) -> None:
    texts = [text for text in nasty[:400] if one_line(text)]
    panel = article.written.talks[2]
    receipt = panel.notes[0].receipts[0]
    notes = tuple(Note(text, "aside", 1.0, (replace(receipt, quote=text),)) for text in texts)
    noted = replace(panel, notes=notes, talk=replace(panel.talk, title="# {#id} {{< z >}} `x`"))
    body = main_part(build(changed(article, talks=(noted,)), Post(draft=False)))
    for mark in body.find_all("sup"):
        mark.extract()
    heading = body.h2
    assert heading is not None and heading.get_text() == "# {#id} {{< z >}} `x`"
    lines = heading.find_next_siblings("p")[1 : len(texts) + 1]  # after the summary
    assert [straight(line.get_text()) for line in lines] == [straight(one_line(t)) for t in texts]
    assert not any(line.find(True) for line in lines)
    footnotes = [straight(note.get_text()) for note in body.select(".footnotes li")]
    quotes = [straight(f'0:00:12 moderator: "{one_line(text)}"') for text in texts]
    assert len(footnotes) == 1 + len(quotes)  # the introduction has one of its own
    assert all(quote in note for quote, note in zip(quotes, footnotes[1:], strict=True))


def test_clips_have_players_or_links_where_they_lie(build: Build, article: Article) -> None:
    folder = build(article, Post(draft=False, clips=True))
    players = main_part(folder).select('audio[src^="clips/"]')
    links = main_part(folder).select('a[href^="clips/"]')
    clips = [str(each.get("src") or each.get("href")) for each in players or links]
    assert len(clips) == 4
    assert "](clips/" not in main_part(folder).decode(), "raw Markdown"
    assert all((folder / clip).is_file() for clip in clips)


def test_transcript_and_timeline_are_served_beside_the_post(build: Build, article: Article) -> None:
    folder = build(article, Post(draft=False, transcript=True, timeline=True))
    main = main_part(folder)
    picture = main.img
    assert picture is not None and "0:00:12 Panel: 1 in speed, 1 min" in str(picture["alt"])
    assert (folder / str(picture["src"])).read_text(encoding="utf-8").startswith("<svg")
    (there,) = {str(link["href"]) for link in main.select('a[href^="transcript."]')}
    name, _, anchor = there.partition("#")
    page = BeautifulSoup((folder / name).read_text(encoding="utf-8"), "html.parser")
    assert anchor == "m0"
    assert page.find(id="m0") is not None


def test_categories_of_a_persons_own_leave_the_post_with_its_files(
    build: Build, article: Article
) -> None:
    event = article.heard.source.info.model_copy(update={"extra": {"categories": ["talks", "fun"]}})
    folder = build(changed(article, event=event), Post(draft=False, transcript=True))
    assert (folder / "index.html").is_file() and list(folder.glob("transcript.*html"))


def test_a_draft_is_not_shown(build: Build, article: Article) -> None:
    assert not (build(article, Post(draft=True)) / "index.html").exists()


def test_without_a_day_there_is_no_year_1_and_no_entry_in_a_menu(
    build: Build, article: Article
) -> None:
    event = article.heard.source.info.model_copy(update={"date": None})
    folder = build(changed(article, event=event), Post(draft=False))
    pages = [p for p in folder.parents[1].rglob("*") if p.suffix in (".html", ".xml")]
    texts = [page.read_text(encoding="utf-8") for page in pages]
    assert not [text for text in texts if "0001" in text or "Nova Night" in text]


def test_an_edited_post_is_shown_and_its_newer_version_is_not(
    build: Build, article: Article
) -> None:
    shown = build(article, Post(draft=False))
    site = shown.parents[2]
    (post,) = [p for p in site.rglob("*.md") if article.heard.source.slug in p.as_posix()]
    post.write_text(post.read_text(encoding="utf-8").replace("Applause", "Clapping"), "utf-8")
    build(changed(article, warnings=("news",)), Post(draft=False))
    assert "Clapping" in main_part(shown).get_text()
    pages = [p for p in (site / shown.parent.parent.name).rglob("*.html") if "nova" in str(p)]
    assert pages == [shown / "index.html"]
