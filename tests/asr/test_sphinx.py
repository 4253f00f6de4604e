"""Real recognition on the sample's voices, in real processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from pipeline import audio, config
from pipeline.asr import sphinx
from pipeline.asr.pool import Decoders
from pipeline.asr.sphinx_child import hear, make_decoder
from pipeline.data import Span, Transcript
from pipeline.errors import EngineError

RATE = 16_000
SAMPLE = Path(__file__).parents[2] / "samples" / "full-steam" / "evening.opus"
SPEECH = (Span(22.07, 34.5), Span(35.0, 46.0))  # two windows: the founder's first sentences
SAID = (
    "when we started this company seven years ago we had one idea from the very first day this "
    "company was built to end the waiting last year was the year of memory this year is the year "
    "of steam today our system runs the largest open models twenty times faster than any graphics "
    "card in the world"
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """The first 46 s of the sample."""
    place = tmp_path_factory.mktemp("sound") / "sample.wav"
    return audio.read(audio.decode([SAMPLE], place, lambda seconds: None), 0.0, 46.0)


@pytest.fixture(scope="module")
def heard(sound: np.ndarray) -> tuple[Transcript, list[float]]:
    ticks: list[float] = []
    engine = sphinx.load(config.Asr(), config.Run(processes=2), ())
    return engine.transcribe(sound, SPEECH, ticks.append), ticks


def bare(transcript: Transcript) -> list[str]:
    return [word.text.lower().rstrip(".") for word in transcript.words]


def test_most_words_are_right(heard: tuple[Transcript, list[float]]) -> None:
    words = set(bare(heard[0]))
    said = set(SAID.split())
    assert len(words & said) > 0.8 * len(said)


def test_words_lie_in_speech_in_order_and_on_the_decoders_frames(
    heard: tuple[Transcript, list[float]],
) -> None:
    words = heard[0].words
    assert all(any(span.start <= w.start < w.end <= span.end for span in SPEECH) for w in words)
    assert all(one.end <= two.start for one, two in pairwise(words))
    assert all(0.0 <= word.probability <= 1.0 for word in words)
    steps = [(word.start - SPEECH[0].start) * 100 for word in words if word.end < SPEECH[0].end]
    assert all(abs(step - round(step)) < 1e-6 for step in steps)


def test_times_are_those_of_the_words(heard: tuple[Transcript, list[float]]) -> None:
    """ "company" is said at 24.656 and at 28.961, "world" ends at about 40.5."""
    starts = [w.start for w in heard[0].words if w.text.lower() == "company"]
    assert starts[0] == pytest.approx(24.656, abs=0.1)
    assert starts[1] == pytest.approx(28.961, abs=0.1)


def test_no_fillers_and_variants_come_out(heard: tuple[Transcript, list[float]]) -> None:
    assert not any(set("<>[]()+") & set(word.text) for word in heard[0].words)


def test_sentences_begin_large_and_end_with_a_stop(
    heard: tuple[Transcript, list[float]],
) -> None:
    words = heard[0].words
    assert words[0].text[0].isupper()
    assert words[-1].text.endswith(".")
    assert sum(word.text.endswith(".") for word in words) >= 2


def test_progress_rises_to_the_end(heard: tuple[Transcript, list[float]]) -> None:
    ticks = heard[1]
    assert ticks == sorted(ticks)
    assert ticks[-1] == SPEECH[-1].end


def test_what_was_heard_before_changes_nothing(sound: np.ndarray) -> None:
    first, second = ((sound[at : at + 2 * RATE] * 32767).astype("<i2") for at in (372000, 420000))
    decoder = make_decoder()
    hear(decoder, first.tobytes())
    assert hear(decoder, second.tobytes()) == hear(make_decoder(), second.tobytes())


def test_one_process_hears_the_same_as_two(
    sound: np.ndarray, heard: tuple[Transcript, list[float]]
) -> None:
    engine = sphinx.load(config.Asr(), config.Run(processes=1), ())
    assert engine.transcribe(sound, SPEECH, lambda seconds: None) == heard[0]


def test_no_speech_gives_no_words(sound: np.ndarray) -> None:
    engine = sphinx.load(config.Asr(), config.Run(), ())
    assert engine.transcribe(sound, (), lambda seconds: None) == Transcript("en", ())


def test_silence_and_a_click_give_no_error() -> None:
    engine = sphinx.load(config.Asr(), config.Run(processes=1), ())
    silence = np.zeros(RATE, np.float32)
    silence[5000] = 1.0
    heard = engine.transcribe(silence, (Span(0.0, 0.02), Span(0.2, 1.0)), lambda seconds: None)
    assert all(word.end <= 1.0 for word in heard.words)


def test_another_language_is_refused() -> None:
    with pytest.raises(EngineError, match="English only"):
        sphinx.load(config.Asr(language="fr"), config.Run(), ())
    sphinx.load(config.Asr(language="en-GB"), config.Run(), ())


@pytest.fixture
def decoders() -> Iterator[Decoders]:
    pool = Decoders()
    pool.grow(1)
    yield pool
    pool.close()


def test_a_process_that_dies_at_work_is_an_error_not_a_hang(decoders: Decoders) -> None:
    (process,) = decoders.processes.values()
    noise = np.random.default_rng(0).integers(-9000, 9000, 60 * RATE, dtype=np.int16).tobytes()
    assert process.pid
    threading.Timer(1.5, os.kill, (process.pid, signal.SIGKILL)).start()
    with pytest.raises(EngineError, match=r"died \(exit code -9\)"):
        list(decoders.hear([noise, noise]))


def test_a_process_that_is_already_dead_is_an_error_too(decoders: Decoders) -> None:
    (process,) = decoders.processes.values()
    process.kill()
    process.join()
    with pytest.raises(EngineError, match="died"):
        list(decoders.hear([bytes(3200)] * 2))


def test_processes_end_with_their_owner() -> None:
    pool = Decoders()
    pool.grow(2)
    pool.grow(1)
    processes = list(pool.processes.values())
    assert len(processes) == 2
    assert all(process.is_alive() for process in processes)
    del pool
    assert not any(process.is_alive() for process in processes)


def test_after_an_error_the_engine_hears_on(sound: np.ndarray) -> None:
    engine = sphinx.load(config.Asr(), config.Run(processes=1), ())

    def full(seconds: float) -> None:
        raise OSError("the disk is full")

    speech = (Span(22.07, 23.3), Span(30.9, 32.9))
    with pytest.raises(OSError, match="disk"):
        engine.transcribe(sound, speech, full)
    heard = engine.transcribe(sound, speech, lambda seconds: None)
    assert {"thank", "year"} <= set(bare(heard))


PARENT = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it
import sys, time
from pipeline.asr.pool import Decoders
from pipeline.asr.sphinx_child import hear, make_decoder
if __name__ == "__main__":
    pool = Decoders()
    pool.grow(1)
    print(*(process.pid for process in pool.processes.values()), flush=True)
    noise = bytes(range(256)) * 125 * 60
    for _ in pool.hear([noise] * 50):
        print("heard", flush=True)
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A program that keeps one decoder busy, in a group of its own, and that decoder's pid."""
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    started = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert started.stdout
    child = int(started.stdout.readline())
    started.stdout.readline()  # the first piece is done: all is running
    yield started, child
    started.kill()
    started.communicate()


def gone(pid: int, within: float = 30.0) -> bool:
    """Whether a process ends in time; a zombie has ended."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ctrl_c_ends_parent_and_child(parent: tuple[subprocess.Popen[str], int]) -> None:
    program, child = parent
    os.killpg(program.pid, signal.SIGINT)  # a terminal sends it to the whole group
    _, errors = program.communicate(timeout=60)
    assert errors.count("Traceback") == 1  # the parent's own: none from the child
    assert "KeyboardInterrupt" in errors
    assert gone(child)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_killed_parent_leaves_no_child(parent: tuple[subprocess.Popen[str], int]) -> None:
    program, child = parent
    program.kill()
    assert gone(child)
