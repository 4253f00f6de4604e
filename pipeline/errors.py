"""Every error that a user can meet; anything else is a bug, which costs the event that met it."""

import difflib
import os
import re
import traceback
from collections.abc import Iterable

from pipeline.visible import one_line


class PipelineError(Exception):
    """Base of all; the message is one sentence for the user, whatever it quotes. `trace` is the
    traceback of a bug."""

    def __init__(self, message: str, trace: str = "") -> None:
        super().__init__(one_line(message))
        self.trace = trace


class UsageError(PipelineError):
    """What was asked for cannot be done as asked: the command line ends with 2."""


class ConfigError(UsageError):
    """An option, an event.toml or a configuration file is wrong."""


class PromptError(UsageError):
    """A prompt template is missing, or misses or invents a variable."""


class InputError(PipelineError):
    """A recording, a source or the ledger of earlier claims cannot be read."""


class NoSpeech(InputError):
    """A recording holds no speech."""


class EngineError(PipelineError):
    """An engine cannot run here; the message says how to get it."""


class ModelError(PipelineError):
    """A language model failed to give a usable answer.

    The message is for the screen. It may hold the server's own words, with every key, password and
    token struck out of them, here and nowhere else. `briefly` is what a post may say: our words.
    """

    briefly = "the model failed"

    def __init__(self, message: str, briefly: str = "") -> None:
        super().__init__(without_secrets(" ".join(message.split())))
        self.briefly = briefly or self.briefly


class Unusable(ModelError):
    """A question whose answer cannot be used, asked twice: prose, half an answer, a refusal.

    Costs this answer and nothing else: the talk gets quotes, the event goes on. The tokens are
    counted. The message ends with what to do.
    """

    briefly = "the model's answer could not be used"


class TooLong(ModelError):
    """A question that is longer than the model takes, as it was known or was just learnt.

    `room` is what a prompt may have, in tokens as `estimate` counts them: cut the material to that
    and ask again. Where it cannot be cut, the message says what to set.
    """

    briefly = "the talk is longer than what the model can read"

    def __init__(self, message: str, room: int = 0) -> None:
        super().__init__(message)
        self.room = room


class ServerFailed(ModelError):
    """The server does no more calls: out of reach, hung, out of credit. All later calls of the
    event fail at once with the same sentence. What it has answered stands and is in the cache, the
    rest gets quotes."""

    briefly = "the model's server stopped answering half way"


class NeverAnswered(ServerFailed):
    """No call of this event was answered: server, key or model is wrong, the message says which.

    An engine that nobody asked for by name gives way to quotes, with this as a warning; one asked
    for by name fails the event.
    """

    briefly = "the model's server answered no call"


class BudgetSpent(PipelineError):
    """A call that may pass the budget is not made: its event stops, what was answered is kept."""


class CacheError(PipelineError):
    """The cache or the output folder cannot be used."""


_SECRET = re.compile(
    r"""(?ix)
      (?<=://) [^/\s@'"]+ (?=@)                                            # user:password@
    | ([?&][\w-]*(?:key|token|secret|sig|password|pwd|auth|code)[\w-]*=) [^&\s'"]+
    | (\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?) (?:(?:bearer|basic)\s+)? [^\s"',}]+
    | (\b(?:x-)?api[-_]?key["']?\s*[:=]\s*["']?) [^\s"',}]{6,}
    | (\b(?:bearer|basic)\s+) [\w.~+/=*-]{8,}
    | (\b(?:account|sharedaccess)key\s*=\s*) [^\s;"',}]{6,}                # Azure's
    | \b(?:sk|pk|gsk|hf|xai)[-_][\w*.-]{6,}
    """
)
_HOLDS_ONE = re.compile(r"(?i)(_KEY|_TOKEN|_SECRET|PASSWORD)$")  # names of variables
_NO_SECRET = ("lm-studio", "not-needed", "no-key-needed")  # what local servers are given as a key
_told: set[str] = set()


def keep_secret(*secrets: str) -> None:
    """Keep these out of all messages from now on: a password in an address, say."""
    _told.update(secret for secret in secrets if len(secret) >= 4)


def without_secrets(text: str) -> str:
    """A text with every key, password and token struck out, known or looking like one."""
    for secret in sorted(_told | _in_environment(), key=len, reverse=True):
        # of a long one its beginning too, which is what servers repeat
        pattern = re.escape(secret) if len(secret) < 12 else re.escape(secret[:8]) + r"[^\s\"'}&]*"
        text = re.sub(pattern, "***", text, flags=re.IGNORECASE)
    return _SECRET.sub(lambda found: "".join(part or "" for part in found.groups()) + "***", text)


def without_keys(text: str) -> str:
    """A model's answer without the keys that its server may echo; all other words are left alone,
    of which some look like a secret, are a short password or a stand-in ("anything")."""
    known = (each for each in _told | _in_environment() if len(each) >= 8 and not each.isalpha())
    keys = sorted(known, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, keys)) or "(?!)", "***", text, flags=re.IGNORECASE)


def _in_environment() -> set[str]:
    """The values of this process's variables that hold a secret; no paths, no stand-ins."""
    values = (value.strip() for name, value in os.environ.items() if _HOLDS_ONE.search(name))
    return {value for value in values if re.fullmatch(r"[^/\s]\S{7,}", value)} - {*_NO_SECRET}


class Unexpected(PipelineError):
    """A bug that one event met."""


def unexpected(error: BaseException) -> PipelineError:
    """What an event's report says of any exception; a PipelineError speaks for itself.

    Ctrl-C and exits are not an event's: they are raised again.
    """
    if isinstance(error, PipelineError):
        return error
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error  # a panic is what Rust, inside pydantic or a tokenizer, calls a bug
    first = " ".join(str(error).split())[:200]
    said = f"{type(error).__name__}: {first}" if first else type(error).__name__
    trace = "".join(traceback.format_exception(error))
    told = without_secrets(f"met a bug of backrow ({said}); the others went on")
    return Unexpected(told, without_secrets(trace))


def nearest(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about a word that does not exist: the one that was meant, or all."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, 1)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; there are {', '.join(names)}" if names else ""


def extra(name: str) -> str:
    """How to get an extra of backrow, which no index has: from its clone."""
    return f"uv run --extra {name} backrow, in its clone (with pip, there: pip install '.[{name}]')"
