"""The JSON Schema of an answer, as strict servers ask for it."""

from typing import Any

from pydantic import BaseModel


def schema(shape: type[BaseModel]) -> dict[str, Any]:
    """The strict JSON Schema of a shape: every field required, nothing else allowed."""
    made: dict[str, Any] = _strict(shape.model_json_schema())
    return made


_LEFT_OUT = frozenset({"default", "title", "description", "minLength", "maxLength"})


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
