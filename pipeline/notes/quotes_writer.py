"""The writer that needs no model: it quotes."""

from pipeline import config
from pipeline.claims import examine
from pipeline.claims.claims import find
from pipeline.claims.evidence import Sources
from pipeline.claims.reading import Passage
from pipeline.data import Findings, Talk, TalkNotes
from pipeline.notes import WrittenUp
from pipeline.notes.evening import Evening
from pipeline.notes.extract import extract
from pipeline.progress import Piece, Watch
from pipeline.prompts import Prompts
from pipeline.store import Store


def load(options: config.Writer, run: config.Run, prompts: Prompts, store: Store) -> "QuotesWriter":
    """The writer of one event."""
    return QuotesWriter()


class QuotesWriter:
    """Writes up one event, each talk in its own words."""

    name = "quotes"
    model = "quotes"
    version = "2"

    async def write_up(self, evening: Evening, watch: Watch) -> WrittenUp:
        """The talks of the outline as it was proposed."""
        talks = [talk for talk in evening.outline.talks if talk.kind != "break"]
        with watch.stage("notes", Piece(len(talks), unit="talks")):
            return WrittenUp(evening.outline, quoted(talks, evening))


def quoted(talks: list[Talk], evening: Evening) -> tuple[TalkNotes, ...]:
    """Talks in quotes; what they claim is held against each other and against the sources."""
    found = findings(talks, evening)
    return tuple(
        extract(talk, each, evening.outline, evening.language)
        for talk, each in zip(talks, found, strict=True)
    )


def findings(talks: list[Talk], evening: Evening) -> tuple[Findings, ...]:
    """What code alone can say of talks: their claims, what is missing, what does not square."""
    language = evening.language
    claims = [find(talk, language) for talk in talks]
    lines = (
        Passage(line, f"{text.name}:{number}")
        for text in evening.sources
        for number, line in enumerate(text.lines, start=1)
        if line.strip()
    )
    sources = Sources(lines, language=language)
    return examine(talks, claims, evening.caveats, evening.sounds, sources, None, language)
