"""Evenings made of plain lines, timed as if they had been spoken."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.claims.omissions import load_caveats
from pipeline.data import Outline, RoomSound, Speaker, Talk, Utterance, Word, ms
from pipeline.event import EventInfo
from pipeline.notes.evening import Evening, SourceText
from pipeline.prompts import Prompts

WORD, PAUSE = 0.3, 0.8  # seconds

# who, what; a sound is in brackets
EVENING = (
    ("SPEAKER_00", "Good evening. I am Nora Bell and I am your host tonight."),
    ("SPEAKER_00", "Please welcome our founder, Grace Walker."),
    ("", "[applause 4]"),
    ("SPEAKER_01", "Thank you, Nora. Our system runs at 1200 words a second for every user."),
    ("SPEAKER_01", "That is twenty times faster than a graphics card, and you change one line."),
    ("", "[laughter 2]"),
    ("SPEAKER_00", "Thank you, Grace. Next is a guest from the Willow Street Hospital."),
    ("SPEAKER_02", "We moved our model in 11 weeks, and two engineers sat in our lab."),
    ("SPEAKER_02", "The model finds forty percent more of the rare cases. Thank you."),
    ("", "[applause 3]"),
)
TALKS = (("Opening", "opening", 0), ("Grace Walker", "keynote", 1), ("Hospital guest", "talk", 4))
SOURCE = SourceText("tracker.md", ("# Speed tracker", "", "Iron Kettle 610 words a second"))


def said(rows: Sequence[tuple[str, str]]) -> tuple[tuple[Utterance, ...], tuple[RoomSound, ...]]:
    """Utterances, and the sounds that were heard behind them."""
    utterances: list[Utterance] = []
    sounds: list[RoomSound] = []
    clock = 1.0
    for speaker, text in rows:
        if text.startswith("["):
            kind, seconds = text.strip("[]").split()
            sounds.append(RoomSound(ms(clock), ms(clock + float(seconds)), kind, 0.5))
            clock += float(seconds) + 0.3
            continue
        words = []
        for word in text.split():
            words.append(Word(ms(clock), ms(clock + WORD - 0.05), word, 0.95, speaker))
            clock += WORD
        utterances.append(Utterance(len(utterances), speaker, tuple(words)))
        clock += PAUSE
    return tuple(utterances), tuple(sounds)


def evening(
    rows: Sequence[tuple[str, str]] = EVENING,
    talks: Sequence[tuple[str, str, int]] = TALKS,
    info: EventInfo | None = None,
) -> Evening:
    """An evening of those lines; `talks` are title, kind and first utterance."""
    utterances, sounds = said(rows)
    ends = [*(first for _, _, first in talks[1:]), len(utterances)]
    cut = tuple(
        Talk(index, title, kind, (utterances[first].speaker,), utterances[first:end])
        for index, ((title, kind, first), end) in enumerate(zip(talks, ends, strict=True))
    )
    speakers = tuple(Speaker(each) for each in dict.fromkeys(u.speaker for u in utterances))
    caveats = load_caveats(Path(Prompts().find("caveats").path))
    return Evening(
        event=info or EventInfo(title="Full Steam"),
        outline=Outline(speakers, cut, utterances),
        sounds=sounds,
        sources=(SOURCE,),
        caveats=caveats,
    )
