"""The whole program on one page: the recording of an event becomes a post.

    files ─▶ audio ─▶ speech ─▶ transcript  ┐
                │           └─▶ diarization ┴▶ utterances ─▶ outline ─▶ notes ─▶ article ─▶ post
                └─▶ room sounds ──────────────────────────────┘

The steps (steps.py) are expensive and kept in the store; everything else is pure and runs again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline import steps
from pipeline.annotate import Material, annotate
from pipeline.audio.inputs import EventInput
from pipeline.data import Audio, Diarization, Outline, RoomSound
from pipeline.diarize.merge import utterances
from pipeline.kit import Kit
from pipeline.progress import Watch
from pipeline.render.article import Article
from pipeline.render.publish import publish
from pipeline.talks import outline


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that was listened to: who said what when, and in which talk."""

    audio: Audio
    language: str
    diarization: Diarization
    sounds: tuple[RoomSound, ...]
    story: Outline


def listen(source: EventInput, kit: Kit, watch: Watch) -> Heard:
    """From files to talks and speakers; raises PipelineError, and keeps what was done."""
    audio = steps.decode(source, kit, watch)
    speech = steps.speech(audio, kit, watch)
    sounds = steps.room(audio, speech, kit, watch)
    transcript, diarization = steps.hear(audio, speech, source.info, kit, watch)
    said, unsure = utterances(transcript.words, diarization.turns)
    for warning in (*audio.warnings, *transcript.warnings, *unsure):
        watch.warn(warning)
    story = outline(
        said, diarization.voices, sounds, source.info, kit.config.talks, kit.book, audio.parts
    )
    for warning in (*story.warnings, *unheard(source.info.names, story)):
        watch.warn(warning)
    kit.reached("outline")
    return Heard(audio, transcript.language, diarization, sounds, story)


def unheard(names: Mapping[str, str], story: Outline) -> Iterator[str]:
    """Warns of a name that was given to nobody who speaks."""
    heard = [speaker.id for speaker in story.speakers]
    for speaker in sorted(set(names) - set(heard)):
        yield f"{names[speaker]}: there is no {speaker}; there are {', '.join(heard)}"


def process(source: EventInput, kit: Kit, watch: Watch, output: Path) -> tuple[Article, Path]:
    """From files to the published post and its place; raises PipelineError."""
    heard = listen(source, kit, watch)
    folder = output / source.slug
    material = Material(source, heard.story, heard.sounds, heard.language, folder)
    story, talks, asked = annotate(material, kit, watch)
    article = Article(
        event=source.info,
        title=source.title,
        slug=source.slug,
        duration=heard.audio.duration,
        language=heard.language,
        engines=kit.engines.named(),
        outline=story,
        talks=talks,
        asked=asked,
        warnings=tuple(watch.warnings),
    )
    published = publish(article, heard.audio, output, kit.config.post, kit.prompts)
    for warning in published.warnings:
        watch.warn(warning)
    return article, published.post
