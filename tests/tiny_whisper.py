"""A Whisper of random weights in a moment, for tests that do not depend on the words it says.

folder = tiny_whisper.make(tmp_path / "model")
faster_whisper.WhisperModel(str(folder), device="cpu", compute_type="int8")
"""

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent / "models" / "build"))

import export
import vocabulary
from net import Net, Size

TEXT = "Good evening everyone. Our chip is twenty times faster. Thank you, and good night."


def make(folder: Path, seed: int = 0) -> Path:
    """An English-only Whisper of random weights in CTranslate2's form; the same for one seed."""
    torch.manual_seed(seed)
    tokenizer = vocabulary.learn([TEXT], 300)
    size = Size(tokenizer.get_vocab_size(), width=32, heads=2, encoder_layers=1, decoder_layers=1)
    net = Net(size)
    export.save(net.eval(), tokenizer, folder)
    return folder
