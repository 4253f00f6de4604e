"""The step cache: contents in the key, whole files or none, damaged ones computed again."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.cache import Cache, digest, write_atomic
from pipeline.data import Span, Word
from pipeline.errors import CacheError


def test_a_step_is_computed_once_per_key(tmp_path: Path) -> None:
    calls: list[int] = []

    def work() -> tuple[Word, ...]:
        calls.append(1)
        return (Word(0.0, 0.5, "Hello", 0.9),)

    for _ in range(3):
        found = Cache(tmp_path).step("words", ["a", 1], tuple[Word, ...], work)
        assert found == (Word(0.0, 0.5, "Hello", 0.9),)
    Cache(tmp_path).step("words", ["a", 2], tuple[Word, ...], work)
    assert len(calls) == 2


def test_forced_steps_are_computed_again_but_once(tmp_path: Path) -> None:
    Cache(tmp_path).keep("n", "k", int, 1)
    cache = Cache(tmp_path, frozenset({"n"}))
    assert cache.step("n", "k", int, lambda: 2) == 2
    assert cache.step("n", "k", int, lambda: 3) == 2


def test_failures_are_not_stored(tmp_path: Path) -> None:
    def fail() -> int:
        raise CacheError("no")

    cache = Cache(tmp_path)
    with pytest.raises(CacheError):
        cache.step("n", "k", int, fail)
    assert cache.step("n", "k", int, lambda: 5) == 5


@pytest.mark.parametrize("damage", [b"", b"{", b'[{"start": 1}]', b"\xff\xfe"])
def test_a_damaged_value_is_computed_again(tmp_path: Path, damage: bytes) -> None:
    cache = Cache(tmp_path)
    cache.keep("spans", "k", tuple[Span, ...], (Span(0, 1),))
    cache.place("spans", "k").write_bytes(damage)
    assert cache.step("spans", "k", tuple[Span, ...], lambda: (Span(2, 3),)) == (Span(2, 3),)
    assert cache.find("spans", "k", tuple[Span, ...]) == (Span(2, 3),)


def test_a_key_is_its_contents() -> None:
    assert digest({"a": 1, "b": Span(0, 1)}) == digest({"b": Span(0, 1), "a": 1})
    assert digest(["a", "b"]) != digest(["b", "a"])
    assert digest(Span(0, 1)) != digest(Span(0, 2))


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CacheError, match="cannot be written"):
        write_atomic(tmp_path / "file" / "inner", b"x")


def test_a_kill_while_writing_leaves_the_old_value_whole(tmp_path: Path) -> None:
    target = tmp_path / "big.json"
    write_atomic(target, b"old")
    code = (
        "from pathlib import Path; from pipeline.cache import write_atomic\n"
        f"while True: write_atomic(Path({str(target)!r}), b'n' * 50_000_000)"
    )
    with subprocess.Popen([sys.executable, "-c", code]) as writer:
        time.sleep(0.8)
        os.kill(writer.pid, signal.SIGKILL)
    assert target.read_bytes() in (b"old", b"n" * 50_000_000)
