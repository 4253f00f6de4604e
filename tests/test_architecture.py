"""Dependencies point one way, and nothing heavy is loaded before it is needed."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "pipeline"

# A room (a module, or a folder of them) imports from the lines above its own, never from its own.
LAYERS = (
    ("languages", "visible", "wording"),
    ("text",),
    ("data", "errors", "heap", "interrupt", "privacy"),
    ("toml",),
    ("config", "event", "progress", "reading_limits", "sandbox"),
    ("cache", "prompts", "together"),
    ("corrections", "download", "leftovers", "remote"),
    ("audio",),
    ("asr", "diarize", "captions"),
    ("talks", "claims", "llm"),
    ("notes",),
    ("heard",),
    ("render",),
    ("engines",),  # knows them by name, and imports none before it is needed
    ("session",),
    ("finished",),
    ("steps", "annotate"),
    ("flow",),
    ("executors",),
    ("api",),
    ("review",),
    ("cli",),
    ("__init__",),
)
RANK = {room: rank for rank, rooms in enumerate(LAYERS) for room in rooms}
ENGINES = ("torch", "pyannote", "faster_whisper", "ctranslate2", "openai", "ray")
HEAVY = (*ENGINES, "numpy", "scipy", "av", "onnxruntime", "pydantic", "jinja2", "yaml", "rich")


def imported(source: str) -> Iterator[str]:
    """The modules that a file imports anywhere in it, for type checking too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def room(module: str) -> str:
    """ "pipeline.audio.wav": "audio"; the package's own name for what is in its __init__."""
    first = module.split(".")[1]
    return first if (PACKAGE / first).is_dir() or (PACKAGE / f"{first}.py").exists() else ""


def edges() -> Iterator[tuple[str, str, str]]:
    """Which file's room imports which other room."""
    for file in sorted(PACKAGE.rglob("*.py")):
        path = file.relative_to(PACKAGE.parent)
        here = room(".".join(path.with_suffix("").parts))
        for module in imported(file.read_text(encoding="utf-8")):
            there = room(module) if module.startswith("pipeline.") else ""
            if there not in ("", here):
                yield path.as_posix(), here, there


def test_dependencies_point_one_way() -> None:
    wrong = [
        f"{path} imports {there}" for path, here, there in edges() if RANK[here] <= RANK[there]
    ]
    assert wrong == []


def test_every_room_has_its_layer() -> None:
    rooms = {
        path.stem for path in PACKAGE.iterdir() if any(path.rglob("*.py")) or path.suffix == ".py"
    }
    assert rooms == set(RANK)


def loaded(modules: str, suspects: tuple[str, ...]) -> set[str]:
    """Which of the suspects a fresh interpreter has loaded after importing some modules."""
    code = f"import sys, {modules}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split()) & set(suspects)


def test_help_loads_nothing_heavy() -> None:
    assert loaded("pipeline.cli", HEAVY) == set()


def test_no_engine_is_loaded_before_a_step_needs_it() -> None:
    program = "pipeline.cli.run, pipeline.flow, pipeline.executors.batch"
    assert loaded(program, (*ENGINES, "scipy")) == set()


def test_a_run_loads_what_computes_only_for_an_event_that_needs_it() -> None:
    assert loaded("pipeline.cli.run", ("snowballstemmer", "jellyfish", "pypdf")) == set()


def test_every_test_file_has_a_name_of_its_own() -> None:
    """pytest imports them by it: of two with one name the second is an error."""
    names = [file.name for file in Path(__file__).parent.rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))


def test_no_test_reads_what_a_module_keeps_to_itself() -> None:
    """A private name may go at any time; what is tested is what others use."""
    read = [
        f"{file.name}: {module}.{name}"
        for file in sorted(Path(__file__).parent.rglob("test_*.py"))
        for module, name in private_names(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert read == []


def private_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Names with an underscore that a file takes out of our modules."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("pipeline"):
            modules.update(name.asname or name.name for name in node.names)
            yield from (("import", name.name) for name in node.names if name.name[0] == "_")
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            own = node.attr.startswith("_") and not node.attr.startswith("__")
            if own and node.value.id in modules:
                yield node.value.id, node.attr
