"""Blocks' speakers become the event's."""

import numpy as np
import pytest

from pipeline.data import Diarization, Span, Turn, Voice
from pipeline.diarize.link import link
from pipeline.event import SpeakerCount

ANY = SpeakerCount()
People = dict[str, np.ndarray]


def people(count: int, alike: float = 0.6) -> People:
    """Voices whose likeness to one another is about `alike`."""
    rng = np.random.default_rng(0)
    shared = rng.standard_normal(256)
    own = rng.standard_normal((count, 256))
    mixed = np.sqrt(alike) * shared + np.sqrt(1 - alike) * own
    return {f"P{n}": v / np.linalg.norm(v) for n, v in enumerate(mixed)}


def heard(voice: np.ndarray, rng: np.random.Generator, noise: float = 0.25) -> tuple[float, ...]:
    """The same voice on another occasion: likeness about 1 / (1 + noise squared)."""
    other = rng.standard_normal(256)
    mixed = voice + noise * other / np.linalg.norm(other)
    return tuple((mixed / np.linalg.norm(mixed)).tolist())


def block(
    start: float, who: list[str], voices: People, rng: np.random.Generator, seconds: float = 30.0
) -> tuple[Span, Diarization]:
    """A block in which each speaks once, in that order."""
    names = [f"SPEAKER_{n:02d}" for n in range(len(who))]
    turns = [Turn(n * seconds, (n + 1) * seconds, name) for n, name in enumerate(names)]
    made = [
        Voice(name, "campplus", heard(voices[p], rng)) for name, p in zip(names, who, strict=True)
    ]
    span = Span(start, start + seconds * len(who))
    return span, Diarization(tuple(turns), tuple(made))


def test_one_block_keeps_its_speakers_and_voices() -> None:
    span, only = block(0.0, ["P0", "P1", "P0"], people(2), np.random.default_rng(1))
    assert link([(span, only)], ANY) == only


def test_no_block_and_a_block_without_speech_are_nothing() -> None:
    nothing = Diarization((), ())
    assert link([], ANY) == nothing
    assert link([(Span(0, 5), nothing), (Span(5, 9), nothing)], ANY) == nothing


@pytest.mark.parametrize("seed", range(5))
def test_people_who_come_back_keep_their_id_over_a_day(seed: int) -> None:
    rng = np.random.default_rng(seed)
    voices = people(12)
    blocks, truth = [], []
    for n in range(48):
        who = rng.choice(sorted(voices), size=int(rng.integers(1, 9)), replace=False).tolist()
        blocks.append(block(n * 600.0, who, voices, rng, seconds=rng.choice([5.0, 60.0])))
        truth += who
    day = link(blocks, ANY)
    pairs = set(zip(truth, (turn.speaker for turn in day.turns), strict=True))
    assert len(pairs) == len(set(truth)) == len(day.voices)
    assert [turn.start for turn in day.turns] == sorted(turn.start for turn in day.turns)


def test_speakers_are_numbered_in_order_of_appearance_on_the_events_time_line() -> None:
    rng, voices = np.random.default_rng(3), people(3)
    first = block(0.0, ["P1", "P0"], voices, rng)
    second = block(600.0, ["P2", "P1"], voices, rng)
    assert [(t.start, t.speaker) for t in link([first, second], ANY).turns] == [
        (0.0, "SPEAKER_00"),
        (30.0, "SPEAKER_01"),
        (600.0, "SPEAKER_02"),
        (630.0, "SPEAKER_00"),
    ]


def test_two_speakers_of_one_block_stay_two_though_a_third_is_like_both() -> None:
    rng, voices = np.random.default_rng(4), people(2, alike=0.86)
    between = (voices["P0"] + voices["P1"]) / np.linalg.norm(voices["P0"] + voices["P1"])
    first = block(0.0, ["P0", "P1"], voices, rng)
    second = block(100.0, ["both"], {"both": between}, rng)
    day = link([first, second], ANY)
    assert day.turns[0].speaker != day.turns[1].speaker


def test_one_voice_that_its_block_split_in_two_is_one_beyond_doubt() -> None:
    rng, voices = np.random.default_rng(5), people(1)
    split = block(0.0, ["P0", "P0"], voices, rng)
    span, found = split
    same = tuple(Voice(v.speaker, v.engine, found.voices[0].embedding) for v in found.voices)
    day = link([(span, Diarization(found.turns, same)), block(100.0, ["P0"], voices, rng)], ANY)
    assert {turn.speaker for turn in day.turns} == {"SPEAKER_00"}


@pytest.mark.parametrize(
    ("count", "found"),
    [
        (SpeakerCount(count=2), 2),
        (SpeakerCount(count=5), 5),
        (SpeakerCount(max=2), 2),
        (SpeakerCount(min=4), 4),
        (SpeakerCount(min=1, max=9), 3),
    ],
)
def test_a_given_count_is_kept(count: SpeakerCount, found: int) -> None:
    rng, voices = np.random.default_rng(6), people(3)
    blocks = [block(n * 100.0, ["P0", "P1", "P2"], voices, rng) for n in range(3)]
    assert len(link(blocks, count).voices) == found


def test_a_person_heard_often_has_the_mean_voice() -> None:
    rng, voices = np.random.default_rng(7), people(1)
    blocks = [block(n * 100.0, ["P0"], voices, rng) for n in range(9)]
    [voice] = link(blocks, ANY).voices
    single = np.dot(blocks[0][1].voices[0].embedding, voices["P0"])
    assert np.dot(voice.embedding, voices["P0"]) > single
    assert np.linalg.norm(voice.embedding) == pytest.approx(1, abs=1e-3)


def test_who_speaks_beside_another_is_linked_too() -> None:
    rng, voices = np.random.default_rng(8), people(2)
    span, found = block(0.0, ["P0", "P1"], voices, rng)
    under = Diarization(found.turns, found.voices, (Turn(5.0, 6.0, "SPEAKER_01"),))
    day = link([(span, under), block(100.0, ["P1"], voices, rng)], ANY)
    assert day.beside == (Turn(5.0, 6.0, "SPEAKER_01"),)
    assert [turn.speaker for turn in day.turns] == ["SPEAKER_00", "SPEAKER_01", "SPEAKER_01"]
