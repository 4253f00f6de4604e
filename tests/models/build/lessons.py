"""What the network is taught in a step, and a memory of what its encoder has heard."""

import random
from collections import deque
from collections.abc import Iterator

import torch
import torch.nn.functional as F
import vocabulary
from net import ALIGNED, Net
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

SLIPS = 0.08  # share of the decoder's text tokens that are read wrongly
# mels, phones and text tokens by frame, tokens, targets, looks
Batch = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
Heard = tuple[Tensor, Tensor, Tensor, Tensor]  # the encoder's output, tokens, targets, looks


def losses(net: Net, batch: Batch) -> dict[str, Tensor]:
    """Cross-entropy of phones, frames' tokens, tokens and looks; the shares that are right."""
    mels, phones, spoken, *words = batch
    with torch.autocast(mels.device.type, torch.bfloat16):
        heard = net.encode(mels)
        named, copied = net.name(heard)
    named, copied = named.float(), copied.float()
    said = (spoken >= 0).sum().clamp(min=1)  # in some batches nobody speaks
    return {
        "phone": F.cross_entropy(named.flatten(0, 1), phones.flatten()),
        "named": (named.argmax(-1) == phones)[phones >= 0].float().mean(),
        "spoken": F.cross_entropy(
            copied.flatten(0, 1), spoken.flatten(), label_smoothing=0.03, reduction="sum"
        )
        / said,
        "caught": ((copied.argmax(-1) == spoken) & (spoken >= 0)).sum() / said,
        **word_losses(net, (heard, *words)),
    }


def word_losses(net: Net, lesson: Heard) -> dict[str, Tensor]:
    """The part of `losses` that is the decoder's."""
    heard, tokens, targets, looks = lesson
    behind = F.pad(looks, (0, 0, 1, 0))[:, :-1]
    with torch.autocast(heard.device.type, torch.bfloat16):
        logits, looked = net.decode(slips(tokens, net.size.vocabulary), heard)
    logits = logits.float()
    return {
        "token": F.cross_entropy(logits.flatten(0, 1), targets.flatten(), label_smoothing=0.03),
        "look": look_loss(looked[-1][:, :ALIGNED].float(), looks),
        "found": look_loss(looked[0][:, :ALIGNED].float(), behind),
        "right": (logits.argmax(-1) == targets)[targets >= 0].float().mean(),
    }


def slips(tokens: Tensor, size: int) -> Tensor:
    """Text tokens with some replaced at random: a decoder errs, and has to go on from there."""
    text = vocabulary.pieces(size)
    chosen = (torch.rand(tokens.shape, device=tokens.device) < SLIPS) & (tokens < text)
    return torch.where(chosen, torch.randint_like(tokens, text), tokens)


def total(found: dict[str, Tensor]) -> Tensor:
    """The losses as one."""
    words = found["token"] + 0.5 * (found["look"] + found["found"])
    return words + found["phone"] + found["spoken"] if "phone" in found else words


def look_loss(looked: Tensor, looks: Tensor) -> Tensor:
    """Cross-entropy of log attention (batch, heads, tokens, frames) against even looks."""
    frame = torch.arange(looked.shape[-1], device=looked.device)
    begin, end = looks[..., 0:1], looks[..., 1:2]
    there = ((frame >= begin) & (frame < end)).float()
    size = there.sum(-1)
    asked = size > 0
    found = (looked * there[:, None]).sum(-1) / size.clamp(min=1)[:, None]
    return -(found * asked[:, None]).sum() / (asked.sum() * looked.shape[1]).clamp(min=1)


class Memory:
    """Windows as the encoder heard them, the latest `size`, for the decoder to learn from again.

    Hearing costs ten times what deciding on words does. Once the encoder names phones well, it
    rests, and each window serves several times.
    """

    def __init__(self, size: int) -> None:
        self.kept: deque[Heard] = deque(maxlen=size)

    def hear(self, net: Net, batch: Batch) -> None:
        """Keeps the windows of a batch."""
        mels, _, _, *words = batch
        with torch.no_grad(), torch.autocast(mels.device.type, torch.bfloat16):
            heard = net.encode(mels).to(torch.bfloat16)
        self.kept.extend(zip(heard, *words, strict=True))

    def draw(self, count: int, rng: random.Random) -> Heard:
        """Some of them, drawn at random; all are of one length."""
        heard, tokens, targets, looks = zip(*rng.sample(self.kept, count), strict=True)
        return torch.stack(heard), *_padded(tokens), *_padded(targets, -100), *_padded(looks)


def _padded(rows: tuple[Tensor, ...], filling: int = 0) -> Iterator[Tensor]:
    yield pad_sequence(list(rows), batch_first=True, padding_value=filling)
