"""Which of several lanes are taken, and whether each is a speaker: channels, tracks, files alike.

In this order: lanes without speech are left; lanes whose speech alternates are a speaker each;
where all hear the same, the clearest that holds all of it is taken; where they hold different
speech at once, as languages do, the first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np

from pipeline.audio import level, similarity
from pipeline.audio.lanes import Lane, mixed
from pipeline.audio.similarity import FRAME, Levels, Profile


@dataclass(frozen=True, slots=True)
class LaneLimits:
    """What counts as alike or apart; the figures behind them: tests/benchmarks/lanes.py."""

    own: float = 1.0  # seconds without a break that one has alone: a lane to be heard too
    standing_out: float = 6.0  # dB; a murmur that passes for speech does not change with it
    alike: float = 0.7  # correlation of two channels in a second that mix
    mostly: float = 0.9  # share of the loud seconds in which they must
    swing: float = 12.0  # dB by which their balance may change: more is not one sound
    between: float = 20.0  # dB by which it changes from one's own microphone to the other's
    inverse: float = 0.5  # share of them in which -alike makes one the other turned over
    at_once: float = 0.5  # share of the speech at once that is different speech, no conversation
    together: float = 0.4  # correlation of rises and falls over which two lanes hear one speech
    apart: float = 6.0  # dB by which a lane must be above the others to be its speaker's
    doubtful: float = 0.25  # share of the speech that may be of nobody so clearly
    all_of_it: float = 0.95  # of all speech: a lane with so much of it misses none
    clearer: float = 1.5  # dB by which a later lane must be clearer to be preferred
    changes: int = 3  # of speaker, from which files that nobody listed are one conversation
    # of the overlap that chance would give: files of one conversation have less
    chance: float = 0.5


LIMITS = LaneLimits()


@dataclass(frozen=True, slots=True)
class Relation:
    """What several lanes are to each other, and those that are heard, by their place."""

    kind: Literal["silent", "one", "speakers", "same", "parallel", "mix"]
    places: tuple[int, ...]


@dataclass(frozen=True)
class Chosen:
    """The lanes taken of a recording. `profiles` are there where each lane is a speaker."""

    lanes: tuple[Lane, ...]
    profiles: tuple[Profile, ...] = ()
    remarks: tuple[str, ...] = ()  # how it was taken, for the user
    warnings: tuple[str, ...] = ()
    copies: tuple[Path, ...] = ()  # files that add nothing to it
    doubts: tuple[str, ...] = ()  # what it and the recordings behind it may be as well

    @property
    def files(self) -> tuple[Path, ...]:
        """What it is heard from: several files where each holds a speaker."""
        return tuple(dict.fromkeys(lane.file for lane in self.lanes))

    @property
    def name(self) -> str:
        return " + ".join(file.name for file in self.files)

    @property
    def speakers(self) -> bool:
        return bool(self.profiles)

    @property
    def heard(self) -> Sequence[Profile]:
        """Each lane's profile."""
        return self.profiles or similarity.profiles(self.lanes)

    @property
    def spoken(self) -> bool:
        """Whether there is any speech in it."""
        return any(map(has_speech, self.heard))

    @property
    def samples(self) -> int:
        return max(lane.samples for lane in self.lanes)

    @cached_property
    def levels(self) -> Levels:
        """Of each tenth of a second the level of the loudest lane."""
        rows = [lane.levels for lane in self.lanes]
        frames = max(map(len, rows))
        padded = [np.pad(row, (0, frames - len(row)), constant_values=-120.0) for row in rows]
        loudest: Levels = np.max(padded, axis=0)
        return loudest

    def between(self, first: int, end: int) -> "Chosen":
        """The lanes from one sample to another, without profiles: no lane is a speaker any more."""
        lanes = tuple(lane.between(first, end) for lane in self.lanes)
        return replace(self, lanes=lanes, profiles=())

    def with_names(self, name: str) -> list[Lane]:
        """Its lanes by the name of what they are in, and by their own where there are several."""
        several = len(self.lanes) > 1
        return [replace(e, name=f"{name} {e.name}" if several else name) for e in self.lanes]


def compare_lanes(heard: Sequence[Profile]) -> Relation:
    """How lanes on one clock relate: one speaker each, the same sound, different speech."""
    speaking = [n for n, each in enumerate(heard) if has_speech(each)]
    if len(speaking) < 2:
        return Relation("one" if speaking else "silent", tuple(speaking))
    if people := _speaker_lanes(heard, speaking):
        return Relation("speakers", tuple(people))
    pair = [heard[n] for n in speaking]
    if not hear_same_speech(pair) and similarity.overlap(pair) >= LIMITS.at_once:
        return Relation("parallel", tuple(speaking))
    return _clearest(heard, speaking)


def select_channels(lanes: Sequence[Lane], name: str) -> Chosen:
    """The channels of a track that are taken, alike ones mixed and inverse ones turned back."""
    loud = [e for e in lanes if level.loudness(e.levels) > level.SILENT_DB] or list(lanes[:1])
    groups = [_unclipped(group) for group in _group_channels(loud)]
    different = [mixed([e for e, _ in group], [sign for _, sign in group]) for group in groups]
    taken, place = Chosen(tuple(different)), 0
    if len(different) > 1:
        taken, verdict = select_lanes(name, different)
        place = verdict.places[0]
    used = taken.lanes[0].channels
    if taken.remarks or taken.warnings:
        return taken
    if len(used) > 1 and any(sign < 0 for _, sign in groups[place]):
        said = "a channel is another's inverse; it was turned back before they mix"
    elif len(used) < len(lanes):
        said = f"channel {'+'.join(map(str, used))} of {len(lanes)} is heard"
    else:
        return taken
    return replace(taken, remarks=(f"{name}: {said}",))


def select_lanes(name: str, lanes: Sequence[Lane]) -> tuple[Chosen, Relation]:
    """The lanes of a file that are taken, and how all of them relate."""
    heard = similarity.profiles(lanes)
    verdict = compare_lanes(heard)
    if verdict.kind == "silent":
        most = max(range(len(lanes)), key=lambda n: (heard[n].seconds, np.mean(heard[n].levels)))
        verdict = replace(verdict, places=(most,))
    chosen = [lanes[n] for n in verdict.places]
    if verdict.kind == "speakers":
        said = (f"{name}: {name_list(chosen)} hold a speaker each; they tell who speaks",)
        return Chosen(tuple(chosen), tuple(heard[n] for n in verdict.places), said), verdict
    if verdict.kind == "mix":
        said = (f"{name}: {name_list(chosen)} were mixed",)
        return Chosen((mixed(chosen),), remarks=said), verdict
    parallel = (
        f"{name}: {name_list(chosen)} hold different speech at the same time, as two languages do; "
        f"{chosen[0].name} is heard: give the other one as a file of its own where it is wanted"
    )
    warnings = (parallel,) if verdict.kind == "parallel" else ()
    return Chosen((chosen[0],), warnings=warnings), verdict


def speaker_changes(heard: Sequence[Profile]) -> int:
    """How often the speaker changes."""
    owner = similarity.owners(heard)
    owner = owner[owner >= 0]
    return int((np.diff(owner) != 0).sum())


def has_speech(each: Profile) -> bool:
    """Whether somebody speaks on a lane, and over its noise."""
    return each.clearness >= LIMITS.standing_out


def _speaker_lanes(heard: Sequence[Profile], speaking: list[int]) -> list[int]:
    """Those lanes that are a speaker each; none where they are not.

    A lane that is a mix of others is in all their speech, and is left out first.
    """
    left = list(speaking)
    everything = np.any([heard[n].speech for n in speaking], axis=0).sum()
    while len(left) > 1:
        lanes = [heard[n] for n in left]
        covered = np.any([each.speech for each in lanes], axis=0).sum()
        if covered < LIMITS.all_of_it * everything:
            return []
        if _take_turns(lanes):
            # somebody speaks again: else it is one after the other, not a conversation
            return left if speaker_changes(lanes) >= len(left) else []
        mix = max(left, key=lambda n: _overlapped(heard, n, left))
        alone = similarity.clear_run(lanes, left.index(mix), LIMITS.apart)
        if len(left) == 2 or alone >= LIMITS.own:
            return []
        left.remove(mix)
    return []


def _take_turns(lanes: Sequence[Profile]) -> bool:
    """Whether each lane is one person of a conversation, by levels and by overlap."""
    if not hear_same_speech(lanes):
        return similarity.overlap(lanes) < LIMITS.at_once
    balance = min(similarity.balance_range(one, other) for one, other in combinations(lanes, 2))
    nobody = similarity.unowned(lanes, LIMITS.apart).sum()
    speech = np.any([each.speech for each in lanes], axis=0).sum()
    owner = similarity.owners(lanes)
    own = [float((owner == n).sum()) * FRAME for n in range(len(lanes))]
    clear = nobody < LIMITS.doubtful * speech and min(own) >= LIMITS.own
    return bool(clear and balance >= LIMITS.between)


def hear_same_speech(lanes: Sequence[Profile]) -> bool:
    """Whether two lanes or more pick up the same speech, by how their levels move."""
    first, *rest = sorted(lanes, key=lambda each: -each.seconds)
    return max(similarity.envelope_correlation(first, other) for other in rest) >= LIMITS.together


def _overlapped(heard: Sequence[Profile], place: int, others: Sequence[int]) -> int:
    """The speech of a lane during which another has some too."""
    rest = np.any([heard[n].speech for n in others if n != place], axis=0)
    return int((heard[place].speech & rest).sum())


def _clearest(heard: Sequence[Profile], speaking: Sequence[int]) -> Relation:
    """The lane that holds all speech and stands out best; a mix where others hold more."""
    most = max(heard[n].seconds for n in speaking)
    whole = [n for n in speaking if heard[n].seconds >= LIMITS.all_of_it * most]
    clearest = max(heard[n].clearness for n in whole)
    best = next(n for n in whole if heard[n].clearness >= clearest - LIMITS.clearer)
    every = np.any([heard[n].speech for n in speaking], axis=0)
    if heard[best].speech.sum() < LIMITS.all_of_it**2 * every.sum():
        return Relation("mix", tuple(speaking))
    alone = {n: heard[n].speech & ~heard[best].speech for n in speaking if n != best}
    own = {n: similarity.longest_run(alone[n]) for n in alone}
    missed = [n for n in own if own[n] >= min(LIMITS.own, heard[n].seconds)]
    if missed:
        return Relation("mix", tuple(sorted((best, *missed))))
    return Relation("same", (best,))


def _group_channels(lanes: Sequence[Lane]) -> list[list[tuple[Lane, int]]]:
    """Groups of channels that correlate, or are inverses, each channel with its polarity."""
    groups: list[list[tuple[Lane, int]]] = []
    for lane in lanes:
        for group in groups:
            if sign := _polarity(group[0][0], lane):
                group.append((lane, sign))
                break
        else:
            groups.append([(lane, 1)])
    return groups


def _polarity(one: Lane, other: Lane) -> int:
    """1 where two channels mix, -1 where one is the other's inverse, else 0."""
    found, swing = similarity.second_correlations(one, other)
    if not len(found) or swing > LIMITS.swing:
        return 0
    if (found > LIMITS.alike).mean() >= LIMITS.mostly:
        return 1
    turned = (found < -LIMITS.alike).mean() >= LIMITS.inverse
    return -1 if turned and (found < LIMITS.alike).all() else 0


def _unclipped(group: list[tuple[Lane, int]]) -> list[tuple[Lane, int]]:
    """Of channels that are alike those whose peaks are whole; all of them where none is."""
    several = len(group) > 1
    return [pair for pair in group if several and not similarity.is_clipped(pair[0])] or group


def name_list(named: Sequence[Lane | Path]) -> str:
    """ "channel 1, channel 2 and channel 3"."""
    *most, last = [each.name for each in named]
    return f"{', '.join(most)} and {last}" if most else last
