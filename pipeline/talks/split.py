"""Where one talk ends and the next begins: where those who speak change.

A stretch costs its seconds times the entropy of who speaks in them; silence is nobody's. A boundary
has a price, which is lower where a host begins to speak, where a new voice does, and where a phrase
opens something (words/cues.toml). What is cheapest for the whole event is found by PELT (Killick,
Fearnhead & Eckley 2012). Applause and pauses have no say: nowhere are they worth .01 of F1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.data import Utterance, seconds_by_voice
from pipeline.talks.floor import OPENS, Floor

Seconds = NDArray[np.float64]
NOBODY = ""
BREATH = 1.5  # s of silence that are part of speech; with 0 first_sight has F1 .66, not .70


@dataclass(frozen=True, slots=True)
class Stretch:
    """Utterances `first` to `last` with one floor: the `holder`'s, or that of several.

    The body begins at utterance `body`; what is before it introduces it.
    """

    first: int
    last: int
    holder: str  # "" where it is several people's
    body: int


def stretches(room: Floor) -> tuple[Stretch, ...]:
    """The event, cut into stretches that leave no gap and do not overlap, the welcome and the
    good-bye as sections of their own."""
    spoken = list(_spoken(room.utterances))
    starts = np.flatnonzero([voice != NOBODY for voice, _ in spoken])
    prices = np.full(len(spoken), np.inf)
    prices[starts] = [_price(room, place) for place in range(len(room.utterances))]
    firsts = np.searchsorted(starts, _cheapest(spoken, prices)).tolist()
    found = [_stretch(room, *ends) for ends in pairwise([*firsts, len(room.utterances)])]
    return tuple(_with_closing(room, _with_opening(room, found)))


def _spoken(utterances: Sequence[Utterance]) -> Iterator[tuple[str, float]]:
    """Who speaks for how many seconds, nobody in the silence after an utterance."""
    for utterance, after in pairwise([*utterances, utterances[-1]]):
        yield utterance.speaker, utterance.end - utterance.start
        if after.start - utterance.end > BREATH:
            yield NOBODY, after.start - utterance.end - BREATH


def _price(room: Floor, place: int) -> float:
    """The cost of a talk that begins with an utterance."""
    if not place:
        return 0.0
    run, options = room.run(place), room.options
    led = run.speaker in room.hosts
    called = (*room.after(run, 1), run)[0] if led else run
    signs = (led + (called.first in room.debuts)) * (run.first == place)
    signs += bool(room.said(place, *OPENS))
    return max(0.0, options.new_talk * room.scale - options.eased * signs)


def _cheapest(spoken: Sequence[tuple[str, float]], prices: Seconds) -> list[int]:
    """The places at which the stretches begin whose entropies and prices are least together."""
    voices = {voice: column for column, voice in enumerate(dict.fromkeys(v for v, _ in spoken))}
    before = np.zeros((len(spoken) + 1, len(voices)))  # seconds of each voice
    least, came = np.zeros(len(spoken) + 1), np.zeros(len(spoken) + 1, dtype=np.int64)
    open_, cost = np.array([0]), np.zeros(1)  # where the last stretch may begin, and its cost
    for place, (voice, seconds) in enumerate(spoken):
        column, here = voices[voice], before[place]
        whole, own = here.sum() - before[open_].sum(axis=1), here[column] - before[open_, column]
        cost = cost + _grown(whole, seconds) - _grown(own, seconds)
        before[place + 1] = here
        before[place + 1, column] += seconds
        total = least[open_] + prices[open_] + cost
        came[place + 1], least[place + 1] = open_[total.argmin()], total.min()
        if place + 1 < len(spoken):
            kept = total < least[place + 1] + prices[place + 1]
            open_, cost = np.append(open_[kept], place + 1), np.append(cost[kept], 0.0)
    places = [int(came[-1])]
    while places[0]:
        places.insert(0, int(came[places[0]]))
    return places


def _grown(seconds: Seconds, more: float) -> Seconds:
    """By how much x log x grows."""
    return _x_log_x(seconds + more) - _x_log_x(seconds)


def _x_log_x(x: Seconds) -> Seconds:
    return x * np.log(np.maximum(x, 1e-9))


def _stretch(room: Floor, first: int, end: int) -> Stretch:
    """Utterances `first` up to `end` (not included) as a stretch."""
    several = room.utterances[first:end]
    spoken = seconds_by_voice(several)
    most = max(spoken, key=lambda voice: spoken[voice])
    holder = most if spoken[most] >= room.options.share * sum(spoken.values()) else ""
    return Stretch(first, end - 1, holder, first + _lead(room, several, holder))


def _lead(room: Floor, several: Sequence[Utterance], holder: str) -> int:
    """How many utterances introduce a stretch: those before its holder's, or a host's."""
    others = [one.speaker != several[0].speaker for one in several]
    if holder:
        return [one.speaker for one in several].index(holder)
    return others.index(True) if several[0].speaker in room.hosts and any(others) else 0


# ---- welcome and good-bye: of thirteen rules that stood here ten made the cut no better


def _with_opening(room: Floor, stretches: list[Stretch]) -> list[Stretch]:
    """The first speaker's welcome is a section to where they call up who speaks next.

    Worth .01 of F1 on the scripts of first_sight.
    """
    first, run = stretches[0], room.runs[0]
    alone = first.last == run.last and len(stretches) > 1
    calls = max((p for p in range(run.last + 1) if room.hands_over(p)), default=-1)
    if calls < 0 or not (alone or (first.last > run.last and first.holder != run.speaker)):
        return stretches
    talk, *others = stretches[1:] if alone else stretches
    if room.utterances[calls].start - room.utterances[0].start < room.options.shortest:
        return [_stretch(room, 0, talk.last + 1), *others]
    opening = Stretch(0, calls - 1, run.speaker, 0)
    return [opening, _stretch(room, calls, talk.last + 1), *others]


def _with_closing(room: Floor, stretches: list[Stretch]) -> list[Stretch]:
    """The good-bye of a host, or of who thanks, is a section, where another had the floor before.

    Worth .04 of F1 there.
    """
    last, run = stretches[-1], room.runs[-1]
    said = any(room.said(place, "close", "thanks") for place in range(run.first, run.last + 1))
    mixed = run.first > last.body and last.holder != run.speaker
    brief = run.end - run.start < room.options.shortest
    if brief or not mixed or not (said or run.speaker in room.hosts):
        return stretches
    closing = Stretch(run.first, run.last, run.speaker, run.first)
    return [*stretches[:-1], _stretch(room, last.first, run.first), closing]
