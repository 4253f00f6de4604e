"""An event of eight hours that nobody held: 72,000 words, 14 voices, 24 talks, 240 notes."""

import random
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from pipeline.audio.inputs import EventInput
from pipeline.cache import Cache
from pipeline.data import (
    Audio,
    Diarization,
    Engine,
    Note,
    Outline,
    Receipt,
    RoomSound,
    Speaker,
    Talk,
    TalkNotes,
    Transcript,
    Usage,
    Utterance,
    Word,
)
from pipeline.event import EventInfo
from pipeline.heard import Heard
from pipeline.notes import WrittenUp
from pipeline.render.article import Article
from pipeline.review.reading import Reading

HOURS = 8
VOICES, TALKS, NOTES = 14, 24, 10
SAID = (
    "the we of and system that is a chip runs faster with more memory than any other machine on "
    "the market today because our customers asked for it last year in 40 seconds"
)


@dataclass
class LongDay:
    """Stands for a reader: what the page is put together from, without a run of eight hours."""

    folder: Path
    hours: float = HOURS

    def __post_init__(self) -> None:
        self.event = SimpleNamespace(slug="long-day", corrections=self.folder / "corrections.toml")
        self.session = SimpleNamespace(cache=Cache(self.folder / ".backrow"))

    def read(self) -> Reading:
        chance = random.Random(1)
        said = list(_utterances(self.hours * 3600, chance))
        size = len(said) // TALKS
        talks = tuple(
            Talk(n, f"Talk number {n + 1}", "talk", (held[0].speaker,), tuple(held))
            for n in range(TALKS)
            if (held := said[n * size : (n + 1) * size if n < TALKS - 1 else None])
        )
        speakers = tuple(
            Speaker(f"SPEAKER_{n:02d}", f"Person {n}" if n % 5 else None, "guest", 0.9)
            for n in range(VOICES)
        )
        sounds = tuple(
            RoomSound(at, at + 3, "laughter" if n % 2 else "applause", 0.6)
            for n, at in enumerate(range(30, int(self.hours * 3600), 70))
        )
        outline = Outline(speakers, talks, tuple(said))
        words = tuple(word for one in said for word in one.words)
        source = EventInput("long-day", EventInfo(title="A long day"), ())
        audio = Audio(Path(), self.hours * 3600.0, "long", ())
        transcript = Transcript("en", words)
        heard = Heard(source, audio, transcript, Diarization((), ()), sounds, outline)
        written = WrittenUp(outline, tuple(_noted(talk, chance) for talk in talks))
        article = Article(heard, written, {"writer": Engine("llm", "none", "1")}, Usage())
        return Reading(article, 0, "# A long day\n")


def _utterances(seconds: float, chance: random.Random) -> "list[Utterance]":
    """Turns of 5 to 120 words, two and a half words a second."""
    made: list[Utterance] = []
    time = 1.0
    while time < seconds - 60:
        words = []
        for place in range(chance.randint(5, 120)):
            text = chance.choice(SAID.split()) + ("." if place % 14 == 13 else "")
            probability = 0.3 if chance.random() < 0.02 else 0.95
            words.append(Word(round(time, 3), round(time + 0.3, 3), text, probability))
            time += 0.4
        speaker = f"SPEAKER_{chance.randrange(VOICES):02d}"
        made.append(Utterance(len(made), speaker, tuple(words)))
        time += 0.5
    return made


def _noted(talk: Talk, chance: random.Random) -> TalkNotes:
    step = max(1, len(talk.utterances) // NOTES)
    notes = tuple(
        Note(
            f"{talk.title} says something about {n} chips, which chips",
            "claim",
            one.start,
            (Receipt(one.text[:120], one.start, one.words[:12][-1].end, one.speaker),),
        )
        for n, one in enumerate(talk.utterances[::step][:NOTES])
    )
    return TalkNotes(talk, "Somebody talks about chips", notes)
