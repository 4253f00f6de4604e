"""transcript.json: who said what and when, for other programs."""

from dataclasses import replace

from pipeline.data import RoomSound, Word
from pipeline.render.article import Article
from pipeline.render.shape import Shape


class SpeakerShape(Shape):
    """A person in the room."""

    id: str
    name: str | None
    """Null under the bar of confidence."""
    confidence: float
    """Of the name, 0 to 1."""


class UtteranceShape(Shape):
    """What one speaker says until the speaker changes or pauses for long."""

    start: float
    end: float
    speaker: str
    """A speaker's id."""
    text: str


class TranscriptFile(Shape):
    """The event's transcript, names and terms put right. Times are seconds from its start."""

    duration: float
    speech_seconds: float = 0.0
    """In which somebody speaks."""
    wordless_seconds: float = 0.0
    """Of the speech, in which no words were heard."""
    language: str
    """ISO code."""
    speakers: tuple[SpeakerShape, ...]
    words: tuple[Word, ...]
    utterances: tuple[UtteranceShape, ...]
    sounds: tuple[RoomSound, ...] = ()
    """How the room took it."""


def transcript(article: Article) -> TranscriptFile:
    """The public transcript of an article."""
    heard, outline = article.heard, article.written.outline
    said = outline.utterances
    return TranscriptFile(
        duration=heard.audio.duration,
        speech_seconds=heard.transcript.speech,
        wordless_seconds=heard.transcript.wordless,
        language=heard.language,
        speakers=tuple(map(SpeakerShape.model_validate, outline.speakers)),
        words=tuple(replace(word, speaker=one.speaker) for one in said for word in one.words),
        utterances=tuple(map(UtteranceShape.model_validate, said)),
        sounds=heard.sounds,
    )
