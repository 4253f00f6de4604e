"""What was heard of an event, and what is told of it beside: names, voices put right."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from pipeline.audio.inputs import EventInput
from pipeline.corrections import voices
from pipeline.corrections.file import Corrections
from pipeline.corrections.fits import Fit
from pipeline.corrections.talk_edges import apply_talk_fixes
from pipeline.data import (
    Audio,
    Diarization,
    Engine,
    Outline,
    RoomSound,
    Speaker,
    Talk,
    Transcript,
    Utterance,
    Voice,
    Word,
)
from pipeline.diarize.merge import grouped
from pipeline.event import EventInfo
from pipeline.notes.corrected import outline_put_right
from pipeline.talks.people import with_speakers


@dataclass(frozen=True)
class Heard:
    """An event that was listened to: who said what when, and in which talk."""

    source: EventInput
    audio: Audio
    transcript: Transcript
    diarization: Diarization
    sounds: tuple[RoomSound, ...]
    story: Outline
    captions: str = ""  # where the words were read, if they were not heard
    corrections: Corrections = field(default_factory=Corrections)
    fits: tuple[Fit, ...] = ()  # what became of corrections of voices

    @cached_property
    def put_right(self) -> Outline:
        """The story with a person's names, words, titles and edges; nothing was asked for it."""
        known, _ = apply_talk_fixes(self.story, self.corrections.talk)
        return outline_put_right(known, self.corrections, self.language)

    @property
    def left_to_correct(self) -> Corrections:
        """The corrections, of voices those alone that name somebody whom a model may know."""
        left = tuple(fit.fix for fit in self.fits if fit.why)
        return self.corrections.model_copy(update={"voice": left})

    @property
    def language(self) -> str:
        """The language of most of it."""
        return self.transcript.language

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Every word with its times and its speaker's id, names and terms put right."""
        said = self.put_right.utterances
        return tuple(replace(word, speaker=one.speaker) for one in said for word in one.words)

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Everybody who speaks, with name and evidence where there is any."""
        return self.put_right.speakers

    @property
    def talks(self) -> tuple[Talk, ...]:
        """The talks in their order, each with what was said in it."""
        return self.put_right.talks

    def engines(self, chosen: Mapping[str, Engine]) -> dict[str, Engine]:
        """What did each stage, as the post names it: an engine, or what stood for it."""
        named = dict(chosen)
        if self.captions:
            named["asr"] = Engine("captions", self.captions, "")
        if known := self.audio.known:
            named["diarize"] = Engine(known.by, known.by, "")
        elif not self.audio.sounding:
            named["diarize"] = Engine("nothing", "nothing", "")
        return named


Said = tuple[Utterance, ...]


def with_voices_put_right(
    said: Said,
    story: Outline,
    diarization: Diarization,
    fixed: Corrections,
    outlined: Callable[[Said, tuple[Voice, ...], Mapping[str, str]], Outline],
) -> tuple[Outline, Diarization, tuple[Fit, ...]]:
    """The event cut anew where a person has put its voices right, so that prompts know it."""
    words = tuple(word for one in said for word in one.words)
    new = voices.apply_voice_fixes(words, story, fixed.voice, fixed.names)
    if not fixed.voice and new.words == words:
        return story, diarization, ()
    said = grouped(new.words)
    left = {one.speaker for one in said} - new.mixed  # whose sound is one person's
    known = tuple(voice for voice in diarization.voices if voice.speaker in left)
    return (
        voices.mark_corrected(outlined(said, known, new.names), new),
        replace(diarization, voices=known),
        new.fits,
    )


def with_known_names(info: EventInfo, audio: Audio) -> EventInfo:
    """The event with all its names: those that titles of its agenda, its recordings or captions
    give, under the user's own."""
    names = dict(audio.known.names) if audio.known else {}
    return with_speakers(info).model_copy(update={"names": names | info.names})


def names_nobody_bears(names: Mapping[str, str], story: Outline) -> dict[str, str]:
    """A sentence for each speaker's id that was given a name and is nobody's who speaks."""
    heard = [speaker.id for speaker in story.speakers]
    sentences: dict[str, str] = {}
    for speaker in sorted(set(names) - set(heard)):
        near = difflib.get_close_matches(speaker, heard, 1)
        meant = f"did you mean {near[0]}? " if near else ""
        there = f"{meant}there are {', '.join(heard)}"
        sentences[speaker] = f"{names[speaker]}: there is no {speaker}; {there}"
    return sentences
