"""Training windows: sentences on a time line with a room around them, and what to learn there.

Sounds are added as mel power, which is exact where they do not overlap and close where they do;
a window of 30 s is made in a hundredth of a second.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from speech import Spoken
from tokenizers import Tokenizer
from vocabulary import STEP

FRAME = STEP  # seconds of an encoder frame: a time token's step
PROMPT = 0.3  # share of windows that come with the words before them, or with hotwords


@dataclass(frozen=True)
class Setting:
    """What windows look like: seconds of sound, and seconds with the padding.

    Whisper always hears 30 s, whatever part of it is padding, but less of it costs less.
    """

    seconds: int
    padded: int


@dataclass
class Window:
    """One window. `tokens` holds prompt and target; -100 in `targets` is not to be learnt.

    `looks` are the encoder frames (first, end) that the last decoder block should look at when it
    makes each next token; (0, 0) leaves it free.
    """

    mels: np.ndarray  # float32 (80, 2 n)
    phones: np.ndarray  # int64 (n,), -100 where there is nothing
    spoken: np.ndarray  # int64 (n,): the text token said there, or -100
    tokens: list[int]
    targets: list[int]
    looks: list[tuple[int, int]]


class Windows:
    """Makes windows from spoken sentences and the sounds of a room."""

    def __init__(
        self, speech: Sequence[Spoken], sounds: dict[str, list[np.ndarray]], tokenizer: Tokenizer
    ) -> None:
        self.speech, self.sounds, self.tokenizer = speech, sounds, tokenizer
        self.ids = {
            name: tokenizer.token_to_id(f"<|{name}|>")
            for name in ("endoftext", "startoftranscript", "startofprev", "nospeech")
        }
        self.untimed = tokenizer.token_to_id("<|notimestamps|>")
        self.zero = self.untimed + 1

    def make(self, setting: Setting, rng: random.Random) -> Window:
        """One window."""
        frames, heard = round(setting.padded / FRAME), round(setting.seconds / FRAME)
        if heard < frames and rng.random() < 0.25:
            heard = rng.randint(75, heard)  # as at a recording's end
        power = self._air(2 * heard, rng)
        phones = np.full(frames, -100)
        phones[:heard] = 0
        said = self._speak(power, phones, heard, rng)
        tokens, targets, looks = self._script(said, heard, rng)
        mels = self._features(power, frames, rng)
        return Window(mels, phones, self._spoken(targets, looks, frames), tokens, targets, looks)

    def _air(self, length: int, rng: random.Random) -> np.ndarray:
        """The room before anybody speaks (80, length), linear power."""
        noise = _stretch(rng.choice(self.sounds["air"]), length, rng)
        power = noise * 10 ** rng.uniform(-1.5, 1.5)
        if rng.random() < 0.3:
            murmur = _stretch(rng.choice(self.sounds["murmur"]), length, rng)
            power += murmur * 10 ** rng.uniform(-1.5, 0.4)
        return power

    def _speak(
        self, power: np.ndarray, phones: np.ndarray, heard: int, rng: random.Random
    ) -> list[tuple[int, Spoken, bool]]:
        """Lays sentences and the room's answers down: (first frame, sentence, whether whole)."""
        said: list[tuple[int, Spoken, bool]] = []
        loud = rng.uniform(-1.0, 0.9)  # log10 of power, against the sample's own level
        now = round(rng.uniform(0, 0.9) / FRAME) if rng.random() < 0.85 else heard
        while now < heard:
            sentence = rng.choice(self.speech)
            whole = now + len(sentence.phones) <= heard
            if not whole and rng.random() < 0.5:
                break
            end = min(heard, now + len(sentence.phones))
            level = 10 ** (loud + rng.uniform(-0.15, 0.15))
            spoken = _power(sentence.mels[:, : 2 * (end - now)])
            power[:, 2 * now : 2 * end] += spoken * level
            phones[now:end] = sentence.phones[: end - now]
            said.append((now, sentence, whole))
            now = end + round(rng.choice((0.15, 0.3, 0.5, 1.0)) * rng.uniform(0.6, 1.4) / FRAME)
            now = self._react(power, now, rng)
        if not said:
            self._react(power, rng.randint(0, max(1, heard // 2)), rng, always=True)
        return said

    def _react(self, power: np.ndarray, now: int, rng: random.Random, always: bool = False) -> int:
        """Now and then applause or laughter; the frame from which somebody may speak again."""
        if 2 * now >= power.shape[1] or (not always and rng.random() > 0.12):
            return now
        sound = rng.choice(self.sounds[rng.choice(("applause", "laughter"))])
        begin = max(0, 2 * now - rng.randint(0, 30))
        part = sound[:, : power.shape[1] - begin]
        power[:, begin : begin + part.shape[1]] += _power(part) * 10 ** rng.uniform(-1.2, 0.6)
        over = rng.uniform(0.7, 1.0) if rng.random() < 0.8 else 0.3
        return max(now, round((begin + over * sound.shape[1]) / 2))

    def _script(
        self, said: list[tuple[int, Spoken, bool]], heard: int, rng: random.Random
    ) -> tuple[list[int], list[int], list[tuple[int, int]]]:
        """Tokens, their successors, and where to look for each successor."""
        tokens = [self.ids["startoftranscript"]]
        looks = [(0, 0)]
        timed = rng.random() < 0.6
        if not said:
            tokens += rng.choice(([self.ids["nospeech"]], [self.zero]))
            looks.append((0, 0))
        elif not timed:
            tokens.append(self.untimed)
            looks.append((0, 0))
        for part in said:
            self._sentence(tokens, looks, part, heard, timed)
        end = min(heard, looks[-1][1] + 5)
        tokens.append(self.ids["endoftext"])
        looks.append((max(0, end - 8), end) if said else (0, 0))
        prompt = self._prompt(rng) if rng.random() < PROMPT else []
        targets = [-100] * len(prompt) + tokens[1:]
        if said and not timed:
            targets[len(prompt)] = -100  # that no times are asked for is never the model's choice
        return prompt + tokens[:-1], targets, [(0, 0)] * len(prompt) + looks[1:]

    def _sentence(
        self,
        tokens: list[int],
        looks: list[tuple[int, int]],
        said: tuple[int, Spoken, bool],
        heard: int,
        timed: bool,
    ) -> None:
        """A sentence, `timed` between its times; of one that is cut, what is heard, and no end.

        faster-whisper then hears that sentence again from its start in the next window.
        """
        begin, sentence, whole = said
        end = begin + len(sentence.phones)
        if timed:
            tokens.append(self.zero + begin)
            looks.append((max(0, begin - 1), begin + 4))
        for text, start, stop in sentence.words:
            if begin + stop / FRAME <= heard:
                self._word(tokens, looks, text, (begin + start / FRAME, begin + stop / FRAME))
        if timed and whole:
            tokens.append(self.zero + end)
            looks.append((end - 3, end + 1))

    def _word(
        self,
        tokens: list[int],
        looks: list[tuple[int, int]],
        text: str,
        span: tuple[float, float],
    ) -> None:
        """A word's tokens share its time by their letters; a mark looks at what follows it."""
        pieces = self.tokenizer.encode(f" {text}", add_special_tokens=False)
        letters = [sum(sign.isalpha() for sign in piece) for piece in pieces.tokens]
        share = (span[1] - span[0]) / max(1, sum(letters))
        now = span[0]
        for token, count in zip(pieces.ids, letters, strict=True):
            until = now + count * share
            low, high = int(now), max(int(now) + 1, round(until))
            tokens.append(token)
            looks.append((low, high) if count else (round(span[1]), round(span[1]) + 4))
            now = until

    def _spoken(self, targets: list[int], looks: list[tuple[int, int]], frames: int) -> np.ndarray:
        """The text token that is said at each frame."""
        spoken = np.full(frames, -100)
        text = self.ids["endoftext"]  # the first token that is none
        for target, (low, high) in zip(targets, looks, strict=True):
            if 0 <= target < text:
                spoken[low:high] = target
        return spoken

    def _prompt(self, rng: random.Random) -> list[int]:
        """Words said before, or hotwords: to be read, not to be written."""
        before = [rng.choice(self.speech).words for _ in range(rng.randint(1, 6))]
        text = " ".join(word for words in before for word, _, _ in words)
        if rng.random() < 0.5:
            text = ", ".join(text.rstrip(".?").split(" ")[: rng.randint(1, 16)])
        ids = self.tokenizer.encode(f" {text}", add_special_tokens=False).ids
        return [self.ids["startofprev"], *ids[-100:]]

    def _features(self, power: np.ndarray, frames: int, rng: random.Random) -> np.ndarray:
        """Whisper's scaling; the loudest moment may lie outside the window, padding is zero."""
        logs = np.log10(np.maximum(power, 1e-10))
        loudest = logs.max() + rng.choice((0.0, rng.uniform(0, 1.0)))
        scaled = (np.maximum(logs, loudest - 8) + 4) / 4
        return np.pad(scaled, ((0, 0), (0, 2 * frames - power.shape[1]))).astype(np.float32)


def _power(logs: np.ndarray) -> np.ndarray:
    return np.power(np.float32(10), logs.astype(np.float32))


def _stretch(sound: np.ndarray, length: int, rng: random.Random) -> np.ndarray:
    """Linear power of `length` frames from somewhere in a sound, which is repeated as needed."""
    begin = rng.randrange(sound.shape[1])
    places = (begin + np.arange(length)) % sound.shape[1]
    return _power(sound[:, places])
