"""What a person has left open of an event, so that `publish` can hint at it."""

from pathlib import Path

from pipeline.cache import HOUSE, Cache

STEP = "left-open"


def keep(cache: Cache, slug: str, doubts: int, notes: int, accepted: int) -> None:
    """Remember it with what runs have kept: "3 doubts open, 30 of 34 notes accepted"."""
    open_doubts = {0: "", 1: "1 doubt open"}.get(doubts, f"{doubts} doubts open")
    left = [open_doubts, f"{accepted} of {notes} notes accepted" if accepted < notes else ""]
    cache.keep(STEP, slug, str, ", ".join(filter(None, left)))


def hint(post: Path) -> str:
    """A sentence about a post's folder; empty where nothing is open, or no page was ever."""
    left = Cache(post.parent / HOUSE).find(STEP, post.name, str)
    return f"{post.name}: {left}; `backrow review` shows what is left" if left else ""
