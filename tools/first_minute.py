"""The sample's first minute, heard and written up: does the program run here at all?

    uv run python tools/first_minute.py

Cuts the minute with the program's own decoder, runs the whole command on it with the profile
offline, and holds the words and the post against what is said there. Ends with 1 if they are not.
"""

import contextlib
import json
import os
import platform
import sys
import tempfile
import time
import wave
from pathlib import Path

from pipeline import audio
from pipeline.cli import main

SAMPLE = Path(
    os.environ.get("BACKROW_SAMPLE") or Path(__file__).parents[1] / "samples" / "full-steam"
)
SECONDS = 60.0
LEAST = 0.85  # of the words that are said: Whisper base hears more than nine in ten of them


def cut(folder: Path) -> Path:
    """An event of one minute: its recording and what is known of it."""
    whole = audio.decode([SAMPLE / "evening.opus"], folder / "whole.wav", lambda seconds: None)
    minute = (audio.read(whole, 0.0, SECONDS) * 32767).astype("<i2")
    event = folder / "first-minute"
    event.mkdir()
    with wave.open(str(event / "minute.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(audio.SAMPLE_RATE)
        file.writeframes(minute.tobytes())
    (event / "event.toml").write_bytes((SAMPLE / "event.toml").read_bytes())
    return event


def heard(posts: Path) -> float:
    """The share of the words said there that stand in the transcript, whatever their order."""
    truth = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))["words"]
    said = {plain(word["text"]) for word in truth if word["end"] < SECONDS}
    (file,) = posts.glob("*/transcript.json")
    words = json.loads(file.read_text(encoding="utf-8"))["words"]
    return len(said & {plain(word["text"]) for word in words}) / len(said)


def plain(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())


def check() -> int:
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="backrow-") as name:
        posts = Path(name) / "posts"
        with contextlib.redirect_stdout(sys.stderr):
            code = main(["run", str(cut(Path(name))), "-o", str(posts), "--profile", "offline"])
        if code:
            return code
        share, (post,) = heard(posts), posts.glob("*/index.md")
        notes = post.read_text(encoding="utf-8").count("[^1]:")
    took = time.monotonic() - began
    print(f"Python {platform.python_version()}: {share:.0%} of the words, {took:.0f} s")
    return 0 if share >= LEAST and notes else 1


if __name__ == "__main__":
    sys.exit(check())
