import random
from itertools import pairwise

from pipeline.audio import cut_blocks
from pipeline.data import Span


def _day(seed: int, count: int = 400, longest: float = 40.0) -> list[Span]:
    rng = random.Random(seed)
    spans, now = [], 0.0
    for _ in range(count):
        now += rng.expovariate(1 / 1.5) + 0.1
        end = now + rng.uniform(0.3, longest)
        spans.append(Span(round(now, 3), round(end, 3)))
        now = end
    return spans


def test_each_span_is_whole_in_exactly_one_block() -> None:
    for seed in range(50):
        spans = _day(seed)
        blocks = cut_blocks(spans, spans[-1].end, 600)
        homes = [[b for b in blocks if b.start <= s.start and s.end <= b.end] for s in spans]
        assert all(len(home) == 1 for home in homes)
        assert all(a.end <= b.start for a, b in pairwise(blocks))


def test_no_block_is_longer_than_asked_and_none_is_a_crumb() -> None:
    for seed in range(50):
        spans = _day(seed)
        lengths = [b.end - b.start for b in cut_blocks(spans, spans[-1].end, 600)]
        assert max(lengths) <= 600
        assert min(lengths) > 200


def test_the_longest_pause_near_by_is_where_it_is_cut() -> None:
    spans = [Span(10.0 * n, 10.0 * n + 9.9) for n in range(60)]
    spans[33:] = [Span(span.start + 5, span.end + 5) for span in spans[33:]]
    first, second = cut_blocks(spans, 605, 400)
    assert (first.end, second.start) == (329.9, 335.0)


def test_short_events_are_one_block() -> None:
    assert cut_blocks([Span(1, 5), Span(7, 9)], 10, 600) == (Span(1, 9),)
    assert cut_blocks([], 10, 600) == ()


def test_speech_that_never_pauses_is_left_whole() -> None:
    spans = [Span(0, 50), Span(51, 900), Span(901, 950)]
    assert Span(51, 900) in cut_blocks(spans, 950, 300)


def test_blocks_end_with_the_recording() -> None:
    assert cut_blocks([Span(0, 10.2)], 10.0, 600) == (Span(0, 10.0),)
