"""Turns and voices as every engine hands them over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from numpy.typing import NDArray

from pipeline.data import Diarization, Turn, Voice, ms

PAUSE = 0.3  # seconds; a shorter one is part of the turn


def diarization(
    spoken: Sequence[Turn], beside: Sequence[Turn], voices: Mapping[str, NDArray[Any]], engine: str
) -> Diarization:
    """Speakers in order of first appearance, with the voices of those who have a turn.

    `voices`: of unit length, by what the turns call their speakers.
    """
    ordered = sorted([*spoken, *beside], key=attrgetter("start"))
    heard = dict.fromkeys(turn.speaker for turn in ordered)
    names = {label: f"SPEAKER_{number:02d}" for number, label in enumerate(heard)}

    def renamed(turns: Iterable[Turn]) -> tuple[Turn, ...]:
        return tuple(Turn(ms(t.start), ms(t.end), names[t.speaker]) for t in turns)

    rounded = {label: tuple(round(float(x), 5) for x in voices[label]) for label in heard}
    made = tuple(Voice(names[label], engine, voice) for label, voice in rounded.items())
    return Diarization(renamed(spoken), made, renamed(beside))


def join_turns(turns: Iterable[Turn]) -> list[Turn]:
    """Turns of one speaker that follow one another at once are one."""
    made: list[Turn] = []
    for turn in turns:
        last = made[-1] if made else None
        if last and last.speaker == turn.speaker and turn.start - last.end <= PAUSE:
            made[-1] = replace(last, end=turn.end)
        else:
            made.append(turn)
    return made
