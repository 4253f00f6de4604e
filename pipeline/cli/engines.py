"""What the commands say of the engines that were chosen, and what these need first."""

import sys
import textwrap
from dataclasses import replace

from pipeline.asr.weights import is_best
from pipeline.download import download
from pipeline.engines.choose import Choices, weights_here
from pipeline.errors import EngineError
from pipeline.session import Settings

WIDTH = 80  # columns of a terminal
BETTER = "for better words --model large-v3-turbo (1.6 GB, once)"


def table(choices: Choices) -> str:
    """A row for each stage, with its engine and why; how to get better words, where one can."""
    rows: list[tuple[str, str, str]] = [
        (stage, each.backend.name, each.why) for stage, each in choices.items()
    ]
    if not is_best(choices["asr"].model):
        rows.insert(1, ("", "", BETTER))
    return "\n".join(wrapped(f"{stage:8} {name:14} ", why) for stage, name, why in rows)


def wrapped(head: str, text: str) -> str:
    """A text in the columns that a terminal has, all of it to the right of its head."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def with_weights(settings: Settings, as_json: bool = False) -> Settings:
    """The settings, after fetching what the chosen models lack: before workers begin that would
    all want it. What nobody asked for by name and cannot be fetched gives way to what is here."""
    config, chosen = settings.config, settings.choices["asr"]
    if config.room.model and config.may_fetch:
        from pipeline.audio.yamnet import PUBLISHED

        if config.room.model == PUBLISHED.place:  # it was asked for by its name
            download(PUBLISHED, _tell)
    if not chosen.fetch:
        return settings
    from pipeline.asr.fetch import fetch

    try:
        fetch(chosen.model, _tell, sys.stderr.isatty() and not as_json)
    except EngineError as error:
        here = weights_here(config) if config.asr.model == "auto" else None
        if here is None:
            raise
        _tell(f"{error}; {here} hears it instead")
        instead = replace(chosen, model=here, fetch=False)
        return replace(settings, choices=settings.choices | {"asr": instead})
    return settings


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
