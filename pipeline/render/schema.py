"""JSON Schemas of the public files, generated from their types.

`python -m pipeline.render.schema docs/schemas` writes them; a test fails while they are stale.
"""

import json
import sys
from pathlib import Path

from pipeline.cache import write_atomic
from pipeline.render.notes_json import NotesFile
from pipeline.render.report import ReportFile
from pipeline.render.shape import Shape
from pipeline.render.transcript_json import TranscriptFile

SHAPES: dict[str, type[Shape]] = {
    "transcript": TranscriptFile,
    "notes": NotesFile,
    "report": ReportFile,
}


def schemas() -> dict[str, str]:
    """File name to JSON Schema (draft 2020-12), as it is committed in docs/schemas."""
    return {
        f"{name}.schema.json": json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema"}
            | shape.model_json_schema(mode="serialization"),
            indent=2,
        )
        + "\n"
        for name, shape in SHAPES.items()
    }


def main(folder: Path) -> None:
    """Write every schema to `folder`."""
    for name, text in schemas().items():
        write_atomic(folder / name, text.encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
