"""A TOML file as its tables: the text of each, unchanged, so that an edit touches nothing else.

tomlkit draws the entries of one list together when others stand between them, and gives the
comment above a table to the one before; a person's file keeps its order and its comments here.
"""

import re
import tomllib
from dataclasses import dataclass

_HEADER = re.compile(r"\s*\[{1,2}\s*([\w-]+)\s*\]{1,2}\s*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class TomlBlock:
    """A table from its header to the next one's; `name` is empty for what stands above all."""

    name: str
    text: str


def blocks(text: str) -> list[TomlBlock]:
    """The tables of a valid TOML file, in order; their texts together are the file."""
    found: list[TomlBlock] = []
    name, lines = "", list[str]()
    for line in text.splitlines(keepends=True):
        header = _HEADER.fullmatch(line.rstrip("\r\n"))
        if header and _is_whole("".join(lines)):
            found.append(TomlBlock(name, "".join(lines)))
            name, lines = header[1], []
        lines.append(line)
    return [*found, TomlBlock(name, "".join(lines))]


def _is_whole(text: str) -> bool:
    """Whether a text ends outside of any string or list, so that a header may follow."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def split_tail(text: str) -> tuple[str, str]:
    """A table's own lines, and the comments behind them, which belong to what follows."""
    lines = text.splitlines(keepends=True)
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join(lines[:end]), "".join(lines[end:])
