"""The papers say what the program does: options, commands and schemas are made from it."""

import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[1] / "tools"


SCHEMAS = [f"docs/schemas/{name}.schema.json" for name in ("transcript", "notes", "report")]


@pytest.mark.parametrize(
    "file", ["docs/options.md", "docs/commands.md", "ARCHITECTURE.md", *SCHEMAS]
)
def test_docs_are_made_from_the_program(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if file.endswith("commands.md") and sys.version_info >= (3, 13):
        pytest.skip("argparse lays out its help otherwise since 3.13")
    monkeypatch.syspath_prepend(str(TOOLS))
    import make_docs

    there = (make_docs.ROOT / file).read_text(encoding="utf-8")
    assert make_docs.MADE[file]() == there, "run tools/make_docs.py and commit what it writes"
