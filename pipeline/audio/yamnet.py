"""YAMNet (Google, Apache-2.0): applause, laughter and music as a network hears them.

The model is a file for LiteRT, `yamnet.tflite` of tensorflow/models, which takes 0.975 s of sound
at 16 kHz and scores each kind from 0 to 1. It does not tell a room that laughs from a speaker who
does: laughter counts where `room.is_crowd` hears many. It runs on ai-edge-litert (the extra
`room`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.audio.level import find_runs, smoothed
from pipeline.audio.room import CELL, is_crowd, measure_cells
from pipeline.audio.wav import SAMPLE_RATE, read
from pipeline.data import Audio, Part, RoomSound, SoundKind, ms
from pipeline.download import PublishedFile
from pipeline.errors import EngineError, extra
from pipeline.progress import Tick, ignore

WINDOW = 15_600  # samples that the network takes
HOP = 7_680  # samples from one window to the next: 0.48 s
BLOCK = 250  # windows read at once: two minutes
SPEECH = 0  # the place of speech among the kinds
# as the publisher's own build takes it: google-ai-edge/mediapipe, third_party/external_files.bzl
PUBLISHED = PublishedFile(
    "yamnet.tflite",
    "https://storage.googleapis.com/mediapipe-assets/yamnet_audio_classifier_with_metadata.tflite"
    "?generation=1661875980774466",
    "10c95ea3eb9a7bb4cb8bddf6feb023250381008177ac162ce169694d05c317de",
    4_126_810,
)

Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Options:
    """What counts as heard, as it did well on real sounds under real speech.

    Scores are the mean over `frames` windows of the highest of some kinds (their places in
    YAMNet's class map).
    """

    applause: float = 0.03  # score of Applause (62), Clapping (58) or Cheering (61)
    laughter: float = 0.03  # of Laughter (13), Giggle (15), Snicker (16), Belly laugh (17), Chuckle
    music: float = 0.2  # of Music (132)
    frames: int = 3  # windows of 0.48 s over which a score is averaged
    least: int = 2  # windows that a sound lasts
    gap: int = 3  # windows without it that do not end it


OPTIONS = Options()
KINDS: dict[SoundKind, tuple[int, ...]] = {
    "applause": (58, 61, 62),
    "laughter": (13, 15, 16, 17, 18),
    "music": (132,),
}


def detect_sounds(audio: Audio, model: Path, tick: Tick = ignore) -> tuple[RoomSound, ...]:
    """What the room is heard to do, in time order; raises EngineError with what is missing."""
    network, cells = load_network(model), measure_cells(audio)
    sounds: list[RoomSound] = []
    for part in audio.parts:
        first = round(part.start / CELL)
        many = is_crowd(cells[:, first : round((part.start + part.duration) / CELL)])
        for sound in _detect_in_part(audio, part, network, tick):
            begin, end = (int(at / CELL) - first for at in (sound.start, sound.end))
            if sound.kind != "laughter" or many[begin : end + 1].any():
                sounds.append(sound)
    return tuple(sorted(sounds, key=lambda sound: (sound.start, sound.kind)))


def _detect_in_part(audio: Audio, part: Part, network: Any, tick: Tick) -> Iterator[RoomSound]:
    """The sounds of one recording, measured by its own speech."""
    scores, levels = _scores(audio, part, network, tick)
    if not len(scores):
        return
    spoken = levels[scores[:, 0] > 0.5]
    usual = float(np.median(spoken)) if len(spoken) else float(levels.max(initial=1e-6))
    until = min(part.start + part.duration, audio.duration)
    for column, kind in enumerate(KINDS, 1):
        sure = smoothed(scores[:, column], OPTIONS.frames) > getattr(OPTIONS, kind)
        for run in find_runs(sure, OPTIONS.least, OPTIONS.gap):
            loud = min(1.0, float(levels[run].mean()) / max(usual, 1e-6))
            first = part.start + run.start * HOP / SAMPLE_RATE
            last = min(until, part.start + (run.stop * HOP + WINDOW - HOP) / SAMPLE_RATE)
            yield RoomSound(ms(first), ms(last), kind, round(loud, 2))


def _scores(audio: Audio, part: Part, network: Any, tick: Tick) -> tuple[Scores, Scores]:
    """Of each window of a recording the scores of speech and of KINDS, and its loudness (rms)."""
    entry, answer = network.get_input_details()[0], network.get_output_details()[0]
    scores, levels = [], []
    for start, window in _windows(audio, part):
        network.set_tensor(entry["index"], window.reshape(entry["shape"]))
        network.invoke()
        each = network.get_tensor(answer["index"])[0]
        scores.append([each[SPEECH], *(each[list(places)].max() for places in KINDS.values())])
        levels.append(np.sqrt(np.mean(window**2)))
        tick(start / SAMPLE_RATE)
    return np.asarray(scores, dtype=np.float32), np.asarray(levels, dtype=np.float32)


def _windows(audio: Audio, part: Part) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The windows of a recording; the last is filled up with silence."""
    begin = round(part.start * SAMPLE_RATE)
    total = int(min(part.start + part.duration, audio.duration) * SAMPLE_RATE)
    for first in range(begin, total, BLOCK * HOP):
        end = min(total, first + BLOCK * HOP + WINDOW - HOP)
        samples = read(audio, first / SAMPLE_RATE, end / SAMPLE_RATE)
        for start in range(0, min(BLOCK * HOP, total - first), HOP):
            window = samples[start : start + WINDOW]
            yield first + start, np.pad(window, (0, WINDOW - len(window)))


def load_network(model: Path) -> Any:
    try:
        from ai_edge_litert.interpreter import Interpreter as Made
    except ImportError:
        raise EngineError(f"yamnet needs ai-edge-litert: {extra('room')}") from None
    try:
        network = Made(str(model), num_threads=1)
        network.allocate_tensors()
    except (ValueError, RuntimeError, OSError):
        raise EngineError(f"{model}: is no model for LiteRT; give yamnet.tflite") from None
    if network.get_output_details()[0]["shape"][-1] != 521:
        raise EngineError(f"{model}: is not YAMNet, which tells 521 kinds of sound apart")
    return network
