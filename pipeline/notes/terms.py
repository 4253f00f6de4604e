"""The terms of the trade that a note may use although nobody said them: prompts/terms.toml."""

from pathlib import Path

from pipeline import config
from pipeline.toml import read, validate


class Terms(config.Section):
    """The contents of terms.toml."""

    terms: tuple[str, ...] = ()


def load_terms(file: Path) -> frozenset[str]:
    """The terms of a file; raises ConfigError, which names the file and what is wrong."""
    return frozenset(validate(Terms, read(file), str(file)).terms)
