"""Where one talk ends and the next begins: who holds the floor, decided for the whole event.

A hidden Markov model over the utterances, decoded by Viterbi. A state says whose floor it is: one
speaker's, a panel's, the audience's (Q&A), nobody's (a break), or a lead-in that belongs to the
floor after it. Costs are seconds: speech that a state does not explain, and a price for each new
talk, which the evidence at the gap (boundary.py) lowers.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.talks.boundary import credits
from pipeline.talks.room import STRANGER, Room, Run

NEW_TALK = 75.0  # seconds of somebody else's speech that one boundary is worth
HOLDS = 40.0  # seconds; who never speaks as long without a stop never has the floor alone
LEAD, LEAD_STRANGER = 0.12, 0.6  # a second of introduction, by a host and by others
LEAD_LONG = 60.0  # one that is too long
LEAD_CHANGE = 30.0  # another voice within an introduction
ABRUPT = 20.0  # a talk that begins with somebody else's words, which do not introduce it
LEAD_ENDS = 8.0  # an introduction that ends with no hand-over phrase
PANEL, PANEL_LONG = 0.2, 100.0  # a second; one too long for a conversation
QA, QA_STRANGER, QA_LONG, QUESTION_LONG = 0.15, 0.02, 90.0, 100.0
BREAK = 0.4
MONOLOGUE = 0.8  # a second of a run that is too long for a conversation

Kind = Literal["one", "panel", "qa", "break"]
Costs = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Utterances `first` to `last` with one floor: the `holder`'s, or that of several.

    The body begins at utterance `body`; what is before it introduces it.
    """

    first: int
    last: int
    kind: Kind
    holder: str
    body: int


def stretches(room: Room) -> tuple[Stretch, ...]:
    """The event, cut into stretches that leave no gap and do not overlap."""
    holders = _holders(room)
    strangers = _strangers(room)
    places = range(len(room.utterances))
    costs = np.array([_costs(room, place, holders, strangers) for place in places])
    changes = np.array([run.first for run in room.runs])
    leads = np.zeros(len(costs))
    leads[changes] = LEAD_CHANGE * room.scale
    price = NEW_TALK * room.scale - credits(room)
    path, begins = _decode(costs, price, leads, _ends_lead(room))
    return _collect(path, begins, holders)


def _holders(room: Room) -> list[str]:
    longest: dict[str, float] = {}
    for run in room.runs:
        longest[run.speaker] = max(longest.get(run.speaker, 0.0), run.spoken)
    chosen = [speaker for speaker, long in longest.items() if long >= HOLDS * room.scale]
    return chosen or [max(longest, key=lambda speaker: room.spoken[speaker])]


def _strangers(room: Room) -> frozenset[str]:
    """The audience: who says little, or speaks up once or twice without being called up."""
    times = Counter(run.speaker for run in room.runs)
    called = {run.speaker for run in room.runs if run.first and room.hands_over(run.first - 1)}
    return frozenset(
        speaker
        for speaker, seconds in room.spoken.items()
        if seconds < STRANGER * room.scale or (times[speaker] <= 2 and speaker not in called)
    )


def _costs(room: Room, place: int, holders: list[str], strangers: frozenset[str]) -> list[float]:
    """The seconds that each state leaves unexplained: the holders', then those of several."""
    utterance, run = room.utterances[place], room.run(place)
    long = utterance.end - utterance.start
    stranger = utterance.speaker in strangers
    lead = LEAD if utterance.speaker in room.hosts else LEAD_STRANGER
    limit = QUESTION_LONG if stranger else QA_LONG
    return [
        *(0.0 if utterance.speaker == holder else long for holder in holders),
        long * (PANEL + _too_long(run, PANEL_LONG * room.scale)),
        long * ((QA_STRANGER if stranger else QA) + _too_long(run, limit * room.scale)),
        long * BREAK,
        long * (lead + _too_long(run, LEAD_LONG * room.scale)),
    ]


def _too_long(run: Run, limit: float) -> float:
    return MONOLOGUE * max(0.0, 1 - limit / max(run.spoken, 1e-3))


def _ends_lead(room: Room) -> Costs:
    """For each utterance, the price of ending a lead-in before it."""
    free = [place > 0 and room.hands_over(place - 1) for place in range(len(room.utterances))]
    return np.where(free, 0.0, LEAD_ENDS * room.scale)


def _decode(
    costs: Costs, price: Costs, stays_lead: Costs, ends_lead: Costs
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Viterbi: the state of every utterance, and whether a talk begins with it."""
    count, states = costs.shape
    total, lead = costs[0].copy(), states - 1
    came = np.zeros((count, states), dtype=np.int32)
    fresh = np.zeros((count, states), dtype=np.bool_)
    every = np.arange(states)
    abrupt = np.where(every < states - 4, ABRUPT, 0.0)
    for place in range(1, count):
        led = total[lead] + ends_lead[place]
        total[lead] += stays_lead[place]
        stay = np.minimum(total, np.where(every == lead, np.inf, led))
        source = np.where(stay < total, lead, every)
        best = int(np.argmin(total[:lead]))
        new = total[best] + price[place] + np.where(costs[place] > 0, abrupt, 0.0)
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
    several: tuple[Kind, ...] = ("panel", "qa", "break")
    starts = [int(place) for place in np.flatnonzero(begins)]
    found = []
    for first, end in zip(starts, [*starts[1:], len(path)], strict=True):
        leads = len(holders) + len(several)
        body = next((p for p in range(first, end) if path[p] != leads), first)
        state = int(path[body])
        alone = state < len(holders)
        kind: Kind = "one" if alone else several[min(state - len(holders), 2)]
        found.append(Stretch(first, end - 1, kind, holders[state] if alone else "", body))
    return tuple(found)
