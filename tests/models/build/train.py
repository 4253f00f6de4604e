"""Trains the small Whisper on two CPU cores or one GPU; stopped and started again, it goes on.

python tests/models/build/speech.py SPEECH 16
python tests/models/build/train.py SPEECH CHECKPOINT MINUTES

Three things are taught at once: the next token, the phone of every encoder frame, and where the
decoder looks: its first block for the token it has just read, its last block for the next one.
The last two come for nothing, since the speech is made, and they shorten the way from hours to
minutes: neither encoder nor attention has to find out by itself how speech and text lie together.
"""

import json
import math
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from statistics import mean

import numpy as np
import speech
import torch
import torch.nn.functional as F
import vocabulary
from net import ALIGNED, FRAMES, Net, Size, sinusoids
from tokenizers import Tokenizer
from torch import Tensor
from windows import Setting, Window, Windows

PIECES = 600
RATE = 2e-3
STAGES = (  # share of the time, windows, windows in a step
    (0.55, Setting(8, anywhere=True), 8),
    (1.01, Setting(30, anywhere=False), 3),
)
Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


def make_batch(
    windows: Windows, setting: Setting, count: int, rng: random.Random
) -> tuple[int, Batch]:
    """The windows' first frame, and mels, phones, tokens, targets and looks, padded."""
    frames = setting.seconds * 50
    first = rng.randrange(0, FRAMES - frames) if setting.anywhere else 0
    made = [windows.make(setting, first, rng) for _ in range(count)]
    return first, collate(made)


def collate(made: list[Window]) -> Batch:
    """Windows as tensors; the looks as (windows, tokens, 2)."""
    longest = max(len(window.tokens) for window in made)
    tokens = torch.zeros(len(made), longest, dtype=torch.long)
    targets = torch.full((len(made), longest), -100)
    looks = torch.zeros(len(made), longest, 2, dtype=torch.long)
    for row, window in enumerate(made):
        length = len(window.tokens)
        tokens[row, :length] = torch.tensor(window.tokens)
        targets[row, :length] = torch.tensor(window.targets)
        looks[row, :length] = torch.tensor(window.looks)
    mels = torch.from_numpy(np.stack([window.mels for window in made]))
    phones = torch.from_numpy(np.stack([window.phones for window in made]))
    return mels, phones, tokens, targets, looks


def losses(net: Net, first: int, batch: Batch) -> dict[str, Tensor]:
    """Cross-entropy of tokens, phones and looks; and the share of tokens and phones right."""
    mels, phones, tokens, targets, looks = batch
    behind = F.pad(looks, (0, 0, 1, 0))[:, :-1]
    device = mels.device.type
    with torch.autocast(device, torch.bfloat16):
        heard = net.encode(mels, first)
        named = net.phones(heard)
        logits, looked = net.decode(tokens, heard)
    logits, named = logits.float(), named.float()
    right = (logits.argmax(-1) == targets)[targets >= 0].float().mean()
    return {
        "token": F.cross_entropy(logits.flatten(0, 1), targets.flatten(), label_smoothing=0.03),
        "phone": F.cross_entropy(named.flatten(0, 1), phones.flatten()),
        "look": look_loss(looked[-1][:, :ALIGNED].float(), looks),
        "found": look_loss(looked[0][:, :ALIGNED].float(), behind),
        "right": right,
        "named": (named.argmax(-1) == phones)[phones >= 0].float().mean(),
    }


def look_loss(looked: Tensor, looks: Tensor) -> Tensor:
    """Cross-entropy of log attention (batch, heads, tokens, frames) against even looks."""
    frame = torch.arange(looked.shape[-1], device=looked.device)
    begin, end = looks[..., 0:1], looks[..., 1:2]
    there = ((frame >= begin) & (frame < end)).float()
    size = there.sum(-1)
    asked = size > 0
    found = (looked * there[:, None]).sum(-1) / size.clamp(min=1)[:, None]
    return -(found * asked[:, None]).sum() / (asked.sum() * looked.shape[1]).clamp(min=1)


def rate(done: float, step: int) -> float:
    """The learning rate: a short rise, then half a cosine over the share of time that is done."""
    return RATE * min(1.0, (step + 1) / 150) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * done))


class Training:
    """A training that can be stopped: network, optimiser, tokenizer, and the minutes done."""

    def __init__(self, folder: Path, checkpoint: Path, device: str) -> None:
        self.checkpoint, self.device = checkpoint, device
        self.shards = folder
        self.state = (
            torch.load(checkpoint, map_location=device, weights_only=True)
            if checkpoint.exists()
            else None
        )
        torch.manual_seed(0)
        self.tokenizer = self._tokenizer()
        size = Size(self.tokenizer.get_vocab_size(), phones=len(speech.PHONES))
        self.net = Net(size).to(device)
        _order_times(self.net, self.tokenizer)
        self.optimiser = torch.optim.AdamW(
            self.net.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01
        )
        self.step, self.seconds = 0, 0.0
        if self.state:
            self.net.load_state_dict(self.state["net"])
            self.optimiser.load_state_dict(self.state["optimiser"])
            self.step, self.seconds = self.state["step"], self.state["seconds"]

    def _tokenizer(self) -> Tokenizer:
        if self.state:
            return Tokenizer.from_str(self.state["tokenizer"])
        texts = [" ".join(word for word, _, _ in s.words) for s in self._speech()]
        return vocabulary.learn(texts, PIECES)

    def _speech(self) -> list[speech.Spoken]:
        paths = sorted(self.shards.glob("[0-9][0-9][0-9].npz"))[1:]
        return [spoken for path in paths for spoken in speech.read_shard(path)]

    def run(self, minutes: float) -> None:
        """Trains until `minutes` of training are done, over all the runs."""
        net, total = self.net.train(), minutes * 60
        recent: list[dict[str, float]] = []
        clock = time.monotonic()
        saved = self.seconds
        for first, batch in self._batches(total):
            for group in self.optimiser.param_groups:
                group["lr"] = rate(self.seconds / total, self.step)
            found = losses(net, first, tuple(part.to(self.device) for part in batch))
            self.optimiser.zero_grad()
            (found["token"] + found["phone"] + 0.5 * (found["look"] + found["found"])).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            self.optimiser.step()
            recent.append({name: value.item() for name, value in found.items()})
            self.step += 1
            self.seconds += time.monotonic() - clock
            clock = time.monotonic()
            if self.step % 25 == 0:
                self.report(recent)
                recent = []
            if self.seconds - saved > 120:
                self.save()
                saved = self.seconds
        self.save()

    def _batches(self, total: float) -> Iterator[tuple[int, Batch]]:
        """Batches, the next one made while the network is at work; new shards are taken up."""
        known, windows = 0, None
        sounds = speech.room_sounds(7)
        with ThreadPoolExecutor(1) as worker:
            waiting = None
            while self.seconds < total:
                count = len(list(self.shards.glob("[0-9][0-9][0-9].npz")))
                if count > known or windows is None:
                    known, windows = count, Windows(self._speech(), sounds, self.tokenizer)
                done = self.seconds / total
                setting, size = next(s[1:] for s in STAGES if done < s[0])
                rng = random.Random(f"{self.step} {setting}")
                if waiting is None:
                    waiting = worker.submit(make_batch, windows, setting, size, rng)
                ready = waiting.result()
                waiting = worker.submit(make_batch, windows, setting, size, rng)
                yield ready

    def report(self, recent: list[dict[str, float]]) -> None:
        """A line of the learning curve: means of the last steps."""
        means = {name: round(mean(step[name] for step in recent), 4) for name in recent[0]}
        line = {"step": self.step, "minutes": round(self.seconds / 60, 2), **means}
        print(json.dumps(line), flush=True)

    def save(self) -> None:
        """The checkpoint, whole or not at all."""
        unfinished = self.checkpoint.with_suffix(".part")
        state = {
            "net": self.net.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "size": asdict(self.net.size),
            "tokenizer": self.tokenizer.to_str(),
            "step": self.step,
            "seconds": self.seconds,
        }
        torch.save(state, unfinished)
        unfinished.rename(self.checkpoint)


def _order_times(net: Net, tokenizer: Tokenizer) -> None:
    """Time tokens start as neighbours of one another, which they are."""
    zero = tokenizer.token_to_id("<|0.00|>")
    with torch.no_grad():
        places = sinusoids(vocabulary.TIMES, net.size.width)
        net.tokens.weight[zero : zero + vocabulary.TIMES] = places * 0.05


if __name__ == "__main__":
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(1 if device == "cpu" else 4)
    Training(Path(sys.argv[1]), Path(sys.argv[2]), device).run(float(sys.argv[3]))
