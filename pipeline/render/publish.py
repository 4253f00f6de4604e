"""Everything that a user keeps of an event, into its folder."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Post
from pipeline.prompts import Prompts
from pipeline.render import (
    chapters,
    front_matter,
    notes_json,
    subtitles,
    timeline,
    transcript_json,
    transcript_page,
)
from pipeline.render.article import Article
from pipeline.render.clips import clips
from pipeline.render.flavors import FLAVORS, Flavor, hides
from pipeline.render.folder import output_folder
from pipeline.render.post import post

SILENT = "no clips: there is no sound to cut them from"
WAITS = "no date is known, and {flavor} has none but dated posts: a draft until event.toml has one"


@dataclass(frozen=True, slots=True)
class Published:
    """Where the post lies, and what its reader has to know about its writing."""

    post: Path
    warnings: tuple[str, ...] = ()


def publish(article: Article, out: Path, options: Post, prompts: Prompts) -> Published:
    """Write post, transcripts, notes and clips to `out/<slug>`, each whole or not at all.

    A file that a person has edited stays; a file that would be the same is not touched. Raises
    PromptError for a wrong layout, CacheError for an output folder that cannot be written.
    """
    flavor, source = FLAVORS[options.flavor], article.heard.source
    date = source.info.date
    warnings: list[str] = []
    if options.clips and not article.heard.audio.sounding:
        warnings.append(SILENT)
        options = options.model_copy(update={"clips": False})
    if waits := not (date or flavor.undated):
        options = options.model_copy(update={"draft": True})
    name = flavor.post_name(source.slug, date)
    place = output_folder(out, source.slug)
    if options.draft is None and _is_public(place.folder / name, flavor):
        options = options.model_copy(update={"draft": False})
    files = {
        name: post(article, options, prompts).encode(),
        "transcript.srt": subtitles.srt(article).encode(),
        "transcript.vtt": subtitles.vtt(article).encode(),
        "transcript.json": transcript_json.transcript(article).to_json(),
        "notes.json": notes_json.notes(article).to_json(),
        **chapters.files(article),
    }
    if options.transcript:
        files[flavor.page] = transcript_page.page(article).encode()
    if options.timeline:
        files[timeline.NAME] = timeline.picture(article).encode()
    if options.clips:
        files |= dict(clips(article))
    place.put(files)
    warnings += place.warnings
    if waits:
        warnings.append(WAITS.format(flavor=flavor.name.capitalize()))
    return Published(place.folder / name, tuple(warnings))


def _is_public(post: Path, flavor: Flavor) -> bool:
    """Whether an earlier run, or a person, made this post one that its generator shows."""
    if not post.is_file():
        return False
    head = front_matter.read(post.read_text(encoding="utf-8", errors="replace"))
    return head is not None and not hides(flavor, head[1])
