"""The engines of a run: chosen once, loaded when a step really needs one, kept warm after."""

import gc
import getpass
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from filelock import FileLock

from pipeline.config import Config
from pipeline.data import Engine
from pipeline.engines.choose import Choice, Choices, fall_back, uses_gpu
from pipeline.engines.table import Stage, loader
from pipeline.errors import EngineError, NeverAnswered

if TYPE_CHECKING:
    from pipeline.asr.faster_whisper import FasterWhisper
    from pipeline.cache import Cache
    from pipeline.diarize import Diarizer
    from pipeline.notes import NoteWriter
    from pipeline.prompts import Prompts

R = TypeVar("R")

ROOMY = 12e9  # bytes of a GPU that holds large-v3 and pyannote side by side


@dataclass
class Engines:
    """Loads by stage; one that fails to load and was free gives way to the offline engine."""

    config: Config
    choices: Choices
    _loaded: dict[tuple[Stage, str], Any] = field(default_factory=dict)

    def transcriber(self) -> "FasterWhisper":
        """The speech engine; raises EngineError with the way to get it."""
        options = self.config.asr.model_copy(update={"model": self.choices["asr"].model})
        engine: FasterWhisper = self._load("asr", options)
        return engine

    def diarizer(self) -> "Diarizer":
        """The diarization engine; raises EngineError with the way to get it."""
        engine: Diarizer = self._load("diarize", self.config.diarize)
        return engine

    def writer(self, prompts: "Prompts", cache: "Cache") -> "NoteWriter":
        """A writer for one event; raises EngineError with the way to get it."""
        backend = self.choices["writer"].backend
        writer: NoteWriter = loader(backend)(self.config.writer, self.config.run, prompts, cache)
        return writer

    @contextmanager
    def alone(self, stage: Stage) -> Iterator[None]:
        """Have the GPU to oneself, where the stage's engine runs on one.

        A lock over the whole machine, so that two runs do not share a GPU's memory; on a small
        one, the engine of the other stage leaves it first.
        """
        if not self._on_gpu(stage):
            yield
            return
        device = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0]
        name = f"backrow-{getpass.getuser()}-gpu-{device}.lock"
        with FileLock(Path(tempfile.gettempdir()) / name):
            if self.share_a_gpu():
                self._make_room_for(stage)
            yield

    def share_a_gpu(self) -> bool:
        """Whether both engines that hear need the GPU, so that one has to wait for the other."""
        return self._on_gpu("asr") and self._on_gpu("diarize")

    def _on_gpu(self, stage: Stage) -> bool:
        return self.choices[stage].backend.gpu and uses_gpu(self.config)

    def _make_room_for(self, stage: Stage) -> None:
        """Unload the engine of the other stage, where the GPU does not hold both."""
        import torch  # which one of them runs on

        if not torch.cuda.is_available():  # built for no GPU, or another driver: it runs beside it
            return
        if torch.cuda.get_device_properties(0).total_memory < ROOMY:
            for key in [key for key in self._loaded if key[0] != stage]:
                del self._loaded[key]
            gc.collect()
            torch.cuda.empty_cache()  # torch keeps freed memory for itself

    def named(self) -> dict[str, Engine]:
        """The engines as the post names them."""
        return {stage: choice.engine() for stage, choice in self.choices.items()}

    def trying(self, stage: Stage, work: Callable[[Choice], R], say: Callable[[str], None]) -> R:
        """`work` with the stage's engine, and once more with the offline one if it was free.

        That one then stays, for the events after it too.
        """
        choice = self.choices[stage]
        try:
            return work(choice)
        except (EngineError, NeverAnswered) as error:
            if not choice.free:
                raise
            why = error.briefly if isinstance(error, NeverAnswered) else str(error)
            instead = fall_back(stage, f"{choice.backend.name} failed: {why}")
            say(f"{instead.why}; {instead.backend.name} does it instead")
            self.choices[stage] = instead
            return work(instead)

    def named_model(self, stage: Stage, model: str) -> None:
        """The model that "auto" turned out to be."""
        self.choices[stage] = replace(self.choices[stage], model=model)

    def _load(self, stage: Stage, options: Any) -> Any:
        backend = self.choices[stage].backend
        key = (stage, backend.name)
        if key not in self._loaded:
            run = self.config.run.model_copy(update={"download": self.config.may_fetch})
            self._loaded[key] = loader(backend)(options, run)
        return self._loaded[key]
