"""All that a note of an event may rest on: what was said, heard, written down and known before."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import accumulate, takewhile
from operator import attrgetter
from pathlib import Path

from pipeline.claims import reading, sentences
from pipeline.claims.evidence import Passage
from pipeline.claims.omissions import Caveats, Mentioned
from pipeline.claims.sentences import Sentence
from pipeline.corrections.file import Corrections
from pipeline.data import GIVEN, Evidence, Note, Outline, RoomSound, Speaker, Utterance
from pipeline.errors import InputError, without_secrets
from pipeline.event import EventInfo
from pipeline.notes.cue_words import is_known
from pipeline.notes.figures import MONTHS, figures, things
from pipeline.text import folded
from pipeline.text import sentences as sentences_in

ANNOUNCEMENT = "announcement"  # the blurb of event.toml, cited by its sentences
_TAKEN_FROM = re.compile(
    r"(?:\W{0,3}(?:source|url|link|canonical|from|quelle):)?\W{0,3}(https?://[^\s<>\"']+)\W{0,3}",
    re.IGNORECASE,
)
# probability from which a name may be as it was said: of 260 words of 120 names 51% are right, of
# those under it 18% (Faker's names of eight countries, flite's voices, Whisper base)
HEARD = 0.6
_HEAD = 2  # lines with which a file says what it is: title and dateline


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file, page or earlier event, line by line: line 12 of it is cited as "name:12".

    A web page or a PDF has a passage where a text file has a line.
    """

    name: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def address(self) -> str:
        """Where it was taken from: a page's own name, or a line of a file's beginning that says so
        ("source: https://..."); empty where there is none, or it holds a secret."""
        if self.name.startswith(("http://", "https://")):
            return self.name
        found = (_TAKEN_FROM.fullmatch(line.strip()) for line in self.lines[:12])  # a front matter
        told = (each[1] for each in found if each)
        return next((each for each in told if without_secrets(each) == each), "")


@dataclass(frozen=True)
class Evening:
    """An event as its notes are checked against it: the same for all its talks."""

    event: EventInfo
    outline: Outline
    sounds: tuple[RoomSound, ...] = ()
    sources: tuple[SourceText, ...] = ()
    ledger: tuple[SourceText, ...] = ()  # earlier events: name "Full Steam, 2025-05-15"
    terms: frozenset[str] = frozenset()  # prompts/terms.toml
    mocking: tuple[str, ...] = ()  # prompts/lint.toml
    caveats: Caveats = field(default_factory=Caveats)
    language: str = "en"
    corrections: Corrections = field(default_factory=Corrections)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What was said in the whole event, cut into sentences."""
        return sentences.sentences_of(self.outline.utterances)

    @cached_property
    def mentioned(self) -> tuple[Mentioned, ...]:
        """What each sentence mentions."""
        return tuple(Mentioned.of(each.text, self.language) for each in self.sentences)

    @cached_property
    def utterances(self) -> dict[int, Utterance]:
        """By their ids, which count through the event."""
        return {utterance.id: utterance for utterance in self.outline.utterances}

    def said_between(self, start: float, end: float) -> list[Utterance]:
        """The utterances that are said, in part at least, between two times."""
        said, first = self.outline.utterances, bisect_left(self._ends, start)
        last = bisect_right(said, end, key=attrgetter("start"))
        return [one for one in said[first:last] if one.end >= start]

    @cached_property
    def _ends(self) -> list[float]:  # the latest up to each utterance: some lie within others
        return list(accumulate((one.end for one in self.outline.utterances), max))

    @cached_property
    def unsure_names(self) -> frozenset[str]:
        """The words of names that were heard badly and that nobody is called."""
        everybody = self.outline.speakers
        called = {folded(part) for one in everybody for part in (one.name or "").split()}
        return self.unsure(sign for one in everybody for sign in one.evidence) - called

    def unsure(self, evidence: Iterable[Evidence]) -> frozenset[str]:
        """Words of names, folded, that were never heard well where they were told, and that no
        person has written."""
        heard: dict[str, float] = {}
        lines = (line for each in self.files for line in each.lines)
        texts = (*self.event.texts(), self.corrections.model_dump_json(), *lines)
        known = {part for text in texts for word in text.split() for part in _parts(word)}
        for sign in evidence:
            parts = {folded(part) for part in sign.name.split()}
            known |= parts if sign.kind in GIVEN else set()
            near = self.said_between(sign.time, sign.time)
            for word in (word for one in near for word in one.words):
                for part in _parts(word.text) & parts:
                    heard[part] = max(heard.get(part, 0.0), word.probability)
        return frozenset(part for part, sure in heard.items() if sure < HEARD) - known

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """All that was said and all that was written down."""
        said = (utterance.text for utterance in self.outline.utterances)
        written = (text for each in self.files for text in (each.name, *each.lines))
        return (*said, *written)

    @cached_property
    def counted(self) -> frozenset[str]:
        """What the numbers of the event count, as stems."""
        return things(self.texts, self.language)

    @cached_property
    def numbered_names(self) -> frozenset[str]:
        """Names that end in a number, as they are said within a sentence or written: "ember 2"."""
        item = re.compile(r"(?<=[\w,] )([A-Z][\w'-]+) (?=(\d{1,4}|[A-Z][a-z]+)\b)")
        written = (f"the {text}" for text in (self.event.title, *self.event.glossary))
        pairs = (each.groups() for text in (*self.texts, *written) for each in item.finditer(text))
        named = ((name.lower(), figures(number, self.language)) for name, number in pairs)
        return frozenset(f"{n} {f[0].value:g}" for n, f in named if f and n not in MONTHS)

    @cached_property
    def known_before(self) -> tuple[str, ...]:
        """What is known without what was said: all that event.toml tells, and who the speakers
        are."""
        known = (text for one in self.outline.speakers for text in (one.name, one.role) if text)
        return (*self.event.texts(), *known)

    def cited_texts(self, note: Note) -> tuple[str, ...]:
        """What a note's receipts say: sentences, lines and what their files say of themselves."""
        cited = note.receipts_of("quote", "source")
        places = [(each.quote, each.source or "") for each in cited]
        texts = ((quote, self.head(place), *self.above(place)) for quote, place in places)
        return tuple(text for some in texts for text in some if text)

    @cached_property
    def announcement(self) -> SourceText:
        """What the organisers promised, sentence by sentence."""
        return SourceText(ANNOUNCEMENT, tuple(sentences_in(self.event.blurb)))

    @property
    def files(self) -> tuple[SourceText, ...]:
        """Sources, earlier events and the announcement: all that is cited by line."""
        return (*self.sources, *self.ledger, self.announcement)

    @property
    def judge_needed(self) -> bool:
        """Whether numbers in words and negations cannot be checked here, so that a judge has to."""
        return not is_known(self.language)

    @cached_property
    def source_lines(self) -> tuple[Passage, ...]:
        """The lines of the sources, each under the heading before it."""
        found = []
        for text in self.sources:
            heading = ""
            for number, line in enumerate(text.lines, start=1):
                cited = self.line(f"{text.name}:{number}")
                if line.startswith("#"):
                    heading = cited.text if cited else ""
                elif cited:
                    found.append(replace(cited, heading=heading))
        return tuple(found)

    def line(self, place: str) -> Passage | None:
        """The line "paper.md:12", under the full name of its file; None where there is none."""
        name, _, number = place.strip().strip("[]").rpartition(":")
        file = self._file(name)
        if file is None or not number.strip().isdecimal():
            return None
        row = int(number) - 1
        text = _without_marks(file.lines[row]) if 0 <= row < len(file.lines) else ""
        return Passage(text, f"{file.name}:{row + 1}") if text else None

    def file_of(self, place: str) -> SourceText | None:
        """The file of "sources/paper.md:12", "paper.pdf, page 3" or a web address."""
        bare = place.removeprefix("sources/")
        named = (each for each in self.files if bare.startswith(each.name))
        return max(named, key=lambda file: len(file.name), default=None)

    def head(self, place: str) -> str:
        """What a file says of itself: its name, title and dateline; the announcement has none."""
        file = self.file_of(place) if place else None
        if file is self.announcement:
            return ""
        filled = [line for line in file.lines if line.strip()] if file else []
        return "\n".join([file.name, *filled[:_HEAD]]) if file else ""

    def above(self, place: str) -> tuple[str, ...]:
        """What a line of a file is read under: the heading next above it, its table's head."""
        file, row = self.file_of(place), place.rpartition(":")[2]
        ahead = file.lines[: int(row)] if file and row.isdecimal() else ()
        headings = [line for line in ahead[:-1] if line.startswith("#")]
        table = list(takewhile(lambda line: line.startswith("|"), reversed(ahead)))
        return tuple(map(_without_marks, (*headings[-1:], *table[1:][-1:])))

    def _file(self, name: str) -> SourceText | None:
        wanted = name.strip().strip('[]`\u201c\u201d"').removeprefix("sources/")
        return next((each for each in self.files if each.name == wanted), None)

    @cached_property
    def _speakers(self) -> dict[str, Speaker]:
        return {each.id: each for each in self.outline.speakers}

    def speaker(self, voice: str) -> Speaker:
        """Who speaks; of a voice that nobody knows, its id."""
        return self._speakers.get(voice, Speaker(voice))

    def called(self, voice: str) -> str:
        """What a model reads in the place of a speaker: the name, else "somebody" with the role."""
        known = self.speaker(voice)
        return f"somebody ({known.role})" if known.role and not known.name else known.label


def _without_marks(line: str) -> str:
    """A line of Markdown as it is read: links keep their words, the cells of a row get commas."""
    text = reading.LINK.sub(r"\1", line.strip())
    if re.fullmatch(r"[\s|:-]*", text):
        return ""
    text = re.sub(r"\s*\|\s*", ", ", text.strip("| "))
    return re.sub(r"^(?:#{1,6}|[-*+>]|\d+[.)])\s+|\*\*|`", "", text).strip()


def source_texts(
    folder: Path, beyond: Sequence[Path] = ()
) -> tuple[tuple[SourceText, ...], tuple[str, ...]]:
    """The files of a `sources/` folder, and a sentence for each that cannot be read."""
    found: list[SourceText] = []
    files, problems = reading.files_of(folder, beyond)
    for file in files:
        name = file.relative_to(folder).as_posix()
        try:
            lines = reading.passages(file, name)
        except InputError as error:
            problems.append(str(error))
        else:
            if lines:
                found.append(SourceText(name, lines))
    return tuple(found), tuple(problems)


def _parts(word: str) -> set[str]:
    """A word, folded, and what it is made of: "Park's" is also "park", "Ada/Ben" is both."""
    own = re.sub(r"['\u2019]s\W*$", "", word)
    return {folded(word), folded(own), *map(folded, re.findall(r"[^\W\d_]+", word))}
