"""pyannote.audio's pipeline: community-1 from the hub or a local clone, or one built of parts.

Importing it takes about 20 s, so nothing of it is imported before `load`, and what a user has to
do first (token, licence) is said before that. It gets sound from memory, so that torchcodec and
FFmpeg are never needed, and reports nothing to its makers.
"""

import logging
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from pipeline import config
from pipeline.audio.wav import SAMPLE_RATE, Sound, as_float
from pipeline.data import Diarization, Span, Turn
from pipeline.diarize.checkpoints import only_weights
from pipeline.diarize.embedding import unit
from pipeline.diarize.turns import diarization
from pipeline.errors import EngineError
from pipeline.event import SpeakerCount
from pipeline.progress import Tick

SHORTEST = 0.05  # seconds; what is left of a turn at the edge of speech
NEAR = 0.3  # seconds; as far as a turn reaches
HUB_SECONDS = 5.0  # for an answer of the hub
_SHARES = {"segmentation": (0.0, 0.4), "embeddings": (0.4, 0.95)}  # of the work


@dataclass(frozen=True, slots=True)
class Pyannote:
    """The engine, ready. `engine`: the name under which its voices can be compared."""

    pipeline: Any
    engine: str

    def diarize(
        self, samples: Sound, speech: Sequence[Span], count: SpeakerCount, tick: Tick
    ) -> Diarization:
        """See `Diarizer`. Its clustering is quadratic: feed it blocks of half an hour at most."""
        if not speech:
            return Diarization((), ())
        found = _run(self.pipeline, samples, count, tick)
        tracks = found.exclusive_speaker_diarization.itertracks(yield_label=True)
        heard = [Turn(segment.start, segment.end, label) for segment, _, label in tracks]
        turns = [turn for span in speech for turn in within(span, heard)]
        labels = found.speaker_diarization.labels()
        voices = dict(zip(labels, unit(found.speaker_embeddings), strict=True))
        return diarization(sorted(turns, key=lambda turn: turn.start), (), voices, self.engine)


def load(options: config.Diarize, run: config.Run) -> Pyannote:
    """The engine; raises EngineError with what to do when there is no model for it."""
    logging.getLogger("lightning.pytorch.utilities.migration.utils").setLevel(logging.ERROR)
    parts = options.segmentation
    place = _file(parts) if parts else folder_of(options.model, run.download)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchcodec is missing: it is not needed
        pipeline = _opened(place, bool(parts), run.trust_model)
        pipeline.to(_device(run.device))
    return Pyannote(pipeline, "pyannote-campplus" if parts else "pyannote")


def _file(name: str) -> Path:
    path = Path(name)
    if not path.is_file():
        raise EngineError(f"{name}: there is no such checkpoint; check diarize.segmentation")
    return path


def folder_of(model: str, download: bool) -> Path:
    """Where the pipeline lies, fetched from the hub if that is wanted and a token allows it."""
    if Path(model).is_dir():
        return Path(model)
    from huggingface_hub import get_token, snapshot_download

    token = get_token()
    trouble = _hub_trouble(model, token) if token and download else None
    offline = token is None or trouble is not None or not download
    try:
        return Path(snapshot_download(model, token=token, local_files_only=offline))
    except (OSError, ValueError) as error:
        if not download:
            raise EngineError(
                f"{model}: is not on this disk, and nothing may be fetched (run.download)"
            ) from error
        raise EngineError(_what_to_do(model, token is not None, trouble or error)) from error


def _hub_trouble(model: str, token: str) -> Exception | None:
    """Why the hub does not give the model. Fetching itself would wait for an answer for ever."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HTTPError  # type: ignore[attr-defined]  # of its HTTP library

    try:
        HfApi(token=token).model_info(model, timeout=HUB_SECONDS)
    except (OSError, ValueError, HTTPError) as error:
        return error
    return None


def _what_to_do(model: str, token: bool, error: Exception) -> str:
    otherwise = "or give the folder of a local clone with --set diarize.model=FOLDER"
    if not token:
        return (
            f"{model} is not on this disk and there is no token: accept its licence at "
            f"https://hf.co/{model}, set HF_TOKEN to a token from https://hf.co/settings/tokens, "
            + otherwise
        )
    return (
        f"{model} cannot be fetched ({type(error).__name__}): accept its licence at "
        f"https://hf.co/{model} with the account of HF_TOKEN, check the network, {otherwise}"
    )


def _opened(place: Path, built: bool, trusted: bool) -> Any:
    import pyannote.audio

    try:
        with only_weights(place, trusted):
            if built:
                from pipeline.diarize.pyannote_parts import build

                return build(place)
            pipeline = pyannote.audio.Pipeline.from_pretrained(place)
    except EngineError:
        raise
    except Exception as error:  # pyannote meets damaged files with whatever it stumbles over
        first = str(error).strip().partition("\n")[0]
        raise EngineError(
            f"{place}: pyannote.audio cannot load it ({type(error).__name__}: {first}); "
            "fetch it again, whole"
        ) from error
    if pipeline is None:
        raise EngineError(_what_to_do(str(place), True, ValueError("nothing was loaded")))
    return pipeline


def _device(asked: str) -> Any:
    import torch

    there = torch.cuda.is_available()
    if asked == "cuda" and not there:
        raise EngineError("torch finds no GPU here: take --set run.device=cpu, or install its CUDA")
    return torch.device("cuda" if there and asked != "cpu" else "cpu")


def _run(pipeline: Any, samples: Sound, count: SpeakerCount, tick: Tick) -> Any:
    import torch

    file = {
        "waveform": torch.from_numpy(as_float(samples))[None],
        "sample_rate": SAMPLE_RATE,
        "uri": "block",
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # too few voices for the count; variances of one frame
        try:
            return pipeline(
                file,
                num_speakers=count.count,
                min_speakers=count.min,
                max_speakers=count.max,
                hook=_hook(len(samples) / SAMPLE_RATE, tick),
            )
        except torch.OutOfMemoryError as error:
            raise EngineError(
                "the GPU has too little memory for pyannote: take --set run.device=cpu"
            ) from error


def _hook(seconds: float, tick: Tick) -> Callable[..., None]:
    """What pyannote calls with its progress."""

    def told(
        step: str,
        _artifact: object,
        file: object = None,
        total: int | None = None,
        completed: int | None = None,
    ) -> None:
        if total and completed is not None and step in _SHARES:
            first, last = _SHARES[step]
            tick(seconds * (first + (last - first) * min(1.0, completed / total)))

    return told


def within(span: Span, turns: Sequence[Turn]) -> list[Turn]:
    """The turns of a span of speech; they reach what is near, its edges and one another.

    Turns begin and end a little within what is said, so that first and last words stick out.
    """
    cut = [(max(t.start, span.start), min(t.end, span.end), t.speaker) for t in turns]
    inside = [each for each in cut if each[1] - each[0] >= SHORTEST]
    middles = [(one[1] + other[0]) / 2 for one, other in pairwise(inside)]
    limits = pairwise([span.start, *middles, span.end])
    return [
        Turn(
            left if start - left <= NEAR else start, right if right - end <= NEAR else end, speaker
        )
        for (start, end, speaker), (left, right) in zip(inside, limits, strict=False)
    ]
