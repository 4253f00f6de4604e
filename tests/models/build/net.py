"""Whisper's network in PyTorch, small, with three aids for training that are never exported.

The architecture is that of Radford et al., "Robust Speech Recognition via Large-Scale Weak
Supervision" (2022): two convolutions, encoder and decoder blocks with the norm in front.

The aids: a head that names the phone of every encoder frame, one that names the token spoken there
(by the decoder's own token vectors, so that finding and copying a token are near at hand), and the
decoder's cross-attention, which is returned so that it can be taught where each word lies.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
import vocabulary
from torch import Tensor, nn

MELS = 80
FRAMES = 1500  # encoder frames in a window of 30 s
TOKENS = 448  # decoder positions
ALIGNED = 2  # heads of each decoder block that are taught the words' places


@dataclass(frozen=True)
class Size:
    """The network's size; `phones` is the number of phone classes of the training head."""

    vocabulary: int
    width: int = 160
    heads: int = 5
    encoder_layers: int = 4
    decoder_layers: int = 2
    phones: int = 1


class Attention(nn.Module):
    """Multi-head attention; the keys have no bias, as in Whisper."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.value = nn.Linear(width, width), nn.Linear(width, width)
        self.key, self.out = nn.Linear(width, width, bias=False), nn.Linear(width, width)

    def forward(self, x: Tensor, to: Tensor, causal: bool = False) -> Tensor:
        """x (batch, length, width) attends to `to` (batch, frames, width)."""
        query, key, value = self._split(self.query(x), self.key(to), self.value(to))
        mixed = F.scaled_dot_product_attention(query, key, value, is_causal=causal)
        return self._join(mixed)

    def looking(self, x: Tensor, to: Tensor) -> tuple[Tensor, Tensor]:
        """`forward`, and the log of the attention (batch, heads, length, frames)."""
        query, key, value = self._split(self.query(x), self.key(to), self.value(to))
        score = (query @ key.transpose(-1, -2)).float() / math.sqrt(query.shape[-1])
        return self._join(score.softmax(-1).to(value.dtype) @ value), score.log_softmax(-1)

    def _split(self, *parts: Tensor) -> list[Tensor]:
        return [p.unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in parts]

    def _join(self, mixed: Tensor) -> Tensor:
        joined: Tensor = self.out(mixed.transpose(1, 2).flatten(2))
        return joined


class Block(nn.Module):
    """Self-attention, in the decoder cross-attention, and two layers of four times the width."""

    def __init__(self, width: int, heads: int, cross: bool) -> None:
        super().__init__()
        self.norm_self, self.attend = nn.LayerNorm(width), Attention(width, heads)
        self.norm_cross = nn.LayerNorm(width) if cross else None
        self.cross = Attention(width, heads) if cross else None
        self.norm_feed = nn.LayerNorm(width)
        self.widen, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor, heard: Tensor | None = None) -> tuple[Tensor, Tensor | None]:
        """The block's output, and in the decoder the log of its cross-attention."""
        looked = None
        norm = self.norm_self(x)
        x = x + self.attend(norm, norm, causal=self.cross is not None)
        if self.cross is not None and self.norm_cross is not None and heard is not None:
            found, looked = self.cross.looking(self.norm_cross(x), heard)
            x = x + found
        return x + self.narrow(F.gelu(self.widen(self.norm_feed(x)))), looked


class Net(nn.Module):
    """The whole network. Encoder frames are 20 ms apart."""

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.size = size
        width = size.width
        self.conv1 = nn.Conv1d(MELS, width, 3, padding=1)
        self.conv2 = nn.Conv1d(width, width, 3, stride=2, padding=1)
        self.register_buffer("places", sinusoids(FRAMES, width))
        self.encoder = nn.ModuleList(
            Block(width, size.heads, cross=False) for _ in range(size.encoder_layers)
        )
        self.norm_encoder = nn.LayerNorm(width)
        self.phones = nn.Linear(width, size.phones)
        self.spoken = nn.Linear(width, width)
        self.tokens = nn.Embedding(size.vocabulary, width)
        self.positions = nn.Parameter(sinusoids(TOKENS, width) * 0.1)
        self.decoder = nn.ModuleList(
            Block(width, size.heads, cross=True) for _ in range(size.decoder_layers)
        )
        self.norm_decoder = nn.LayerNorm(width)
        nn.init.normal_(self.tokens.weight, std=0.02)
        for layer, block in enumerate(self.encoder):
            look_near(block.attend, reach=1.5 * 2**layer)

    def encode(self, mels: Tensor) -> Tensor:
        """mels (batch, 80, 2 n) to (batch, n, width)."""
        x = F.gelu(self.conv2(F.gelu(self.conv1(mels)))).transpose(1, 2)
        x = x + self.places[: x.shape[1]]
        for block in self.encoder:
            x, _ = block(x)
        return self.norm_encoder(x)

    def name(self, heard: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the phone (batch, n, phones) and of the text token at each encoder frame."""
        text = self.tokens.weight[: vocabulary.pieces(self.size.vocabulary)]
        return self.phones(heard), self.spoken(heard) @ text.T

    def decode(self, tokens: Tensor, heard: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Logits (batch, length, vocabulary), and each block's log cross-attention."""
        x = self.tokens(tokens) + self.positions[: tokens.shape[1]]
        looked = []
        for block in self.decoder:
            x, there = block(x, heard)
            looked.append(there)
        return self.norm_decoder(x) @ self.tokens.weight.T, looked


def sinusoids(length: int, width: int) -> Tensor:
    """Whisper's position encoding (length, width): sines in one half, cosines in the other."""
    step = math.log(10_000) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-step * torch.arange(width // 2))[None]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def look_near(attention: Attention, reach: float) -> None:
    """Starts each head as one that looks a few frames to one side.

    A turn of the position encoding by a fixed angle is a shift in time, so that a head can look
    at a given distance from the first step on. From a random start it takes thousands of steps
    to find that neighbours matter most.
    """
    width, heads = attention.query.weight.shape[0], attention.heads
    half, pairs = width // 2, width // heads // 2
    step = math.log(10_000) / (half - 1)
    nn.init.normal_(attention.query.weight, std=0.02)
    nn.init.normal_(attention.key.weight, std=0.02)
    with torch.no_grad():
        for head in range(heads):
            shift = reach * (2 * head / max(1, heads - 1) - 1)
            for pair in range(min(pairs, half)):
                turn = math.exp(-step * pair) * shift
                row = head * 2 * pairs + 2 * pair
                for sine in (0, 1):
                    attention.key.weight[row + sine, pair + sine * half] += 1.2
                attention.query.weight[row, pair] += 1.2 * math.cos(turn)
                attention.query.weight[row, pair + half] += 1.2 * math.sin(turn)
                attention.query.weight[row + 1, pair + half] += 1.2 * math.cos(turn)
                attention.query.weight[row + 1, pair] -= 1.2 * math.sin(turn)
