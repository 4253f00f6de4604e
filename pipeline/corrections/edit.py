"""Adds and removes one correction in a person's file, which keeps its order and its comments.

The file is read anew for every edit and looked at again before it is replaced, so that what an
editor saved in between is never overwritten.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit

from pipeline.cache import PUBLIC, write_atomic
from pipeline.corrections.blocks import TomlBlock, blocks, split_tail
from pipeline.corrections.file import Corrections, Fix, read
from pipeline.errors import ConfigError

INLINE = "{path}: cannot be added to as it is written; give each correction a table of its own"
SAVED = "{path}: was saved by another program in between; look at it and try again"


class Edit(NamedTuple):
    """A file's text before and after an edit."""

    before: str
    after: str


def add(path: Path, fix: Fix, instead: Fix | None = None) -> Edit:
    """Write a correction in the place of the one about the same thing, and of `instead`.

    Raises ConfigError for a file that is not as it should be, CacheError where it cannot be
    written; the file is then as it was.
    """

    def change(text: str, held: list[Fix]) -> str:
        for old in held:
            same = (old.table, old.key) == (fix.table, fix.key)
            gives_way = not fix.is_line if same else old == instead
            if old != fix and gives_way:  # a line of a table is written over where it stands
                text = _text_without(text, old)
        return text if fix in held else _text_with(text, fix)

    return _rewrite(path, change)


def remove(path: Path, fix: Fix) -> Edit:
    """Take a correction out, if it is there. Raises as `add` does."""
    return _rewrite(path, lambda text, held: _text_without(text, fix) if fix in held else text)


def undo(path: Path, edit: Edit) -> None:
    """The file as it was before an edit. Raises ConfigError where it has changed since."""

    def change(text: str, _: list[Fix]) -> str:
        if text != edit.after:
            raise ConfigError(f"{path}: was changed by hand since then; take it out there")
        return edit.before

    _rewrite(path, change)


def _rewrite(path: Path, change: Callable[[str, list[Fix]], str]) -> Edit:
    """Replace a file by what a change makes of it, whole or not at all."""
    place = path.resolve()  # a link stays one
    held, data = read(path).fixes, bytes_of(place)
    text = data.decode("utf-8-sig")
    edit = Edit(text, change(text, held))
    if edit.before != edit.after:
        try:
            Corrections.model_validate(tomllib.loads(edit.after))
        except ValueError:  # it would be spoilt
            raise ConfigError(INLINE.format(path=path)) from None
        mode = place.stat().st_mode & 0o777 if place.exists() else PUBLIC
        if bytes_of(place) != data:
            raise ConfigError(SAVED.format(path=path))
        write_atomic(place, edit.after.encode(), mode)
    return edit


def bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


# ---- the text


def _text_with(text: str, fix: Fix) -> str:
    """The file with a correction: a table behind the others, or lines of the one that is there."""
    found = blocks(text)
    at = next((n for n, block in enumerate(found) if block.name == fix.table), None)
    if not fix.is_line or at is None:
        header = f"[{fix.table}]" if fix.is_line else f"[[{fix.table}]]"
        return f"{text.rstrip()}\n\n{header}\n{tomlkit.dumps(fix.lines)}".lstrip()
    own, tail = split_tail(found[at].text)
    held: Any = tomlkit.parse(own if own.endswith("\n") else own + "\n")
    held[fix.table].update(fix.lines)
    texts = [block.text for block in found]
    texts[at] = tomlkit.dumps(held) + tail
    return "".join(texts)


def _text_without(text: str, fix: Fix) -> str:
    """The file without a correction; the comments behind it stay."""
    left = _left_of_lines if fix.is_line else _left_of_entry
    found = blocks(text)
    return "".join(left(each, fix) if each.name == fix.table else each.text for each in found)


def _left_of_entry(block: TomlBlock, fix: Fix) -> str:
    """What stays of an entry of a list: all of it, if it is another correction."""
    (values,) = tomllib.loads(block.text)[fix.table]
    if type(fix).model_validate(values) != fix:
        return block.text
    tail = split_tail(block.text)[1]
    return tail if tail.strip() else ""


def _left_of_lines(block: TomlBlock, fix: Fix) -> str:
    """What stays of a table whose lines are corrections."""
    held: Any = tomlkit.parse(block.text)
    for key in fix.lines:
        held[fix.table].remove(key)
    left = tomlkit.dumps(held)
    return left if held[fix.table] else left.partition("\n")[2]
