"""Adds and removes one correction in a person's file, which keeps its order and its comments.

The file is read anew for every edit and looked at again before it is replaced, so that what an
editor saved in between is never overwritten.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import tomlkit

from pipeline.cache import PUBLIC, write_atomic
from pipeline.corrections.blocks import TomlBlock, blocks, split_tail
from pipeline.corrections.file import Corrections, Fix, NameFix, ReplaceFix, read
from pipeline.errors import ConfigError

INLINE = "{path}: cannot be added to as it is written; give each correction a table of its own"
SAVED = "{path}: was saved by another program in between; look at it and try again"
_LISTS = frozenset({"voice", "word", "talk", "note"})


class Edit(NamedTuple):
    """A file's text before and after an edit."""

    before: str
    after: str


def all_fixes(held: Corrections) -> list[Fix]:
    """All corrections of a file, one by one."""
    names = (NameFix(voice=voice, name=name) for voice, name in held.names.items())
    replaced = (ReplaceFix(heard=h, written=w) for h, w in held.replace.items())
    lists = (*held.voice, *held.word, *held.talk, *held.note)
    return [*names, *replaced, *lists, *held.post.each()]


def add(path: Path, fix: Fix, instead: Fix | None = None) -> Edit:
    """Write a correction in the place of the one about the same thing, and of `instead`.

    Raises ConfigError for a file that is not as it should be, CacheError where it cannot be
    written; the file is then as it was.
    """

    def change(text: str, held: list[Fix]) -> str:
        for old in held:
            same = (old.table, old.key) == (fix.table, fix.key)
            gives_way = fix.table in _LISTS if same else old == instead
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
    held, data = all_fixes(read(path)), bytes_of(place)
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
    if fix.table in _LISTS or at is None:
        header = f"[[{fix.table}]]" if fix.table in _LISTS else f"[{fix.table}]"
        return f"{text.rstrip()}\n\n{header}\n{tomlkit.dumps(_lines(fix))}".lstrip()
    own, tail = split_tail(found[at].text)
    held: Any = tomlkit.parse(own if own.endswith("\n") else own + "\n")
    held[fix.table].update(_lines(fix))
    texts = [block.text for block in found]
    texts[at] = tomlkit.dumps(held) + tail
    return "".join(texts)


def _text_without(text: str, fix: Fix) -> str:
    """The file without a correction; the comments behind it stay."""
    left = _left_of_entry if fix.table in _LISTS else _left_of_lines
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
    for key in _lines(fix):
        held[fix.table].remove(key)
    left = tomlkit.dumps(held)
    return left if held[fix.table] else left.partition("\n")[2]


def _lines(fix: Fix) -> Mapping[str, Any]:
    """A correction as lines of its table."""
    if isinstance(fix, NameFix):
        return {fix.voice: fix.name}
    if isinstance(fix, ReplaceFix):
        return {fix.heard: fix.written}
    values = fix.model_dump(exclude_unset=True, exclude_none=True)
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
