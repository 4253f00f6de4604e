"""Front matter as each site generator reads it, written by a library and never by hand."""

import datetime
from typing import Any

import tomli_w
import yaml

from pipeline.config import Flavor, Post
from pipeline.render.article import Article
from pipeline.render.escape import plain


def front_matter(article: Article, options: Post) -> str:
    """The post's head with its fences: TOML for Zola and Hugo, YAML for Jekyll."""
    fields = _fields(article, options)
    if options.flavor == "jekyll":
        text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
        return f"---\n{text}---"
    return f"+++\n{tomli_w.dumps(fields)}+++"


def _fields(article: Article, options: Post) -> dict[str, Any]:
    fields: dict[str, Any] = {"title": plain(article.title)}
    if article.event.date:
        fields["date"] = datetime.date.fromisoformat(article.event.date)
    if article.description:
        fields["description"] = plain(article.description)
    fields["draft"] = options.draft
    return fields | _extra(engines(article), options) | _address(article, options)


def _address(article: Article, options: Post) -> dict[str, Any]:
    """Where Jekyll puts a post: at its folder's own address, so that clips beside it are found."""
    return {"permalink": "/:categories/"} if is_jekyll_post(article, options) else {}


def is_jekyll_post(article: Article, options: Post) -> bool:
    """Jekyll's posts have dates in their names; what has none can only be a page."""
    return options.flavor == "jekyll" and article.event.date is not None


def _extra(named: dict[str, str], options: Post) -> dict[str, Any]:
    """The engines, where a generator takes fields of one's own."""
    places: dict[Flavor, dict[str, Any]] = {
        "zola": {"extra": {"engines": named}},
        "hugo": {"params": {"engines": named}},
        # Jekyll knows no drafts outside _drafts: published is what hides a post
        "jekyll": {"layout": "post", "published": not options.draft, "engines": named},
    }
    return places[options.flavor]


def engines(article: Article) -> dict[str, str]:
    """Which engine did what, with its model where that has another name: "faster-whisper base"."""
    named = article.engines.items()
    return {stage: plain(" ".join(dict.fromkeys((it.name, it.model)))) for stage, it in named}
