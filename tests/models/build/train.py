"""Trains the small Whisper on two CPU cores or one GPU; stopped and started again, it goes on.

python tests/models/build/speech.py SPEECH 16
python tests/models/build/train.py SPEECH CHECKPOINT MINUTES

Taught at once: the next token; the phone and the text token of every encoder frame; and where the
decoder looks: its first block for the token it has just read, its last block for the next one.
All but the first come for nothing, since the speech is made, and they shorten the way: neither
encoder nor attention has to find out by itself how speech and text lie together.
"""

import json
import math
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

import numpy as np
import speech
import torch
import vocabulary
from lessons import Batch, Memory, losses, total, word_losses
from net import Net, Size, sinusoids
from tokenizers import Tokenizer
from windows import Setting, Windows

PIECES = 600
RATES = 2.5e-3, 2e-3  # peaks of the learning rate: the blocks' matrices, all the rest
MEMORY = 600  # windows


@dataclass(frozen=True)
class Stage:
    """A part of the training, until a share of its time is done.

    `fresh` windows are made in a step; with `again`, the encoder rests and the decoder learns from
    that many windows of the memory.
    """

    until: float
    setting: Setting
    fresh: int
    again: int = 0


STAGES = (
    Stage(0.42, Setting(10, 10), fresh=6),
    Stage(0.55, Setting(10, 13), fresh=5),
    Stage(0.75, Setting(10, 13), fresh=4, again=24),
    Stage(1.01, Setting(10, 30), fresh=3),
)


def make_batch(windows: Windows, setting: Setting, count: int, rng: random.Random) -> Batch:
    """New windows as tensors, padded; the looks as (windows, tokens, 2)."""
    made = [windows.make(setting, rng) for _ in range(count)]
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
    spoken = torch.from_numpy(np.stack([window.spoken for window in made]))
    return mels, phones, spoken, tokens, targets, looks


def make_optimisers(net: Net) -> list[torch.optim.Optimizer]:
    """Muon for the blocks' matrices (K. Jordan, 2024), AdamW for all the rest."""
    matrices = [
        weight
        for blocks in (net.encoder, net.decoder)
        for weight in blocks.parameters()
        if weight.ndim == 2
    ]
    chosen = set(map(id, matrices))
    rest = [weight for weight in net.parameters() if id(weight) not in chosen]
    return [
        torch.optim.Muon(
            matrices, lr=RATES[0], momentum=0.95, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(rest, lr=RATES[1], betas=(0.9, 0.98), weight_decay=0.01),
    ]


def rate(done: float, step: int) -> float:
    """The share of the peak rate: a short rise, then half a cosine over the time."""
    return min(1.0, (step + 1) / 150) * max(0.02, 0.5 + 0.5 * math.cos(math.pi * done))


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
        self.optimisers = make_optimisers(self.net)
        self.step, self.seconds, self.memory = 0, 0.0, Memory(MEMORY)
        if self.state:
            self.net.load_state_dict(self.state["net"])
            for optimiser, state in zip(self.optimisers, self.state["optimisers"], strict=True):
                optimiser.load_state_dict(state)
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
        length = minutes * 60
        recent: list[dict[str, float]] = []
        clock = time.monotonic()
        saved = self.seconds
        for stage, batch in self._batches(length):
            found = self.learn(stage, batch, self.seconds / length)
            self.seconds += time.monotonic() - clock
            clock = time.monotonic()
            recent.append(found)
            if self.step % 25 == 0:
                self.report(recent)
                recent = []
            if self.seconds - saved > 120:
                self.save()
                saved = self.seconds
        self.save()

    def learn(self, stage: Stage, batch: Batch, done: float) -> dict[str, float]:
        """One step; what the losses were."""
        batch = tuple(part.to(self.device) for part in batch)
        if stage.again:
            self.memory.hear(self.net, batch)
            rng = random.Random(self.step)
            count = min(stage.again, len(self.memory.kept))
            found = word_losses(self.net, self.memory.draw(count, rng))
        else:
            found = losses(self.net, batch)
        for optimiser, peak in zip(self.optimisers, RATES, strict=True):
            for group in optimiser.param_groups:
                group["lr"] = peak * rate(done, self.step)
        self.net.zero_grad()
        total(found).backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        return {name: value.item() for name, value in found.items()}

    def _batches(self, length: float) -> Iterator[tuple[Stage, Batch]]:
        """Batches, the next one made while the network is at work; new shards are taken up."""
        known, windows = 0, None
        sounds = speech.room_sounds(7)
        with ThreadPoolExecutor(1) as worker:
            stage, waiting = None, None
            while self.seconds < length:
                count = len(list(self.shards.glob("[0-9][0-9][0-9].npz")))
                if count > known or windows is None:
                    known, windows = count, Windows(self._speech(), sounds, self.tokenizer)
                before, stage = stage, self._stage(self.seconds / length)
                plan = windows, stage.setting, stage.fresh, random.Random(f"{self.step} {stage}")
                if stage != before:
                    self.memory = Memory(MEMORY)
                    waiting = worker.submit(make_batch, *plan)
                ready = waiting.result()
                waiting = worker.submit(make_batch, *plan)
                yield stage, ready

    def _stage(self, done: float) -> Stage:
        return next(stage for stage in STAGES if done < stage.until)

    def report(self, recent: list[dict[str, float]]) -> None:
        """A line of the learning curve: means of the last steps."""
        names = [name for name in recent[-1] if all(name in step for step in recent)]
        means = {name: round(mean(step[name] for step in recent), 4) for name in names}
        line = {"step": self.step, "minutes": round(self.seconds / 60, 2), **means}
        print(json.dumps(line), flush=True)

    def save(self) -> None:
        """The checkpoint, whole or not at all."""
        unfinished = self.checkpoint.with_suffix(".part")
        state = {
            "net": self.net.state_dict(),
            "optimisers": [optimiser.state_dict() for optimiser in self.optimisers],
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
