"""How alike two lanes are: the same sound, its inverse, two people in turn, two languages at once.

All is told from how loud each tenth of a second is, whether somebody speaks in it (Silero VAD), and
how two lanes correlate in each second. The figures behind the limits: tests/benchmarks/lanes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.lanes import Lane
from pipeline.audio.level import Mask, find_runs, smoothed
from pipeline.audio.vad import VadOptions, find_speech
from pipeline.audio.wav import SAMPLE_RATE, Samples
from pipeline.data import Audio
from pipeline.errors import NoSpeech

FRAME = 0.1  # seconds
SECOND = round(1 / FRAME)  # frames
FLOOR_DB = -60.0  # levels under this count as silence
LOUD_DB = 30.0  # a second this far below the loudest one is not compared
STEADY_DB = 0.5  # mean change of a tenth of a second under which a sound tells no time
IN_COMMON = 250  # frames that have to lie on each other, or half of a shorter recording
TEN_MINUTES = 6000  # frames; 100 millionths by which two clocks differ are half a frame there
CLIPPED = 0.002  # share of the samples within a twentieth of the peak; of whole speech .0001
CLOSE = VadOptions(min_silence=0.2, pad=0.05)  # speech to the tenth of a second, pauses left out

Levels = NDArray[np.float64]


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


def profiles(lanes: Sequence[Lane]) -> list[Profile]:
    """Each lane's profile, all of one length."""
    frames = max(lane.samples for lane in lanes) * SECOND // SAMPLE_RATE
    return [_profile(lane, frames) for lane in lanes]


def _profile(lane: Lane, frames: int) -> Profile:
    levels = lane.levels
    speech = np.zeros(frames, bool)
    try:
        for span in find_speech(Audio(lane.path, lane.seconds, "", ()), rules=CLOSE):
            speech[int(span.start / FRAME) : int(np.ceil(span.end / FRAME))] = True
    except NoSpeech:
        pass
    return Profile(np.pad(levels, (0, frames - len(levels)), constant_values=-120.0), speech)


def is_clipped(lane: Lane) -> bool:
    """Whether a lane's peaks are cut off: only then many samples come near the loudest."""
    counts = np.zeros(1 << 15 | 1, int)
    for samples in lane.minutes():
        counts += np.bincount(np.abs(samples.astype(int)), minlength=len(counts))
    peak = int(np.max(np.flatnonzero(counts), initial=0))
    return bool(counts[peak - peak // 20 :].sum() > CLIPPED * counts.sum())


def second_correlations(one: Lane, other: Lane) -> tuple[Levels, float]:
    """How two channels of a track compare in the seconds in which one of them is loud.

    Their correlation in each (-1 to 1), and by how many dB their balance changes over the time.
    """
    pairs = zip(one.minutes(), other.minutes(), strict=True)
    a, b, ab = np.concatenate([_powers(*pair) for pair in pairs], axis=1)
    loud = (a + b > (a + b).max(initial=0) * 10 ** (-LOUD_DB / 10)) & (a + b > 0)
    a, b, ab = a[loud] + 1e-9, b[loud] + 1e-9, ab[loud]
    return ab / np.sqrt(a * b), _range_of(10 * np.log10(a / b))


def _powers(one: Samples, other: Samples) -> Levels:
    """Of each second of a minute: the power of both lanes, and what they have in common."""
    count = len(one) // SAMPLE_RATE
    a, b = (
        samples[: count * SAMPLE_RATE].astype(np.float64).reshape(count, SAMPLE_RATE)
        for samples in (one, other)
    )
    return np.array([(a * a).sum(1), (b * b).sum(1), (a * b).sum(1)])


def best_alignment(one: Levels, other: Levels) -> tuple[float, int]:
    """How alike two recordings are where they fit best, and the frames by which the other is late.

    Told from how their levels rise and fall in the ten minutes that tell it best, since two clocks
    run apart.
    """
    places = range(0, max(1, len(other) - SECOND), TEN_MINUTES)
    fits = [(at, _cross_correlation(one, other[at:][:TEN_MINUTES])) for at in places]
    at, (alike, late) = max(fits, key=lambda each: each[1])
    return alike, late - at


def _cross_correlation(one: Levels, other: Levels) -> tuple[float, int]:
    """The correlation of two recordings' rises and falls, and where it is greatest."""
    from scipy.signal import correlate  # a second to import: for those with several recordings

    a, b = (np.diff(np.maximum(each, FLOOR_DB)) for each in (one, other))
    if min(len(a), len(b)) == 0 or min(a.std(), b.std()) < STEADY_DB:
        return 0.0, 0
    common, power_a, power_b, fit = (
        correlate(x, y, method="fft")
        for x, y in ((a**0, b**0), (a * a, b**0), (a**0, b * b), (a, b))
    )
    least = min(IN_COMMON, len(min(a, b, key=len)) / 2)
    fit = np.where(common < least, 0, fit / np.sqrt(power_a * power_b + 1))
    best = int(np.argmax(fit))
    return float(fit[best]), best - len(b) + 1


def overlap(lanes: Sequence[Profile]) -> float:
    """The share of the time with speech in which it is on two lanes or more at once."""
    return _overlap([lane.speech for lane in lanes])


def _overlap(speech: Sequence[Mask]) -> float:
    speaking = np.sum(speech, axis=0)
    return float((speaking > 1).sum() / max(1, (speaking > 0).sum()))


def overlap_by_chance(lanes: Sequence[Profile], shifts: int = 8) -> float:
    """The overlap that unrelated lanes would have: each is shifted, by half a turn at most."""
    frames = len(lanes[0].speech)
    whole = 2 * shifts * max(1, len(lanes) - 1)
    found = [
        _overlap([np.roll(e.speech, place * frames * n // whole) for place, e in enumerate(lanes)])
        for n in range(1, shifts + 1)
    ]
    return float(np.mean(found))


def unowned(lanes: Sequence[Profile], margin: float) -> Mask:
    """Where several lanes have speech, and none is `margin` dB above the others for its own."""
    speaking = np.sum([lane.speech for lane in lanes], axis=0)
    first, second = np.sort(_own_levels(lanes), axis=0)[[-1, -2]]
    found: Mask = (speaking > 1) & (first - second < margin)
    return found


def owners(lanes: Sequence[Profile]) -> NDArray[np.intp]:
    """For each tenth of a second the lane whose speaker speaks, -1 where nobody does."""
    owner: NDArray[np.intp] = np.argmax(_own_levels(lanes), axis=0)
    owner[~np.any([lane.speech for lane in lanes], axis=0)] = -1
    return owner


def balance_range(one: Profile, other: Profile) -> float:
    """By how many dB the balance of two lanes changes while somebody speaks."""
    a, b = (10 * np.log10(smoothed(10 ** (p.levels / 10), SECOND) + 1e-12) for p in (one, other))
    return _range_of((a - b)[one.speech | other.speech])


def _range_of(balance: Levels) -> float:
    low, high = np.percentile(balance, [5, 95]) if len(balance) else (0.0, 0.0)
    return float(high - low)


def clear_run(lanes: Sequence[Profile], place: int, margin: float) -> float:
    """The seconds of the longest stretch in which a lane is `margin` dB above all the others."""
    own = _own_levels(lanes)
    return longest_run(own[place] > np.delete(own, place, axis=0).max(axis=0) + margin)


def longest_run(mask: Mask) -> float:
    """The seconds of the longest stretch in which it is true."""
    return max((run.stop - run.start for run in find_runs(mask)), default=0) * FRAME


def envelope_correlation(one: Profile, other: Profile) -> float:
    """Correlation of how two lanes' levels change where both have speech; about 1 for the same."""
    both = one.speech & other.speech
    both = both[1:] & both[:-1]
    if both.sum() < SECOND:
        return 0.0
    rises = [np.diff(p.levels)[both] for p in (one, other)]
    if min(r.std() for r in rises) == 0:
        return 0.0
    return float(np.corrcoef(rises[0], rises[1])[0, 1])


def _own_levels(lanes: Sequence[Profile]) -> NDArray[np.float64]:
    """Each lane's level over half a second, against the loudest speech on it."""
    rows = []
    for lane in lanes:
        smooth = 10 * np.log10(smoothed(10 ** (lane.levels / 10), SECOND // 2) + 1e-12)
        top = np.percentile(smooth[lane.speech], 99) if lane.speech.any() else 0.0
        rows.append(np.where(lane.speech, smooth - top, -200.0))
    return np.array(rows)
