"""Speech with exact word times from flite, a small synthesiser: `apt-get install flite`.

flite's shared libraries are called directly, since its command prints phones but not the words
they belong to. A person is one of its voices at a pitch of their own, resampled: that moves the
formants too, as a smaller or larger head would.
"""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from scipy.signal import resample_poly

RATE = 16_000
PEAK = 0.35  # of every sentence, so that no person is louder than another


@dataclass(frozen=True)
class Person:
    """A way of speaking.

    `shift` above 1 is a smaller head, `stretch` above 1 a slower speaker; `pitch` is flite's mean
    in Hz before the shift (rms keeps its own).
    """

    voice: str
    shift: float = 1.0
    pitch: float = 120.0
    stretch: float = 1.0


@dataclass(frozen=True)
class Said:
    """A sentence: float32 samples at 16 kHz, its words and its phones with start and end.

    Times are seconds; "pau" is the phone of a pause.
    """

    samples: np.ndarray
    words: tuple[tuple[str, float, float], ...]
    phones: tuple[tuple[str, float, float], ...]


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("rate", ctypes.c_int),
        ("length", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("samples", ctypes.POINTER(ctypes.c_short)),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


def available() -> bool:
    """Whether flite is on this machine."""
    try:
        _library()
    except OSError:
        return False
    return True


def say(text: str, person: Person) -> Said:
    """One sentence, spoken by one person; `text`'s words are what stands between its spaces.

    Silence before the first and after the last word is cut to 20 ms. Raises ValueError where
    flite reads the text as other words than it holds (digits, abbreviations).
    """
    samples, rate, phones = _synthesise(text, person)
    words = _words(text, phones)
    first, last = max(0.0, words[0][1] - 0.02), words[-1][2] + 0.02
    cut = samples[int(first * rate) : int(last * rate)].astype(np.float64)
    ratio = Fraction(RATE / rate / person.shift).limit_denominator(100)
    spoken = resample_poly(cut, ratio.numerator, ratio.denominator)
    spoken *= PEAK / max(1.0, float(np.abs(spoken).max()))
    speed = float(ratio) * rate / RATE
    spans = [
        (name, begun, end) for (name, _, end), begun in zip(phones, _begins(phones), strict=True)
    ]
    timed = [
        tuple((what, (start - first) * speed, (end - first) * speed) for what, start, end in part)
        for part in (words, spans)
    ]
    return Said(spoken.astype(np.float32), *timed)


def _begins(phones: list[tuple[str, str, float]]) -> list[float]:
    """Where each phone begins: where the one before it ended."""
    return [0.0, *(end for _, _, end in phones[:-1])]


def _words(text: str, phones: list[tuple[str, str, float]]) -> list[tuple[str, float, float]]:
    """The text's words with the times of their phones: (word, start, end)."""
    times: list[tuple[float, float]] = []
    before, start = "", 0.0
    for name, word, end in phones:
        if name == "pau":
            before = ""
        elif word == before:
            times[-1] = (times[-1][0], end)
        else:
            times.append((start, end))
            before = word
        start = end
    words = text.split()
    if len(words) != len(times):
        raise ValueError(f"flite says {len(times)} words where {len(words)} stand: {text}")
    return [(word, *time) for word, time in zip(words, times, strict=True)]


def _synthesise(text: str, person: Person) -> tuple[np.ndarray, int, list[tuple[str, str, float]]]:
    """int16 samples, their rate, and the phones: (name, the word it is in, end in seconds)."""
    flite, speaker = _library(), _voice(person.voice)
    stretch = person.stretch * person.shift
    for feature, value in ((b"duration_stretch", stretch), (b"int_f0_target_mean", person.pitch)):
        flite.feat_set_float(speaker.contents.features, feature, value)
    utterance = flite.flite_synth_text(text.encode("ascii"), speaker)
    try:
        wave = flite.utt_wave(utterance).contents
        samples = np.ctypeslib.as_array(wave.samples, (wave.length,)).copy()
        return samples, wave.rate, list(_phones(flite, utterance))
    finally:
        flite.delete_utterance(utterance)


def _phones(flite: ctypes.CDLL, utterance: int) -> Iterator[tuple[str, str, float]]:
    item = flite.relation_head(flite.utt_relation(utterance, b"Segment"))
    while item:
        name = flite.ffeature_string(item, b"name").decode()
        # the token's own address tells "nine nine" apart; its name would not
        word = flite.path_to_item(item, b"R:SylStructure.parent.parent.R:Token.parent")
        yield name, str(word), flite.ffeature_float(item, b"end")
        item = flite.item_next(item)


@cache
def _library() -> ctypes.CDLL:
    flite = ctypes.CDLL("libflite.so.1", mode=ctypes.RTLD_GLOBAL)
    for part in ("cmulex", "usenglish"):
        ctypes.CDLL(f"libflite_{part}.so.1", mode=ctypes.RTLD_GLOBAL)
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    for name, result, *arguments in (
        ("flite_synth_text", pointer, text, pointer),
        ("utt_wave", ctypes.POINTER(_Wave), pointer),
        ("utt_relation", pointer, pointer, text),
        ("relation_head", pointer, pointer),
        ("item_next", pointer, pointer),
        ("path_to_item", pointer, pointer, text),
        ("ffeature_string", text, pointer, text),
        ("ffeature_float", ctypes.c_float, pointer, text),
        ("feat_set_float", None, pointer, text, ctypes.c_float),
        ("delete_utterance", None, pointer),
    ):
        function = getattr(flite, name)
        function.restype, function.argtypes = result, arguments
    flite.flite_init()
    return flite


@cache
def _voice(name: str) -> "ctypes._Pointer[_Voice]":
    register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}.so.1"), f"register_cmu_us_{name}")
    register.restype, register.argtypes = ctypes.POINTER(_Voice), [ctypes.c_void_p]
    speaker: ctypes._Pointer[_Voice] = register(None)
    return speaker
