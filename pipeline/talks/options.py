"""Every threshold of this package, so that the benchmark can sweep it: talks.py --sweep new_talk.

Figures: F1 of boundaries over tests/benchmarks/data/events (tuned), held_out in it, and transcripts
that nobody tuned on, from tests/benchmarks/public_talks.py: ten conferences and nine days of a
standards committee: .817, .914, .986 and .319.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where talks begin and who is who; costs are seconds of speech that a reading leaves over."""

    # the floor, decided for the whole event (split.py)
    new_talk: float = 75.0  # s of somebody else's speech that a boundary costs
    holds: float = 40.0  # s at one stretch with which somebody may hold the floor alone
    turn: float = 90.0  # s; in a conversation nobody speaks longer at one stretch
    lead: float = 0.12  # share of a host's introduction that is left over
    lead_other: float = 0.6  # the same of anybody else's
    panel: float = 0.2  # share of a conversation of the same few that is left over
    pause: float = 5.0  # s for each second of silence beyond a breath
    applause: float = 5.0  # s for each second of applause
    phrase: float = 30.0  # s for each phrase that opens or ends something
    hand_over: float = 40.0  # s from "please welcome" to where its sayer stops
    around: float = 90.0  # s of silence after which nobody has just had the floor
    # sections
    floor: float = 30.0  # s of speech with which one has had the floor
    call: float = 25.0  # s; a host who speaks longer does more than call somebody up
    shortest: float = 8.0  # s of an opening or a closing
    welcome: float = 240.0  # s; no opening or closing is longer


THRESHOLDS = Thresholds()
