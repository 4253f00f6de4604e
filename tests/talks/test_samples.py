"""Samples by which a person tells who a speaker is."""

from pipeline.data import Utterance, Word
from pipeline.talks.samples import clear_samples


def utterance(number: int, speaker: str, start: float, end: float, sure: float) -> Utterance:
    return Utterance(number, speaker, (Word(start, end, "word", sure, speaker),))


def test_three_long_clear_stretches_of_the_speaker_in_time_order() -> None:
    said = (
        utterance(0, "A", 0.0, 1.0, 0.9),
        utterance(1, "B", 1.0, 30.0, 0.9),
        utterance(2, "A", 40.0, 60.0, 0.9),
        utterance(3, "A", 70.0, 75.0, 0.8),
        utterance(4, "A", 80.0, 90.0, 0.2),
        utterance(5, "A", 100.0, 106.0, 0.95),
    )
    spans = clear_samples("A", said)
    assert [(span.start, span.end) for span in spans] == [
        (47.0, 53.0),
        (70.0, 75.0),
        (100.0, 106.0),
    ]
    assert clear_samples("C", said) == ()
