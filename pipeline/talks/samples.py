"""Short stretches in which one can hear who a speaker is."""

from collections.abc import Sequence

from pipeline.data import Span, Utterance, ms

SECONDS = 6.0  # of one sample
COUNT = 3


def clear_samples(speaker: str, utterances: Sequence[Utterance]) -> tuple[Span, ...]:
    """Up to three stretches of at most six seconds, the clearest speech first, then in time order.

    Long utterances of words that the engine is sure of are clear: nobody talks over them.
    """
    own = [utterance for utterance in utterances if utterance.speaker == speaker]
    best = sorted(own, key=_clarity, reverse=True)[:COUNT]
    return tuple(_middle(utterance) for utterance in sorted(best, key=lambda one: one.start))


def _clarity(utterance: Utterance) -> float:
    sure = sum(word.probability for word in utterance.words) / len(utterance.words)
    return sure * min(utterance.end - utterance.start, SECONDS)


def _middle(utterance: Utterance) -> Span:
    spare = max(0.0, utterance.end - utterance.start - SECONDS) / 2
    return Span(ms(utterance.start + spare), ms(utterance.end - spare))
