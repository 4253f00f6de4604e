"""Voices of hardly any speech: mostly stray pieces of somebody else's, and no speakers."""

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np

from pipeline.data import Diarization, Turn, seconds_by_voice
from pipeline.diarize.turns import join_turns

LITTLE = 8.0  # seconds
SHARE = 0.02  # of the speech


def stray_speakers(found: Diarization) -> frozenset[str]:
    """The speakers who have less than both LITTLE and SHARE, where there is anybody else."""
    seconds = dict.fromkeys((voice.speaker for voice in found.voices), 0.0)
    seconds |= seconds_by_voice((*found.turns, *found.beside))
    most = min(LITTLE, SHARE * sum(seconds.values()))
    return frozenset(speaker for speaker, spoken in seconds.items() if spoken < most)


def reassign(found: Diarization, gone: Collection[str]) -> Diarization:
    """The turns of those who are gone go to whom they sound most like.

    The others keep their ids: those that a person was shown, and has given names to.
    """
    kept = tuple(voice for voice in found.voices if voice.speaker not in gone)
    if not kept or len(kept) == len(found.voices):
        return found
    known = np.array([voice.embedding for voice in kept])
    nearest = {
        voice.speaker: kept[int((known @ np.array(voice.embedding)).argmax())].speaker
        for voice in found.voices
        if voice.speaker in gone
    }

    def owned(turns: Iterable[Turn]) -> list[Turn]:
        return [replace(turn, speaker=nearest.get(turn.speaker, turn.speaker)) for turn in turns]

    return Diarization(tuple(join_turns(owned(found.turns))), kept, tuple(owned(found.beside)))
