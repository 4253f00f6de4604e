"""Every threshold of this package, so that the benchmark can sweep it: talks.py --sweep new_talk.

Figures: F1 of boundaries over tests/benchmarks/data/events .788 (tuned), held_out in it .848, and
first_sight in it .697 (.679 without phrases, .62 without hosts, .63 without new voices); over
transcripts that nobody tuned on, from tests/benchmarks/public_talks.py, ten conferences and nine
days of a standards committee, .978 and .476. The prices were picked on the tuned events and on ten
scripts of first_sight; the other ten have .661, and eight that were written afterwards .667.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where talks begin and who is who; the price of a boundary is in seconds times nats."""

    # the floor, decided for the whole event (split.py)
    new_talk: float = 160.0  # s times nats: the price of a boundary
    eased: float = 30.0  # and how much less for each sign of one
    share: float = 0.6  # of a stretch's speech with which its holder has the floor alone
    holds: float = 40.0  # s at one stretch with which somebody takes the floor
    hand_over: float = 40.0  # s from "please welcome" to where its sayer stops
    # sections
    floor: float = 30.0  # s of speech with which one has had the floor
    shortest: float = 8.0  # s of an opening or a closing
    welcome: float = 240.0  # s; no opening or closing is longer


THRESHOLDS = Thresholds()
