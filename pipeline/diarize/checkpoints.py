"""Model files are data: what would run a program while it is loaded is refused, unless trusted.

A checkpoint is a pickle, which can call anything, and names the class that it is loaded into; a
pipeline's config names classes too. Within `only_weights` a pickle may hold tensors and the few
classes that pyannote's own checkpoints hold, and the classes named are pyannote.audio's.
"""

import os
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pipeline.errors import EngineError

ALLOWED = (
    *(f"pyannote.audio.core.task.{name}" for name in ("Problem", "Resolution", "Specifications")),
    "pyannote.audio.core.model.Introspection",
    "torch.torch_version.TorchVersion",
    *(f"omegaconf.base.{name}" for name in ("ContainerMetadata", "Metadata")),
    *("omegaconf.listconfig.ListConfig", "omegaconf.dictconfig.DictConfig"),
    "omegaconf.nodes.AnyNode",
    *("typing.Any", "collections.defaultdict"),
    *("builtins.dict", "builtins.list", "builtins.int"),
)
MODELS = "pyannote.audio.models."  # where the class of a checkpoint may come from
PIPELINES = "pyannote.audio."  # and those of a pipeline's config
_FORCED = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"  # read by torch at each load, over its callers' wish
_NOT_FORCED = "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"
_ASKED = re.compile(r"GLOBAL (\S+)|Unsupported class ?:? ?(\S+)")
_BROKEN = re.compile(r"Unsupported operand|pickle data was truncated")  # no pickle, or half of one


class ForbiddenGlobal(EngineError):
    """A model file that would run something."""


@contextmanager
def only_weights(place: Path, trusted: bool) -> Iterator[None]:
    """Within, torch and pyannote.audio load nothing that runs; raises EngineError for what would.

    `trusted`: the person has said that the file may do what it likes.
    """
    if trusted:
        yield
        return
    import torch
    from pyannote.audio.core import model, pipeline

    checked = _only(place, MODELS, import_module)
    named = _only(place, PIPELINES, pipeline.get_class_by_name)
    safe: Any = torch.serialization.safe_globals([_known(name) for name in ALLOWED])
    with (
        _forced(),
        patch.object(model, "import_module", checked),
        patch.object(pipeline, "get_class_by_name", named),
        safe,
    ):
        try:
            yield
        except pickle.UnpicklingError as error:
            if _BROKEN.search(str(error)):
                raise
            raise _refused(place, _wanted(error)) from None


@contextmanager
def _forced() -> Iterator[None]:
    """Torch told by the environment, which is all threads': nothing else in it is touched."""
    before = {name: os.environ.pop(name, None) for name in (_FORCED, _NOT_FORCED)}
    os.environ[_FORCED] = "1"
    try:
        yield
    finally:
        del os.environ[_FORCED]
        os.environ.update({name: value for name, value in before.items() if value is not None})


def _only(place: Path, root: str, get: Callable[..., Any]) -> Callable[..., Any]:
    """`get` for names below `root`; the name of anything else is refused before it is imported."""

    def checked(name: str, *more: Any, **named: Any) -> Any:
        if not f"{name}.".startswith(root):
            raise _refused(place, name)
        return get(name, *more, **named)

    return checked


def _known(name: str) -> Any:
    module, _, attribute = name.rpartition(".")
    return getattr(import_module(module), attribute)


def _wanted(error: pickle.UnpicklingError) -> str:
    """What a pickle asked for, in torch's words."""
    found = _ASKED.search(str(error))
    return next(filter(None, found.groups()), "") if found else "what is no tensor"


def _refused(place: Path, wanted: str) -> ForbiddenGlobal:
    return ForbiddenGlobal(
        f"{place}: asks for {wanted} while it is loaded, and so could run any program with your "
        "rights; get it from who made it, or add --trust-model if you trust it like a program"
    )
