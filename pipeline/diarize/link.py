"""Speakers of blocks become speakers of the event: the woman of 9 a.m. is the woman of 5 p.m.

Two levels (van Leeuwen 2010, "Speaker linking in large data sets", Odyssey): an engine has
clustered each block by itself; here the blocks' voices, a few hundred for a whole day, are
clustered by average linkage. What is compared is an estimate of the voice behind the embedding:
one made of little speech is noisy, which lowers its likeness to everything, its own speaker too.
Two speakers of one block stay two unless their voices are the same beyond doubt.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

import numpy as np

from pipeline.data import Diarization, Span, Turn, Voice, seconds_by_voice
from pipeline.diarize.cluster import Matrix, widest_gap
from pipeline.diarize.embedding import unit
from pipeline.diarize.turns import diarization
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
    local = [one for n, (_, found) in enumerate(blocks) for one in _speakers(n, found)]
    groups = _groups(local, count) if len(blocks) > 1 else range(len(local))
    members: dict[str, list[_Local]] = defaultdict(list)
    for one, group in zip(local, groups, strict=True):
        members[str(group)].append(one)
    owner = {(one.block, one.voice.speaker): g for g, of in members.items() for one in of}
    spoken, beside = (
        [
            Turn(span.start + turn.start, span.start + turn.end, owner[n, turn.speaker])
            for n, (span, found) in enumerate(blocks)
            for turn in part(found)
        ]
        for part in (attrgetter("turns"), attrgetter("beside"))
    )
    voices = {  # the voice of all, by seconds of speech
        group: unit(np.average(_vectors(of), axis=0, weights=[one.seconds for one in of]))
        for group, of in members.items()
    }
    linked = diarization(spoken, beside, voices, local[0].voice.engine if local else "")
    return replace(linked, voices=blocks[0][1].voices) if len(blocks) == 1 else linked


def _speakers(block: int, found: Diarization) -> list[_Local]:
    """Those who speak, and for how long."""
    seconds = seconds_by_voice((*found.turns, *found.beside))
    return [_Local(block, v, seconds[v.speaker]) for v in found.voices if v.speaker in seconds]


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
