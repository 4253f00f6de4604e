"""The base of what other programs may rely on: frozen, nothing undeclared, described by schema."""

import json

from pydantic import BaseModel, ConfigDict


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

    def to_json(self) -> bytes:
        """The file's contents, valid UTF-8 even where a file name in it was not."""
        text = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1)
        return text.encode(errors="replace") + b"\n"
