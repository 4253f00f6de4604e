"""The post: an article as Markdown, in the layout of prompts/post.md.j2.

One note stands in one paragraph: the only form that Zola, Hugo and Jekyll all show as a line of
its own. A trailing backslash is no line break in kramdown, and two trailing spaces are lost in the
first editor that trims them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.config import Post
from pipeline.data import Note, Receipt, TalkNotes
from pipeline.notes.receipts import shown
from pipeline.prompts import Prompts
from pipeline.render import front_matter
from pipeline.render.article import Article
from pipeline.render.clips import FOLDER, clip_name, heard
from pipeline.render.clock import spoken
from pipeline.render.escape import link, markdown, paragraphs


@dataclass(frozen=True, slots=True)
class Section:
    """A talk in the post; every string is Markdown already."""

    title: str
    summary: tuple[str, ...]
    notes: tuple[str, ...]  # with their footnote marks


@dataclass(frozen=True, slots=True)
class View:
    """What the layout may use. Every string is Markdown already: a layout cannot leak."""

    front_matter: str
    title: str
    links: tuple[str, ...]
    intro: str  # as it stands in event.toml
    blurb: tuple[str, ...]
    schedule: tuple[str, ...]
    attended: tuple[str, ...]
    caveat: tuple[str, ...]  # with their footnote marks
    talks: tuple[Section, ...]
    engines: dict[str, str]  # by stage: asr, diarize, writer
    minutes: int  # of the recording, on which every "never said" rests
    notice: str  # what a post of quotes says of itself
    heard: str  # "Heard by faster-whisper base", or from what it was read
    warnings: tuple[str, ...]
    footnotes: tuple[str, ...]


def post(article: Article, options: Post, prompts: Prompts) -> str:
    """The Markdown of the post; raises PromptError when the layout is at fault."""
    text = prompts.render("post.md.j2", article=view(article, options))
    return text.strip("\n") + "\n"


def view(article: Article, options: Post) -> View:
    """An article as the layout sees it: breaks left out, everything escaped."""
    event = article.event
    notes = Footnotes(article, options, _first_free(event.intro))
    return View(
        front_matter=front_matter.front_matter(article, options),
        title=markdown(article.title),
        links=tuple(f"{link(item.url)} {markdown(item.note)}".strip() for item in event.links),
        intro=event.intro.strip("\n"),
        blurb=paragraphs(event.blurb),
        schedule=tuple(_agenda(item.time, item.title, item.speakers) for item in event.agenda),
        attended=paragraphs(event.attended),
        caveat=tuple(f"{markdown(note.text)}{notes.mark(note)}" for note in article.caveat),
        talks=tuple(_section(noted, notes) for noted in article.talks if _shown(noted)),
        minutes=max(1, round(article.duration / 60)),
        notice=_notice(article),
        heard=_heard(article),
        engines={stage: markdown(name) for stage, name in front_matter.engines(article).items()},
        warnings=tuple(markdown(warning) for warning in article.all_warnings()),
        footnotes=tuple(notes.written),
    )


class Footnotes:
    """Numbers receipts as notes are written, and keeps their text for the post's end."""

    def __init__(self, article: Article, options: Post, first: int) -> None:
        self.labels = article.labels
        self.language = article.language
        self.options = options
        self.first = first
        self.written: list[str] = []

    def mark(self, note: Note) -> str:
        """The note's mark ("[^3]"), or nothing when receipts are left out."""
        if not (self.options.receipts and note.receipts):
            return ""
        number = self.first + len(self.written)
        receipts = "; ".join(self._receipt(receipt, note.text) for receipt in note.receipts)
        self.written.append(f"[^{number}]: {receipts}")
        return f"[^{number}]"

    def _receipt(self, receipt: Receipt, note: str) -> str:
        """Where it stands and a few of its words; notes.json has the whole sentence."""
        words = markdown(shown(receipt, self.language, note))
        if receipt.kind == "source":
            return f"{markdown(receipt.source or '')}: “{words}”"
        if receipt.kind == "sum":
            return words
        if receipt.kind == "absent":
            return f"{spoken(receipt.start)}-{spoken(receipt.end)} not said: {words}"
        if receipt.kind == "sound":
            return f"{spoken(receipt.start)} {words}{self._clip(receipt)}"
        label = self.labels.get(receipt.speaker or "")
        who = "" if label in (None, receipt.speaker, "speaker") else f"{markdown(str(label))}: "
        return f"{spoken(receipt.start)} {who}“{words}”{self._clip(receipt)}"

    def _clip(self, receipt: Receipt) -> str:
        return f" [clip]({FOLDER}/{clip_name(receipt)})" if self._has_clip(receipt) else ""

    def _has_clip(self, receipt: Receipt) -> bool:
        return self.options.clips and heard(receipt)


def _notice(article: Article) -> str:
    """Only a post that no model wrote has to say so at its top."""
    writer = article.engines.get("writer")
    if writer is None or writer.name != "quotes" or not article.talks:
        return ""
    heard = markdown(front_matter.engines(article).get("asr", ""))
    return f"Quotes only, picked by a program in the words that {heard} heard; none was put right."


def _heard(article: Article) -> str:
    """Whether the words were heard, or read from captions."""
    engine = article.engines.get("asr")
    if engine and engine.name == "captions":
        return f"Read from {markdown(engine.model)}"
    return f"Heard by {markdown(front_matter.engines(article).get('asr', ''))}"


def _shown(noted: TalkNotes) -> bool:
    return noted.talk.kind != "break"


def _section(noted: TalkNotes, footnotes: Footnotes) -> Section:
    lines = (markdown(line) for line in noted.summary.splitlines())
    return Section(
        title=markdown(noted.talk.title),
        summary=tuple(line for line in lines if line),
        notes=tuple(f"{markdown(note.text)}{footnotes.mark(note)}" for note in noted.notes),
    )


def _agenda(time: str, title: str, speakers: Sequence[str]) -> str:
    """ "6:00 PM, Keynote (Ada Park)"; a bar, as organisers print it, is a table in kramdown."""
    who = f" ({', '.join(speakers)})" if speakers else ""
    return markdown(f"{time}, {title}{who}" if time else f"{title}{who}")


def _first_free(intro: str) -> int:
    """The first footnote number that the writer's own introduction does not use."""
    return 1 + max((int(number) for number in re.findall(r"\[\^(\d+)\]", intro)), default=0)
