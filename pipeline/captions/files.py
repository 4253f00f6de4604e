"""Which captions stand for which recording, and in which language."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.audio.probe import probed
from pipeline.captions.cues import Source
from pipeline.languages import KNOWN, code

# "talk.en.vtt", "talk.pt-BR.srt"; "_en" too
_LANGUAGE = re.compile(r"[._]([a-z]{2,3}(?:-[A-Za-z]{2,4})?)$")


def of_recording(
    files: Sequence[Path], captions: Sequence[Path], language: str | None
) -> Source | None:
    """The captions of a recording of some files: one of those given, else a track in the files."""
    near = [Source(file, None, language_of(file)) for file in captions]
    return chosen(near or [track for file in files for track in _tracks(file)], language)


def alone(files: Sequence[Path], language: str | None) -> tuple[Source, ...]:
    """Of captions without a recording one for each part, whatever languages there are of it."""
    parts: dict[str, list[Source]] = {}
    for file in files:
        base = _LANGUAGE.sub("", file.stem)
        parts.setdefault(base.lower(), []).append(Source(file, None, language_of(file)))
    return tuple(one for several in parts.values() if (one := chosen(several, language)))


def chosen(sources: Sequence[Source], language: str | None) -> Source | None:
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
        return ranked[0] if ranked else None
    return replace(ranked[0], others=tuple(one.name for one in ranked[1:]))


def language_of(file: Path) -> str:
    """The language that the name of a caption file ends with."""
    match = _LANGUAGE.search(file.stem)
    return match[1] if match and code(match[1].lower()) in KNOWN else ""


def _tracks(file: Path) -> list[Source]:
    found = probed(file)
    return [Source(file, number, named) for number, named in (found.subtitles if found else ())]
