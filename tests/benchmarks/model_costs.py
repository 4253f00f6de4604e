"""What a second of speech costs each Whisper: core-seconds, with 8-bit weights on a CPU.

    uv run --group dev python tests/benchmarks/model_costs.py [tiny base small medium ...]

Half a minute of the sample is heard on one thread. Weights are made, of the published sizes, and
say 70 words; base is heard with its real weights too, and with a beam of 5 as a run has it. The
figures decide which of the models on a disk keeps under real time (pipeline/asr/weights.py).
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from faster_whisper import WhisperModel

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "asr"))
import media
from scripted_whisper import Size, babble, make

from pipeline.asr.packaged import assemble

SECONDS = 30.0
VOCABULARY = 51_865
SIZES = {
    "tiny": Size(384, 4, 6, tokens=VOCABULARY),
    "base": Size(512, 6, 8, tokens=VOCABULARY),
    "small": Size(768, 12, 12, tokens=VOCABULARY),
    "medium": Size(1024, 24, 16, tokens=VOCABULARY),
    "large-v3-turbo": Size(1280, 32, 20, 4, VOCABULARY),
    "large-v3": Size(1280, 32, 20, tokens=VOCABULARY),
}


def cost(folder: Path, beam: int) -> float:
    """Core-seconds for a second of speech."""
    model = WhisperModel(str(folder), "cpu", compute_type="int8", cpu_threads=1)
    sound = media.speech(SECONDS, 22.0)
    began = time.process_time()
    segments, _ = model.transcribe(
        sound,
        language="en",
        beam_size=beam,
        temperature=0.0,
        word_timestamps=True,
        condition_on_previous_text=False,
    )
    words = sum(len(segment.words or ()) for segment in segments)
    assert words > 50, "a window full of words"
    return (time.process_time() - began) / SECONDS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SIZES))
    names = parser.parse_args().names or list(SIZES)
    base = assemble()
    print(f"{'base, its own weights':24} {cost(base, 1):.3f}, beam of 5 {cost(base, 5):.3f}")
    said = babble()
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            made = make(Path(folder), said, said, size=SIZES[name])
            print(f"{name:24} {cost(made, 1):.3f}", flush=True)


if __name__ == "__main__":
    main()
