"""The faster-whisper path on a real folder: the trained small one, or one of random weights.

What does not depend on the words is checked on either; the words only where one is trained.
"""

import json
import re
import string
import subprocess
import sys
from pathlib import Path

import jiwer
import numpy as np
import pytest
import tiny_whisper
from faster_whisper import BatchedInferencePipeline, WhisperModel
from faster_whisper.audio import decode_audio

TRAINED = Path(__file__).parent / "whisper-mini"
SAMPLE = Path(__file__).parents[2] / "samples" / "full-steam"
needs_trained = pytest.mark.skipif(
    not (TRAINED / "model.bin").exists(), reason="no trained model in tests/models/whisper-mini"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    trained = (TRAINED / "model.bin").exists()
    return TRAINED if trained else tiny_whisper.make(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def model(folder):
    return WhisperModel(str(folder), device="cpu", compute_type="int8")


@pytest.fixture(scope="module")
def opening():
    """The sample until the keynote begins, and the words said there."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    end = truth["talks"][1]["start"] - 0.2
    words = [word for word in truth["words"] if word["end"] < end]
    return decode_audio(str(SAMPLE / "evening.opus"))[: int(end * 16_000)], words


def words_of(segments):
    return [word for segment in segments for word in segment.words or ()]


def plain(texts):
    return [text.lower().strip(string.punctuation + " ") for text in texts]


def test_the_folder_is_small_and_english_only(folder, model):
    assert sum(file.stat().st_size for file in folder.iterdir()) <= 6_000_000
    assert not model.model.is_multilingual
    assert {"model.bin", "config.json", "tokenizer.json"} <= {f.name for f in folder.iterdir()}


@pytest.mark.parametrize("options", [{}, {"vad_filter": True}, {"hotwords": "Nora Bell, Iron"}])
def test_words_have_times_within_the_sound(model, opening, options):
    samples, _ = opening
    segments, info = model.transcribe(
        samples,
        language="en",
        beam_size=2,
        temperature=0,
        word_timestamps=True,
        condition_on_previous_text=False,
        **options,
    )
    words = words_of(segments)
    assert info.language == "en"
    assert all(0 <= word.start <= word.end <= len(samples) / 16_000 + 30 for word in words)


def test_nothing_is_heard_in_silence_behind_the_vad(model):
    segments, _ = model.transcribe(np.zeros(16_000 * 5, np.float32), language="en", vad_filter=True)
    assert list(segments) == []


@needs_trained
def test_the_opening_is_understood_word_by_word(model, opening):
    samples, truth = opening
    segments, _ = model.transcribe(
        samples, language="en", word_timestamps=True, condition_on_previous_text=False
    )
    found = words_of(segments)
    said, heard = plain(w["text"] for w in truth), plain(w.word for w in found)
    right = [
        (a, b) for a, b in zip(truth, found, strict=False) if plain([a["text"]]) == plain([b.word])
    ]
    assert len(set(said) & set(heard)) >= 0.8 * len(set(said))
    assert np.median([abs(a["start"] - b.start) for a, b in right]) < 0.15


@needs_trained
def test_batched_and_unbatched_hear_nearly_the_same(model, opening):
    samples, _ = opening
    alone, _ = model.transcribe(
        samples, language="en", vad_filter=True, condition_on_previous_text=False
    )
    together, _ = BatchedInferencePipeline(model).transcribe(samples, language="en", batch_size=2)
    one, other = (plain(" ".join(s.text for s in run).split()) for run in (alone, together))
    assert len(set(one) & set(other)) >= 0.8 * len(set(one) | set(other))


@needs_trained
@pytest.mark.slow
def test_the_sample_is_heard_and_written_up_by_the_whole_command(tmp_path):
    command = [sys.executable, "-m", "pipeline.cli", "run", str(SAMPLE), "-o", str(tmp_path)]
    options = ["--profile", "offline", "--asr", "faster-whisper", "--model", str(TRAINED)]
    done = subprocess.run(command + options, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "iron-kettle-full-steam"
    heard = json.loads((folder / "transcript.json").read_text(encoding="utf-8"))
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))
    said, found = (spoken(side["words"]) for side in (truth, heard))
    assert jiwer.wer(said, found) <= 0.12
    post = (folder / "index.md").read_text(encoding="utf-8")
    assert "faster-whisper whisper-mini" in post
    for name in ("Nora Bell", "Grace Walker", "Paul Garden", "Oscar Field"):
        assert re.search(rf"^## .*{name}", post, re.MULTILINE), name


def spoken(words):
    return " ".join(re.findall(r"[a-z']+", " ".join(word["text"] for word in words).lower()))
