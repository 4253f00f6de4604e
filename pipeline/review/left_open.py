"""What a person has left open of an event, so that `publish` can hint at it."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.cache import Cache

STEP = "left-open"


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """As it was when the page was last open."""

    doubts: int
    notes: int
    accepted: int

    def __str__(self) -> str:
        """ "3 doubts open, 30 of 34 notes accepted"; empty where nothing is left."""
        doubts = {0: "", 1: "1 doubt open"}.get(self.doubts, f"{self.doubts} doubts open")
        notes = f"{self.accepted} of {self.notes} notes accepted"
        left = [doubts, notes if self.accepted < self.notes else ""]
        return ", ".join(filter(None, left))


def keep(cache: Cache, slug: str, left: LeftOpen) -> None:
    """Remember it with what runs have kept."""
    if cache.find(STEP, slug, LeftOpen) != left:
        cache.keep(STEP, slug, LeftOpen, left)


def hint(post: Path) -> str:
    """A sentence about a post's folder; empty where nothing is open, or no page was ever."""
    left = Cache(post.parent / ".backrow").find(STEP, post.name, LeftOpen)
    return f"{post.name}: {left}; `backrow review` shows what is left" if left and str(left) else ""
