"""Two stages at once: one order of what they tell, and an end for both when one fails."""

from collections.abc import Callable
from threading import Event

import pytest

from pipeline.errors import EngineError
from pipeline.progress import Piece, Progress, Watch
from pipeline.together import together

PATIENCE = 30.0  # seconds after which a test that hangs fails


def endless(begun: Event) -> Callable[[Watch], None]:
    def stage(watch: Watch) -> None:
        with watch.stage("diarize", Piece(1e9)) as tick:
            begun.set()
            while True:
                tick(1.0)

    return stage


def failing(begun: Event, error: BaseException) -> Callable[[Watch], None]:
    def stage(watch: Watch) -> None:
        with watch.stage("transcribe", Piece(1.0)):
            assert begun.wait(PATIENCE)
            raise error

    return stage


def test_both_run_at_once_and_are_told_in_one_order() -> None:
    first_is_in, second_is_done = Event(), Event()
    told: list[Progress] = []
    watch = Watch("talk", told.append, warnings=["before"])

    def first(branch: Watch) -> str:
        with branch.stage("transcribe", Piece(1.0)):
            first_is_in.set()
            assert second_is_done.wait(PATIENCE)
            branch.warn("of the first")
        return "words"

    def second(branch: Watch) -> str:
        assert first_is_in.wait(PATIENCE)
        with branch.stage("diarize", Piece(1.0)):
            branch.warn("of the second")
        second_is_done.set()
        return "turns"

    assert together(first, second, watch) == ("words", "turns")
    assert [each.text for each in told if each.state == "said"] == ["of the second", "of the first"]
    assert watch.warnings == ["before", "of the first", "of the second"]
    assert list(watch.seconds) == ["transcribe", "diarize"]


@pytest.mark.parametrize("error", [EngineError("broken"), KeyboardInterrupt()])
@pytest.mark.parametrize("swapped", [False, True])
def test_when_one_fails_the_other_ends_at_its_next_tick(
    error: BaseException, swapped: bool
) -> None:
    begun = Event()
    stages = [failing(begun, error), endless(begun)]
    first, second = stages[::-1] if swapped else stages
    watch = Watch("talk", lambda told: None)
    with pytest.raises(type(error)):
        together(first, second, watch)
    assert set(watch.seconds) == {"transcribe", "diarize"}


def test_a_piece_that_was_finished_is_not_lost_to_the_others_failure() -> None:
    begun, failed = Event(), Event()
    kept: list[str] = []

    def fails(branch: Watch) -> None:
        assert begun.wait(PATIENCE)
        failed.set()
        raise EngineError("broken")

    def finishes(branch: Watch) -> None:
        with branch.stage("diarize", Piece(1.0)):
            begun.set()
            assert failed.wait(PATIENCE)
        kept.append("a block")

    with pytest.raises(EngineError, match="broken"):
        together(finishes, fails, Watch("talk", lambda told: None))
    assert kept == ["a block"]
