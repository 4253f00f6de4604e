"""Everything that a user keeps of an event, into its folder."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Post
from pipeline.data import Audio
from pipeline.prompts import Prompts
from pipeline.render import notes_json, subtitles, transcript_json
from pipeline.render.article import Article
from pipeline.render.clips import clips
from pipeline.render.front_matter import is_jekyll_post
from pipeline.render.post import post
from pipeline.render.shelf import shelf


@dataclass(frozen=True, slots=True)
class Published:
    """Where the post lies, and what its reader has to know about its writing."""

    post: Path
    warnings: tuple[str, ...] = ()


def publish(
    article: Article, audio: Audio, out: Path, options: Post, prompts: Prompts
) -> Published:
    """Write post, transcripts, notes and clips to `out/<slug>`, each whole or not at all.

    A file that a person has edited stays; a file that would be the same is not touched. Raises
    PromptError for a wrong layout, StoreError for an output folder that cannot be written.
    """
    name = post_name(article, options)
    files = {
        name: post(article, options, prompts).encode(),
        "transcript.srt": subtitles.srt(article).encode(),
        "transcript.vtt": subtitles.vtt(article).encode(),
        "transcript.json": transcript_json.transcript(article).to_json(),
        "notes.json": notes_json.notes(article).to_json(),
    }
    if options.clips:
        files |= dict(clips(article, audio))
    place = shelf(out, article.slug)
    place.put(files)
    return Published(place.folder / name, (*place.warnings, *_hints(article, options)))


def post_name(article: Article, options: Post) -> str:
    """A page bundle's index.md; for Jekyll a dated post in the folder's own _posts."""
    if is_jekyll_post(article, options):
        return f"_posts/{article.event.date}-{article.slug}.md"
    return "index.md"


def _hints(article: Article, options: Post) -> tuple[str, ...]:
    if options.flavor == "jekyll" and not is_jekyll_post(article, options):
        return (
            "Jekyll lists only posts with a date: give event.toml one; until then it is a page",
        )
    return ()
