"""Live captions scroll: each cue shows the line before again. Here every line is shown once."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.captions.cues import Cue
from pipeline.captions.markup import bare

ROLLING = (
    0.3  # share of the cues that begin with the end of the one before, in captions that scroll
)
NEAR = 0.5  # seconds between cues of which the later shows the earlier again


def without_repeats(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The same words, each line once; as they are where captions do not scroll."""
    shown = [tuple(line for line in cue.lines if bare(line)) for cue in cues]
    repeats = [
        _repeated(shown[n - 1], shown[n]) if n and cues[n].start - cues[n - 1].end < NEAR else 0
        for n in range(len(cues))
    ]
    if sum(map(bool, repeats)) < ROLLING * max(1, len(cues) - 1):
        return tuple(cues)
    fresh = (
        replace(cue, lines=lines[again:])
        for cue, lines, again in zip(cues, shown, repeats, strict=True)
    )
    return tuple(cue for cue in fresh if cue.lines)


def _repeated(before: Sequence[str], now: Sequence[str]) -> int:
    """How many of the first lines are the last ones of the cue before."""
    old, new = [bare(line) for line in before], [bare(line) for line in now]
    most = min(len(old), len(new))
    return next((n for n in range(most, 0, -1) if old[-n:] == new[:n]), 0)
