"""Which engine does each stage, decided without importing one and within three seconds.

Models already on disk come first, then what the network can give, then the engine that needs
nothing. An engine asked for by name is taken or is an error, never replaced.
"""

import ctypes
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from pipeline.asr import weights
from pipeline.config import Asr, Config, Diarize
from pipeline.data import Engine
from pipeline.engines.table import (
    Backend,
    Stage,
    backend_named,
    of_stage,
    offline_engine,
)
from pipeline.errors import EngineError, ModelError, nearest
from pipeline.llm.endpoint import KEY, endpoint
from pipeline.privacy import is_here, stays_home

CONNECT_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine of a stage. `free`: nobody asked for it by name, so another may step in."""

    backend: Backend
    model: str
    why: str
    free: bool
    fetch: bool = False  # whether its model has to be fetched first

    @property
    def folder(self) -> Path | None:
        """Where its model lies, if it was named by its place."""
        named = self.backend.stage != "writer" and not self.backend.offline
        return weights.local_folder(self.model) if named else None

    def engine(self) -> Engine:
        """As it is named in the post and beside it; where a model lies is nobody's business."""
        placed = Path(self.model).exists() or self.model.startswith("/")  # llama.cpp: on its server
        model = Path(self.model).resolve().name if placed else self.model
        return Engine(self.backend.name, model, str(self.backend.version))


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether an engine can be had, its model, and the reason in a few words."""

    there: bool
    model: str
    why: str
    fetch: bool = False  # whether the model has to be fetched first


Choices = dict[Stage, Choice]


def choose(config: Config) -> Choices:
    """One engine per stage; raises EngineError when one asked for by name cannot run."""
    stages: tuple[Stage, ...] = ("asr", "diarize", "writer")
    with ThreadPoolExecutor(3) as pool:
        chosen = pool.map(partial(_choose, config), stages)
        return dict(zip(stages, chosen, strict=True))


def fall_back(stage: Stage, because: str) -> Choice:
    """The engine of a stage that needs nothing; raises EngineError where it has none."""
    backend = offline_engine(stage)
    if backend is None:
        raise EngineError(because)
    return Choice(backend, backend.model, because, free=False)


def _choose(config: Config, stage: Stage) -> Choice:
    asked: str = getattr(config, stage).engine
    wanted = of_stage(stage)[0] if asked == "auto" else backend_named(stage, asked)
    if wanted.offline:
        return fall_back(stage, "asked for")
    own = _own_model(stage, config)
    if asked == "auto" and config.profile == "offline" and offline_engine(stage) and not own:
        return fall_back(stage, "profile offline")
    found = look_for(stage, config)
    demanded = asked != "auto" or config.profile == "cloud" or own or offline_engine(stage) is None
    if found.there:
        return Choice(wanted, found.model, found.why, not demanded, found.fetch)
    if demanded:
        raise EngineError(f"{wanted.name} cannot run: {found.why}; {wanted.remedy}")
    return fall_back(stage, f"{wanted.name}: {found.why}")


def _own_model(stage: Stage, config: Config) -> bool:
    """Whether the person named the model, which then is taken or is an error too."""
    if stage == "asr":
        return config.asr.model != Asr().model
    named = config.diarize.segmentation is not None or config.diarize.model != Diarize().model
    return stage == "diarize" and named


def look_for(stage: Stage, config: Config) -> Availability:
    """Whether the best engine of a stage can be had here."""
    return {"asr": _whisper, "diarize": _pyannote, "writer": _llm}[stage](config)


def _whisper(config: Config) -> Availability:
    model = config.asr.model
    if model == "auto":
        return _any_whisper(config)
    if folder := weights.local_folder(model):
        return Availability(True, str(folder.absolute()), "model folder")  # "./base" is no size
    if weights.on_disk(model):
        return Availability(True, model, f"{model}, on this disk")
    if weights.hub_name(model) is None:
        known = nearest(model, weights.size_names())
        return Availability(False, model, f"{model} is no folder, hub name or size{known}")
    return _from_hub(model, config)


def _any_whisper(config: Config) -> Availability:
    """The best weights on this disk; on a GPU a large model, if one can be fetched."""
    device, here = "cuda" if uses_gpu(config) else "cpu", weights_here(config)
    if here and (device == "cpu" or weights.is_best(here)):
        return Availability(True, here, f"{here}, on this disk")
    fetched = _from_hub(weights.DEFAULT_MODELS[device], config)
    return (
        Availability(True, here, f"{here}, on this disk") if here and not fetched.there else fetched
    )


def weights_here(config: Config) -> str | None:
    """The Whisper that `auto` means without a network; None where this disk has none."""
    return weights.best_here("cuda" if uses_gpu(config) else "cpu", config.run.cores)


def _pyannote(config: Config) -> Availability:
    if config.diarize.segmentation:
        return Availability(True, Path(config.diarize.segmentation).name, "local checkpoints")
    model = config.diarize.model
    if Path(model).is_dir():
        return Availability(True, model, "model folder")
    if (weights.hub_cache() / f"models--{model.replace('/', '--')}" / "snapshots").is_dir():
        return Availability(True, model, "model on disk")
    if not os.environ.get("HF_TOKEN"):
        return Availability(False, model, f"no HF_TOKEN, and no folder with a clone of {model}")
    return _from_hub(model, config)


def _llm(config: Config) -> Availability:
    model = config.writer.model
    url = (config.writer.base_url or os.environ.get("OPENAI_BASE_URL") or "").strip()
    if not url and not os.environ.get(KEY, "").strip():
        return Availability(False, model, f"no {KEY} and no base URL")
    try:
        server = endpoint(config.writer)
    except ModelError as error:
        return Availability(False, model, str(error))
    if stays_home(config.profile) and not server.is_here:
        why = f"profile {config.profile}, and {server.host} is not this machine"
        return Availability(False, model, why)
    if not reachable(server.base):
        return Availability(False, model, f"{server.host} does not answer")
    return Availability(True, model, f"server at {server.host}")


def _from_hub(model: str, config: Config) -> Availability:
    hub = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    if stays_home(config.profile) or os.environ.get("HF_HUB_OFFLINE") == "1":
        return Availability(False, model, f"{model} is not on this disk")
    if not config.run.download:
        return Availability(False, model, f"{model} is not on this disk, and run.download is false")
    if not reachable(hub):
        return Availability(False, model, f"{model} is not on this disk and {hub} does not answer")
    return Availability(True, model, f"{model}, from {urlsplit(hub).hostname}", fetch=True)


@cache
def reachable(url: str) -> bool:
    """Whether a TCP connection can be made, within CONNECT_SECONDS, by proxy if one is set."""
    try:
        parts = urlsplit(url)
        proxy = urlsplit(os.environ.get("HTTPS_PROXY") or os.environ.get("https_proxy") or "")
        if proxy.hostname and not is_here(parts.hostname or ""):
            parts = proxy
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:  # no address: "http://proxy:abc"
        return False
    # a name that does not resolve can hang longer than any timeout: ask in a thread of its own
    answer: SimpleQueue[bool] = SimpleQueue()
    ask = partial(connects, parts.hostname or "", port)
    Thread(target=lambda: answer.put(ask()), daemon=True).start()
    try:
        return answer.get(timeout=CONNECT_SECONDS + 0.5)
    except Empty:
        return False


def connects(host: str, port: int, seconds: float = CONNECT_SECONDS) -> bool:
    """Whether anything listens there, within so many seconds."""
    try:
        socket.create_connection((host, port), seconds).close()
    except OSError:
        return False
    return True


@cache
def gpus() -> int:
    """How many CUDA devices the driver reports, asked without loading torch or CTranslate2."""
    count = ctypes.c_int(0)
    try:
        cuda = ctypes.CDLL("libcuda.so.1" if os.name == "posix" else "nvcuda.dll")
    except OSError:
        return 0
    if cuda.cuInit(0) or cuda.cuDeviceGetCount(ctypes.byref(count)):
        return 0
    return count.value


def uses_gpu(config: Config) -> bool:
    """Whether speech engines will run on a GPU."""
    return config.run.device == "cuda" or (config.run.device == "auto" and gpus() > 0)
