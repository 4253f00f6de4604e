"""The captions of an event: which belong to which recording, in which language; or all there is."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.audio.folder import captions_of
from pipeline.audio.inputs import EventInput
from pipeline.audio.probe import probed
from pipeline.captions.cues import Source, read
from pipeline.captions.spoken import Captioned, PlacedCaptions, captioned
from pipeline.data import Audio, Part, Span, ms
from pipeline.errors import InputError
from pipeline.languages import KNOWN, code

# "talk.en.vtt", "talk.pt-BR.srt"; "_en" too
_LANGUAGE = re.compile(r"[._]([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$")


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
        mine = [file for file in files if file.name in part.name.split(" + ")]
        if len(audio.parts) > 1:
            files, captions = mine, [one for file in mine for one in captions_of(file, captions)]
        elif len(files) > len(mine) > 0:  # what was left out may have been begun at another time
            own = {one for file in mine for one in captions_of(file, captions)}
            others = {one for file in files for one in captions_of(file, captions)} - own
            captions = [one for one in captions if one not in others]
        spoken = _spoken(files)
        near = [Source(file, None, language_of(file)) for file in captions]
        if near := near or [track for file in files for track in _tracks(file)]:
            one = _chosen(near, language or spoken)
            start, end = ms(part.start - part.skipped), ms(part.skipped + part.duration)
            length = max((h.duration or 0.0 for f in files if (h := probed(f))), default=0.0)
            whole = end >= length - 1.0
            found.append(PlacedCaptions(one, start, end, spoken, part.skipped, whole))
    return found


def _spoken(files: Sequence[Path]) -> str:
    """The language of the sound, where the files' only audio tracks say it."""
    tracks = [track for file in files if (found := probed(file)) for track in found.tracks]
    told = {code(track.language) for track in tracks}
    return told.pop() if len(told) == 1 else ""


def _alone(source: EventInput, language: str | None) -> list[PlacedCaptions]:
    """Captions without recordings, one part after the other, each in one of its languages."""
    parts: dict[str, list[Source]] = {}
    for file in source.files:
        base = _LANGUAGE.sub("", file.stem)
        parts.setdefault(base.lower(), []).append(Source(file, None, language_of(file)))
    placed, start = [], 0.0
    for several in parts.values():
        one = _chosen(several, language)
        placed.append(PlacedCaptions(one, start))
        start = ms(start + max(cue.end for cue in read(one).cues))
    return placed


def _chosen(sources: Sequence[Source], language: str | None) -> Source:
    """The one in the language, or else in none that is named, or else the first."""
    wanted = code(language) if language else ""
    ranked = sorted(
        sources,
        key=lambda one: (
            code(one.language) != wanted,
            bool(one.language),
            one.file.suffix != ".vtt",
        ),
    )
    if wanted or len({one.language for one in ranked}) < 2:
        return ranked[0]
    return replace(ranked[0], others=tuple(one.name for one in ranked[1:]))


def language_of(file: Path) -> str:
    """The language that the name of a caption file ends with."""
    match = _LANGUAGE.search(file.stem)
    return match[1] if match and code(match[1].lower()) in KNOWN else ""


def _tracks(file: Path) -> list[Source]:
    found = probed(file)
    return [Source(file, number, named) for number, named in (found.subtitles if found else ())]
