"""Speakers of blocks become speakers of the event: the woman of 9 a.m. is the woman of 5 p.m.

Two levels (van Leeuwen 2010, "Speaker linking in large data sets", Odyssey): an engine has
clustered each block by itself; here the blocks' voices, a few hundred for a whole day, are
clustered by average linkage. What is compared is an estimate of the voice behind the embedding:
one made of little speech is noisy, which lowers its likeness to everything, its own speaker too.
Two speakers of one block stay two unless their voices are the same beyond doubt.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.data import Diarization, Span, Turn, Voice, ms
from pipeline.diarize.cluster import Matrix, widest_gap
from pipeline.event import SpeakerCount

# distances between which the border of "the same person" is looked for, by engine
BORDER = {"campplus": (0.10, 0.45)}
BORDER_ELSEWHERE = (0.25, 0.65)
BEYOND_DOUBT = 0.05  # the distance up to which two speakers of one block may be one
NOISE = 0.5  # seconds of speech whose voice is half noise
_FORBIDDEN = 1e6  # a distance that is only crossed to keep a given count


@dataclass(frozen=True, slots=True)
class _Local:
    """A speaker of one block."""

    block: int
    voice: Voice
    seconds: float


def link(blocks: Sequence[tuple[Span, Diarization]], count: SpeakerCount) -> Diarization:
    """One diarization on the event's time line of many, each on its own block's.

    Speakers are SPEAKER_00, SPEAKER_01, ... in order of first appearance; a single block keeps
    its speakers. `count` is kept as far as there are so many voices.
    """
    local = [
        speaker
        for n, (_, diarization) in enumerate(blocks)
        for speaker in _speakers(n, diarization)
    ]
    groups = _groups(local, count) if len(blocks) > 1 else list(range(len(local)))
    owner = {(s.block, s.voice.speaker): g for s, g in zip(local, groups, strict=True)}
    names: dict[int, str] = {}
    turns: list[Turn] = []
    beside: list[Turn] = []
    for n, (span, diarization) in enumerate(blocks):
        for turn in sorted([*diarization.turns, *diarization.beside], key=lambda turn: turn.start):
            names.setdefault(owner[n, turn.speaker], f"SPEAKER_{len(names):02d}")
        named = {s: names[owner[n, s]] for s in {v.speaker for v in diarization.voices}}
        turns += [_shifted(turn, span.start, named) for turn in diarization.turns]
        beside += [_shifted(turn, span.start, named) for turn in diarization.beside]
    members = {g: [s for s, of in zip(local, groups, strict=True) if of == g] for g in names}
    voices = tuple(_blended(members[group], name) for group, name in names.items())
    return Diarization(tuple(turns), voices, tuple(beside))


def _shifted(turn: Turn, by: float, named: dict[str, str]) -> Turn:
    """A block's turn on the event's time line."""
    return Turn(ms(turn.start + by), ms(turn.end + by), named[turn.speaker])


def _speakers(block: int, found: Diarization) -> list[_Local]:
    """Those who speak, and for how long."""
    seconds: dict[str, float] = {}
    for turn in (*found.turns, *found.beside):
        seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + turn.end - turn.start
    return [_Local(block, v, seconds[v.speaker]) for v in found.voices if v.speaker in seconds]


def _blended(members: Sequence[_Local], name: str) -> Voice:
    """The mean voice, by seconds of speech; the voice itself where there is but one."""
    if len(members) == 1:
        return Voice(name, members[0].voice.engine, members[0].voice.embedding)
    mean = np.average(_vectors(members), axis=0, weights=[s.seconds for s in members])
    whole = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return Voice(name, members[0].voice.engine, tuple(round(float(x), 5) for x in whole))


def _vectors(members: Sequence[_Local]) -> Matrix:
    return np.array([s.voice.embedding for s in members], dtype=np.float64)


def _groups(local: Sequence[_Local], count: SpeakerCount) -> list[int]:
    """The group of each: as many as the data shows, within the given count."""
    from scipy.cluster.hierarchy import cut_tree, linkage  # half a second: for several blocks
    from scipy.spatial.distance import squareform

    if len(local) < 2:
        return [0] * len(local)
    tree = linkage(squareform(_distances(local), checks=False), "average")
    limit = widest_gap(tree[:, 2], *BORDER.get(local[0].voice.engine, BORDER_ELSEWHERE))
    shown = 1 + int((tree[:, 2] > limit).sum())
    least, most = count.count or count.min or 1, count.count or count.max or len(local)
    groups = min(max(shown, least), most, len(local))
    return [int(group) for group in cut_tree(tree, groups)[:, 0]]


def _distances(local: Sequence[_Local]) -> Matrix:
    """Between the voices behind the embeddings; two of one block are far apart, or the same."""
    vectors, block = _vectors(local), np.array([s.block for s in local])
    sure = np.sqrt([s.seconds / (s.seconds + NOISE) for s in local])
    distance = 1 - np.minimum(vectors @ vectors.T / np.outer(sure, sure), 1.0)
    apart = (block[:, None] == block) & (distance > BEYOND_DOUBT)
    np.fill_diagonal(apart, False)
    return np.asarray(np.where(apart, _FORBIDDEN, distance))
