"""A small event with everything that a post can hold."""

import random
from pathlib import Path

import numpy as np
import pytest
from articles import changed

from pipeline.audio.inputs import EventInput
from pipeline.audio.wav import open_wav_writer
from pipeline.data import (
    Audio,
    Correction,
    Diarization,
    Dropped,
    Engine,
    Note,
    Outline,
    Part,
    Receipt,
    Speaker,
    Talk,
    TalkNotes,
    Transcript,
    Usage,
    Utterance,
    Word,
)
from pipeline.event import AgendaItem, EventInfo, Link
from pipeline.heard import Heard
from pipeline.notes import WrittenUp
from pipeline.prompts import Prompts
from pipeline.render.article import Article

NASTY = (
    "`", "```", "*", "**", "_", "__", "[", "]", "(", ")", "![", "](http://x.y)", "<", ">", "<b>",
    "</p>", "<script>", "<!--", "&", "&amp;", "&#42;", "|", "| a | b |", "#", "##", "-", "--",
    "---", "+", "+++", "=", "===", "1.", "2)", "10.", ">", "\\", "\\\\", "\n", "\n\n", "\t", "    ",
    "~", "~~", "~~~", "$", "$$", "{{", "}}", "{%", "%}", "{{<", "{{ f() }}", "{% raw %}", "{:.x}",
    "{#id}", "[^1]", "[^1]:", "[a]: http://x", "*[HTML]:", ":", "::", "!", "^", "http://x.y",
    "www.x.y", "a@b.c", "\x00", "\x1b", "\ud800", "\u202e", "word", "it's", '"', "20x", "né", "語",
)  # fmt: skip
MIXTURES = 4000

KEYNOTE = "Our new chip is 20x faster than any GPU. It never fails, ever."
PANEL = "Well, I would not say never & I would not say <always>."
CHAT = "Is there any coffee left?"


def said(number: int, speaker: str, start: float, text: str) -> Utterance:
    """An utterance at two and a half words a second."""
    words = (
        Word(round(start + 0.4 * at, 3), round(start + 0.4 * at + 0.35, 3), word, 0.9, speaker)
        for at, word in enumerate(text.split())
    )
    return Utterance(number, speaker, tuple(words))


def _event() -> EventInfo:
    return EventInfo(
        title="Nova Night: the *fast* one",
        date="2025-05-15",
        place="Hall 3",
        links=(
            Link(
                url="https://example.org/nova_night?a=1&b=2", note="small context window, no price"
            ),
            Link(url="javascript:alert(1)"),
        ),
        blurb="Join us for an evening\nof speed.\n\nLearn:\n- to run 20x faster\n- to pay <less>",
        agenda=(
            AgendaItem(title="Keynote", time="6:00 PM", speakers=("Ada Park",)),
            AgendaItem(title="Panel | drinks"),
        ),
        attended="We only came for the keynote",
        intro="A word *before*[^1]\n\n[^1]: by the writer",
    )


def _keynote() -> TalkNotes:
    talk = Talk(
        0, "Ada Park, CEO", "keynote", ("SPEAKER_00",), (said(0, "SPEAKER_00", 0.5, KEYNOTE),)
    )
    faster = Receipt("Our new chip is 20x faster than any GPU.", 0.5, 4.05, "SPEAKER_00")
    never = Receipt("It never fails, ever.", 4.1, 5.65, "SPEAKER_00")
    source = Receipt(
        "measured at batch size 1", 0.5, 0.5, None, "sources/paper.md:12", kind="source"
    )
    silence = Receipt("price, cost", 0.5, 5.65, None, kind="absent")
    clapping = Receipt("[applause]", 6.0, 9.0, None, kind="sound")
    return TalkNotes(
        talk,
        "A chip is shown.\nIt is said to be fast.",
        (
            Note("20x faster than any GPU, batch size unknown lol", "claim", 0.5, (faster, source)),
            Note("Never fails, it says here!", "omission", 4.1, (never, silence)),
            Note("Applause at the demo", "room", 6.0, (clapping,)),
        ),
        dropped=(Dropped(0, "It costs nothing", "no such quote"),),
    )


def _panel() -> TalkNotes:
    talk = Talk(
        2, "Panel: #1 in `speed`", "panel", ("SPEAKER_01",), (said(2, "SPEAKER_01", 12.0, PANEL),)
    )
    receipt = Receipt(PANEL, 12.0, 16.75, "SPEAKER_01")
    return TalkNotes(
        talk,
        "A moderator doubts",
        (
            Note(
                "- not a list, *not* [a link](http://x.y), {{ shortcode() }} lol",
                "aside",
                12.0,
                (receipt,),
            ),
        ),
        warnings=("one note was dropped",),
    )


@pytest.fixture
def article(audio: Audio) -> Article:
    chat = Talk(1, "Break", "break", (), (said(1, "SPEAKER_02", 10.0, CHAT),))
    talks = (_keynote(), TalkNotes(chat, "Nothing to see", ()), _panel())
    outline = Outline(
        (
            Speaker("SPEAKER_00", "Ada Park", "CEO", 0.97),
            Speaker("SPEAKER_01", None, "moderator", 0.2),
            Speaker("SPEAKER_02"),
        ),
        tuple(noted.talk for noted in talks),
        tuple(one for noted in talks for one in noted.talk.utterances),
        (Correction(0.5, "aida park", "Ada Park"),),
    )
    source = EventInput("nova-night", _event(), (Path("nova_night.wav"),))
    transcript = Transcript("en", tuple(word for one in outline.utterances for word in one.words))
    return Article(
        Heard(source, audio, transcript, Diarization((), ()), (), outline),
        WrittenUp(outline, talks),
        engines={
            "asr": Engine("faster-whisper", "base", "1"),
            "diarize": Engine("campplus", "campplus", "1"),
            "writer": Engine("quotes", "quotes", "1"),
        },
        usage=Usage(3, 1000, 140, 300, 0.004),
        warnings=("room sounds were not told apart",),
    )


@pytest.fixture
def bare(article: Article) -> Article:
    """An event of which nothing is known but its slug."""
    nothing = Outline((), (), ())
    return changed(article, event=EventInfo(), talks=(), warnings=(), outline=nothing)


@pytest.fixture(scope="session")
def nasty() -> list[str]:
    """What means something to a Markdown reader or a template engine, alone and mixed."""
    rng = random.Random(5)

    def mixture() -> str:
        return "".join(rng.choice(NASTY) + rng.choice(["", " "]) for _ in range(rng.randint(1, 8)))

    return [*NASTY, *(mixture() for _ in range(MIXTURES))]


@pytest.fixture
def prompts() -> Prompts:
    return Prompts(None)


@pytest.fixture
def audio(tmp_path: Path) -> Audio:
    """Twenty seconds of a hum."""
    samples = (3000 * np.sin(np.arange(20 * 16_000) / 8)).astype("<i2")
    place = tmp_path / "audio.wav"
    with open_wav_writer(str(place)) as sound:
        sound.writeframes(samples.tobytes())
    return Audio(place, 20.0, "0" * 64, (Part("audio.wav", 0.0, 20.0),))
