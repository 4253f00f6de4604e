"""Every error that a user can meet; anything else is a bug and shows its traceback.

PipelineError            one sentence: which file or option, what is wrong, what to do
├── UsageError           the command line, the configuration or a template is wrong  (exit 2)
│   ├── ConfigError      an option, event.toml or a configuration file
│   └── PromptError      a template lacks a variable, or names one that does not exist
├── InputError           a recording or a source that cannot be read
│   └── NoSpeech         a recording in which nobody speaks
├── EngineError          an engine that cannot run here, with the way to get it
├── ModelError           a language model that is down, refuses or answers nonsense
├── StoreError           the cache or the output folder cannot be read or written
└── LedgerError          a ledger that is locked, or was written by a newer version
"""

import difflib
from collections.abc import Iterable


class PipelineError(Exception):
    """Base of all; the message is one sentence for the user."""


class UsageError(PipelineError):
    """What was asked for cannot be done as asked."""


class ConfigError(UsageError):
    """An option, an event.toml or a configuration file is wrong."""


class PromptError(UsageError):
    """A prompt template is missing, or misses or invents a variable."""


class InputError(PipelineError):
    """A recording or a source cannot be read."""


class NoSpeech(InputError):
    """A recording holds no speech."""


class EngineError(PipelineError):
    """An engine cannot run here; the message says how to get it."""


class ModelError(PipelineError):
    """A language model failed to give a usable answer."""


class StoreError(PipelineError):
    """The cache or the output folder cannot be used."""


class LedgerError(PipelineError):
    """The ledger of earlier claims cannot be used."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about a word that does not exist: the one that was meant, or all."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, 1)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(names)}" if names else ""
