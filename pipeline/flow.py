"""The whole program on one page: the recording of an event becomes a post.

    files ─▶ audio ─▶ speech ─▶ transcript  ┐
                │           └─▶ diarization ┴▶ utterances ─▶ outline ─▶ notes ─▶ article ─▶ post
                └─▶ room sounds ──────────────────────────────┘

The steps (steps.py) are expensive and kept in the cache; everything else is pure and runs again.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pipeline import steps
from pipeline.annotate import annotate
from pipeline.asr.join import speech_without_words
from pipeline.audio.inputs import EventInput
from pipeline.corrections.file import read as read_corrections
from pipeline.corrections.fits import summary
from pipeline.data import Outline, Voice
from pipeline.diarize.merge import utterances
from pipeline.diarize.strays import reassign, stray_speakers
from pipeline.engines.choose import fall_back
from pipeline.finished import keep_recordings
from pipeline.heard import Heard, Said, names_nobody_bears, with_known_names, with_voices_put_right
from pipeline.progress import Watch
from pipeline.render.article import Article
from pipeline.render.publish import publish
from pipeline.session import Session
from pipeline.talks import outline, phrases_unknown
from pipeline.talks.names import introduced


def listen(source: EventInput, session: Session, watch: Watch) -> Heard:
    """From files to talks and speakers; raises PipelineError, and keeps what was done."""
    fixed = read_corrections(source.corrections)
    audio = steps.decode(source, session, watch)
    session.reached("decode")
    speech = steps.speech(audio, session, watch)
    session.reached("speech")
    sounds = steps.room(audio, speech, session, watch)
    session.reached("room")
    read = steps.captions(source, audio, speech, session, watch)
    if read and read.known:
        audio = replace(audio, known=read.known)
    info = with_known_names(source.info, audio)
    transcript, diarization = steps.hear(audio, speech, info, session, watch, read)
    session.reached("diarize")
    if transcript.speech:
        watch.say(speech_without_words(transcript.wordless, transcript.speech))
    spoken = {"language": info.language or transcript.language}  # which tells words from names
    info = with_known_names(source.info.model_copy(update=spoken), audio)

    def outlined(said: Said, voices: tuple[Voice, ...], names: Mapping[str, str]) -> Outline:
        known = info.model_copy(update={"names": {**info.names, **names}})
        options = steps.talk_options(audio, info, session)
        return outline(said, voices, known, options, session.book)

    said, unsure = utterances(transcript.words, diarization.turns)
    story = outlined(said, diarization.voices, {})
    if stray := stray_speakers(diarization) - set(info.names) - introduced(story.speakers):
        diarization = reassign(diarization, stray)
        said, unsure = utterances(transcript.words, diarization.turns)
        story = outlined(said, diarization.voices, {})
    watch.misnamed = names_nobody_bears(info.names, story)
    story, diarization, fits = with_voices_put_right(said, story, diarization, fixed, outlined)
    for warning in (*transcript.warnings, *story.warnings):
        watch.warn(warning)
    for aside in (*unsure, *phrases_unknown(info.language), *watch.misnamed.values()):
        watch.note(aside)
    session.reached("outline")
    captions = read.source if read else ""
    return Heard(source, audio, transcript, diarization, sounds, story, captions, fixed, fits)


def process(source: EventInput, session: Session, watch: Watch) -> tuple[Article, Path]:
    """From files to the published post and its place; raises PipelineError."""
    return write(listen(source, session, watch), session, watch)


def write(heard: Heard, session: Session, watch: Watch) -> tuple[Article, Path]:
    """From what was heard to the published post and its place; raises PipelineError."""
    article = written_up(heard, session, watch)
    prompts = session.prompts.spoken(article.post_language)
    published = publish(article, session.settings.output, session.config.post, prompts)
    for warning in published.warnings:
        watch.warn(warning)
    keep_recordings(heard.source, session)
    return article, published.post


def written_up(heard: Heard, session: Session, watch: Watch) -> Article:
    """All that a post says, before it is written to the output folder; raises PipelineError."""
    written = annotate(heard, session, watch)
    engines = heard.engines(session.engines.named())
    if written.quotes_only:
        engines["writer"] = fall_back("writer", "not one line is the model's").engine()
    article = Article(heard, written, engines, watch.usage, tuple(watch.warnings))
    if article.fits:
        watch.note(summary(article.fits))
    return article
