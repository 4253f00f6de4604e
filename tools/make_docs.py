"""What the papers say of options, commands, rooms and files, made from the program; a test holds
them to it.

uv run --group dev python tools/make_docs.py
"""

import ast
import json
import os
import re
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from functools import partial
from io import StringIO
from pathlib import Path
from typing import get_args

from pydantic.fields import FieldInfo

from pipeline import cli, config
from pipeline.render.notes_json import NotesFile
from pipeline.render.report import ReportFile
from pipeline.render.shape import Shape
from pipeline.render.transcript_json import TranscriptFile

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pipeline"
BEGIN, END = "<!-- made by tools/make_docs.py -->\n", "<!-- end -->\n"


def options() -> str:
    """docs/options.md, with its tables anew."""
    return renewed("docs/options.md", "".join(tables()))


def architecture() -> str:
    """ARCHITECTURE.md, with its list of rooms anew."""
    return renewed("ARCHITECTURE.md", "".join(rooms()))


def renewed(file: str, made: str) -> str:
    """A page with what is made between its marks."""
    before, _, rest = (ROOT / file).read_text(encoding="utf-8").partition(BEGIN)
    return f"{before}{BEGIN}{made}{END}{rest.partition(END)[2]}"


def rooms() -> Iterator[str]:
    """Each room with the first sentence of its docstring: folders, then single modules."""
    for title, files in (
        ("Rooms", sorted(PACKAGE.glob("*/__init__.py"))),
        ("Modules", sorted(PACKAGE.glob("*.py"))),
    ):
        yield f"\n## {title}\n\n| | |\n|---|---|\n"
        for file in files:
            told = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
            name = f"{file.parent.name}/" if title == "Rooms" else file.name
            yield f"| `{name}` | {' '.join(told.partition(chr(10) * 2)[0].split())} |\n"
    yield "\n"


def tables() -> Iterator[str]:
    """A table a section: option, default, what it is."""
    for name, section in config.sections():
        yield f"\n`[{name}]` {section.__doc__}\n\n| | default | |\n|---|---|---|\n"
        for key, field in section.model_fields.items():
            yield f"| `{key}` | {written(field.default)} | {told(field)} |\n"
    yield "\n"


def told(field: FieldInfo) -> str:
    """What an option is, what it may be, and what the command line calls it."""
    values = [f"`{each}`" for each in get_args(field.annotation) if isinstance(each, str) and each]
    flags = [f"`--{each.name}`" for each in field.metadata if isinstance(each, config.Flag)]
    return (field.description or "") + "".join(
        f" ({', '.join(some)})" for some in (values, flags) if some
    )


def written(default: object) -> str:
    """A default as one would write it in TOML."""
    if default is None or default == "":
        return ""
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def commands() -> str:
    """docs/commands.md: what every command says with --help."""
    return "# Commands\n\n" + BEGIN + "".join(helped()) + END


def helped() -> Iterator[str]:
    """The --help of backrow, of each command and of their actions."""
    for name in ("", *cli.COMMANDS):
        text = help_of(name)
        yield block(name, text)
        for action in re.findall(r"^    (\w+) ", text.partition("actions:")[2], re.MULTILINE):
            yield block(f"{name} {action}", help_of(f"{name} {action}"))


def block(name: str, text: str) -> str:
    """A heading and the text below it."""
    return f"\n## {f'backrow {name}'.strip()}\n\n```text\n{text}```\n"


def help_of(name: str) -> str:
    """What a command prints with --help, 80 columns wide."""
    os.environ["COLUMNS"] = "80"
    with suppress(SystemExit), redirect_stdout(StringIO()) as out:
        cli.parse([*name.split(), "--help"])
    return out.getvalue()


def schema(shape: type[Shape]) -> str:
    """The JSON Schema (draft 2020-12) of a file that other programs may rely on."""
    told = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    told |= shape.model_json_schema(mode="serialization")
    return json.dumps(told, indent=2) + "\n"


MADE = {
    "docs/options.md": options,
    "docs/commands.md": commands,
    "ARCHITECTURE.md": architecture,
    "docs/schemas/transcript.schema.json": partial(schema, TranscriptFile),
    "docs/schemas/notes.schema.json": partial(schema, NotesFile),
    "docs/schemas/report.schema.json": partial(schema, ReportFile),
}


def main() -> None:
    """Write all of them."""
    for file, made in MADE.items():
        (ROOT / file).write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
