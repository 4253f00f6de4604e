"""The tokens: byte-level BPE of the training text, then Whisper's special and time tokens."""

from collections.abc import Iterable

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

STEP = 0.02  # seconds from one time token to the next
TIMES = 1501
SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)


def learn(sentences: Iterable[str], pieces: int) -> Tokenizer:
    """A tokenizer of `pieces` text tokens, learnt from sentences, plus the special ones."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    # all 256 byte symbols: faster-whisper encodes signs that no training text holds
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=pieces, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator((f" {sentence}" for sentence in sentences), trainer)
    times = [f"<|{place * STEP:.2f}|>" for place in range(TIMES)]
    tokenizer.add_special_tokens([*SPECIAL, *times])
    return tokenizer


def pieces(size: int) -> int:
    """How many of a vocabulary's tokens are text; they come first."""
    return size - len(SPECIAL) - TIMES
