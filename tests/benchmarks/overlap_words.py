"""Words that are said while two people speak: whether they get the right speaker.

    uv run python tests/benchmarks/overlap_words.py [--seeds N] [--seconds S]

Needs BACKROW_EVAL_DATA and Whisper base. Three people, of whom the next always begins 0.4 to 1.6 s
before the last has ended (made_events.crosstalk). What each says is what Whisper hears of their
voice alone. Counted are the words that Whisper hears of the mixture where two speak, and that only
one of the two has said within half a second of there. Columns: those words, the share that went to
who said them, and the share if in such places the segmentation alone decided.
"""

import argparse
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from faster_whisper import WhisperModel
from made_events import Samples, Stage, crosstalk_stage, eval_data, find_speech_in, read_voices

from pipeline import config
from pipeline.asr.packaged import assemble
from pipeline.data import Turn, Word
from pipeline.diarize import campplus
from pipeline.diarize.merge import utterances
from pipeline.event import SpeakerCount

NEAR = 0.5  # seconds between the places of one word, in the mixture and alone


class Segmented(campplus.CamPlusPlus):
    """Without the second look at where two speak."""

    def _order_overlaps(self, *_: object) -> None:
        return


def heard(model: WhisperModel, samples: Samples) -> list[Word]:
    segments, _ = model.transcribe(samples, language="en", word_timestamps=True, vad_filter=True)
    words = (word for segment in segments for word in segment.words or ())
    return [Word(w.start, w.end, w.word.strip(), w.probability) for w in words]


def alone(stage: Stage, length: int) -> dict[str, Samples]:
    """Each voice with nobody else."""
    stems = {name: np.zeros(length, np.float32) for name in {who for _, who, _ in stage.placed}}
    for at, who, samples in stage.placed:
        stems[who][at : at + len(samples)] += samples
    return stems


def together(turns: Sequence[Turn], word: Word) -> bool:
    """Whether two speak in the middle of a word."""
    middle = (word.start + word.end) / 2
    return len({turn.speaker for turn in turns if turn.start <= middle <= turn.end}) > 1


def sayers(said: dict[str, list[Word]], word: Word) -> set[str]:
    """Who says this word there."""
    return {
        who
        for who, words in said.items()
        if any(
            plain(w.text) == plain(word.text) and abs(w.start - word.start) < NEAR for w in words
        )
    }


def plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


def right(truth: Sequence[Turn], found: Sequence[Turn], words: Iterable[tuple[Word, str]]) -> int:
    """How many of the words, given with who said them, went to the speaker who is them."""
    shared: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for turn in found:
        for true in truth:
            both = min(turn.end, true.end) - max(turn.start, true.start)
            shared[turn.speaker][true.speaker] += max(0.0, both)
    called = {speaker: max(who, key=lambda name: who[name]) for speaker, who in shared.items()}
    said = list(words)
    spoken, _ = utterances([word for word, _ in said], found)
    owners = [word.speaker for utterance in spoken for word in utterance.words]
    return sum(called[o or ""] == who for o, (_, who) in zip(owners, said, strict=True))


def measure(model: WhisperModel, stage: Stage) -> tuple[int, int, int]:
    made = stage.done()
    said = {who: heard(model, stem) for who, stem in alone(stage, len(made.samples)).items()}
    words = [w for w in heard(model, made.samples) if together(stage.turns, w)]
    owned = [(w, next(iter(who))) for w in words if len(who := sayers(said, w)) == 1]
    speech = find_speech_in(made.samples)
    first = campplus.load(config.Diarize(), config.Run())
    counts = []
    for engine in (first, Segmented(first.segmenter, first.encoder)):
        found = engine.diarize(made.samples, speech, SpeakerCount(), lambda _: None)
        counts.append(right(stage.turns, found.turns, owned))
    return len(owned), counts[0], counts[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=120.0)
    options = parser.parse_args()
    data = eval_data()
    if data is None:
        print("skipped: there is no BACKROW_EVAL_DATA")
        return
    voices = read_voices(data / "real" / "voices")
    model = WhisperModel(str(assemble()), device="cpu")
    print("seed  words   right  segmentation alone")
    for seed in range(options.seeds):
        words, ours, theirs = measure(model, crosstalk_stage(voices, seed, options.seconds))
        print(f"{seed:4} {words:6} {ours / words:7.1%} {theirs / words:19.1%}", flush=True)


if __name__ == "__main__":
    main()
