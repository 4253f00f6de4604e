"""Adds and removes one correction in a person's file, which keeps its order and its comments.

The file is read anew for every edit and looked at again before it is replaced, so that what an
editor saved in between is never overwritten.
"""

import threading
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tomlkit

from pipeline.cache import PUBLIC, write_atomic
from pipeline.corrections.blocks import TomlBlock, blocks, split_tail
from pipeline.corrections.file import Corrections, Fix, NameFix, ReplaceFix, read
from pipeline.errors import ConfigError

INLINE = "{path}: cannot be added to as it is written; give each correction a table of its own"
Table = Mapping[str, Any]
_LISTS = frozenset({"voice", "word", "talk", "note"})
_WRITING = threading.Lock()
_TRIES = 5  # times that a person may save the file in the moment between reading and writing it


def fixes(held: Corrections) -> list[Fix]:
    """All corrections of a file, one by one."""
    names = (NameFix(voice=voice, name=name) for voice, name in held.names.items())
    replaced = (ReplaceFix(heard=h, written=w) for h, w in held.replace.items())
    lists = (*held.voice, *held.word, *held.talk, *held.note)
    return [*names, *replaced, *lists, *held.post.each()]


def add(path: Path, fix: Fix) -> Fix | None:
    """Write a correction; returns the one about the same thing that it takes the place of.

    Raises ConfigError for a file that is not as it should be, StoreError where it cannot be
    written; the file is then as it was.
    """
    before: list[Fix] = []

    def change(text: str, held: Corrections) -> str:
        before[:] = [old for old in fixes(held) if old.table == fix.table and old.key == fix.key]
        if before[:1] == [fix]:
            return text
        for old in before if fix.table in _LISTS else ():
            text = _without(text, old)
        return _with_entry(text, fix) if fix.table in _LISTS else _with_keys(text, fix)

    _rewrite(path, change)
    return before[0] if before else None


def remove(path: Path, fix: Fix) -> bool:
    """Take a correction out again; whether it was there. Raises as `add` does."""
    there: list[Fix] = []

    def change(text: str, held: Corrections) -> str:
        there[:] = [old for old in fixes(held) if old == fix]
        return _without(text, fix) if there else text

    _rewrite(path, change)
    return bool(there)


def _rewrite(path: Path, change: Callable[[str, Corrections], str]) -> None:
    """Replace a file by what a change makes of it, whole or not at all."""
    place = path.resolve()  # a link stays one
    with _WRITING:
        for _ in range(_TRIES):
            held, data = read(path), bytes_of(place)
            text = data.decode("utf-8-sig")
            made = change(text, held)
            if made == text:
                return
            try:
                Corrections.model_validate(tomllib.loads(made))
            except ValueError:  # it would be spoilt
                raise ConfigError(INLINE.format(path=path)) from None
            mode = place.stat().st_mode & 0o777 if data else PUBLIC
            if bytes_of(place) == data:
                write_atomic(place, made.encode(), mode)
                return
    raise ConfigError(f"{path}: is being written by another program; try again")


def bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


# ---- entries of lists


def _with_entry(text: str, fix: Fix) -> str:
    return f"{text.rstrip()}\n\n[[{fix.table}]]\n{tomlkit.dumps(_given(fix))}".lstrip()


def _without(text: str, fix: Fix) -> str:
    """The file without a correction; the comments behind it stay."""
    if fix.table not in _LISTS:
        return _without_keys(text, fix)
    kept = []
    for block in blocks(text):
        if block.name == fix.table and _holds(block, fix):
            tail = split_tail(block.text)[1]
            kept.append(tail if tail.strip() else "")
        else:
            kept.append(block.text)
    return "".join(kept)


def _holds(block: TomlBlock, fix: Fix) -> bool:
    values = tomllib.loads(block.text)[block.name]
    return isinstance(values, list) and type(fix).model_validate(values[0]) == fix


# ---- lines of tables


def _with_keys(text: str, fix: Fix) -> str:
    found = blocks(text)
    named = next((n for n, block in enumerate(found) if block.name == fix.table), None)
    if named is None:
        return f"{text.rstrip()}\n\n[{fix.table}]\n{tomlkit.dumps(_lines(fix))}".lstrip()
    own, tail = split_tail(found[named].text)
    held: Any = tomlkit.parse(own if own.endswith("\n") else own + "\n")
    for key, value in _lines(fix).items():
        held[fix.table][key] = value
    texts = [block.text for block in found]
    texts[named] = tomlkit.dumps(held) + tail
    return "".join(texts)


def _without_keys(text: str, fix: Fix) -> str:
    texts = []
    for block in blocks(text):
        if block.name != fix.table:
            texts.append(block.text)
            continue
        held: Any = tomlkit.parse(block.text)
        for key in _lines(fix):
            held[fix.table].remove(key)
        left = tomlkit.dumps(held)
        texts.append(left if held[fix.table] else "".join(left.splitlines(keepends=True)[1:]))
    return "".join(texts)


def _lines(fix: Fix) -> Table:
    """A correction as lines of its table."""
    if isinstance(fix, NameFix):
        return {fix.voice: fix.name}
    if isinstance(fix, ReplaceFix):
        return {fix.heard: fix.written}
    return _given(fix)


def _given(fix: Fix) -> Table:
    """What a correction says, as it is written in a file."""
    values = fix.model_dump(exclude_unset=True, exclude_none=True)
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
