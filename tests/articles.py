"""An article with other facts than it has, each put where it belongs."""

from dataclasses import replace
from typing import Any

from pipeline.render.article import Article


def changed(article: Article, **facts: Any) -> Article:
    """The article with these facts of its event, its sound, its words, its notes, or its own."""

    def with_facts(part: Any, *names: str) -> Any:
        return replace(part, **{name: facts.pop(name) for name in names if name in facts})

    heard = article.heard
    info = facts.pop("event", heard.source.info)
    if "title" in facts:
        info = info.model_copy(update={"title": facts.pop("title")})
    heard = replace(
        heard,
        source=replace(heard.source, info=info),
        audio=with_facts(facts.pop("audio", heard.audio), "duration", "parts"),
        transcript=with_facts(heard.transcript, "language", "doubts"),
        sounds=facts.pop("sounds", heard.sounds),
    )
    written = with_facts(article.written, "outline", "talks", "caveat", "description")
    return replace(article, heard=heard, written=written, **facts)
