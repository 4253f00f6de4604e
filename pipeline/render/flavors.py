"""What the generators differ in: front matter, where posts lie, what is held back. One table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline import config

Fields = Mapping[str, Any]  # by every name that a generator has for one


@dataclass(frozen=True, slots=True)
class Flavor:
    """A generator.

    `head` makes its front matter of our fields and of what a person put into [extra]; of a field
    that both have, ours stays.
    """

    name: config.Flavor
    head: Callable[[Fields, Fields], dict[str, Any]]
    fence: str = "+++"  # TOML; "---": YAML
    mark: str = ""  # a key of every post that no others with that fence have; one needs none
    hidden: tuple[str, bool] = ("draft", True)  # what hides a post
    dated: bool = False  # a post's file is named after its day, and there is none without
    undated: bool = True  # shows a post without a day as one: neither of year 1 nor in its menu
    footnotes: bool = True  # knows them, which CommonMark does not
    nested: bool = True  # reads Markdown inside of an HTML element of a line
    holds_back: bool = True  # a draft's whole folder, not its page alone
    page: str = "transcript.html"  # the transcript that it copies as it is
    posts: str = "content/posts"  # in a site
    served: tuple[str, ...] = ("content", "static")  # becomes public; (): all but hidden folders
    configs: tuple[str, ...] = ()  # files that only its sites have

    def post_name(self, slug: str, date: str | None) -> str:
        """The file of a post in its folder."""
        if not self.dated:
            return "index.md"
        return f"_posts/{date}-{slug}.md" if date else f"_drafts/{slug}.md"


_FIRST = ("title", "date", "description", "authors")


def _given(fields: Fields, *names: str) -> dict[str, Any]:
    """The fields of these names that hold anything."""
    held = {name: fields[name] for name in names if fields[name]}
    return {name: list(it) if isinstance(it, tuple) else it for name, it in held.items()}


def _zola(fields: Fields, extra: Fields) -> dict[str, Any]:
    own = {**extra, **_given(fields, "series", "language", "engines")}
    head = _given(fields, *_FIRST) | {"extra": own}
    return head | {"taxonomies": _given(fields, "tags")} if fields["tags"] else head


def _hugo(fields: Fields, extra: Fields) -> dict[str, Any]:
    params = {**extra, **_given(fields, "language", "engines")}
    return _given(fields, *_FIRST, "tags", "series") | {"params": params}


def _jekyll(fields: Fields, extra: Fields) -> dict[str, Any]:
    # at its folder's own address, so that clips beside it are found
    always = {"layout": "post", "permalink": "/:categories/"}
    names = ("title", "date", "description", "author", "tags", "series", "lang", "engines")
    return always | dict(extra) | _given(fields, *names)


def _plain(fields: Fields, extra: Fields) -> dict[str, Any]:
    return dict(extra) | _given(fields, *_FIRST, "tags", "series", "lang", "engines")


FLAVORS: dict[str, Flavor] = {
    flavor.name: flavor
    for flavor in (
        Flavor("zola", _zola, configs=("zola.toml",)),
        Flavor(
            "hugo",
            _hugo,
            mark="params",
            undated=False,  # its feeds have 1 January of the year 1
            page="transcript.xhtml",  # since 0.162 a .html file is a page, which ends the build
            served=("content", "static", "assets"),
            configs=(
                *(f"hugo.{ending}" for ending in ("toml", "yaml", "yml", "json")),
                *(f"config/_default/hugo.{ending}" for ending in ("toml", "yaml", "json")),
            ),
        ),
        Flavor(
            "jekyll",
            _jekyll,
            fence="---",
            mark="published",
            hidden=("published", False),  # it knows no drafts outside of _drafts
            dated=True,
            undated=False,  # it has pages without a day, and themes put them all into the menu
            nested=False,
            holds_back=False,
            posts="posts",
            served=(),
            configs=("_config.yml", "_config.yaml", "_config.toml"),
        ),
        Flavor("plain", _plain, fence="---", footnotes=False, posts="", served=()),
    )
}


def hides(flavor: Flavor, head: Mapping[str, Any] | None) -> bool:
    """Whether a generator holds a post back; one whose head cannot be read counts as a draft."""
    key, value = flavor.hidden
    return head is None or head.get(key, not value) is value


def written_for(head: Mapping[str, Any], fence: str) -> Flavor:
    """The generator that a post's front matter is for: by its fence, and by the key that only one
    of those with that fence has."""
    alike = [flavor for flavor in FLAVORS.values() if flavor.fence == fence]
    marked = (flavor for flavor in alike if flavor.mark and flavor.mark in head)
    return next(marked, next(flavor for flavor in alike if not flavor.mark))
