"""Which of several lanes are heard, and whether each is a speaker: channels, tracks, files alike.

In this order: lanes without speech are left; lanes whose speech alternates are a speaker each;
where all hear the same, the clearest that holds all of it is taken; where they hold different
speech at once, as languages do, the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np

from pipeline.audio import level, likeness
from pipeline.audio.lanes import Lane
from pipeline.audio.likeness import FRAME, Profile

Kind = Literal["silent", "one", "speakers", "same", "parallel", "mix"]


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """What counts as alike or apart; the figures behind them: tests/benchmarks/lanes.py."""

    spoken: float = 0.3  # seconds of speech under which a lane has none
    own: float = 1.0  # seconds without a break that one has alone: a lane to be heard too
    standing_out: float = 6.0  # dB; hum and hiss that pass for speech do not change with it
    alike: float = 0.7  # correlation of two channels in a second that mix
    mostly: float = 0.9  # share of the loud seconds in which they must
    swing: float = 12.0  # dB by which their balance may change: more is not one sound
    between: float = 20.0  # dB by which it changes from one's own microphone to the other's
    inverse: float = 0.5  # share of them in which -alike makes one the other turned over
    crosstalk: float = 0.15  # share of the speech at once that people in a conversation have
    at_once: float = 0.5  # and that makes different speech on two lanes no conversation
    together: float = 0.4  # correlation of rises and falls over which two lanes hear one speech
    apart: float = 6.0  # dB by which a lane must be above the others to be its speaker's
    doubtful: float = 0.25  # share of the speech that may be of nobody so clearly
    all_of_it: float = 0.95  # of all speech: a lane with so much of it misses none
    clearer: float = 1.5  # dB by which a later lane must be clearer to be preferred
    changes: int = 3  # of speaker, from which files that nobody listed are one conversation
    chance: float = (
        0.5  # of the overlap that chance would give: files of one conversation have less
    )


LIMITS = LaneLimits()


@dataclass(frozen=True, slots=True)
class Strand:
    """Lanes that are heard as one, each times its sign: channels that mix, or one alone."""

    lanes: tuple[Lane, ...]
    signs: tuple[int, ...]
    name: str
    apart: bool = False  # each lane may hold speech that the others do not


@dataclass(frozen=True, slots=True)
class Verdict:
    """What several lanes are to each other, and those that are heard, by their place."""

    kind: Kind
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is heard of a recording. `profiles` are there where each strand is a speaker."""

    strands: tuple[Strand, ...]
    profiles: tuple[Profile, ...] = ()
    said: tuple[str, ...] = ()  # how it was taken, for the user
    warnings: tuple[str, ...] = ()

    @property
    def speakers(self) -> bool:
        return bool(self.profiles)

    @property
    def spoken(self) -> bool:
        """Whether there is any speech in it."""
        return self.speakers or speaks(profiles(self.strands)[0])

    @property
    def samples(self) -> int:
        return max(lane.samples for strand in self.strands for lane in strand.lanes)


def profiles(strands: Sequence[Strand]) -> list[Profile]:
    """Each strand's profile, all of one length."""
    found = [likeness.profile(*strand.lanes[: None if strand.apart else 1]) for strand in strands]
    frames = max(len(each.levels) for each in found)
    return [each.padded(frames) for each in found]


def judge(heard: Sequence[Profile], limits: LaneLimits = LIMITS) -> Verdict:
    """What lanes on one clock are to each other."""
    speaking = [n for n, each in enumerate(heard) if speaks(each, limits)]
    if len(speaking) < 2:
        return Verdict("one" if speaking else "silent", tuple(speaking))
    if people := _people(heard, speaking, limits):
        return Verdict("speakers", tuple(people))
    pair = [heard[n] for n in speaking]
    if not same(pair, limits) and likeness.overlap(pair) >= limits.at_once:
        return Verdict("parallel", tuple(speaking))
    return _clearest(heard, speaking, limits)


def channels(lanes: Sequence[Lane], name: str, limits: LaneLimits = LIMITS) -> Taken:
    """What is heard of a track's channels."""
    loud = [e for e in lanes if level.loudness(e.levels) > level.SILENT_DB] or list(lanes[:1])
    strands = _mixed(loud, limits)
    taken = settled(name, strands, limits)[0] if len(strands) > 1 else Taken(tuple(strands))
    if taken.said or taken.warnings:
        return taken
    return replace(taken, said=_said(name, taken.strands, lanes))


def settled(
    name: str, strands: Sequence[Strand], limits: LaneLimits = LIMITS
) -> tuple[Taken, Verdict]:
    """What is heard of several strands of one file, and what they are to each other."""
    heard = profiles(strands)
    verdict = judge(heard, limits)
    if verdict.kind == "silent":
        most = max(range(len(strands)), key=lambda n: (heard[n].seconds, np.mean(heard[n].levels)))
        verdict = replace(verdict, places=(most,))
    chosen = [strands[n] for n in verdict.places]
    if verdict.kind == "speakers":
        said = (f"{name}: {listed(chosen)} hold a speaker each; they tell who speaks",)
        return Taken(tuple(chosen), tuple(heard[n] for n in verdict.places), said), verdict
    if verdict.kind == "mix":
        return Taken((added(chosen),), said=(f"{name}: {listed(chosen)} were mixed",)), verdict
    several = (parallel(name, chosen),) if verdict.kind == "parallel" else ()
    return Taken((chosen[0],), warnings=several), verdict


def alternations(heard: Sequence[Profile]) -> int:
    """How often the speaker changes."""
    owner = likeness.owners(heard)
    owner = owner[owner >= 0]
    return int((np.diff(owner) != 0).sum())


def speaks(each: Profile, limits: LaneLimits = LIMITS) -> bool:
    """Whether somebody speaks on a lane, for more than a moment and over its noise."""
    return each.seconds >= limits.spoken and each.clearness >= limits.standing_out


def _people(heard: Sequence[Profile], speaking: list[int], limits: LaneLimits) -> list[int]:
    """Those lanes that are a speaker each; none where they are not.

    A lane that is a mix of others is in all their speech, and is left out first.
    """
    left = list(speaking)
    everything = np.any([heard[n].speech for n in speaking], axis=0).sum()
    while len(left) > 1:
        lanes = [heard[n] for n in left]
        covered = np.any([each.speech for each in lanes], axis=0).sum()
        if covered < limits.all_of_it * everything:
            return []
        if _in_turn(lanes, limits):
            # somebody speaks again: else it is one after the other, not a conversation
            return left if alternations(lanes) >= len(left) else []
        mix = max(left, key=lambda n: _shared(heard, n, left))
        if len(left) == 2 or likeness.clear(lanes, left.index(mix), limits.apart) >= limits.own:
            return []
        left.remove(mix)
    return []


def _in_turn(lanes: Sequence[Profile], limits: LaneLimits) -> bool:
    """Whether each lane is one person of a conversation."""
    overlap = likeness.overlap(lanes)
    if overlap < limits.crosstalk:
        return True
    if not same(lanes, limits):
        return overlap < limits.at_once
    balance = min(likeness.swing(one, other) for one, other in combinations(lanes, 2))
    nobody = likeness.contested(lanes, limits.apart).sum()
    speech = np.any([each.speech for each in lanes], axis=0).sum()
    owner = likeness.owners(lanes)
    own = [float((owner == n).sum()) * FRAME for n in range(len(lanes))]
    clear = nobody < limits.doubtful * speech and min(own) >= limits.own
    return bool(clear and balance >= limits.between)


def same(lanes: Sequence[Profile], limits: LaneLimits = LIMITS) -> bool:
    """Whether lanes hear one speech where they speak at once."""
    first, *rest = sorted(lanes, key=lambda each: -each.seconds)
    return max(likeness.moves_together(first, other) for other in rest) >= limits.together


def _shared(heard: Sequence[Profile], place: int, others: Sequence[int]) -> int:
    """The speech of a lane during which another has some too."""
    rest = np.any([heard[n].speech for n in others if n != place], axis=0)
    return int((heard[place].speech & rest).sum())


def _clearest(heard: Sequence[Profile], speaking: Sequence[int], limits: LaneLimits) -> Verdict:
    """The lane that holds all speech and stands out best; a mix where others hold more."""
    most = max(heard[n].seconds for n in speaking)
    best, *rest = [n for n in speaking if heard[n].seconds >= limits.all_of_it * most]
    for n in rest:
        if heard[n].clearness > heard[best].clearness + limits.clearer:
            best = n
    every = np.any([heard[n].speech for n in speaking], axis=0)
    if heard[best].speech.sum() < limits.all_of_it**2 * every.sum():
        return Verdict("mix", tuple(speaking))
    own = {n: likeness.alone(heard[n], heard[best]) for n in speaking if n != best}
    missed = [n for n in own if own[n] >= min(limits.own, heard[n].seconds)]
    return Verdict("mix", tuple(sorted((best, *missed)))) if missed else Verdict("same", (best,))


def _mixed(lanes: Sequence[Lane], limits: LaneLimits) -> list[Strand]:
    """Channels as strands: those that are alike, or each other's inverse, are one."""
    groups: list[list[tuple[Lane, int]]] = []
    for lane in lanes:
        for group in groups:
            if sign := _sign(group[0][0], lane, limits):
                group.append((lane, sign))
                break
        else:
            groups.append([(lane, 1)])
    return [_strand([p for p in group if not likeness.clipped(p[0])] or group) for group in groups]


def _sign(one: Lane, other: Lane, limits: LaneLimits) -> int:
    """1 where two channels mix, -1 where one is the other's inverse, else 0."""
    seconds = likeness.by_second(one, other)
    found = seconds.correlation
    if not len(found) or seconds.swing > limits.swing:
        return 0
    if (found > limits.alike).mean() >= limits.mostly:
        return 1
    turned = (found < -limits.alike).mean() >= limits.inverse
    return -1 if turned and (found < limits.alike).all() else 0


def _strand(group: Sequence[tuple[Lane, int]]) -> Strand:
    numbers = [str(lane.channel) for lane, _ in group]
    name = f"channel{'s' if len(group) > 1 else ''} {'+'.join(numbers)}"
    return Strand(tuple(lane for lane, _ in group), tuple(sign for _, sign in group), name)


def added(strands: Sequence[Strand]) -> Strand:
    """Several strands mixed to one."""
    pairs = [pair for each in strands for pair in zip(each.lanes, each.signs, strict=True)]
    return replace(_strand(pairs), apart=True)


def _said(name: str, strands: Sequence[Strand], lanes: Sequence[Lane]) -> tuple[str, ...]:
    """What is worth telling of the choice: nothing where all channels are alike."""
    used = strands[0]
    if -1 in used.signs:
        return (f"{name}: a channel is another's inverse; it was turned back before they mix",)
    if len(used.lanes) < len(lanes):
        return (f"{name}: of {len(lanes)} channels {used.name.removeprefix('channel ')} is heard",)
    return ()


def parallel(name: str, strands: Sequence[Strand]) -> str:
    """The warning that only one of several things said at once is heard."""
    return (
        f"{name}: {listed(strands)} hold different speech at the same time, as two languages do; "
        f"{strands[0].name} is heard: give the other one as a file of its own where it is wanted"
    )


def listed(named: Sequence[Strand | Path]) -> str:
    """ "channel 1, channel 2 and channel 3"."""
    *most, last = [each.name for each in named]
    return f"{', '.join(most)} and {last}" if most else last
