"""Recordings made at test time: sound of many kinds, in files of every kind that PyAV writes.

Sounds are float32, 16 kHz, shape (samples,). Speech is cut from the made-up evening in samples/.
"""

import json
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import groupby
from pathlib import Path

import av
import numpy as np

from pipeline.audio import read
from pipeline.data import Audio

RATE = 16_000
EVENING = Path(__file__).parent.parent / "samples" / "full-steam" / "evening.opus"
CODECS = {
    ".wav": "pcm_s16le",
    ".mp3": "mp3",
    ".m4a": "aac",
    ".mp4": "aac",
    ".mov": "aac",
    ".aac": "aac",
    ".ogg": "libopus",
    ".opus": "libopus",
    ".webm": "libopus",
    ".flac": "flac",
    ".mkv": "pcm_s16le",
}


@cache
def evening() -> np.ndarray:
    """The whole sample event."""
    with av.open(str(EVENING)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        frames = [made for frame in container.decode(audio=0) for made in resampler.resample(frame)]
        frames += resampler.resample(None)
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])


@cache
def words() -> np.ndarray:
    """All that is said in the sample, turn after turn, without what the room does between."""
    turns = json.loads((EVENING.parent / "truth.json").read_text())["turns"]
    calm = [turn for turn in turns if turn["end"] - turn["start"] > 5]
    pieces = [evening()[int(turn["start"] * RATE) : int(turn["end"] * RATE)] for turn in calm]
    return np.concatenate([piece for turn in pieces for piece in (turn, silence(0.8))])


def speech(seconds: float, start: float = 0.0) -> np.ndarray:
    """Somebody speaking, from a place in `words`."""
    return words()[int(start * RATE) : int((start + seconds) * RATE)]


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE), np.float32)


def hiss(seconds: float, rms: float = 0.001, seed: int = 0) -> np.ndarray:
    """White noise: an amplifier's."""
    noise = np.random.default_rng(seed).standard_normal(int(seconds * RATE))
    return (rms * noise).astype(np.float32)


def tone(seconds: float, hertz: float = 440.0, peak: float = 0.3) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return (peak * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def music(seconds: float, rms: float = 0.08, seed: int = 0) -> np.ndarray:
    """Chords of a plucked instrument, two a second."""
    rng = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * RATE) + 2 * RATE)
    time = np.arange(2 * RATE) / RATE
    for beat in np.arange(0, seconds, 0.5):
        root = 110 * 2 ** (rng.choice([0, 3, 5, 7, 10]) / 12)
        for step in (1, 5 / 4, 3 / 2, 2):
            for partial in range(1, 8):
                wave = np.sin(2 * np.pi * root * step * partial * time) / partial
                at = int(beat * RATE)
                sound[at : at + len(time)] += wave * np.exp(-2.5 * time)
    return _at(sound[: int(seconds * RATE)], rms)


def applause(
    seconds: float, rms: float = 0.08, seed: int = 0, people: int = 40, tilt: float = 0.0
) -> np.ndarray:
    """Claps of many hands, each with its own pace and resonance; `tilt` dulls them (0 to 1)."""
    from scipy.signal import butter, sosfilt

    rng = np.random.default_rng(seed)
    sound = np.zeros(int(seconds * RATE))
    for _ in range(people):
        decay = np.exp(-np.arange(400) / rng.uniform(40, 90))
        middle = rng.uniform(700, 3000)
        band = butter(1, [middle * 0.5, min(7500, middle * 2)], "bandpass", fs=RATE, output="sos")
        beats = np.arange(
            rng.exponential(0.3), seconds * rng.uniform(0.7, 1), rng.uniform(0.2, 0.4)
        )
        for beat in beats + rng.normal(0, 0.015, len(beats)):
            at = max(0, int(beat * RATE))
            clap = sosfilt(band, rng.standard_normal(400) * decay) * rng.uniform(0.3, 1)
            sound[at : at + 400] += clap[: len(sound) - at]
    return _at(_dulled(sound, tilt), rms)


def laughter(seconds: float, rms: float = 0.08, seed: int = 0, people: int = 15) -> np.ndarray:
    """Voices of many people, each a row of "ha", breath and vowel mixed."""
    from scipy.signal import sosfilt

    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros(len(time))
    for _ in range(people):
        pitch = rng.choice([120.0, 160.0, 220.0, 320.0]) * rng.uniform(0.85, 1.2)
        phase = np.cumsum(pitch * (1.2 - 0.3 * time / seconds)) / RATE
        source = 2 * (phase % 1) - 1 + rng.standard_normal(len(time)) * 0.6
        vowel = sum(
            gain * sosfilt(_band(centre * rng.uniform(0.85, 1.2)), source)
            for centre, gain in ((700, 1.0), (1200, 0.7), (2600, 0.25))
        )
        beat = np.clip(np.sin(2 * np.pi * (rng.uniform(4, 6) * time + rng.uniform())), 0, 1)
        fade = np.exp(-time / seconds) * (time > rng.uniform(0, 0.25))
        sound += vowel * beat * fade * rng.uniform(0.3, 1)
    return _at(sound, rms)


def murmur(seconds: float, rms: float = 0.02, seed: int = 0, people: int = 10) -> np.ndarray:
    """A room that talks: pieces of the evening, backwards and muffled, laid over each other."""
    from scipy.signal import butter, sosfilt

    rng = np.random.default_rng(seed)
    muffle = butter(2, [180, 1800], "bandpass", fs=RATE, output="sos")
    sound = np.zeros(int(seconds * RATE))
    backwards = words()[::-1]
    for _ in range(people):
        starts = rng.integers(0, len(backwards) - 8 * RATE, int(seconds // 8) + 1)
        voice = np.concatenate([backwards[start : start + 8 * RATE] for start in starts])
        sound += sosfilt(muffle, voice[: len(sound)]) * rng.uniform(0.4, 1)
    return _at(sound, rms)


def mixed(seconds: float, *layers: tuple[float, np.ndarray]) -> np.ndarray:
    """Sounds laid over each other, each from its own start, over a little hiss."""
    whole = hiss(seconds, 0.0005)
    for start, layer in layers:
        at = int(start * RATE)
        whole[at : at + len(layer)] += layer[: max(0, len(whole) - at)]
    return np.clip(whole, -1, 1)


def in_turn(*lengths: float) -> tuple[np.ndarray, np.ndarray]:
    """Two people in turn, half a second between: each alone, and silence while the other speaks."""
    sides: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
    at = 0.0
    for number, length in enumerate(lengths):
        said = np.concatenate([speech(length, at), silence(0.5)])
        sides[number % 2].append(said)
        sides[1 - number % 2].append(np.zeros_like(said))
        at += length + 2
    return np.concatenate(sides[0]), np.concatenate(sides[1])


def likeness(audio: Audio, sound: np.ndarray) -> float:
    """The correlation of a decoded event with what it was made of."""
    heard = read(audio)
    size = min(len(heard), len(sound))
    return float(np.corrcoef(heard[:size], sound[:size])[0, 1])


def speakers(audio: Audio) -> list[str]:
    """Who speaks one after the other, where the recording tells it."""
    return [speaker for speaker, _ in groupby(turn.speaker for turn in audio.known.turns)]


def write(
    path: Path,
    *sounds: np.ndarray,
    rate: int = RATE,
    layout: str = "mono",
    video: float = 0.0,
    options: dict[str, str] | None = None,
    languages: Sequence[str] = (),
    tags: dict[str, str] | None = None,
) -> Path:
    """A media file by its ending, an audio track for each of `sounds`, after `video` seconds of it.

    A sound of shape (channels, samples) fills the layout; one of shape (samples,) all of it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", options=options or {}) as container:
        container.metadata.update(tags or {})
        picture = container.add_stream("mpeg4", rate=5, width=32, height=32) if video else None
        streams = [
            container.add_stream(CODECS[path.suffix], rate=rate, layout=layout) for _ in sounds
        ]
        for stream, language in zip(streams, languages, strict=False):
            stream.metadata["language"] = language
        if picture:
            _film(container, picture, video)
        for stream, sound in zip(streams, sounds, strict=True):
            _encode(container, stream, sound)
    return path


def write_with_gap(path: Path, before: np.ndarray, gap: float, after: np.ndarray) -> Path:
    """An mkv whose timestamps jump by `gap` seconds between two sounds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        place = 0
        for sound, pause in ((before, gap), (after, 0.0)):
            for at in range(0, len(sound), 1600):
                frame = _frame(sound[at : at + 1600], "mono")
                frame.pts, frame.time_base = place, Fraction(1, RATE)
                place += frame.samples
                container.mux(stream.encode(frame))
            place += int(pause * RATE)
        container.mux(stream.encode(None))
    return path


def cut(path: Path, share: float) -> Path:
    """The file, with only the first `share` of its bytes left."""
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


def _encode(container: av.container.OutputContainer, stream: object, sound: np.ndarray) -> None:
    assert isinstance(stream, av.AudioStream)
    layout = stream.layout.name
    channels = len(stream.layout.channels)
    full = sound if sound.ndim == 2 else np.repeat(sound[None], channels, axis=0)
    resampler = av.AudioResampler(format=stream.format, layout=layout, rate=stream.rate)
    for at in range(0, full.shape[1], RATE):
        for frame in resampler.resample(_frame(full[:, at : at + RATE], layout)):
            container.mux(stream.encode(frame))
    for frame in resampler.resample(None):
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _frame(sound: np.ndarray, layout: str) -> av.AudioFrame:
    planes = np.ascontiguousarray(np.atleast_2d(sound), dtype=np.float32)
    frame = av.AudioFrame.from_ndarray(planes, format="fltp", layout=layout)
    frame.sample_rate = RATE
    return frame


def _film(container: av.container.OutputContainer, stream: av.VideoStream, seconds: float) -> None:
    """A black picture for some seconds."""
    for _ in range(int(5 * seconds)):
        picture = np.zeros((32, 32, 3), np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture)))
    container.mux(stream.encode(None))


def _band(centre: float) -> np.ndarray:
    from scipy.signal import butter

    edges: Sequence[float] = [centre * 0.85, centre * 1.15]
    return butter(1, edges, "bandpass", fs=RATE, output="sos")


def _dulled(sound: np.ndarray, tilt: float) -> np.ndarray:
    from scipy.signal import butter, sosfilt

    muffled = sosfilt(butter(1, 1200, "lowpass", fs=RATE, output="sos"), sound)
    return (1 - tilt) * sound + tilt * muffled


def _at(sound: np.ndarray, rms: float) -> np.ndarray:
    return (sound * rms / np.sqrt(np.mean(sound**2))).astype(np.float32)
