"""Where one talk ends and the next begins: who holds the floor, decided for the whole event.

A hidden Markov model over the utterances, decoded by Viterbi. A state says whose floor it is: one
speaker's, that of several (a panel, questions), or a lead-in that belongs to the floor after it.
Costs are seconds: speech that a state does not explain, and a price for each new talk, which the
evidence at the gap lowers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.talks.floor import Floor

Costs = NDArray[np.float64]


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
    """The event, cut into stretches that leave no gap and do not overlap."""
    holders = _holders(room)
    count = len(room.utterances)
    costs = np.array([_costs(room, place, holders) for place in range(count)])
    price = np.array([_price(room, place) for place in range(count)])
    change = np.zeros(count)
    change[[run.first for run in room.runs]] = room.options.phrase * room.scale
    path, begins = _decode(costs, price, change)
    return _collect(path, begins, holders)


def _holders(room: Floor) -> list[str]:
    longest: dict[str, float] = {}
    for run in room.runs:
        longest[run.speaker] = max(longest.get(run.speaker, 0.0), run.spoken)
    bar = room.options.holds * room.scale
    chosen = [speaker for speaker, long in longest.items() if long >= bar]
    return chosen or [max(longest, key=lambda speaker: room.spoken[speaker])]


def _costs(room: Floor, place: int, holders: list[str]) -> list[float]:
    """The seconds that each state leaves unexplained: the holders', that of several, a lead-in."""
    utterance, run, options = room.utterances[place], room.run(place), room.options
    long = utterance.end - utterance.start
    lead = options.lead if utterance.speaker in room.hosts else options.lead_other
    too_long = max(0.0, 1 - options.turn * room.scale / max(run.spoken, 1e-3))
    return [
        *(0.0 if utterance.speaker == holder else long for holder in holders),
        long * (options.panel + too_long),
        long * (lead + too_long),
    ]


def _price(room: Floor, place: int) -> float:
    """The cost, in seconds of speech, of a talk that begins with an utterance."""
    if not place:
        return 0.0
    options, before, here = room.options, room.utterances[place - 1], room.utterances[place]
    ends = _floor_ends(room, place)
    clapped = room.clapped(before.end - 4.0, here.start + 2.0) * (1.0 if ends else 0.25)
    credit = options.pause * min(20.0, max(0.0, here.start - before.end - 1.5))
    credit += min(options.phrase, options.applause * clapped)
    credit += options.phrase * (room.hands_over(place) + _closes(room, place - 1, ends))
    return max(0.0, options.new_talk * room.scale - credit)


def _floor_ends(room: Floor, place: int) -> bool:
    """Whether another speaks now, after more than a few words of introduction."""
    before, here = room.run(place - 1), room.run(place)
    long = before.spoken >= room.options.floor * room.scale or here.speaker in room.hosts
    return before is not here and long


def _closes(room: Floor, place: int, ends: bool) -> float:
    """How many phrases say that something ends with an utterance; an introduction does not."""
    here, after = room.utterances[place], room.utterances[place + 1]
    if here.speaker == after.speaker:
        return 0.0
    thanks = 0.5 * (ends and _late(room, place, "thanks"))
    return _late(room, place, "break") + thanks - room.hands_over(place)


def _late(room: Floor, place: int, *kinds: str) -> bool:
    end = room.utterances[place].end
    return any(end - cue.time < room.options.call for cue in room.said(place, *kinds))


def _decode(
    costs: Costs, price: Costs, change: Costs
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Viterbi: the state of every utterance, and whether a talk begins with it.

    `change` is what a lead-in costs in which another voice begins to speak.
    """
    count, states = costs.shape
    total, lead = costs[0].copy(), states - 1
    came = np.zeros((count, states), dtype=np.int32)
    fresh = np.zeros((count, states), dtype=np.bool_)
    every = np.arange(states)
    for place in range(1, count):
        led = total[lead]
        total[lead] += change[place]
        stay = np.minimum(total, led)
        stay[lead] = total[lead]
        source = np.where(stay < total, lead, every)
        best = int(np.argmin(total[:lead]))
        new = total[best] + price[place]
        fresh[place] = new < stay
        came[place] = np.where(fresh[place], best, source)
        total = np.minimum(new, stay) + costs[place]
    return _trace(int(np.argmin(total[:lead])), came, fresh)


def _trace(
    state: int, came: NDArray[np.int32], fresh: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    path = np.zeros(len(came), dtype=np.int32)
    begins = np.zeros(len(came), dtype=np.bool_)
    for place in range(len(came) - 1, -1, -1):
        path[place], begins[place] = state, fresh[place, state]
        state = int(came[place, state])
    begins[0] = True
    return path, begins


def _collect(
    path: NDArray[np.int32], begins: NDArray[np.bool_], holders: list[str]
) -> tuple[Stretch, ...]:
    starts = [int(place) for place in np.flatnonzero(begins)]
    found = []
    for first, end in zip(starts, [*starts[1:], len(path)], strict=True):
        body = next((p for p in range(first, end) if path[p] <= len(holders)), first)
        holder = holders[path[body]] if path[body] < len(holders) else ""
        found.append(Stretch(first, end - 1, holder, body))
    return tuple(found)
