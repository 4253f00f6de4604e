"""How many people speak, and which pieces of speech are whose: chosen from the data.

Agglomerative clustering of pieces that hold one voice each. Compared are not the embeddings, which
are voices in noise, but estimates of the voices behind them: the cosine of two groups' means is
divided by what the noise leaves of it, which is seen in how alike a group's own pieces are. So a
merge of two groups of one person has a distance near zero whatever their size, and the border lies
in the widest gap between the distances at which groups with enough speech were merged. Small
groups are noisy: they go to the nearest speaker unless they are clearly somebody else.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from pipeline.diarize.embedding import Vectors
from pipeline.event import SpeakerCount

Labels = NDArray[np.int64]
Seconds = NDArray[np.float64]
Matrix = NDArray[np.float64]


# where a voice may end; set on what tests/benchmarks/diarization.py calls tuned
LOW = 0.10  # distance up to which two groups with enough speech are one voice
HIGH = 0.45  # and from which they are two
SURE = 8.0  # seconds of speech that make a group sure
STRANGE = 0.33  # distance from every speaker that makes a smaller group another
ENOUGH = 2.0  # seconds that such a group must have
TELLING = 1.5  # seconds from which a piece has a say in who the speakers are
ALIKE = 0.78  # cosine of two pieces of one voice, where the recording does not show it
WEIGHT = 6.0  # pairs of pieces as which that counts beside a group's own


@dataclass(frozen=True, slots=True)
class Merge:
    """Group `gone` joins group `into`; groups have the number of their first piece."""

    distance: float
    into: int
    gone: int


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Those that have a say."""

    voices: Matrix
    seconds: Seconds
    noise: "Noise"

    def between(self, labels: Labels) -> Matrix:
        """The distances between groups of pieces, at the places of their labels."""
        member = labels == np.arange(len(labels))[:, None]
        sizes = np.maximum(member.sum(axis=1), 1)
        return self.noise.distances(member @ self.voices, sizes.astype(np.float64))


def speakers(voices: Vectors, seconds: Seconds, alike: float | None, count: SpeakerCount) -> Labels:
    """The speaker of each piece, from 0.

    `voices`: (pieces, SIZE) of unit length; there is at least one. `alike`: the cosine of two
    pieces of one voice in this recording, where it is known.
    """
    telling = seconds >= min(TELLING, float(seconds.max()))
    noise = Noise(alike or ALIKE)
    pieces = _Pieces(voices[telling].astype(np.float64), seconds[telling], noise)
    found = np.full(len(voices), -1, np.int64)
    found[telling] = _grouped(pieces, count)
    means = mean_voices(voices, found)
    found[~telling] = (voices[~telling] @ means.T).argmax(axis=1)
    return found


def mean_voices(voices: Vectors, labels: Labels) -> Vectors:
    """The mean voice of each label from 0, of unit length; -1 is nobody's."""
    sums = np.zeros((int(labels.max()) + 1, voices.shape[1]))
    np.add.at(sums, labels[labels >= 0], voices[labels >= 0])
    norms = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
    return np.asarray(sums / norms, np.float32)


@dataclass(frozen=True, slots=True)
class Noise:
    """What a piece adds to the voice in it."""

    alike: float  # the cosine of two pieces of one voice

    def own(self, squares: Matrix, sizes: Matrix) -> Matrix:
        """How alike the pieces of groups are to one another. `squares`: of the groups' sums."""
        pairs = sizes * (sizes - 1)
        alike: Matrix = (squares - sizes + WEIGHT * self.alike) / (pairs + WEIGHT)
        return np.maximum(alike, 0.1)

    def distances(self, sums: Matrix, sizes: Matrix) -> Matrix:
        """Between the voices of groups, given the sums of their pieces."""
        dots = sums @ sums.T
        own = self.own(np.diag(dots), sizes)
        return np.asarray(1 - dots / np.outer(sizes, sizes) / np.sqrt(np.outer(own, own)))


def merges(voices: Matrix, noise: Noise) -> list[Merge]:
    """Every merge from single pieces to one group, each time of the nearest two."""
    dots, sizes = voices @ voices.T, np.ones(len(voices))
    distance = noise.distances(voices, sizes)
    np.fill_diagonal(distance, np.inf)
    made = []
    for _ in range(len(voices) - 1):
        place = np.unravel_index(distance.argmin(), distance.shape)
        into, gone = sorted(int(x) for x in place)
        made.append(Merge(float(distance[into, gone]), into, gone))
        dots[into] += dots[gone]
        dots[:, into] += dots[:, gone]
        sizes[into] += sizes[gone]
        own = noise.own(np.diag(dots), sizes)
        row = 1 - dots[into] / (sizes[into] * sizes) / np.sqrt(own[into] * own)
        row[np.isinf(distance[into])] = np.inf
        row[gone] = np.inf
        distance[into], distance[:, into] = row, row
        distance[gone], distance[:, gone] = np.inf, np.inf
    return made


def widest_gap(heights: Iterable[float], low: float, high: float) -> float:
    """The middle of the widest gap between the heights that lie from `low` to `high`.

    `heights`: the distances at which a clustering merged its groups.
    """
    inside = sorted(height for height in heights if low < height < high)
    edges = pairwise([low, *inside, high])
    return float(max((after - before, (after + before) / 2) for before, after in edges)[1])


def _grouped(pieces: _Pieces, count: SpeakerCount) -> Labels:
    """The speaker of each piece, as the data or a given count has it."""
    made = merges(pieces.voices, pieces.noise)
    limit = _border(made, pieces.seconds)
    labels = _after(made, sum(1 for _ in takewhile(lambda m: m.distance <= limit, made)))
    found = _speakers(pieces, labels)
    wanted = count.count or min(max(len(found), count.min or 1), count.max or len(labels))
    if len(found) != wanted:
        labels, found = _forced(pieces, made, wanted)
    return _to_nearest(pieces, labels, found)


def _after(made: Sequence[Merge], some: int) -> Labels:
    """The group of each piece after `some` of the merges."""
    owner = np.arange(len(made) + 1)
    for merge in made[:some]:
        owner[owner == merge.gone] = merge.into
    return owner


def _border(made: Sequence[Merge], seconds: Seconds) -> float:
    """The middle of the widest gap between the distances at which sure groups were merged."""
    total, sure = seconds.copy(), []
    for merge in made:
        if min(total[merge.into], total[merge.gone]) >= SURE:
            sure.append(merge.distance)
        total[merge.into] += total[merge.gone]
    return widest_gap(sure, LOW, HIGH)


def _speakers(pieces: _Pieces, labels: Labels) -> list[int]:
    """The groups that are speakers: the sure ones, and small ones that are like nobody."""
    total = np.bincount(labels, pieces.seconds)
    ordered = sorted(np.unique(labels).tolist(), key=lambda group: -total[group])
    found = [group for group in ordered if total[group] >= SURE] or ordered[:1]
    apart = pieces.between(labels)
    for group in ordered[len(found) :]:
        strange = min(apart[group, other] for other in found) >= STRANGE
        if strange and total[group] >= ENOUGH:
            found.append(group)
    return found


def _forced(pieces: _Pieces, made: Sequence[Merge], wanted: int) -> tuple[Labels, list[int]]:
    """The coarsest grouping with `wanted` speakers; if each cannot have enough, less will do."""
    for some in range(len(made), -1, -1):
        labels = _after(made, some)
        total = np.bincount(labels, pieces.seconds)
        found = np.flatnonzero(total >= ENOUGH).tolist()
        if len(found) == wanted:
            return labels, found
    labels = _after(made, max(0, len(made) + 1 - wanted))
    return labels, np.unique(labels).tolist()


def _to_nearest(pieces: _Pieces, labels: Labels, found: Sequence[int]) -> Labels:
    """Their numbers from 0 for some groups; the others go to the nearest of them."""
    apart = pieces.between(labels)[:, list(found)]
    place = {group: number for number, group in enumerate(found)}
    whose = [place.get(group, int(apart[group].argmin())) for group in labels.tolist()]
    return np.array(whose, np.int64)
