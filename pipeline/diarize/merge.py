"""Words get their speakers, and become utterances.

A word goes to the turn that holds most of it, by the word's own times; a whole segment is never
given to one speaker. A fault of turn edges, which are right to about 0.2 s, is put right: a change
of speaker that misses the pause beside it by a word. An utterance ends where the speaker changes or
pauses for over PAUSE.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.data import Turn, Utterance, Word

PAUSE = 1.0  # seconds of silence that end an utterance
EDGE = 0.5  # seconds by which an edge of a turn may be wrong
CLEARLY = 0.2  # seconds by which a pause must beat the one at the change to draw the change to it
NOBODY = "SPEAKER_00"  # who speaks when an engine heard no voice at all


def utterances(
    words: Sequence[Word], turns: Sequence[Turn]
) -> tuple[tuple[Utterance, ...], tuple[str, ...]]:
    """Words with their speakers, as utterances numbered from 0, and the warnings about them.

    `words` and `turns` in time order; turns do not overlap. A word outside every turn goes to the
    nearest turn, and a warning counts them.
    """
    holders = [_holder(word, turns) for word in words]
    outside = sum(not _overlap(w, t) for w, t in zip(words, holders, strict=True))
    speakers = [turn.speaker for turn in holders]
    _draw_to_pauses(words, holders, speakers)
    spoken = [replace(w, speaker=s) for w, s in zip(words, speakers, strict=True)]
    return grouped(spoken), _warnings(outside, len(words), bool(turns))


def grouped(words: Sequence[Word]) -> tuple[Utterance, ...]:
    """Words that have their speakers as utterances, numbered from 0."""
    runs = enumerate(_runs(words))
    return tuple(Utterance(n, run[0].speaker or NOBODY, tuple(run)) for n, run in runs)


def _warnings(outside: int, count: int, any_turns: bool) -> tuple[str, ...]:
    if not outside:
        return ()
    if not any_turns:
        return (f"no voice was found for {count} words; all went to {NOBODY}",)
    words = "1 word was" if outside == 1 else f"{outside} words were"
    return (f"{words} outside every speaker's turn and went to the nearest ({count} in all)",)


def _holder(word: Word, turns: Sequence[Turn]) -> Turn:
    """The turn with most of the word in it, or else the nearest."""
    after = bisect_left(turns, word.end, key=lambda turn: turn.start)
    first = bisect_left(turns, word.start, key=lambda turn: turn.end)
    near = turns[max(0, first - 1) : after + 1]
    if not near:
        return Turn(word.start, word.start, NOBODY)
    return max(near, key=lambda t: (_overlap(word, t), min(word.end - t.start, t.end - word.start)))


def _overlap(word: Word, turn: Turn) -> float:
    """Seconds of the word inside the turn; a word of no length counts where it stands."""
    inside = min(word.end, turn.end) - max(word.start, turn.start)
    return max(inside, 1e-6 if inside == 0 == word.end - word.start else 0.0)


def _draw_to_pauses(words: Sequence[Word], holders: Sequence[Turn], speakers: list[str]) -> None:
    """Moves a change of speaker by one word, to a pause that is clearly longer.

    The word must not be all that its speaker says there, and lie within EDGE of the turn's edge.
    """
    for at in range(1, len(words)):
        old, new = speakers[at - 1], speakers[at]
        if old == new:
            continue
        wanted = _pause(words, at) + CLEARLY
        early = at > 1 and speakers[at - 2] == old and _pause(words, at - 1) >= wanted
        late = speakers[at + 1 : at + 2] == [new] and _pause(words, at + 1) >= wanted
        if early and holders[at].start - words[at - 1].start <= EDGE:
            speakers[at - 1] = new
        elif late and words[at].end - holders[at - 1].end <= EDGE:
            speakers[at] = old


def _pause(words: Sequence[Word], at: int) -> float:
    """Seconds of silence before a word."""
    return words[at].start - words[at - 1].end


def _runs(words: Sequence[Word]) -> list[Sequence[Word]]:
    """Words of one speaker without a long pause."""
    ends = [at for at in range(1, len(words)) if _ends(words[at - 1], words[at])]
    cuts = [0, *ends, len(words)] if words else []
    return [words[first:end] for first, end in pairwise(cuts)]


def _ends(word: Word, following: Word) -> bool:
    return word.speaker != following.speaker or following.start - word.end > PAUSE
