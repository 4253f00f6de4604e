"""How many people speak is seen in the data."""

import numpy as np
import pytest

from pipeline.diarize.cluster import ENOUGH, speakers, widest_gap
from pipeline.diarize.embedding import SIZE, unit
from pipeline.event import SpeakerCount

ANY = SpeakerCount()


def voices(count: int, apart: float, rng: np.random.Generator) -> np.ndarray:
    """Unit vectors whose cosine distance to one another is about `apart`."""
    shared, own = rng.standard_normal(SIZE), rng.standard_normal((count, SIZE))
    return unit(np.sqrt(1 - apart) * unit(shared) + np.sqrt(apart) * unit(own))


def pieces(
    people: np.ndarray, turns: list[int], spread: float, rng: np.random.Generator
) -> np.ndarray:
    """A piece for each turn; two of one person are about `spread` apart."""
    noise = unit(rng.standard_normal((len(turns), SIZE)))
    return unit(people[turns] + np.sqrt(spread / (1 - spread)) * noise)


def talks(people: int, each: int) -> list[int]:
    return [person for person in range(people) for _ in range(each)]


def said(made: np.ndarray, seconds: float = 3.0, count: SpeakerCount = ANY) -> np.ndarray:
    return speakers(made, np.full(len(made), seconds), None, count)


@pytest.mark.parametrize("people", [1, 2, 5, 9])
@pytest.mark.parametrize("spread", [0.15, 0.3])
def test_finds_the_number_of_voices(people: int, spread: float) -> None:
    rng = np.random.default_rng(people)
    turns = talks(people, 12)
    found = said(pieces(voices(people, 0.55, rng), turns, spread, rng))
    assert len(set(found)) == people == len(set(zip(found, turns, strict=True)))


def test_voices_that_are_rather_alike_are_two_where_both_speak_for_long() -> None:
    """Two pieces of them are 0.4 apart, as far as two of one person in a bad recording."""
    rng = np.random.default_rng(0)
    turns = talks(2, 20)
    found = speakers(
        pieces(voices(2, 0.36, rng), turns, 0.12, rng), np.full(len(turns), 3.0), 0.85, ANY
    )
    assert len(set(zip(found, turns, strict=True))) == len(set(found)) == 2


def test_one_voice_in_noise_stays_one() -> None:
    rng = np.random.default_rng(1)
    assert set(said(pieces(voices(1, 0.5, rng), [0] * 60, 0.4, rng))) == {0}


def test_a_few_pieces_must_be_strange_and_enough_to_be_a_further_speaker() -> None:
    rng = np.random.default_rng(3)
    three = voices(3, 0.6, rng)
    turns = [*talks(2, 10), 2, 2]
    strange = said(pieces(three, turns, 0.1, rng))
    assert strange.max() == 2 and set(strange[20:]) == {2}
    alike = np.stack([three[0], three[1], unit(three[0] + 0.4 * three[2])])
    near = said(pieces(alike, turns, 0.1, rng))
    assert set(near[20:]) == {near[0]}
    little = np.array([3.0] * 20 + [ENOUGH / 2 - 0.1] * 2)
    assert speakers(pieces(three, turns, 0.1, rng), little, None, ANY).max() == 1


def test_short_pieces_go_to_whom_they_are_like() -> None:
    rng = np.random.default_rng(4)
    turns = [*talks(3, 8), 2, 0]
    seconds = np.array([3.0] * 24 + [0.5] * 2)
    found = speakers(pieces(voices(3, 0.6, rng), turns, 0.2, rng), seconds, None, ANY)
    assert (found[24], found[25]) == (found[16], found[0])


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (SpeakerCount(count=1), 1),
        (SpeakerCount(count=3), 3),
        (SpeakerCount(count=6), 6),
        (SpeakerCount(min=5), 5),
        (SpeakerCount(max=3), 3),
        (SpeakerCount(min=2, max=8), 4),
        (SpeakerCount(count=99), 40),
    ],
)
def test_a_given_count_is_kept_as_far_as_there_is_speech(
    count: SpeakerCount, expected: int
) -> None:
    rng = np.random.default_rng(2)
    found = said(pieces(voices(4, 0.5, rng), talks(4, 10), 0.15, rng), 4.0, count)
    assert found.max() + 1 == expected


def test_one_piece_is_one_speaker() -> None:
    one = unit(np.ones((1, SIZE)))
    assert speakers(one, np.array([0.3]), None, ANY).tolist() == [0]


def test_the_widest_gap_counts_the_ends_of_the_range() -> None:
    assert widest_gap([0.1, 0.9], 0.2, 0.4) == pytest.approx(0.3)
    assert widest_gap([0.21, 0.23, 0.39], 0.2, 0.4) == pytest.approx(0.31)
    assert widest_gap([0.38], 0.2, 0.4) == pytest.approx(0.29)
