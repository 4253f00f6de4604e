"""Front matter as each site generator reads it, written and read by a library, never by hand."""

import datetime
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import tomli_w
import yaml

from pipeline.config import Post
from pipeline.render.article import Article
from pipeline.render.flavors import FLAVORS
from pipeline.visible import one_line
from pipeline.wording import wording

MOST = 160  # characters of a description that search engines show
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_FOOTNOTE = re.compile(r"\[\^[^\]]*\](:.*)?")


class _Yaml(yaml.SafeDumper):
    """YAML that takes a time of day, which it has no form for, as text."""


_Yaml.add_representer(datetime.time, lambda yaml, time: yaml.represent_str(time.isoformat()))


def front_matter(article: Article, options: Post) -> str:
    """The post's head with its fences."""
    flavor, source = FLAVORS[options.flavor], article.heard.source
    event = source.info
    extra = dict(event.extra)
    if flavor.dated and {"category", "categories"} & extra.keys():
        # they would lead away from the files beside the post, whose address is its folders' names
        extra.setdefault("permalink", f"/{flavor.posts}/{source.slug}/")
    authors, language = tuple(map(one_line, event.authors)), article.post_language
    fields = {
        "title": one_line(source.title),
        "date": datetime.date.fromisoformat(event.date) if event.date else None,
        "description": description(article),
        "authors": authors,
        "author": ", ".join(authors),
        "tags": tuple(map(one_line, event.tags)),
        "series": tuple(map(one_line, event.series)),
        "language": language,
        "lang": language,
        "engines": engines(article),
    }
    key, value = flavor.hidden
    head = flavor.head(fields, extra) | {key: not value if options.draft is False else value}
    if flavor.fence == "+++":
        return f"+++\n{tomli_w.dumps(head)}+++"
    told = yaml.dump(head, Dumper=_Yaml, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{told}---"


def read(text: str) -> tuple[str, Mapping[str, Any]] | None:
    """A post's fence and head; None where there is none that can be read."""
    for fence, load in (("+++", tomllib.loads), ("---", yaml.safe_load)):
        if text.startswith(f"{fence}\n"):
            try:
                head = load(text[4:].partition(f"\n{fence}")[0])
            except (tomllib.TOMLDecodeError, yaml.YAMLError, RecursionError, ValueError):
                return None
            return (fence, head) if isinstance(head, Mapping) else None
    return None


def description(article: Article) -> str:
    """The writer's sentence about the post, else a person's first line that is no link, else what
    was written; at most MOST characters."""
    lines = map(one_line, _lines(article))
    line = next((line for line in lines if re.search(r"\w", _ADDRESS.sub("", line))), "")
    if len(line) <= MOST:
        return line
    cut = line[:MOST]
    whole = cut.rpartition(" ")[0]  # half a word goes, a text without blanks does not
    return f"{(whole if len(whole) > MOST / 2 else cut).rstrip(',;:、')}…"


def _lines(article: Article) -> Iterator[str]:
    """What could describe a post, the best first."""
    event, written, writer = article.heard.source.info, article.written, article.engines["writer"]
    yield written.description
    yield from _paragraphs(event.intro)
    yield from event.blurb.split("\n\n")
    if writer.name == "quotes":
        yield _quoted(article)
        return
    yield from (note.text for note in written.caveat)
    for noted in written.talks:
        yield from noted.lines[1:]  # a heading is no description


def _quoted(article: Article) -> str:
    """Who is quoted; empty where no name is known."""
    people = {person.id: person.name for person in article.written.outline.speakers if person.name}
    quoted = (r.speaker for note in article.notes for r in note.receipts)
    names = ", ".join(dict.fromkeys(people[each] for each in quoted if each in people))
    told = wording(article.post_language)["quotes"]
    return told.format(title=article.heard.source.title, names=names) if names else ""


def _paragraphs(intro: str) -> Iterator[str]:
    """What a reader sees of Markdown, but for headings, footnotes and mere links."""
    from bs4 import BeautifulSoup
    from markdown_it import MarkdownIt

    seen = MarkdownIt("commonmark").render(_FOOTNOTE.sub("", intro))
    for each in BeautifulSoup(seen, "html.parser")("p"):
        if each.get_text() != "".join(link.get_text() for link in each("a")):
            yield each.get_text()


def engines(article: Article) -> dict[str, str]:
    """Which engine did what, with its model where that has another name: "faster-whisper base"."""
    named = article.engines.items()
    return {stage: one_line(" ".join(dict.fromkeys((it.name, it.model)))) for stage, it in named}
