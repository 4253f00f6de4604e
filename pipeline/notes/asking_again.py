"""Talks about which a person wants a model to be asked again, from the words as they are now."""

from dataclasses import replace

from pipeline.corrections.file import Corrections
from pipeline.corrections.words import apply_word_fixes
from pipeline.data import Outline, Utterance


def asked_again(known: Outline, fixed: Corrections) -> tuple[Outline, frozenset[int]]:
    """The outline with corrected words in those talks alone, and which they are.

    Utterances keep their numbers, and voices their names: those are put right in what is written.
    """
    asked = (known.talk_at(fix.at.time) for fix in fixed.talk if fix.ask)
    again = frozenset(talk.index for talk in asked if talk)
    if not again:
        return known, again

    def anew(said: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
        made, _, _ = apply_word_fixes(said, fixed.word, fixed.replace)
        return tuple(now if now.words else old for now, old in zip(made, said, strict=True))

    spans = [(talk.start, talk.end) for talk in known.talks if talk.index in again]
    said = (
        now if any(start <= old.start < end for start, end in spans) else old
        for old, now in zip(known.utterances, anew(known.utterances), strict=True)
    )
    talks = (
        replace(talk, utterances=anew(talk.utterances)) if talk.index in again else talk
        for talk in known.talks
    )
    return replace(known, utterances=tuple(said), talks=tuple(talks)), again
