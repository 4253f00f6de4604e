"""The captions of an event: those of each of its recordings, or all that there is of it."""

from collections.abc import Sequence
from pathlib import Path

from pipeline.audio.folder import beside
from pipeline.audio.inputs import EventInput
from pipeline.audio.probe import probed
from pipeline.captions.cues import read
from pipeline.captions.files import alone, of_recording
from pipeline.captions.spoken import Captioned, PlacedCaptions, captioned
from pipeline.data import Audio, Part, Span, ms
from pipeline.errors import InputError
from pipeline.languages import code


def of_event(
    source: EventInput, audio: Audio, speech: Sequence[Span], language: str | None
) -> Captioned | None:
    """What the captions say; None where a recording has none. Raises InputError for bad ones."""
    parts = _beside(source, audio, language) if audio.sounding else _alone(source, language)
    if not parts or len(parts) < len(audio.parts):
        return None
    return captioned(parts, speech, language, source.info.vocabulary())


def soundless_audio(source: EventInput, digest: str, language: str | None) -> Audio:
    """An event of captions alone: nothing to hear, as long as they are.

    Raises InputError for captions that are bad, or without a word.
    """
    placed = _alone(source, language)
    words = captioned(placed, (), language).transcript.words
    if not words:
        names = ", ".join(file.name for file in source.files)
        raise InputError(f"{names}: holds no words, only sounds; give captions of what was said")
    end = words[-1].end
    parts = tuple(
        Part(part.source.name, part.start, ms(until - part.start))
        for part, until in zip(placed, [*(p.start for p in placed[1:]), end], strict=True)
    )
    return Audio(Path(), end, digest, parts)


def _beside(source: EventInput, audio: Audio, language: str | None) -> list[PlacedCaptions]:
    """The captions of each recording that has some; where there is but one, all are its."""
    found = []
    for part in audio.parts:
        files: Sequence[Path] = source.files
        captions: Sequence[Path] = source.captions
        if len(audio.parts) > 1:
            files = [file for file in files if file.name in part.name.split(" + ")]
            captions = [one for file in files for one in beside(file, captions)]
        spoken = _spoken(files)
        if one := of_recording(files, captions, language or spoken):
            found.append(PlacedCaptions(one, part.start, part.duration, spoken))
    return found


def _spoken(files: Sequence[Path]) -> str:
    """The language of the sound, where the files' only audio tracks say it."""
    tracks = [track for file in files if (found := probed(file)) for track in found.tracks]
    told = {code(track.language) for track in tracks}
    return told.pop() if len(told) == 1 else ""


def _alone(source: EventInput, language: str | None) -> list[PlacedCaptions]:
    """Captions without recordings, one part after the other."""
    placed, start = [], 0.0
    for one in alone(source.files, language):
        placed.append(PlacedCaptions(one, start))
        start = ms(start + max(cue.end for cue in read(one).cues))
    return placed
