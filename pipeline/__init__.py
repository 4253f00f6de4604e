"""backrow: the recording of an event becomes a sceptical post. Read flow.py first."""

from typing import TYPE_CHECKING, Any

from pipeline.privacy import silence

if TYPE_CHECKING:
    from pipeline.api import Event, Line, listen, run, write
    from pipeline.config import Config
    from pipeline.errors import PipelineError
    from pipeline.event import EventInfo

__version__ = "0.2.0"
__all__ = [
    "Config",
    "Event",
    "EventInfo",
    "Line",
    "PipelineError",
    "__version__",
    "listen",
    "run",
    "write",
]

silence()  # before any library that would report to its makers is imported


def __getattr__(name: str) -> Any:
    """What the package offers to other programs, imported when it is asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pipeline import api

    return getattr(api, name)
