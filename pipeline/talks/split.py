"""Where one talk ends and the next begins: who holds the floor, decided for the whole event.

A hidden Markov model over the utterances, decoded by Viterbi. A state says whose floor it is: one
speaker's, a panel's, the audience's (Q&A), nobody's (a break), or a lead-in that belongs to the
floor after it. Costs are seconds: speech that a state does not explain, and a price for each new
talk, which the evidence at the gap (boundary.py) lowers.
"""

from dataclasses import dataclass

import numpy as np

from pipeline.talks.boundary import credits, hands_over
from pipeline.talks.room import STRANGER, Room

NEW_TALK = 75.0  # seconds of somebody else's speech that one boundary is worth
HOLDS = 40.0  # seconds; who never speaks as long without a stop never has the floor alone
LEAD = 0.12  # a second of introduction
LEAD_CHANGE = 15.0  # another voice within an introduction
LEAD_ENDS = 15.0  # an introduction that ends with no hand-over phrase
PANEL, PANEL_STRANGER, PANEL_LONG = 0.2, 0.5, 100.0
QA, QA_STRANGER, QA_LONG = 0.15, 0.0, 150.0
BREAK, BREAK_MUSIC = 0.4, 0.05
MONOLOGUE = 0.8  # a second of a run that is too long for a conversation


@dataclass(frozen=True, slots=True)
class Stretch:
    """Utterances `first` to `last` with one floor: a speaker's, or "panel", "qa", "break".

    The body begins at utterance `body`; what is before it introduces it.
    """

    first: int
    last: int
    floor: str
    body: int


def stretches(room: Room) -> tuple[Stretch, ...]:
    """The event, cut into stretches that leave no gap and do not overlap."""
    holders = _holders(room)
    floors = [*holders, "panel", "qa", "break", "lead"]
    path, begins = _decode(_costs(room, holders), credits(room), _ends_lead(room))
    return _collect(path, begins, floors)


def _holders(room: Room) -> list[str]:
    longest: dict[str, float] = {}
    for run in room.runs:
        longest[run.speaker] = max(longest.get(run.speaker, 0.0), run.spoken)
    chosen = [speaker for speaker, long in longest.items() if long >= HOLDS]
    return chosen or [max(longest, key=lambda speaker: room.spoken[speaker])]


def _costs(room: Room, holders: list[str]) -> np.ndarray:
    """(utterances, states): the seconds that a state leaves unexplained."""
    costs = np.empty((len(room.utterances), len(holders) + 4))
    for place, utterance in enumerate(room.utterances):
        long = utterance.end - utterance.start
        run = room.runs[room.run_of[place]]
        stranger = room.spoken[utterance.speaker] < STRANGER
        costs[place, :-4] = [0.0 if utterance.speaker == holder else long for holder in holders]
        costs[place, -4] = long * (PANEL_STRANGER if stranger else PANEL)
        costs[place, -3] = long * (QA_STRANGER if stranger else QA)
        costs[place, -2] = long * BREAK
        costs[place, -1] = long * LEAD + LEAD_CHANGE * (place == run.first)
        if run.spoken > PANEL_LONG:
            costs[place, -4] += MONOLOGUE * long * (1 - PANEL_LONG / run.spoken)
        if run.spoken > QA_LONG:
            costs[place, -3] += MONOLOGUE * long * (1 - QA_LONG / run.spoken)
    return costs


def _ends_lead(room: Room) -> np.ndarray:
    """For each utterance, the price of ending a lead-in before it."""
    price = np.full(len(room.utterances), LEAD_ENDS)
    for place in range(1, len(price)):
        if hands_over(room, place - 1):
            price[place] = 0.0
    return price


def _decode(
    costs: np.ndarray, credit: np.ndarray, ends_lead: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Viterbi: the state of every utterance, and whether a talk begins with it."""
    count, states = costs.shape
    total = costs[0].copy()
    came = np.zeros((count, states), dtype=np.int32)
    fresh = np.zeros((count, states), dtype=bool)
    lead, every = states - 1, np.arange(states)
    for place in range(1, count):
        led = total[lead] + ends_lead[place]
        stay = np.where((every != lead) & (led < total), led, total)
        source = np.where((every != lead) & (led < total), lead, every)
        best = int(np.argmin(total[:lead]))
        new = total[best] + NEW_TALK - credit[place]
        fresh[place] = new < stay
        came[place] = np.where(fresh[place], best, source)
        total = np.where(fresh[place], new, stay) + costs[place]
    return _trace(int(np.argmin(total[:lead])), came, fresh)


def _trace(state: int, came: np.ndarray, fresh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    path = np.zeros(len(came), dtype=np.int32)
    begins = np.zeros(len(came), dtype=bool)
    for place in range(len(came) - 1, -1, -1):
        path[place], begins[place] = state, fresh[place, state]
        state = int(came[place, state])
    begins[0] = True
    return path, begins


def _collect(path: np.ndarray, begins: np.ndarray, floors: list[str]) -> tuple[Stretch, ...]:
    starts = [int(place) for place in np.flatnonzero(begins)]
    found = []
    for first, end in zip(starts, [*starts[1:], len(path)], strict=True):
        body = next((p for p in range(first, end) if floors[path[p]] != "lead"), first)
        found.append(Stretch(first, end - 1, floors[path[body]], body))
    return tuple(found)
