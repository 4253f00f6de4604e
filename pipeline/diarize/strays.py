"""Voices of hardly any speech: mostly stray pieces of somebody else's, and no speakers."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from pipeline.data import Diarization, Turn

LITTLE = 8.0  # seconds
SHARE = 0.02  # of the speech
_JOINED = 0.3  # seconds between two turns that become one speaker's


def strays(found: Diarization) -> frozenset[str]:
    """The speakers who have less than both LITTLE and SHARE, where there is anybody else."""
    seconds: dict[str, float] = dict.fromkeys((v.speaker for v in found.voices), 0.0)
    for turn in (*found.turns, *found.beside):
        seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + turn.end - turn.start
    most = min(LITTLE, SHARE * sum(seconds.values()))
    return frozenset(speaker for speaker, spoken in seconds.items() if spoken < most)


def without(found: Diarization, gone: Collection[str]) -> Diarization:
    """The turns of those who are gone go to whom they sound most like; numbers stay in order."""
    kept = [voice for voice in found.voices if voice.speaker not in gone]
    if not kept or len(kept) == len(found.voices):
        return found
    known = np.array([voice.embedding for voice in kept])
    nearest = {voice.speaker: voice.speaker for voice in kept}
    for voice in found.voices:
        if voice.speaker in gone:
            nearest[voice.speaker] = kept[int((known @ np.array(voice.embedding)).argmax())].speaker
    owners = [(turn, nearest[turn.speaker]) for turn in (*found.turns, *found.beside)]
    order = dict.fromkeys(who for _, who in sorted(owners, key=lambda each: each[0].start))
    names = {who: f"SPEAKER_{number:02d}" for number, who in enumerate(order)}
    called = {speaker: names[who] for speaker, who in nearest.items() if who in names}
    voices = sorted((replace(v, speaker=names[v.speaker]) for v in kept), key=lambda v: v.speaker)
    return Diarization(
        _joined([replace(turn, speaker=called[turn.speaker]) for turn in found.turns]),
        tuple(voices),
        tuple(replace(turn, speaker=called[turn.speaker]) for turn in found.beside),
    )


def _joined(turns: list[Turn]) -> tuple[Turn, ...]:
    """Turns of one speaker that follow one another at once are one."""
    made: list[Turn] = []
    for turn in turns:
        last = made[-1] if made else None
        if last and last.speaker == turn.speaker and turn.start - last.end <= _JOINED:
            made[-1] = replace(last, end=turn.end)
        else:
            made.append(turn)
    return tuple(made)
