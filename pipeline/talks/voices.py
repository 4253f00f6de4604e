"""The voice book: known people's voices in one readable JSON file.

A voice is one embedding and the engine that made it; embeddings of two engines are never
compared. Nobody enters it unasked, and whoever is removed is gone from the file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from pipeline.cache import PRIVATE, write_atomic
from pipeline.config import Section
from pipeline.data import Voice
from pipeline.errors import InputError

# measured with CAM++ (tests/benchmarks/voice_book.py), eight seconds of each voice: two voices are
# alike 0.39 at most where they are recorded and 0.61 where they are synthetic; one voice 0.58 and
# more in one room, mostly 0.78 and 0.89, in a room with another sound mostly 0.67 and 0.78
NEAR = 0.66  # cosine of two recordings of one person
MARGIN = 0.1  # and how far the next person of the book must be
LEGACY = frozenset({"ge2e", "pyannote-ge2e"})  # engines whose voices nothing can be compared with


class VoiceEntry(Section):
    """One person's voice in one event."""

    name: str
    engine: str
    event: str = ""
    embedding: tuple[float, ...]


class _File(Section):
    format: Literal["backrow-voices-1"] = "backrow-voices-1"
    voices: tuple[VoiceEntry, ...] = ()


class VoiceBook:
    """The people of a voice file; changes are in memory until `save`."""

    def __init__(self, entries: Sequence[VoiceEntry] = ()) -> None:
        self.entries = tuple(entries)

    @classmethod
    def load(cls, path: Path) -> VoiceBook:
        """The book at a path; an empty one where there is no file yet. Raises InputError."""
        if not path.exists():
            return cls()
        try:
            file = _File.model_validate_json(path.read_bytes())
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror})") from error
        except ValidationError as error:
            raise InputError(
                f"{path}: is no voice book that this version reads; give another file"
            ) from error
        old = sorted({entry.engine for entry in file.voices} & LEGACY)
        if old:
            raise InputError(
                f"{path}: holds voices of an engine that is gone ({', '.join(old)}); they cannot "
                "be compared with today's: give a new file and learn the voices again"
            )
        return cls(file.voices)

    def save(self, path: Path) -> None:
        """Write the book whole or not at all."""
        data = _File(voices=self.entries).model_dump_json(indent=1).encode() + b"\n"
        write_atomic(path, data, PRIVATE)

    @property
    def names(self) -> tuple[str, ...]:
        """Everybody in the book, in alphabetical order."""
        return tuple(sorted({entry.name for entry in self.entries}))

    def add(self, name: str, voice: Voice, event: str = "") -> VoiceBook:
        """The book with a voice more; the same person's from the same event is replaced."""
        new = VoiceEntry(name=name, engine=voice.engine, event=event, embedding=voice.embedding)
        same = (name, voice.engine, event)
        kept = [e for e in self.entries if (e.name, e.engine, e.event) != same]
        return VoiceBook([*kept, new])

    def remove(self, name: str) -> VoiceBook:
        """The book without a person: all of their voices."""
        return VoiceBook([entry for entry in self.entries if entry.name != name])

    def match(self, voice: Voice) -> tuple[str, float] | None:
        """(name, cosine) of the person this is, or None: nobody near, or two people as near."""
        best: dict[str, float] = {}
        for entry in self.entries:
            if entry.engine == voice.engine and len(entry.embedding) == len(voice.embedding):
                likeness = _cosine(entry.embedding, voice.embedding)
                best[entry.name] = max(best.get(entry.name, -1.0), likeness)
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < NEAR:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < MARGIN:
            return None
        return ranked[0]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    dot = sum(a * b for a, b in zip(one, other, strict=True))
    norm = math.hypot(*one) * math.hypot(*other)
    return dot / norm if norm else 0.0
