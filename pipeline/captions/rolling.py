"""Live captions scroll or grow: each cue shows the one before again. Here all is shown once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.captions.cues import Cue, strip_tags

ROLLING = 0.3  # share of the cues that begin with the end of the one before, where captions scroll
NEAR = 0.5  # seconds between cues of which the later shows the earlier again


def without_repeats(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The same words, each once; as they are where captions do not scroll."""
    repeats = [
        _repeated(cues[n - 1], cues[n]) if n and _goes_on(cues[n - 1], cues[n]) else 0
        for n in range(len(cues))
    ]
    if sum(map(bool, repeats)) < ROLLING * max(1, len(cues) - 1):
        return tuple(cues)
    fresh = (
        replace(cue, lines=tuple(_behind(cue.lines, again)))
        for cue, again in zip(cues, repeats, strict=True)
    )
    return tuple(cue for cue in fresh if cue.lines)


def _goes_on(before: Cue, now: Cue) -> bool:
    """Whether a cue may show the one before again: it follows at once, or its first row of
    several is the other's last, which stood there through a pause."""
    rows = [row for line in now.lines if (row := strip_tags(line))]
    last = [row for line in before.lines if (row := strip_tags(line))][-1:]
    return now.start - before.end < NEAR or (len(rows) > 1 and rows[:1] == last)


def _repeated(before: Cue, now: Cue) -> int:
    """How many of the first words are the last ones of the cue before: two or a line of it."""
    old, new = strip_tags(" ".join(before.lines)).split(), strip_tags(" ".join(now.lines)).split()
    most = min(len(old), len(new))
    again = next((n for n in range(most, 0, -1) if old[-n:] == new[:n]), 0)
    line = strip_tags("".join(before.lines[-1:])).split()
    return again if again > 1 or line == new[:again] else 0


def _behind(lines: Sequence[str], words: int) -> Iterator[str]:
    """The lines without their first words; those that stay whole keep their marks."""
    for line in lines:
        own = strip_tags(line).split()
        if own[words:]:
            yield line if words == 0 else " ".join(own[words:])
        words = max(0, words - len(own))
