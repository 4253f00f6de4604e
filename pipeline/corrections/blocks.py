"""A TOML file as its tables: the text of each, unchanged, so that an edit touches nothing else.

tomlkit draws the entries of one list together when others stand between them, and gives the
comment above a table to the one before; a person's file keeps its order and its comments here.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_HEADER = re.compile(r"\s*\[{1,2}\s*([\w-]+)\s*\]{1,2}\s*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class TomlBlock:
    """A table from its header to the next one's; `name` is empty for what stands above all."""

    name: str
    text: str
    line: int  # of its first line, from 1


def blocks(text: str) -> list[TomlBlock]:
    """The tables of a valid TOML file, in order; their texts together are the file."""
    found: list[TomlBlock] = []
    name, lines, first = "", list[str](), 1
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        header = _HEADER.fullmatch(line.rstrip("\r\n"))
        if header and _is_whole("".join(lines)):
            found.append(TomlBlock(name, "".join(lines), first))
            name, lines, first = header[1], [], number
        lines.append(line)
    return [*found, TomlBlock(name, "".join(lines), first)]


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


def line_of(text: str, where: Sequence[int | str]) -> int:
    """The line on which ("word", 2, "heard") is written; its table's, where no key is named."""
    table = str(where[0]) if where else ""
    number = next((step for step in where[1:2] if isinstance(step, int)), 0)
    named = [block for block in blocks(text) if block.name == table]
    if number >= len(named):
        return next(_lines_with(text, table), 1)
    block = named[number]
    key = next((step for step in reversed(where[1:]) if isinstance(step, str)), "")
    return block.line - 1 + next(_lines_with(block.text, key), 1) if key else block.line


def _lines_with(text: str, key: str) -> Iterator[int]:
    """The lines that begin with a key."""
    begins = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*=""")
    for number, line in enumerate(text.splitlines(), start=1):
        if begins.match(line):
            yield number
