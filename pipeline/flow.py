"""The whole program on one page: the recording of an event becomes a post.

    files ─▶ audio ─▶ speech ─▶ transcript  ┐
                │           └─▶ diarization ┴▶ utterances ─▶ outline ─▶ notes ─▶ article ─▶ post
                └─▶ room sounds ──────────────────────────────┘

The steps (steps.py) are expensive and kept in the store; everything else is pure and runs again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import steps
from pipeline.annotate import Material, annotate
from pipeline.asr.join import speech_without_words
from pipeline.audio.inputs import EventInput
from pipeline.data import Audio, Diarization, Engine, Outline, RoomSound, Transcript
from pipeline.diarize.merge import utterances
from pipeline.diarize.strays import strays, without
from pipeline.event import EventInfo, nobody
from pipeline.kit import Kit
from pipeline.progress import Watch
from pipeline.render.article import Article
from pipeline.render.publish import publish
from pipeline.talks import outline
from pipeline.talks.names import introduced
from pipeline.talks.people import with_speakers


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that was listened to: who said what when, and in which talk."""

    audio: Audio
    transcript: Transcript
    diarization: Diarization
    sounds: tuple[RoomSound, ...]
    story: Outline
    captions: str = ""  # where the words were read, if they were not heard

    @property
    def language(self) -> str:
        """The language of most of it."""
        return self.transcript.language


def listen(source: EventInput, kit: Kit, watch: Watch) -> Heard:
    """From files to talks and speakers; raises PipelineError, and keeps what was done."""
    audio = steps.decode(source, kit, watch)
    for line in audio.said:
        watch.say(line)
    for warning in audio.warnings:
        watch.warn(warning)
    speech = steps.speech(audio, kit, watch)
    sounds = steps.room(audio, speech, kit, watch)
    read = steps.captions(source, audio, speech, kit, watch)
    if read and read.known:
        audio = replace(audio, known=read.known)
    info = told(source.info, audio)
    transcript, diarization = steps.hear(audio, speech, info, kit, watch, read)
    if transcript.speech:
        watch.say(speech_without_words(transcript.wordless, transcript.speech))
    info = info.model_copy(update={"language": info.language or transcript.language})

    def outlined(who: Diarization) -> tuple[Outline, tuple[str, ...]]:
        said, unsure = utterances(transcript.words, who.turns)
        options = kit.config.talks
        return outline(said, who.voices, sounds, info, options, kit.book, audio.parts), unsure

    story, unsure = outlined(diarization)
    if stray := strays(diarization) - set(info.names) - introduced(story.speakers):
        diarization = without(diarization, stray)
        story, unsure = outlined(diarization)
    for warning in (*transcript.warnings, *story.warnings):
        watch.warn(warning)
    for aside in (*unsure, *unheard(info.names, story)):
        watch.note(aside)
    kit.reached("outline")
    source_of_words = read.source if read else ""
    return Heard(audio, transcript, diarization, sounds, story, source_of_words)


def told(info: EventInfo, audio: Audio) -> EventInfo:
    """The event with all its names: those that titles of its agenda, its recordings or captions
    give, under the user's own."""
    names = dict(audio.known.names) if audio.known else {}
    return with_speakers(info).model_copy(update={"names": names | info.names})


def unheard(names: Mapping[str, str], story: Outline) -> Iterator[str]:
    """Warns of a name that was given to nobody who speaks."""
    heard = [speaker.id for speaker in story.speakers]
    for speaker in sorted(set(names) - set(heard)):
        yield f"{nobody(speaker, names[speaker])}there are {', '.join(heard)}"


def engines(heard: Heard, kit: Kit) -> dict[str, Engine]:
    """What did each stage, as the post names it: an engine, or what stood for it."""
    named = kit.engines.named()
    if heard.captions:
        named["asr"] = Engine("captions", heard.captions, "")
    if known := heard.audio.known:
        named["diarize"] = Engine(known.by, known.by, "")
    elif not heard.audio.sounding:
        named["diarize"] = Engine("nothing", "nothing", "")
    return named


def process(source: EventInput, kit: Kit, watch: Watch, output: Path) -> tuple[Article, Path]:
    """From files to the published post and its place; raises PipelineError."""
    return write(listen(source, kit, watch), source, kit, watch, output)


def write(
    heard: Heard, source: EventInput, kit: Kit, watch: Watch, output: Path
) -> tuple[Article, Path]:
    """From what was heard to the published post and its place; raises PipelineError."""
    folder = output / source.slug
    material = Material(source, heard.story, heard.sounds, heard.language, folder)
    written = annotate(material, kit, watch)
    article = Article(
        event=source.info,
        title=source.title,
        slug=source.slug,
        duration=heard.audio.duration,
        language=heard.language,
        speech=heard.transcript.speech,
        wordless=heard.transcript.wordless,
        engines=engines(heard, kit),
        outline=written.outline,
        sounds=heard.sounds,
        talks=written.talks,
        caveat=written.caveat,
        description=written.description,
        asked=written.usage,
        refused=written.dropped,
        warnings=tuple(watch.warnings),
    )
    options = kit.config.post
    if options.clips and not heard.audio.sounding:
        watch.warn("no clips: there is no sound to cut them from")
        options = options.model_copy(update={"clips": False})
    published = publish(article, heard.audio, output, options, kit.prompts)
    for warning in published.warnings:
        watch.warn(warning)
    return article, published.post
