"""A real Whisper model whose weights make it say a given text, whatever it hears.

No weight is trained. The decoder's layers add nothing, so that the next token follows from the one
before, and the projection is made for the wanted chain of tokens. Batched decoding asks with
`<|notimestamps|>` and sequential decoding without, so the two can be made to say different things:
one to drop or invent words, the other to hear them. Cross-attention is made to look, for the n-th
word, STEP x n seconds into the window, which gives the words exact times.
"""

import json
import random
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

with pytest.MonkeyPatch.context() as patch:
    patch.setitem(sys.modules, "torch", None)  # seconds to import, for what others have trained
    from ctranslate2.specs import whisper_spec

STEP = 0.4  # seconds from one word's start to the next one's
FRAMES = 1500  # of the encoder, 50 a second
SHARPNESS = 4.0  # logits of the wanted token stand this many times above the others'
TIMES = [f"<|{place * 0.02:.2f}|>" for place in range(1501)]
LANGUAGES = ["<|en|>", "<|de|>", "<|fr|>"]
MULTILINGUAL = ""  # a vocabulary with this token is taken for a multilingual model's
END, START, TRANSCRIBE, NO_TIMES = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|transcribe|>",
    "<|notimestamps|>",
)
SPECIAL = [END, START, *LANGUAGES, "<|translate|>", TRANSCRIBE]
SPECIAL += ["<|startoflm|>", "<|startofprev|>", "<|nospeech|>", NO_TIMES]
Array = NDArray[np.float32]


@dataclass(frozen=True)
class Size:
    """How large the model is: what it costs to run."""

    width: int = 128
    layers: int = 1
    heads: int = 1
    decoder_layers: int = 0  # 0: as many as the encoder has
    tokens: int = 0  # of the vocabulary at least: what is not said is never likely

    @property
    def decoding(self) -> int:
        return self.decoder_layers or self.layers


SMALL = Size()
TINY = Size(384, 4, 6)  # as openai/whisper-tiny


def babble(words: int = 70) -> str:
    """So many words, all different and none of any language: what no guard takes for a loop.

    Seventy fill a window of 30 s, at STEP.
    """
    drawn = random.Random(0)
    made: dict[str, None] = {}
    while len(made) < words:
        pairs = range(drawn.randint(1, 4))
        made["".join(drawn.choice("bdfgklmnprstvz") + drawn.choice("aeiou") for _ in pairs)] = None
    return " ".join(made)


def make(
    folder: Path, batched: str, alone: str, language: str | None = None, size: Size = SMALL
) -> Path:
    """A model folder that says `batched` in batches and `alone` otherwise, once per window.

    No word may be followed by two different ones. A text that ends in "..." is said again and
    again. Ask with beam_size=1: a beam is cut short by what is not in the script. With `language`
    the model is multilingual and takes everything for that language.
    """
    tokens = _vocabulary((batched, alone), language is not None, size.tokens)
    asked_alone = TRANSCRIBE if language else START
    chains = [
        [NO_TIMES, *_said(batched), *_ending(batched)],
        [asked_alone, TIMES[0], *_said(alone), *_ending(alone)],
    ]
    if language:
        chains.append([START, f"<|{language}|>"])
    _save(_spec(tokens, chains, (batched, alone), size), tokens, folder)
    return folder


def _endless(text: str) -> bool:
    return text.endswith("...")


def _ending(text: str) -> list[str]:
    """A last time token says that nothing follows in this window."""
    return [] if _endless(text) else [TIMES[-1], END] if text else [END]


def _said(text: str) -> list[str]:
    words = [f"Ġ{word}" for word in text.removesuffix("...").split()]
    return [*words, words[0]] if _endless(text) else words


def _vocabulary(texts: Iterable[str], multilingual: bool, least: int = 0) -> list[str]:
    words = dict.fromkeys(word for text in texts for word in _said(text))
    more = [MULTILINGUAL] if multilingual else []
    unsaid = [f"Ġunsaid{n}" for n in range(least - len(words) - len(SPECIAL) - len(TIMES))]
    return ["Ġ", *words, *unsaid, *more, *SPECIAL, *TIMES]


def _spec(
    tokens: list[str], chains: list[list[str]], texts: tuple[str, ...], size: Size
) -> whisper_spec.WhisperSpec:
    drawn = np.random.default_rng(0)
    places = {token: place for place, token in enumerate(tokens)}
    embeddings = np.zeros((len(tokens), size.width), np.float32)
    projection = np.zeros((len(tokens), size.width), np.float32)
    follows = {pair for chain in chains for pair in pairwise(chain)}
    vectors = {token: _unit(drawn, size) for token in sorted({first for first, _ in follows})}
    for token, after in sorted(follows):
        embeddings[places[token]] = vectors[token]
        projection[places[after]] += vectors[token] * SHARPNESS / np.sqrt(size.width)
    moments = [_unit(drawn, size) for _ in range(round(FRAMES / 50 / STEP) + 1)]
    spec = whisper_spec.WhisperSpec(size.layers, size.heads, size.decoding, size.heads)
    _encoder(spec.encoder, moments, size)
    _decoder(spec.decoder, _look(vectors, moments, texts), size)
    spec.decoder.embeddings.weight, spec.decoder.projection.weight = embeddings, projection
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [places[name] for name in LANGUAGES]
    spec.config.alignment_heads = [(size.decoding - 1, head) for head in range(size.heads)]
    return spec


def _unit(drawn: np.random.Generator, size: Size) -> Array:
    """A vector that layer normalisation leaves as it is."""
    vector = drawn.normal(size=size.width)
    return ((vector - vector.mean()) / vector.std()).astype(np.float32)


def _look(vectors: dict[str, Array], moments: list[Array], texts: tuple[str, ...]) -> Array:
    """The query weights that turn the token before the n-th word to the n-th moment."""
    pairs = {}
    for text in texts:
        before = [NO_TIMES, *_said(text)]
        pairs |= {token: moments[n] for n, token in enumerate(before) if token in vectors}
    asked = np.stack([vectors[token] for token in pairs])
    wanted = np.stack(list(pairs.values()))
    return (np.linalg.pinv(asked) @ wanted).T.astype(np.float32)


def _encoder(encoder: whisper_spec.WhisperEncoderSpec, moments: list[Array], size: Size) -> None:
    """An encoder that is deaf: what it gives for a frame is its moment."""
    width = size.width
    for convolution, channels in ((encoder.conv1, 80), (encoder.conv2, width)):
        convolution.weight = np.zeros((width, channels, 3), np.float32)
        convolution.bias = np.zeros(width, np.float32)
    places = [moments[int(frame / 50 / STEP)] for frame in range(FRAMES)]
    encoder.position_encodings.encodings = np.stack(places)
    _norm(encoder.layer_norm, size)
    for layer in encoder.layer:
        _attention(layer.self_attention, [np.zeros((3 * width, width), np.float32)], size)
        _feed(layer.ffn, size)


def _decoder(decoder, look: Array, size: Size) -> None:
    width = size.width
    decoder.position_encodings.encodings = np.zeros((448, width), np.float32)
    decoder.scale_embeddings = False
    _norm(decoder.layer_norm, size)
    keys_and_values = np.concatenate([np.eye(width), np.zeros((width, width))])
    for layer in decoder.layer:
        _attention(layer.self_attention, [np.zeros((3 * width, width), np.float32)], size)
        _attention(layer.attention, [look, keys_and_values.astype(np.float32)], size)
        _feed(layer.ffn, size)


def _attention(spec, weights: list[Array], size: Size) -> None:
    """Attention that looks and adds nothing."""
    _norm(spec.layer_norm, size)
    nothing = np.zeros((size.width, size.width), np.float32)
    for linear, weight in zip(spec.linear, [*weights, nothing], strict=True):
        linear.weight = weight
        linear.bias = np.zeros(len(weight), np.float32)


def _feed(spec, size: Size) -> None:
    _norm(spec.layer_norm, size)
    width, wide = size.width, 4 * size.width
    for linear, shape in ((spec.linear_0, (wide, width)), (spec.linear_1, (width, wide))):
        linear.weight = np.zeros(shape, np.float32)
        linear.bias = np.zeros(shape[0], np.float32)


def _norm(spec, size: Size) -> None:
    spec.gamma = np.ones(size.width, np.float32)
    spec.beta = np.zeros(size.width, np.float32)


def _save(spec: whisper_spec.WhisperSpec, tokens: list[str], folder: Path) -> None:
    spec.validate()
    spec.optimize(quantization=None)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    model = models.WordLevel({token: place for place, token in enumerate(tokens)}, unk_token="Ġ")
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([*SPECIAL, *TIMES])
    tokenizer.save(str(folder / "tokenizer.json"))
    features = {"feature_size": 80, "sampling_rate": 16_000, "hop_length": 160}
    (folder / "preprocessor_config.json").write_text(
        json.dumps({**features, "chunk_length": 30, "n_fft": 400}), encoding="utf-8"
    )
