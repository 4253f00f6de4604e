"""What becomes public: Hugo, Jekyll and Zola themselves build sites, and every file is listed."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from articles import changed
from site_builds import JEKYLL, build

from pipeline.cli import main
from pipeline.cli.arguments import SIDES
from pipeline.config import Flavor, Post
from pipeline.data import Audio
from pipeline.errors import InputError, UsageError
from pipeline.prompts import Prompts
from pipeline.render import front_matter
from pipeline.render.article import Article
from pipeline.render.flavors import FLAVORS, hides
from pipeline.render.publish import publish
from pipeline.render.report import report, write
from pipeline.render.site import Placed, exposed, find_site, place, site_of

PAGE = "<h1>%s</h1><main>%s</main>"
SLUG = "nova-night"


@dataclass(frozen=True)
class Generator:
    """A site of one layout, how it is built, and what is public of it without a post of ours."""

    flavor: Flavor
    files: dict[str, str]
    build: tuple[str, ...]
    built: str
    posts: str
    bare: frozenset[str]


HUGO = Generator(
    "hugo",
    {
        "hugo.toml": 'baseURL = "https://example.org/"\ndisableKinds = ["taxonomy", "term"]\n',
        "layouts/_default/single.html": PAGE % ("{{ .Title }}", "{{ .Content }}"),
        "layouts/_default/list.html": "list",
        "content/posts/_index.md": "+++\ntitle = 'Posts'\n+++\n",
    },
    ("hugo",),
    "public",
    "content/posts",
    frozenset({"index.html", "index.xml", "sitemap.xml", "posts/index.html", "posts/index.xml"}),
)
JEKYLL = Generator(
    "jekyll",
    {
        "_config.yml": "url: https://example.org\n",
        "_layouts/post.html": PAGE % ("{{ page.title | escape }}", "{{ content }}"),
        "index.md": "---\ntitle: Home\n---\nhello\n",
    },
    JEKYLL,
    "_site",
    "posts",
    frozenset({"index.html"}),
)
ZOLA = Generator(
    "zola",
    {
        "config.toml": 'base_url = "https://example.org"\n',
        "content/posts/_index.md": "+++\ntitle = 'Posts'\n+++\n",
        "templates/page.html": PAGE % ("{{ page.title }}", "{{ page.content | safe }}"),
        "templates/section.html": "list",
        "templates/index.html": "home",
    },
    ("zola", "build"),
    "public",
    "content/posts",
    frozenset({"index.html", "404.html", "robots.txt", "sitemap.xml", "posts/index.html"}),
)


class Stand:
    """A site, a work folder outside of it, and one article that is published again and again."""

    def __init__(self, generator: Generator, article: Article, audio: Audio, root: Path) -> None:
        self.generator, self.article, self.audio = generator, article, audio
        self.site, self.work = root / "site", root / "work"
        for name, text in generator.files.items():
            (self.site / name).parent.mkdir(parents=True, exist_ok=True)
            (self.site / name).write_text(text, encoding="utf-8")

    def run(self, out: Path | None = None, **options: object) -> None:
        """What a run leaves in its output folder."""
        chosen = Post(flavor=self.generator.flavor, clips=True, **options)  # type: ignore[arg-type]
        out = out or self.work
        publish(self.article, out, chosen, Prompts(None))
        write(report((), 1.0), out)

    def place(self, *sides: str) -> Placed:
        return place(self.work / SLUG, find_site(self.site), sides)

    def public(self) -> set[str]:
        """Every file of the built site that is not there without a post."""
        if shutil.which(self.generator.build[0]) is None:
            pytest.skip(f"{self.generator.build[0]} is not installed")
        shutil.rmtree(self.site / self.generator.built, ignore_errors=True)
        build(self.generator.build, self.site)
        built = self.site / self.generator.built
        files = (path for path in built.rglob("*") if path.is_file())
        found = {path.relative_to(built).as_posix() for path in files}
        assert found >= self.generator.bare
        return found - self.generator.bare

    @property
    def post(self) -> Path:
        folder = self.site / self.generator.posts / SLUG
        (found,) = [*folder.glob("index.md"), *folder.glob("_posts/*.md")]
        return found

    def undraft(self) -> None:
        """What a person does who wants it public."""
        text = self.post.read_text(encoding="utf-8")
        text = text.replace("draft = true", "draft = false")
        self.post.write_text(text.replace("published: false", "published: true"), "utf-8")


@pytest.fixture(params=[HUGO, JEKYLL, ZOLA], ids=lambda generator: generator.flavor)
def stand(request: pytest.FixtureRequest, article: Article, audio: Audio, tmp_path: Path) -> Stand:
    return Stand(request.param, article, audio, tmp_path)


def clips(stand: Stand) -> set[str]:
    found = {f"posts/{SLUG}/clips/{path.name}" for path in stand.work.rglob("*.mp3")}
    assert len(found) == 4
    return found


PAGE_OF_IT = f"posts/{SLUG}/index.html"
ALL_SIDES = {f"posts/{SLUG}/{side}" for side in SIDES}


@pytest.mark.parametrize("dated", [True, False])
def test_a_draft_leaks_nothing(stand: Stand, dated: bool) -> None:
    if not dated:
        event = stand.article.heard.source.info.model_copy(update={"date": None})
        stand.article = changed(stand.article, event=event)
    stand.run()
    stand.place(*SIDES)
    assert stand.public() == set()


def test_a_finished_post_is_public_with_what_was_asked_for_and_nothing_else(stand: Stand) -> None:
    stand.run(draft=False)
    stand.place()
    assert stand.public() == {PAGE_OF_IT, *clips(stand)}
    stand.place("transcript.srt")
    assert stand.public() == {PAGE_OF_IT, *clips(stand), f"posts/{SLUG}/transcript.srt"}
    stand.place(*SIDES)
    assert stand.public() == {PAGE_OF_IT, *clips(stand), *ALL_SIDES}
    stand.run()
    stand.place(*SIDES)
    assert stand.public() == {PAGE_OF_IT, *clips(stand), *ALL_SIDES}, "and stays so unasked"
    stand.run(draft=True)
    stand.place(*SIDES)
    assert stand.public() == set(), "taken back"


def test_a_draft_that_a_person_makes_public_is_protected_and_gets_its_files(stand: Stand) -> None:
    stand.run()
    first = stand.place("transcript.srt")
    assert bool(first.warnings) == (stand.generator.flavor == "jekyll")
    stand.undraft()
    mine = stand.post.read_bytes()
    stand.article = changed(stand.article, warnings=("news",))
    stand.run()
    placed = stand.place("transcript.srt")
    assert stand.post.read_bytes() == mine
    assert len(placed.warnings) == 1 and "has been edited" in placed.warnings[0]
    assert str(stand.work) in placed.warnings[0], "it says where the new version is"
    again = stand.place("transcript.srt")
    assert again.warnings == (), "once"
    stays = f"{stand.post.relative_to(stand.site / stand.generator.posts / SLUG)} (edited there,"
    assert stays in str(again) and str(again).endswith("transcript.srt, 4 clips")
    assert stand.public() == {PAGE_OF_IT, *clips(stand), f"posts/{SLUG}/transcript.srt"}


def test_nothing_of_ours_but_the_bundle_lies_in_the_site(stand: Stand) -> None:
    before = {path for path in stand.site.rglob("*") if path.is_file()}
    stand.run(draft=False)
    placed = stand.place("notes.json")
    after = {path for path in stand.site.rglob("*") if path.is_file()}
    folder = stand.site / stand.generator.posts / SLUG
    assert after - before == {folder / name for name in placed.files}
    assert not any(".backrow" in path.parts for path in stand.site.rglob("*"))


def test_an_output_inside_a_site_is_recognised_and_said(stand: Stand) -> None:
    inside = stand.site / stand.generator.posts
    stand.run(out=inside)
    told = exposed(inside)
    assert told and f"a site of {stand.generator.flavor}" in told
    assert f"--site {stand.site.resolve()}" in told
    assert exposed(stand.work) is None
    public = stand.public()
    # what it says is so: of a draft Jekyll publishes all that lies beside it
    description = f"posts/{SLUG}/description.txt"
    sides = ALL_SIDES | {description} | {name for name in public if "/clips/" in name}
    expected = sides if "even of a draft" in told else set()
    assert public - {"posts/report.json"} == expected
    assert not any(".backrow" in name for name in public)


def test_a_folder_in_a_site_is_taken_as_it_is(stand: Stand) -> None:
    blog = stand.site / stand.generator.posts / "blog"
    blog.mkdir(parents=True)
    stand.run()
    placed = place(stand.work / SLUG, find_site(blog))
    assert placed.post.is_relative_to(blog.resolve() / SLUG)


def test_a_zola_folder_that_lists_no_posts_is_said(stand: Stand) -> None:
    stand.run(draft=False)
    (stand.site / stand.generator.posts / "_index.md").unlink(missing_ok=True)
    told = [line for line in stand.place().warnings if "_index.md" in line]
    assert len(told) == (stand.generator.flavor == "zola")


def test_a_post_for_another_generator_is_refused(stand: Stand, tmp_path: Path) -> None:
    others: dict[Flavor, Flavor] = {"hugo": "zola", "zola": "jekyll", "jekyll": "hugo"}
    other = others[stand.generator.flavor]
    publish(stand.article, stand.work, Post(flavor=other), Prompts(None))
    with pytest.raises(InputError, match=f"--flavor {stand.generator.flavor}"):
        stand.place()


def test_the_command_puts_it_there(stand: Stand, capsys: pytest.CaptureFixture[str]) -> None:
    stand.run(draft=False)
    folder = str(stand.work / SLUG)
    assert main(["publish", folder, "--site", str(stand.site), "--side", "notes.json"]) == 0
    assert "notes.json" in capsys.readouterr().out
    assert (stand.site / stand.generator.posts / SLUG / "notes.json").exists()
    (stand.work / SLUG / "notes.json").unlink()
    assert main(["publish", folder, "--site", str(stand.site), "--side", "notes.json"]) == 1
    assert main(["publish", str(stand.work), "--site", str(stand.site)]) == 1
    assert "holds no finished post" in capsys.readouterr().err


def test_what_is_no_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no site"):
        find_site(tmp_path)
    with pytest.raises(UsageError, match="is no site"):
        find_site(tmp_path / "nowhere")
    (tmp_path / "config.toml").write_text("[asr]\n")  # ours, say
    assert site_of(tmp_path) is None


@pytest.mark.parametrize(
    ("text", "flavor", "draft"),
    [
        ("+++\ndraft = true\n+++\n", "hugo", True),
        ("+++\ndraft = false\n+++\n", "zola", False),
        ("+++\ntitle = 'x'\n+++\n", "zola", False),
        ("---\npublished: false\n---\n", "jekyll", True),
        ("---\ndraft: true\n---\n", "jekyll", False),
        ("---\ndraft: true\n---\n", "hugo", True),
        ("+++\ndraft = \n+++\n", "hugo", True),
        ("no head at all", "hugo", True),
        ("---\n[1\n---\n", "jekyll", True),
    ],
)
def test_what_cannot_be_read_counts_as_a_draft(text: str, flavor: Flavor, draft: bool) -> None:
    found = front_matter.read(text)
    assert hides(FLAVORS[flavor], found[1] if found else None) == draft


def test_plain_posts_go_into_any_folder(article: Article, audio: Audio, tmp_path: Path) -> None:
    work, blog = tmp_path / "work", tmp_path / "blog"
    blog.mkdir()
    publish(article, work, Post(flavor="plain", clips=True), Prompts(None))
    assert main(["publish", str(work / SLUG), "--site", str(blog)]) == 0
    assert (blog / SLUG / "index.md").is_file() and len(list(blog.rglob("*.mp3"))) == 4
    with pytest.raises(UsageError, match="--flavor plain"):
        find_site(blog)
