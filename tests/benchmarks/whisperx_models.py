"""Models for whisperX's alignment and diarization, of the sizes it takes by default, untrained.

    WHISPERX_PYTHON tests/benchmarks/whisperx_models.py FOLDER

Run in whisperX's own environment by against_whisperx.py, where no hub is to be asked. `align` is
wav2vec2-base with random weights. `diarize` is community-1's pipeline: the segmentation network
that whisperX's wheel carries, a WeSpeaker ResNet34 and a PLDA with random weights. `nltk_data` is
a sentence splitter that has learnt no abbreviations. What they find means nothing; how long they
take does.
"""

import json
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import torch
from lightning.pytorch import Trainer
from pyannote.audio.core.task import Problem, Resolution, Specifications
from pyannote.audio.models.embedding import WeSpeakerResNet34
from transformers import (
    Wav2Vec2Config,
    Wav2Vec2CTCTokenizer,
    Wav2Vec2FeatureExtractor,
    Wav2Vec2ForCTC,
    Wav2Vec2Processor,
)

LETTERS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ETAONIHSRDLUMWCFGYPBVK'XJQZ"]
VOICE, PLDA = 256, 128  # numbers in an embedding, and of those that are compared
PIPELINE = """
pipeline:
  name: pyannote.audio.pipelines.SpeakerDiarization
  params:
    clustering: VBxClustering
    segmentation: {segmentation}
    segmentation_batch_size: 32
    embedding: {embedding}
    embedding_batch_size: 32
    embedding_exclude_overlap: true
    plda: {plda}
params:
  clustering: {{threshold: 0.6, Fa: 0.07, Fb: 0.8}}
  segmentation: {{threshold: 0.5, min_duration_off: 0.0}}
"""


def align(folder: Path) -> None:
    folder.mkdir(parents=True)
    letters = folder / "letters.json"
    letters.write_text(json.dumps({letter: place for place, letter in enumerate(LETTERS)}))
    tokenizer = Wav2Vec2CTCTokenizer(str(letters))
    Wav2Vec2Processor(Wav2Vec2FeatureExtractor(), tokenizer).save_pretrained(folder)
    Wav2Vec2ForCTC(Wav2Vec2Config(vocab_size=len(LETTERS))).save_pretrained(folder)


def diarize(folder: Path) -> None:
    folder.mkdir(parents=True)
    network = WeSpeakerResNet34()
    network.specifications = Specifications(
        Problem.REPRESENTATION, Resolution.CHUNK, duration=5.0, classes=[""]
    )
    trainer = Trainer(accelerator="cpu", logger=False, enable_checkpointing=False)
    trainer.strategy.connect(network)
    trainer.save_checkpoint(folder / "voices.ckpt")
    plda(folder / "plda")
    parts = {
        "segmentation": str(files("whisperx") / "assets" / "pytorch_model.bin"),
        "embedding": str(folder / "voices.ckpt"),
        "plda": str(folder / "plda"),
    }
    (folder / "config.yaml").write_text(PIPELINE.format(**parts))


def plda(folder: Path) -> None:
    """Whitening and between-class variances as VBx reads them."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    turned = np.linalg.qr(rng.standard_normal((VOICE, VOICE)))[0][:, :PLDA]
    means = {"mean1": np.zeros(VOICE), "mean2": np.zeros(PLDA)}
    np.savez(folder / "xvec_transform.npz", lda=turned, **means)
    np.savez(folder / "plda.npz", mu=np.zeros(PLDA), tr=np.eye(PLDA), psi=np.linspace(2, 1, PLDA))


def sentences(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab"):
        (folder / name).touch()


if __name__ == "__main__":
    torch.manual_seed(0)
    align(Path(sys.argv[1]) / "align")
    diarize(Path(sys.argv[1]) / "diarize")
    sentences(Path(sys.argv[1]) / "nltk_data" / "tokenizers" / "punkt_tab" / "english")
