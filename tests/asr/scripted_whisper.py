"""A real Whisper model whose weights make it say a given text, whatever it hears.

No weight is trained: the decoder's layers add nothing, so that the next token follows from the one
before, and the projection is made for the wanted chain of tokens. Batched decoding asks with
`<|notimestamps|>` and sequential decoding without, so the two can be made to say different things:
one to drop or invent words, the other to hear them. Cross-attention is random, and with it the
words' times.
"""

import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from ctranslate2.specs import whisper_spec
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

WIDTH = 64
SHARPNESS = 4.0  # logits of the wanted token stand this many times above the others'
TIMES = [f"<|{place * 0.02:.2f}|>" for place in range(1501)]
LANGUAGES = ["<|en|>", "<|de|>", "<|fr|>"]
END, START, TRANSCRIBE, NO_TIMES = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|transcribe|>",
    "<|notimestamps|>",
)
SPECIAL = [END, START, *LANGUAGES, "<|translate|>", TRANSCRIBE]
SPECIAL += ["<|startoflm|>", "<|startofprev|>", "<|nospeech|>", NO_TIMES]
MULTILINGUAL = ""  # a vocabulary with this token is taken for a multilingual model's


def make(folder: Path, batched: str, alone: str, language: str | None = None) -> Path:
    """A model folder that says `batched` in batches and `alone` otherwise, once per window.

    No word may be followed by two different ones. A text that ends in "..." is said again and
    again. Ask with beam_size=1: a beam is cut short by what is not in the script. With `language`
    the model is multilingual and takes everything for that language.
    """
    tokens = _vocabulary((batched, alone), multilingual=language is not None)
    asked_alone = TRANSCRIBE if language else START
    last = [TIMES[-1]] if alone else []
    chains = [
        [NO_TIMES, *_said(batched), *([] if _endless(batched) else [END])],
        [asked_alone, TIMES[0], *_said(alone), *([] if _endless(alone) else [*last, END])],
    ]
    if language:
        chains.append([START, f"<|{language}|>"])
    _save(_spec(tokens, chains), tokens, folder)
    return folder


def _endless(text: str) -> bool:
    return text.endswith("...")


def _said(text: str) -> list[str]:
    words = [f"Ġ{word}" for word in text.removesuffix("...").split()]
    return [*words, words[0]] if _endless(text) else words


def _vocabulary(texts: Iterable[str], multilingual: bool) -> list[str]:
    words = dict.fromkeys(word for text in texts for word in _said(text))
    more = [MULTILINGUAL] if multilingual else []
    return ["Ġ", *words, *more, *SPECIAL, *TIMES]


def _spec(tokens: list[str], chains: list[list[str]]) -> whisper_spec.WhisperSpec:
    random = np.random.default_rng(0)
    places = {token: place for place, token in enumerate(tokens)}
    embeddings = np.zeros((len(tokens), WIDTH), np.float32)
    projection = np.zeros((len(tokens), WIDTH), np.float32)
    follows = {pair for chain in chains for pair in pairwise(chain)}
    vectors = {token: _unit(random) for token in sorted({first for first, _ in follows})}
    for token, after in sorted(follows):
        embeddings[places[token]] = vectors[token]
        projection[places[after]] += vectors[token] * SHARPNESS / np.sqrt(WIDTH)
    spec = whisper_spec.WhisperSpec(1, 1, 1, 1)
    _encoder(spec.encoder, random)
    _decoder(spec.decoder, random, embeddings, projection)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [places[name] for name in LANGUAGES]
    spec.config.alignment_heads = [(0, 0)]
    return spec


def _unit(random: np.random.Generator) -> np.ndarray:
    """A vector that layer normalisation leaves as it is."""
    vector = random.normal(size=WIDTH)
    return (vector - vector.mean()) / vector.std()


def _encoder(encoder: whisper_spec.WhisperEncoderSpec, random: np.random.Generator) -> None:
    encoder.conv1.weight = random.normal(size=(WIDTH, 80, 3)).astype(np.float32)
    encoder.conv1.bias = np.zeros(WIDTH, np.float32)
    encoder.conv2.weight = random.normal(size=(WIDTH, WIDTH, 3)).astype(np.float32)
    encoder.conv2.bias = np.zeros(WIDTH, np.float32)
    encoder.position_encodings.encodings = random.normal(size=(1500, WIDTH)).astype(np.float32)
    _norm(encoder.layer_norm)
    layer = encoder.layer[0]
    _attention(layer.self_attention, [3 * WIDTH, WIDTH], random)
    _feed(layer.ffn)


def _decoder(decoder, random: np.random.Generator, embeddings, projection) -> None:
    decoder.embeddings.weight = embeddings
    decoder.projection.weight = projection
    decoder.position_encodings.encodings = np.zeros((448, WIDTH), np.float32)
    decoder.scale_embeddings = False
    _norm(decoder.layer_norm)
    layer = decoder.layer[0]
    _attention(layer.self_attention, [3 * WIDTH, WIDTH], random)
    _attention(layer.attention, [WIDTH, 2 * WIDTH, WIDTH], random)
    _feed(layer.ffn)


def _attention(spec, sizes: list[int], random: np.random.Generator) -> None:
    """Attention that looks at random and adds nothing."""
    _norm(spec.layer_norm)
    for linear, size in zip(spec.linear, sizes, strict=True):
        linear.weight = random.normal(size=(size, WIDTH)).astype(np.float32)
        linear.bias = np.zeros(size, np.float32)
    spec.linear[-1].weight = np.zeros((sizes[-1], WIDTH), np.float32)


def _feed(spec) -> None:
    _norm(spec.layer_norm)
    for linear, shape in ((spec.linear_0, (4 * WIDTH, WIDTH)), (spec.linear_1, (WIDTH, 4 * WIDTH))):
        linear.weight = np.zeros(shape, np.float32)
        linear.bias = np.zeros(shape[0], np.float32)


def _norm(spec) -> None:
    spec.gamma, spec.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)


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
