"""How many people speak is seen in the data."""

import numpy as np
import pytest

from pipeline.diarize.border import widest_gap
from pipeline.diarize.cluster import ENOUGH, speakers
from pipeline.diarize.encoder import SIZE, unit
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


@pytest.mark.parametrize("people", [1, 2, 5, 9])
@pytest.mark.parametrize("seed", range(3))
def test_finds_the_number_of_voices(people: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    turns = talks(people, 12)
    found = speakers(
        pieces(voices(people, 0.5, rng), turns, 0.18, rng), np.full(len(turns), 3.0), ANY
    )
    assert len(set(found)) == people == len(set(zip(found, turns, strict=True)))


def test_voices_alike_but_steady_are_told_apart_by_their_width() -> None:
    rng = np.random.default_rng(0)
    turns = talks(2, 20)
    made = pieces(voices(2, 0.15, rng), turns, 0.05, rng)
    assert len(set(speakers(made, np.full(len(turns), 3.0), ANY))) == 2


def test_two_manners_of_one_voice_that_alternate_stay_one() -> None:
    rng = np.random.default_rng(0)
    turns = [0, 1] * 20
    made = pieces(voices(2, 0.15, rng), turns, 0.05, rng)
    assert len(set(speakers(made, np.full(len(turns), 3.0), ANY))) == 1


def test_a_stray_piece_is_nobodys_and_a_short_question_somebodys() -> None:
    rng = np.random.default_rng(1)
    turns = [*talks(2, 10), 2, 3]
    made = pieces(voices(4, 0.5, rng), turns, 0.1, rng)
    seconds = np.array([3.0] * 20 + [ENOUGH - 1, ENOUGH + 1])
    found = speakers(made, seconds, ANY)
    assert found[20] == -1
    assert found[21] not in {-1, *found[:20]}


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
    turns = talks(4, 10)
    found = speakers(pieces(voices(4, 0.5, rng), turns, 0.15, rng), np.full(len(turns), 4.0), count)
    assert found.max() + 1 == expected


def test_a_few_pieces_must_be_strange_to_be_a_further_speaker() -> None:
    rng = np.random.default_rng(3)
    turns = [*talks(2, 10), *[2] * 3]
    seconds = np.full(len(turns), 2.0)
    three = voices(3, 0.6, rng)
    strange = speakers(pieces(three, turns, 0.02, rng), seconds, ANY)
    assert strange.max() == 2
    assert len(set(strange[20:])) == 1
    assert not set(strange[20:]) & set(strange[:20])
    alike = np.stack([three[0], three[1], unit(three[0] + 0.75 * three[2])])
    near = speakers(pieces(alike, turns, 0.02, rng), seconds, ANY)
    assert near.max() == 1
    assert not set(near[20:]) & {near[10]}


def test_one_piece_is_one_speaker() -> None:
    assert speakers(np.ones((1, SIZE), np.float32), np.array([0.3]), ANY).tolist() == [0]


def test_the_widest_gap_counts_the_ends_of_the_range() -> None:
    assert widest_gap([0.1, 0.9], 0.2, 0.4) == pytest.approx(0.3)
    assert widest_gap([0.21, 0.23, 0.39], 0.2, 0.4) == pytest.approx(0.31)
    assert widest_gap([0.38], 0.2, 0.4) == pytest.approx(0.29)
