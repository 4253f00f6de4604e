"""The base of what other programs may rely on: frozen, nothing undeclared, described by schema."""

import json
from typing import Any

from pydantic import BaseModel, ConfigDict

from pipeline.visible import visible


class Shape(BaseModel):
    """A part of a public file; its fields' docstrings are the schema's descriptions."""

    model_config = ConfigDict(
        frozen=True,
        from_attributes=True,
        extra="forbid",
        use_attribute_docstrings=True,
        protected_namespaces=(),
        json_schema_serialization_defaults_required=True,
    )

    def to_json(self, indent: int | None = 1) -> bytes:
        """The file's contents, valid UTF-8 even where a file name in it was not; None: one line."""
        text = json.dumps(_seen(self.model_dump(mode="json")), ensure_ascii=False, indent=indent)
        return text.encode(errors="replace") + b"\n"


def _seen(value: Any) -> Any:
    """A JSON value whose texts hold only what can be seen."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(key): _seen(inner) for key, inner in value.items()}
    return [_seen(inner) for inner in value] if isinstance(value, list | tuple) else value
