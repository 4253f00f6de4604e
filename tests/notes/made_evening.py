"""A small evening, made for the checks: a founder, an architect, a rival's number, two files."""

from pathlib import Path
from typing import Any

from pipeline.claims.omissions import load_caveats
from pipeline.data import Note, Outline, RoomSound, Speaker, Talk, Utterance, Word
from pipeline.event import EventInfo
from pipeline.notes.answers import WrittenNote
from pipeline.notes.checks.verify import verify
from pipeline.notes.citations import resolve_citations
from pipeline.notes.evening import Evening, SourceText

PROMPTS = Path(__file__).parents[2] / "prompts"
SAID = (
    ("S0", "Our chip is 20 times faster than the Norvane G400. It draws forty kilowatts."),
    ("S0", "They said, Ada, speed does not matter. If every home had one,"),
    ("S0", "we would sell four million of them. 400,000 cores, no, sorry, 40,000 cores."),
    ("S0", "One of the rivals says 5,000 tokens a second. I do not believe it."),
    ("S1", "One system needs 40 kilowatts and costs $9,000. We lost two customers in March."),
    ("S1", "Heron has been downloaded 300 million times. The difference was not significant."),
)
PAPER = (
    "# Provider speeds",
    "",
    "| provider | tokens/s | USD |",
    "|---|---|---|",
    "| Hearth | 1,610 | 1.90 |",
    "| Oxbow | 124 | 0.62 |",
    "",
    "The service was up 99.85% of the time, the outage took 8 h 52 min.",
    "2026-07-21 and the 14th of June: back after 70 minutes.",
)


def utterance(number: int, speaker: str, text: str, start: float) -> Utterance:
    words = [
        Word(start + 0.4 * place, start + 0.4 * place + 0.35, word, 0.9, speaker)
        for place, word in enumerate(text.split())
    ]
    return Utterance(number, speaker, tuple(words))


def evening(
    said: tuple[tuple[str, str], ...] = SAID,
    second: int = 4,
    language: str = "en",
    sounds: tuple[RoomSound, ...] = (),
) -> Evening:
    """An evening of two talks; the second begins with an utterance's number."""
    spoken = tuple(
        utterance(number, speaker, text, 20.0 * number)
        for number, (speaker, text) in enumerate(said)
    )
    parts = (spoken[:second], spoken[second:])
    talks = tuple(
        Talk(place, title, "talk", (part[0].speaker,), part)
        for place, (title, part) in enumerate(
            zip(("Ada Park, CEO", "Ben Oduya, architect"), parts, strict=True)
        )
        if part
    )
    people = (Speaker("S0", "Ada Park", "CEO"), Speaker("S1", "Ben Oduya", "architect"))
    return Evening(
        event=EventInfo(title="Nova Night", blurb="The evening of Ember Two"),
        outline=Outline(people, talks, spoken),
        sounds=sounds,
        sources=(SourceText("speeds.md", PAPER),),
        terms=frozenset(("GPU", "Amdahl's law")),
        mocking=("accent", "crazy"),
        caveats=load_caveats(PROMPTS / "caveats.toml"),
        language=language,
    )


def as_written(told: dict[str, Any]) -> WrittenNote:
    """A model's note out of a dict that has its receipts by kind."""
    receipts = [
        *told.get("quotes", ()),
        *({"source": place} for place in told.get("sources", ())),
        *told.get("absent", ()),
        *({"sum": each} for each in told.get("sums", ())),
        *({"sound": number} for number in told.get("sounds", ())),
    ]
    return WrittenNote.model_validate({**told, "receipts": receipts})


def note(told: dict[str, Any], known: Evening, talk: int = 0) -> Note:
    """The note that a model's answer resolves to; its reasons where it does not are an error."""
    found, reasons = resolve_citations(as_written(told), known.outline.talks[talk], known)
    assert found is not None, reasons
    return found


def reasons(told: dict[str, Any], known: Evening | None = None, talk: int = 0) -> str:
    """All that is said against a model's note, as one text; "" where nothing is."""
    known = known or evening()
    about = known.outline.talks[talk]
    found, why = resolve_citations(as_written(told), about, known)
    return "; ".join(verify(found, about, known) if found else why)


def quoting(text: str, *quotes: tuple[int, str], **more: Any) -> dict[str, Any]:
    """A model's note with its quotes."""
    quoted = [{"utterance": number, "quote": quote} for number, quote in quotes]
    return {"text": text, "quotes": quoted, **more}
