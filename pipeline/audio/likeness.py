"""How alike two lanes are: the same sound, its inverse, two people in turn, two languages at once.

All is told from how loud each tenth of a second is, whether somebody speaks in it (Silero VAD), and
how two lanes correlate in each second. The figures behind the limits: tests/benchmarks/lanes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from pipeline.audio.lanes import Lane
from pipeline.audio.level import smoothed
from pipeline.audio.vad import VadOptions, find_speech
from pipeline.audio.wav import BLOCK_SECONDS, SAMPLE_RATE, read_raw
from pipeline.data import Audio
from pipeline.errors import NoSpeech

FRAME = 0.1  # seconds
SECOND = round(1 / FRAME)  # frames
FLOOR_DB = -60.0  # levels under this count as silence
LOUD_DB = 30.0  # a second this far below the loudest one is not compared
CLIPPED = 0.002  # share of the samples within a twentieth of the peak; of whole speech .0001
CLOSE = VadOptions(min_silence=0.2, pad=0.05)  # speech to the tenth of a second, pauses left out

Levels = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Profile:
    """A lane in tenths of a second: `levels` in dB below full scale, `speech` where one speaks."""

    levels: Levels
    speech: Mask

    @property
    def seconds(self) -> float:
        """How long somebody speaks."""
        return float(self.speech.sum()) * FRAME

    @property
    def clearness(self) -> float:
        """How far speech stands out of the quietest twentieth, in dB; 60 at most."""
        if not self.speech.any():
            return 0.0
        noise = float(np.percentile(self.levels, 5))
        return min(60.0, float(np.median(self.levels[self.speech])) - noise)

    def padded(self, frames: int) -> "Profile":
        """The same with silence behind it."""
        more = frames - len(self.levels)
        return Profile(
            np.pad(self.levels, (0, more), constant_values=-120.0), np.pad(self.speech, (0, more))
        )


def profile(first: Lane, *others: Lane) -> Profile:
    """How loud lanes are together, and where somebody speaks on one of them."""
    if others:
        pair = _of_lane(first), profile(*others)
        one, other = (each.padded(max(len(p.levels) for p in pair)) for each in pair)
        return Profile(np.maximum(one.levels, other.levels), one.speech | other.speech)
    return _of_lane(first)


def _of_lane(lane: Lane) -> Profile:
    levels = lane.levels
    speech = np.zeros(len(levels), bool)
    try:
        for span in find_speech(Audio(lane.path, lane.seconds, "", ()), rules=CLOSE):
            speech[int(span.start / FRAME) : int(np.ceil(span.end / FRAME))] = True
    except NoSpeech:
        pass
    return Profile(levels, speech)


def clipped(lane: Lane) -> bool:
    """Whether a lane's peaks are cut off: only then many samples come near the loudest."""
    counts = np.zeros(1 << 15 | 1, int)
    step = int(BLOCK_SECONDS) * SAMPLE_RATE
    for at in range(0, lane.samples, step):
        loud = np.abs(read_raw(lane.path, at, at + step).astype(int))
        counts += np.bincount(loud, minlength=len(counts))
    peak = int(np.max(np.flatnonzero(counts), initial=0))
    return bool(counts[peak - peak // 20 :].sum() > CLIPPED * counts.sum())


@dataclass(frozen=True, slots=True)
class Seconds:
    """Two lanes in each second in which one of them is loud."""

    correlation: Levels  # -1 to 1
    louder: Levels  # by how many dB the first one is

    @property
    def swing(self) -> float:
        """By how many dB the balance of the two changes over the time."""
        return _swing(self.louder)


def by_second(one: Lane, other: Lane) -> Seconds:
    """How two channels of a track compare, second by second."""
    step = int(BLOCK_SECONDS) * SAMPLE_RATE
    starts = range(0, one.samples, step)
    a, b, ab = np.concatenate([_powers(one, other, at, at + step) for at in starts], axis=1)
    loud = (a + b > (a + b).max(initial=0) * 10 ** (-LOUD_DB / 10)) & (a + b > 0)
    a, b, ab = a[loud] + 1e-9, b[loud] + 1e-9, ab[loud]
    return Seconds(ab / np.sqrt(a * b), 10 * np.log10(a / b))


def _powers(one: Lane, other: Lane, at: int, stop: int) -> Levels:
    """Of each second of a block: the power of both lanes, and what they have in common."""
    a, b = (read_raw(lane.path, at, stop).astype(np.float64) for lane in (one, other))
    count = len(a) // SAMPLE_RATE
    a, b = (x[: count * SAMPLE_RATE].reshape(count, SAMPLE_RATE) for x in (a, b))
    return np.array([(a * a).sum(1), (b * b).sum(1), (a * b).sum(1)])


def aligned(one: Levels, other: Levels) -> tuple[float, int]:
    """How alike two recordings are where they fit best, and the frames by which the other is late.

    Told from their levels; at least half of the shorter one has to lie on the other.
    """
    a, b = (np.maximum(each, FLOOR_DB) for each in (one, other))
    if min(a.std(), b.std()) < 1.0:
        return 0.0, 0
    a, b = a - a.mean(), b - b.mean()
    common, power_a, power_b, fit = (
        correlate(x, y, method="fft")
        for x, y in ((a**0, b**0), (a * a, b**0), (a**0, b * b), (a, b))
    )
    fit = np.where(common < len(min(a, b, key=len)) / 2, 0, fit / np.sqrt(power_a * power_b + 1))
    best = int(np.argmax(fit))
    return float(fit[best]), best - len(b) + 1


def overlap(profiles: Sequence[Profile]) -> float:
    """The share of the time with speech in which it is on two lanes or more at once."""
    speaking = np.sum([p.speech for p in profiles], axis=0)
    return float((speaking > 1).sum() / max(1, (speaking > 0).sum()))


def overlap_by_chance(profiles: Sequence[Profile], shifts: int = 8) -> float:
    """The overlap of the same lanes if they had nothing to do with each other: each is shifted.

    By half a turn at most, so that no lane comes back to where it was.
    """
    frames = len(profiles[0].speech)
    whole = 2 * shifts * max(1, len(profiles) - 1)
    shifted = [
        [
            Profile(each.levels, np.roll(each.speech, place * frames * step // whole))
            for place, each in enumerate(profiles)
        ]
        for step in range(1, shifts + 1)
    ]
    return float(np.mean([overlap(lanes) for lanes in shifted]))


def contested(profiles: Sequence[Profile], margin: float) -> Mask:
    """Where several lanes have speech, and none is `margin` dB above the others for its own."""
    speaking = np.sum([p.speech for p in profiles], axis=0)
    first, second = np.sort(_own_levels(profiles), axis=0)[[-1, -2]]
    found: Mask = (speaking > 1) & (first - second < margin)
    return found


def owners(profiles: Sequence[Profile]) -> NDArray[np.intp]:
    """For each tenth of a second the lane whose speaker speaks, -1 where nobody does."""
    owner: NDArray[np.intp] = np.argmax(_own_levels(profiles), axis=0)
    nobody = ~np.any([p.speech for p in profiles], axis=0)
    owner[nobody] = -1
    return owner


def swing(one: Profile, other: Profile) -> float:
    """By how many dB the balance of two lanes changes while somebody speaks."""
    a, b = (10 * np.log10(smoothed(10 ** (p.levels / 10), SECOND) + 1e-12) for p in (one, other))
    return _swing((a - b)[one.speech | other.speech])


def _swing(balance: Levels) -> float:
    low, high = np.percentile(balance, [5, 95]) if len(balance) else (0.0, 0.0)
    return float(high - low)


def alone(one: Profile, other: Profile) -> float:
    """The seconds of the longest stretch in which one has speech and the other has none."""
    return _longest(one.speech & ~other.speech)


def clear(profiles: Sequence[Profile], place: int, margin: float) -> float:
    """The seconds of the longest stretch in which a lane is `margin` dB above all the others."""
    own = _own_levels(profiles)
    return _longest(own[place] > np.delete(own, place, axis=0).max(axis=0) + margin)


def _longest(mask: Mask) -> float:
    """The seconds of the longest stretch in which it is true."""
    edges = np.flatnonzero(np.diff(np.pad(mask, 1).astype(int)))
    return float(np.max(edges[1::2] - edges[::2], initial=0)) * FRAME


def moves_together(one: Profile, other: Profile) -> float:
    """Whether two lanes hear the same speech, where both have some: the correlation of how their
    levels rise and fall, 0 for two people at once, near 1 for two microphones near one."""
    both = one.speech & other.speech
    both = both[1:] & both[:-1]
    if both.sum() < SECOND:
        return 0.0
    rises = [np.diff(p.levels)[both] for p in (one, other)]
    if min(r.std() for r in rises) == 0:
        return 0.0
    return float(np.corrcoef(rises[0], rises[1])[0, 1])


def _own_levels(profiles: Sequence[Profile]) -> NDArray[np.float64]:
    """Each lane's level over half a second, against the loudest speech on it."""
    rows = []
    for each in profiles:
        smooth = 10 * np.log10(smoothed(10 ** (each.levels / 10), SECOND // 2) + 1e-12)
        top = np.percentile(smooth[each.speech], 99) if each.speech.any() else 0.0
        rows.append(np.where(each.speech, smooth - top, -200.0))
    return np.array(rows)
