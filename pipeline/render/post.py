"""The post: an article as Markdown, in the layout of prompts/post.md.j2.

One note stands in one paragraph: the only form that Zola, Hugo and Jekyll all show as a line of
its own. A trailing backslash is no line break in kramdown, and two trailing spaces are lost in the
first editor that trims them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from pipeline.config import Post
from pipeline.data import GIVEN, Note, Receipt, Speaker, TalkNotes
from pipeline.errors import PromptError
from pipeline.notes.evening import ANNOUNCEMENT
from pipeline.notes.matching import QUOTED
from pipeline.notes.people import bare_words
from pipeline.notes.receipts import shown
from pipeline.prompts import Prompts
from pipeline.render import front_matter, timeline
from pipeline.render.article import Article
from pipeline.render.clips import FOLDER, clip_name, heard
from pipeline.render.escape import alt, labelled, link, markdown, paragraphs
from pipeline.render.flavors import FLAVORS
from pipeline.render.transcript_page import minute
from pipeline.text import clock, plain
from pipeline.wording import wording

_WRITTEN = frozenset({"agenda", "written"})
_SMALL = 'style="height:1.8em;width:11em;vertical-align:middle"'
# where a Markdown knows no footnotes
_LINK = r" [\[{0}\]](#receipt-{0})"
_ANCHOR = r'<span id="receipt-{0}"></span>\[{0}\] '


@dataclass(frozen=True, slots=True)
class PostSection:
    """A talk in the post; every string is Markdown already."""

    title: str
    summary: tuple[str, ...]
    notes: tuple[str, ...]  # with their footnote marks


@dataclass(frozen=True, slots=True)
class View:
    """What the layout may use. Every string is Markdown already: a layout cannot leak."""

    front_matter: str
    title: str
    timeline: str  # a picture, where that is wanted
    links: tuple[str, ...]
    lede: str  # what a model says that the event was; a person's intro says it instead
    intro: str  # as it stands in event.toml
    blurb: tuple[str, ...]
    schedule: tuple[str, ...]  # of a post of quotes
    attended: tuple[str, ...]
    caveat: tuple[str, ...]  # with their footnote marks
    talks: tuple[PostSection, ...]
    silent: tuple[str, ...]  # the titles of talks of which nothing was noted
    engines: dict[str, str]  # by stage: asr, diarize, writer
    words: Mapping[str, str]  # what else is said, in the language of the post
    made: str  # who heard it and told the voices apart
    notice: str  # what it was made of, and that a post of quotes is one
    origins: tuple[str, ...]  # where title, date and names come from, if no person gave them
    warnings: tuple[str, ...]
    footnotes: tuple[str, ...]


def post(article: Article, options: Post, prompts: Prompts) -> str:
    """The Markdown of the post; raises PromptError when the layout is at fault."""
    text = prompts.render("post.md.j2", article=view(article, options))
    return text.strip("\n") + "\n"


def problems(prompts: Prompts) -> tuple[str, ...]:
    """What is wrong with the layouts, a sentence each, when a post has something in every field."""
    some = "Some words."
    values: dict[Any, object] = {
        str: some,
        tuple[str, ...]: (some,),
        tuple[PostSection, ...]: (PostSection(some, (some,), (some,)),),
        dict[str, str]: dict.fromkeys(("asr", "diarize", "writer"), some),
        Mapping[str, str]: wording("en"),
    }
    full: Any = {field.name: values[field.type] for field in fields(View)}
    layouts = (each.path.name for each in prompts.list() if each.template.name == "post")
    found: list[str] = []
    for name in layouts:
        language = name.removeprefix("post.").removesuffix("md.j2").strip(".")
        try:
            Prompts(prompts.folder, language).render("post", article=View(**full))
        except PromptError as error:
            found.append(str(error))
    return tuple(found)


def view(article: Article, options: Post) -> View:
    """An article as the layout sees it: breaks left out, everything escaped."""
    source, words = article.heard.source, wording(article.post_language)
    event, quoted = source.info, article.engines["writer"].name == "quotes"
    agenda = event.agenda if quoted else ()
    engines = {stage: markdown(name) for stage, name in front_matter.engines(article).items()}
    notes = Footnotes(article, options, _first_free(event.intro))
    held = [noted for noted in article.written.talks if noted.talk.kind != "break"]
    # before all else and in the order of the post: each line takes the next footnote number
    caveat = tuple(notes.line(note) for note in article.written.caveat)
    talks = tuple(_section(noted, notes) for noted in held if _is_told(noted))
    return View(
        front_matter=front_matter.front_matter(article, options),
        title=markdown(source.title),
        timeline=f"![{alt(timeline.told(article))}]({timeline.NAME})" if options.timeline else "",
        links=tuple(f"{link(item.url)} {markdown(item.note)}".strip() for item in event.links),
        lede="" if quoted or event.intro.strip() else markdown(article.written.description),
        intro=event.intro.strip("\n"),
        blurb=paragraphs(event.blurb),
        schedule=tuple(_agenda(item.time, item.title, item.speakers) for item in agenda),
        attended=paragraphs(event.attended),
        caveat=caveat,
        talks=talks,
        silent=tuple(markdown(noted.talk.title) for noted in held if not _is_told(noted)),
        words=words,
        made=_made(article, words, engines),
        notice=_notice(article, words, engines),
        engines=engines,
        origins=tuple(_origins(article, words)),
        warnings=tuple(markdown(warning) for warning in article.all_warnings()),
        footnotes=tuple(notes.written),
    )


class Footnotes:
    """Numbers receipts as notes are written, and keeps their text for the post's end."""

    def __init__(self, article: Article, options: Post, first: int) -> None:
        self.article = article
        self.labels = article.labels
        self.words = wording(article.post_language)
        self.options = options
        flavor = FLAVORS[options.flavor]
        self.known, self.page, self.nested = flavor.footnotes, flavor.page, flavor.nested
        self.first = first
        self.written: list[str] = []

    def line(self, note: Note) -> str:
        """The note with its mark."""
        return f"{markdown(note.text)}{self._mark(note)}"

    def _mark(self, note: Note) -> str:
        """The note's mark ("[^3]"), or nothing when receipts are left out."""
        if not (self.options.receipts and note.receipts):
            return ""
        number = self.first + len(self.written)
        told = (self._receipt(receipt, note.text) for receipt in note.receipts)
        receipts = "; ".join(dict.fromkeys(told))  # two sentences may be cut to the same words
        mark, definition = ("[^{0}]", "[^{0}]: ") if self.known else (_LINK, _ANCHOR)
        self.written.append(definition.format(number) + receipts)
        return mark.format(number)

    def _receipt(self, receipt: Receipt, note: str) -> str:
        """Where it stands and a few of its words; notes.json has the whole sentence."""
        words = markdown(receipt.translated or shown(receipt, self.article.heard.language, note))
        quoted, start = self.words["quoted"].format(text=words), self._time(receipt.start)
        if receipt.kind == "source":
            return f"{self._source(receipt.source or '')} {quoted}"
        if receipt.kind in ("sum", "own"):
            return words
        if receipt.kind == "absent":
            return f"{start}-{clock(receipt.end)} {self.words['not_said']}: {words}"
        if receipt.kind == "sound":
            sound = receipt.quote.strip("[]")
            return f"{start} \\[{self.words.get(sound, sound)}\\]{self._more(receipt)}"
        label = self.labels.get(receipt.speaker or "")
        who = "" if label in (None, receipt.speaker, "speaker") else markdown(str(label))
        if _is_said_in(receipt, note):
            return f"{start} {who}".rstrip() + self._more(receipt)
        who = f"{who}: " if who else ""
        means = markdown(receipt.translation)
        ours = f" ({self.words['meaning']}: {self.words['quoted'].format(text=means)})"
        return f"{start} {who}{quoted}{ours if means else ''}{self._more(receipt)}"

    def _source(self, place: str) -> str:
        """The file and line, as a link where the file says where it was taken from."""
        name, _, line = place.removeprefix("sources/").rpartition(":")
        if name == ANNOUNCEMENT:
            return self.words["blurb"]
        address = self.article.written.addresses.get(name, "")
        return f"{labelled(markdown(f'{name}:{line}'), address) if address else markdown(place)}:"

    def _time(self, seconds: float) -> str:
        """When it is, as a link to the video that shows it, or to the transcript."""
        page = f"{self.page}{minute(seconds)}" if self.options.transcript else ""
        there = self.article.watch(seconds) or page
        return labelled(clock(seconds), there) if there else clock(seconds)

    def _more(self, receipt: Receipt) -> str:
        """A player for what can be heard, and the way to the transcript where a video has the time.

        Where a generator takes no HTML, the link in the player remains.
        """
        span = heard(receipt, self.article) if self.options.clips else None
        place = f"{FOLDER}/{clip_name(span)}" if span else ""
        clip = self.words["clip"]
        link = f"[{clip}]({place})" if self.nested else f'<a href="{place}">{clip}</a>'
        player = f' <audio controls preload="none" {_SMALL} src="{place}">{link}</audio>'
        page = self.options.transcript and self.article.watch(receipt.start)
        also = f" [{self.words['transcript']}]({self.page}{minute(receipt.start)})" if page else ""
        return also + (player if span else "")


def _is_said_in(receipt: Receipt, note: str) -> bool:
    """Whether a line quotes the words of its receipt, all of them."""
    words = re.escape(plain(receipt.cited).rstrip(".,;: "))
    quoted = (plain(each) for each in QUOTED.findall(note)) if words else ()
    whole = any(re.search(rf"(?<!\w){words}(?!\w)", each) for each in quoted)
    return whole and not receipt.translation


def _made(article: Article, words: Mapping[str, str], engines: Mapping[str, str]) -> str:
    """Who did it, and of how many minutes."""
    heard = _heard(article, words, engines)
    told = [words["made"].format(heard=heard, minutes=_minutes(article))]
    if article.engines["diarize"].name != "nothing":
        told.append(words["apart"].format(diarize=engines["diarize"]))
    return ", ".join(told)


def _minutes(article: Article) -> int:
    """How long the recording is, on which every "never said" rests."""
    return max(1, round(article.heard.audio.duration / 60))


def _notice(article: Article, words: Mapping[str, str], engines: Mapping[str, str]) -> str:
    """What a post is made of, at its top; of one that no model wrote also that."""
    if not article.written.talks:
        return ""
    if article.engines["writer"].name != "quotes":
        return words["basis"].format(writer=engines["writer"], minutes=_minutes(article))
    by = words["by_person" if article.corrected else "by_none"]
    return words["notice"].format(heard=_heard(article, words, engines), by=by)


def _heard(article: Article, words: Mapping[str, str], engines: Mapping[str, str]) -> str:
    """Whether the words were heard, or read from captions."""
    engine = article.engines["asr"]
    if engine.name == "captions":
        return words["read"].format(captions=markdown(engine.model))
    return words["heard"].format(engine=engines["asr"])


def _origins(article: Article, words: Mapping[str, str]) -> Iterator[str]:
    """What a reader has to know of a title and a date that no person gave."""
    source = article.heard.source
    for origin in source.origins:
        yield words[f"{origin.what}_{origin.of}"].format(name=markdown(origin.name))
    if not source.info.date:
        yield words["no_date"]
    heard = _names_only_heard(article)
    if heard and article.engines["asr"].name != "captions":
        yield words["names_heard"].format(names=markdown(", ".join(heard)))


def _names_only_heard(article: Article) -> tuple[str, ...]:
    """The names of those quoted that no person has written: an engine guessed at them."""
    told = article.heard.source.info.texts()
    quoted = {receipt.speaker for note in article.notes for receipt in note.receipts}

    def is_written(one: Speaker, name: str) -> bool:
        kinds = {proof.kind for proof in one.evidence if proof.name == name}
        cited = (proof.quote for proof in one.evidence if proof.kind in _WRITTEN)
        texts = (f" {' '.join(bare_words(text))} " for text in (*told, *cited))
        return bool(kinds & GIVEN) or any(f" {' '.join(bare_words(name))} " in t for t in texts)

    named = ((one, one.name) for one in article.written.outline.speakers if one.id in quoted)
    return tuple(dict.fromkeys(name for one, name in named if name and not is_written(one, name)))


def _is_told(noted: TalkNotes) -> bool:
    return bool(noted.summary.strip() or noted.notes)


def _section(noted: TalkNotes, footnotes: Footnotes) -> PostSection:
    lines = (markdown(line) for line in noted.summary.splitlines())
    return PostSection(
        title=markdown(noted.talk.title),
        summary=tuple(line for line in lines if line),
        notes=tuple(footnotes.line(note) for note in noted.notes),
    )


def _agenda(time: str, title: str, speakers: Sequence[str]) -> str:
    """ "6:00 PM, Keynote (Ada Park)"; a bar, as organisers print it, is a table in kramdown."""
    who = f" ({', '.join(speakers)})" if speakers else ""
    return markdown(f"{time}, {title}{who}" if time else f"{title}{who}")


def _first_free(intro: str) -> int:
    """The first footnote number that the writer's own introduction does not use."""
    return 1 + max((int(number) for number in re.findall(r"\[\^(\d+)\]", intro)), default=0)
