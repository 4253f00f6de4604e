"""The decoded sound is checked before it is used: its length and sha256 lie beside it."""

import hashlib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pipeline.cache import PRIVATE, write_atomic


class Seal(BaseModel):
    """What a sound file was when it was whole."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int  # bytes
    sha256: str


def seal(place: Path) -> None:
    """Note what lies there; raises CacheError."""
    write_atomic(_beside(place), _seal_of(place).model_dump_json().encode(), PRIVATE)


def is_whole(place: Path) -> bool:
    """Whether what lies there is what was sealed; reads all of it, unless its size tells."""
    try:
        sealed = Seal.model_validate_json(_beside(place).read_bytes())
        return place.stat().st_size == sealed.size and _seal_of(place) == sealed
    except (OSError, ValueError):
        return False


def _seal_of(place: Path) -> Seal:
    with place.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Seal(size=place.stat().st_size, sha256=digest)


def _beside(place: Path) -> Path:
    return place.with_suffix(".seal")
