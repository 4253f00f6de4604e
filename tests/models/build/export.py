"""A trained network as a folder that faster-whisper loads: CTranslate2, int8.

python tests/models/build/export.py CHECKPOINT FOLDER
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from ctranslate2.specs import common_spec, whisper_spec
from net import ALIGNED, Attention, Block, Net, Size
from tokenizers import Tokenizer
from torch import Tensor, nn

FEATURES = {
    "feature_size": 80,
    "sampling_rate": 16_000,
    "hop_length": 160,
    "chunk_length": 10,  # seconds of sound in a window; faster-whisper pads them to 30
    "n_fft": 400,
}


def save(net: Net, tokenizer: Tokenizer, folder: Path) -> None:
    """Writes model.bin, config.json, vocabulary, tokenizer and features below `folder`."""
    size = net.size
    spec = whisper_spec.WhisperSpec(
        size.encoder_layers, size.heads, size.decoder_layers, size.heads
    )
    _encoder(spec.encoder, net)
    _decoder(spec.decoder, net)
    spec.register_vocabulary([tokenizer.id_to_token(i) for i in range(size.vocabulary)])
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [tokenizer.token_to_id("<|endoftext|>")]
    spec.config.lang_ids = [tokenizer.token_to_id("<|en|>")]
    spec.config.alignment_heads = [(size.decoder_layers - 1, head) for head in range(ALIGNED)]
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "preprocessor_config.json").write_text(json.dumps(FEATURES), encoding="utf-8")


def load(checkpoint: Path) -> tuple[Net, Tokenizer]:
    """The network and the tokenizer of a checkpoint that train.py wrote."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net = Net(Size(**state["size"]))
    net.load_state_dict(state["net"])
    return net.eval(), Tokenizer.from_str(state["tokenizer"])


def _encoder(spec: whisper_spec.WhisperEncoderSpec, net: Net) -> None:
    for to, conv in ((spec.conv1, net.conv1), (spec.conv2, net.conv2)):
        to.weight, to.bias = _array(conv.weight), _array(conv.bias)
    spec.position_encodings.encodings = _array(net.places)
    _norm(spec.layer_norm, net.norm_encoder)
    for layer, block in zip(spec.layer, net.encoder, strict=True):
        _self_attention(layer.self_attention, block)
        _feed(layer.ffn, block)


def _decoder(spec: common_spec.LinearSpec, net: Net) -> None:
    spec.embeddings.weight = spec.projection.weight = _array(net.tokens.weight)
    spec.position_encodings.encodings = _array(net.positions)
    spec.scale_embeddings = False
    _norm(spec.layer_norm, net.norm_decoder)
    for layer, block in zip(spec.layer, net.decoder, strict=True):
        _self_attention(layer.self_attention, block)
        _norm(layer.attention.layer_norm, block.norm_cross)
        _linear(layer.attention.linear[0], block.cross.query)
        _linear(layer.attention.linear[1], block.cross.key, block.cross.value)
        _linear(layer.attention.linear[2], block.cross.out)
        _feed(layer.ffn, block)


def _self_attention(spec: common_spec.LinearSpec, block: Block) -> None:
    attention: Attention = block.attend
    _norm(spec.layer_norm, block.norm_self)
    _linear(spec.linear[0], attention.query, attention.key, attention.value)
    _linear(spec.linear[1], attention.out)


def _feed(spec: common_spec.LinearSpec, block: Block) -> None:
    _norm(spec.layer_norm, block.norm_feed)
    _linear(spec.linear_0, block.widen)
    _linear(spec.linear_1, block.narrow)


def _linear(spec: common_spec.LinearSpec, *layers: nn.Linear) -> None:
    """One layer, or several side by side; a missing bias among them is zero."""
    spec.weight = np.concatenate([_array(layer.weight) for layer in layers])
    zero = [torch.zeros(layer.out_features) for layer in layers]
    biases = [
        none if layer.bias is None else layer.bias for layer, none in zip(layers, zero, strict=True)
    ]
    spec.bias = np.concatenate([_array(bias) for bias in biases])


def _norm(spec: common_spec.LayerNormSpec, norm: nn.LayerNorm) -> None:
    spec.gamma, spec.beta = _array(norm.weight), _array(norm.bias)


def _array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().numpy().astype(np.float32, copy=True)  # optimize() works in place


if __name__ == "__main__":
    save(*load(Path(sys.argv[1])), Path(sys.argv[2]))
