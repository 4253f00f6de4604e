"""The shape that a model is asked for, and its JSON held against it: a bad entry costs no answer.

First what is plainly meant is put into the type asked for ("[3]" is 3, null is an empty list),
guided by the shape's JSON Schema; then the shape judges, and of a list only the entries that it
refuses are left out. A shape derives from `notes.answers.Answer`: it ignores what it does not know.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Coerced(Generic[M]):
    """An answer in its shape, and how many entries of which list were left out for it."""

    answer: M
    dropped: tuple[str, ...] = ()
    emptied: bool = False  # a list had entries, and none was good
    cut: bool = False  # its end is missing


def coerce(value: Any, shape: type[M]) -> Coerced[M]:
    """The answer that a JSON value holds; raises ValueError (ValidationError is one) for none."""
    schema = _schema(shape)
    value = _wrap_bare_list(value, schema)
    if not isinstance(value, dict) or not set(value) & set(schema["properties"]):
        raise ValueError("it has none of the fields asked for")
    coerced = _coerce(value, schema, schema.get("$defs", {}))
    full = {name for name, each in coerced.items() if isinstance(each, list) and each}
    lost: list[str] = []
    while True:
        try:
            answer = shape.model_validate(coerced, strict=False)
            bare = any(not coerced.get(name) for name in full)
            return Coerced(answer, tuple(lost), bare)
        except ValidationError as error:
            if not _drop_invalid(coerced, error, lost):
                raise


@cache
def _schema(shape: type[BaseModel]) -> dict[str, Any]:
    return shape.model_json_schema()


def _wrap_bare_list(value: Any, made: dict[str, Any]) -> Any:
    """A bare list is the one list that the shape has."""
    lists = [name for name, each in made["properties"].items() if each.get("type") == "array"]
    return {lists[0]: value} if isinstance(value, list) and len(lists) == 1 else value


# ---- what is meant


def _coerce(value: Any, node: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """A value in the type that its schema asks for, where there is no doubt about it."""
    node = _resolve_reference(node, shapes)
    if "anyOf" in node:
        return _coerce_union(value, node["anyOf"], shapes)
    kind = node.get("type")
    if kind == "array":
        return _coerce_list(value, node, shapes)
    if kind == "object" and isinstance(value, dict):
        fields = node.get("properties", {})
        return {
            key: _coerce(each, fields[key], shapes) if key in fields else each
            for key, each in value.items()
            if each is not None or fields.get(key, {}).get("default") is None
        }
    if "enum" in node:
        return _match_enum(value, node["enum"])
    return _coerce_scalar(value, kind)


def _coerce_union(value: Any, nodes: list[dict[str, Any]], shapes: dict[str, Any]) -> Any:
    """None where allowed, else the only kind that is not null, or that has the value's keys."""
    others = [_resolve_reference(node, shapes) for node in nodes if node.get("type") != "null"]
    if len(others) < len(nodes) and value in (None, "null"):
        return None
    keys = set(value) if isinstance(value, dict) else set[str]()
    meant = [node for node in others if len(others) == 1 or keys >= set(node.get("required", "-"))]
    return _coerce(value, meant[0], shapes) if meant else value


def _resolve_reference(node: dict[str, Any], shapes: dict[str, Any]) -> dict[str, Any]:
    """A node, looked up where it is a reference."""
    found: dict[str, Any] = shapes[node["$ref"].rsplit("/", 1)[-1]] if "$ref" in node else node
    return found


def _coerce_list(value: Any, node: dict[str, Any], shapes: dict[str, Any]) -> Any:
    """Null is no entry, and an entry by itself is one."""
    if value is None or value == "":
        return []
    entries = value if isinstance(value, list) else [value]
    items = node.get("items", {})
    return [_coerce(entry, items, shapes) for entry in entries if entry is not None]


def _match_enum(value: Any, names: list[Any]) -> Any:
    """A name in other letters ("Room ", "ROOM") is that name."""
    if not isinstance(value, str):
        return value
    plain = {str(name).lower(): name for name in names}
    return plain.get(value.strip().lower(), value)


def _coerce_scalar(value: Any, kind: str | None) -> Any:
    """ "[3]", "U3", [3] and 3.0 are 3; 1610 is "1610"; lines are a text."""
    if kind in ("integer", "number"):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        found = re.findall(r"-?\d+(?:\.\d+)?", value) if isinstance(value, str) else ()
        if len(found) == 1:
            return float(found[0]) if kind == "number" or "." in found[0] else int(found[0])
    if kind == "string":
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            return " ".join(value)
    return value


# ---- what is left out


def _drop_invalid(value: dict[str, Any], error: ValidationError, lost: list[str]) -> bool:
    """Remove the entries that the shape refuses; False where the complaint is about no entry."""
    places = {place for each in error.errors() if (place := _path_of(value, each["loc"]))}
    for *way, last in sorted(places, reverse=True):
        holder: Any = value
        for step in way:
            holder = holder[step]
        del holder[last]
        lost.append(".".join(step for step in way if isinstance(step, str)))
    return bool(places)


def _path_of(value: Any, complaint: Sequence[int | str]) -> tuple[Any, ...]:
    """Where the innermost entry is that a complaint is about; nowhere, where it is about none."""
    here, place = value, list[Any]()
    for step in complaint:  # pydantic names the branches of a union too: these are passed over
        known = isinstance(here, dict) and step in here
        if known or (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            place.append(step)
            here = here[step]
    inner = [at for at, step in enumerate(place, start=1) if isinstance(step, int)]
    return tuple(place[: max(inner, default=0)])


# ---- what is asked for

_LEFT_OUT = frozenset({"default", "title", "description", "minLength", "maxLength"})


def strict_schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema of a shape for strict servers: every field required, no others allowed."""
    made: dict[str, Any] = _strict(_schema(shape))
    return made


def _strict(node: Any) -> Any:
    """What `strict` servers ask for; docstrings and lengths are for pydantic alone."""
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    properties = node.get("properties")
    plain = {
        key: {name: _strict(each) for name, each in value.items()}
        if key == "properties"
        else _strict(value)
        for key, value in node.items()
        if key not in _LEFT_OUT
    }
    if properties is not None:
        plain |= {"required": list(properties), "additionalProperties": False}
    return plain
