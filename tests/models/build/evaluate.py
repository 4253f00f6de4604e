"""How well a model folder does, through faster-whisper itself.

python tests/models/build/evaluate.py FOLDER [SENTENCES]      # needs flite, for unseen sentences
"""

import itertools
import json
import random
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import grammar
import jiwer
import numpy as np
import speech
import voices
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import decode_audio

UNSEEN = 999_983  # a seed that no shard has
Timed = tuple[str, float, float]  # word, start, end


@dataclass(frozen=True)
class Score:
    """Share of wrong words; median error of starts and ends in seconds, of the right ones."""

    wer: float
    start: float
    end: float


def unseen(sentences: int) -> tuple[np.ndarray, list[Timed]]:
    """New sentences of the grammar by the sample's people: samples, and the words' true times."""
    rng, crowd = random.Random(UNSEEN), speech.people()
    parts, words, now = [], [], 0.0
    for text in itertools.islice(grammar.sentences(UNSEEN, speech.script()), sentences):
        said = voices.say(text, speech.varied(rng.choice(crowd), rng))
        pause = np.zeros(round(rng.uniform(0.3, 0.8) * speech.RATE), np.float32)
        parts += [pause, said.samples]
        now += len(pause) / speech.RATE
        words += [(word, now + start, now + end) for word, start, end in said.words]
        now += len(said.samples) / speech.RATE
    samples = np.concatenate(parts)
    noise = np.random.default_rng(UNSEEN).standard_normal(len(samples)) * 0.0007
    return (samples + noise).astype(np.float32), words


def sample() -> tuple[np.ndarray, list[Timed]]:
    """The sample's recording and its true words."""
    truth = json.loads((speech.SAMPLE / "truth.json").read_text(encoding="utf-8"))
    words = [(word["text"], word["start"], word["end"]) for word in truth["words"]]
    return decode_audio(str(speech.SAMPLE / "evening.opus")), words


def hear(model: WhisperModel, samples: np.ndarray, batched: bool) -> list[Timed]:
    """The words that faster-whisper finds."""
    if batched:
        segments, _ = BatchedInferencePipeline(model).transcribe(
            samples, language="en", beam_size=5, word_timestamps=True, batch_size=4
        )
    else:
        segments, _ = model.transcribe(
            samples,
            language="en",
            beam_size=5,
            word_timestamps=True,
            vad_filter=True,
            condition_on_previous_text=False,
        )
    found = [word for segment in segments for word in segment.words or ()]
    return [(word.word.strip(), word.start, word.end) for word in found]


def score(truth: Sequence[Timed], found: Sequence[Timed]) -> Score:
    """Word error rate, and how far the times of the words that are right are off."""
    true, heard = _plain(truth), _plain(found)
    if not heard:
        return Score(1.0, float("nan"), float("nan"))
    aligned = jiwer.process_words(
        " ".join(word for word, _, _ in true), " ".join(word for word, _, _ in heard)
    )
    pairs = [
        (true[part.ref_start_idx + step], heard[part.hyp_start_idx + step])
        for part in aligned.alignments[0]
        if part.type == "equal"
        for step in range(part.ref_end_idx - part.ref_start_idx)
    ]
    start = statistics.median(abs(a[1] - b[1]) for a, b in pairs)
    end = statistics.median(abs(a[2] - b[2]) for a, b in pairs)
    return Score(aligned.wer, start, end)


def _plain(words: Sequence[Timed]) -> list[Timed]:
    return [(plain, *times) for word, *times in words for plain in grammar.plain(word)]


def main(folder: Path, sentences: int) -> None:
    """Prints the table."""
    model = WhisperModel(str(folder), device="cpu", compute_type="int8")
    print(
        "| speech | decoder | WER | word start | word end | agreement |\n|---|---|---|---|---|---|"
    )
    for name, (samples, truth) in (("unseen sentences", unseen(sentences)), ("sample", sample())):
        alone = hear(model, samples, batched=False)
        together = hear(model, samples, batched=True)
        agree = f"{1 - score(alone, together).wer:.1%}"
        for decoder, found in (("one by one", alone), ("batched", together)):
            got = score(truth, found)
            times = f"{got.start * 1000:.0f} ms | {got.end * 1000:.0f} ms"
            print(f"| {name} | {decoder} | {got.wer:.1%} | {times} | {agree} |", flush=True)
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"\n{size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100)
