"""What the generators differ in: front matter, where posts lie, what is held back. One table."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, cast

from pipeline import config


@dataclass(frozen=True, slots=True)
class Flavor:
    """A generator.

    `places` says which fields of ours go under another key than their own: {"tags":
    "taxonomies.tags"}; what {"extra": ""} holds goes to the top.
    """

    name: config.Flavor
    fence: str = "+++"  # TOML; "---": YAML
    mark: str = ""  # a key of every post that no others with that fence have; one needs none
    places: Mapping[str, str] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)  # what every post says
    hidden: tuple[str, bool] = ("draft", True)  # what hides a post
    dated: bool = False  # a post's file is named after its day, and there is none without
    undated: bool = True  # shows a post without a day as one: neither of year 1 nor in its menu
    footnotes: bool = True  # knows them, which CommonMark does not
    holds_back: bool = True  # a draft's whole folder, not its page alone
    posts: str = "content/posts"  # in a site
    served: tuple[str, ...] = ("content", "static")  # becomes public; (): all but hidden folders
    configs: tuple[str, ...] = ()  # files that only its sites have

    def post_name(self, slug: str, date: str | None) -> str:
        """The file of a post in its folder."""
        if not self.dated:
            return "index.md"
        return f"_posts/{date}-{slug}.md" if date else f"_drafts/{slug}.md"

    def arranged(self, fields: Mapping[str, Any], draft: bool) -> dict[str, Any]:
        """The front matter: our fields where this generator looks for them, empty ones left out."""
        head: dict[str, Any] = deepcopy(dict(self.always))
        # what a person put into [extra] stands over what every post says, and under the rest
        for key, value in sorted(fields.items(), key=lambda item: item[0] != "extra"):
            if value not in ("", None, (), {}):
                _put(head, self.places.get(key, key), value)
        key, value = self.hidden
        head[key] = value if draft else not value
        return head


def _put(head: dict[str, Any], place: str, value: Any) -> None:
    *tables, key = place.split(".")
    for table in tables:
        head = _table(head, table)
    if isinstance(value, dict):
        (_table(head, key) if key else head).update(value)
    elif key == "author":  # one name, as Jekyll's themes show it
        head[key] = ", ".join(value)
    else:
        head[key] = list(value) if isinstance(value, tuple) else value


def _table(head: dict[str, Any], key: str) -> dict[str, Any]:
    """The table of that name, in the place of what a person has put there that is none."""
    if not isinstance(head.get(key), dict):
        head[key] = {}
    return cast(dict[str, Any], head[key])


_YAML = {"extra": "", "language": "lang"}
FLAVORS: dict[str, Flavor] = {
    flavor.name: flavor
    for flavor in (
        Flavor(
            "zola",
            places={"tags": "taxonomies.tags"}
            | {key: f"extra.{key}" for key in ("series", "language", "engines")},
            always={"extra": {}},
            configs=("zola.toml",),
        ),
        Flavor(
            "hugo",
            mark="params",
            places={"extra": "params", "language": "params.language", "engines": "params.engines"},
            always={"params": {}},
            undated=False,  # its feeds have 1 January of the year 1
            served=("content", "static", "assets"),
            configs=(
                *(f"hugo.{ending}" for ending in ("toml", "yaml", "yml", "json")),
                *(f"config/_default/hugo.{ending}" for ending in ("toml", "yaml", "json")),
            ),
        ),
        Flavor(
            "jekyll",
            fence="---",
            mark="published",
            places=_YAML | {"authors": "author"},
            # at its folder's own address, so that clips beside it are found
            always={"layout": "post", "permalink": "/:categories/"},
            hidden=("published", False),  # it knows no drafts outside of _drafts
            dated=True,
            undated=False,  # it has pages without a day, and themes put them all into the menu
            holds_back=False,
            posts="posts",
            served=(),
            configs=("_config.yml", "_config.yaml", "_config.toml"),
        ),
        Flavor("plain", fence="---", places=_YAML, footnotes=False, posts="", served=()),
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
