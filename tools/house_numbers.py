"""How large the house is, in numbers that are to fall: python tools/house_numbers.py [--check]

With --check it ends with 1 where one of them is over its bound. The bounds are lowered with every
room that shrinks. The one of lines leaves some room; a change that needs more takes out what it
makes needless first, and raises the bound last, with the reason in its commit.
"""

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).parents[1] / "pipeline"
LONG_FILE, LONG_FUNCTION, LONG_LITERAL = 300, 40, 12  # lines; lines; words
BOUNDS = {
    "lines": 29740,
    "numeric constants": 488,
    "list entries": 802,
    "class names twice": 0,
    "files over 300 lines": 0,
    "functions over 40 lines": 0,
}
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.comprehension, ast.BoolOp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def measured() -> dict[str, int]:
    """Every number of the house."""
    texts = {file: file.read_text(encoding="utf-8") for file in sorted(PACKAGE.rglob("*.py"))}
    lines = {file: text.count("\n") for file, text in texts.items()}
    trees = [ast.parse(text) for text in texts.values()]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    classes = Counter(node.name for node in nodes if isinstance(node, ast.ClassDef))
    functions = [n.end_lineno - n.lineno + 1 for n in nodes if isinstance(n, FUNCTIONS)]
    return {
        "lines": sum(lines.values()),
        "numeric constants": sum(numbers(tree) for tree in trees),
        "list entries": sum(map(entries, PACKAGE.rglob("*.toml"))) + sum(map(literals, nodes)),
        "class names twice": sum(count > 1 for count in classes.values()),
        "files over 300 lines": sum(count > LONG_FILE for count in lines.values()),
        "functions over 40 lines": sum(count > LONG_FUNCTION for count in functions),
        "branches": sum(isinstance(node, BRANCHES) for node in nodes),
        **rooms(lines),
    }


def numbers(tree: ast.Module) -> int:
    """Numbers that a module or a class gives a name."""
    bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
    values = [getattr(node, "value", None) for body in bodies for node in body if assigns(node)]
    single = [each for v in values for each in (v.elts if isinstance(v, ast.Tuple) else [v])]
    return sum(isinstance(getattr(bare(v), "value", None), int | float) for v in single)


def assigns(node: ast.stmt) -> bool:
    """Whether a statement gives something a name."""
    return isinstance(node, ast.Assign | ast.AnnAssign)


def bare(value: Any) -> Any:
    """A number without its sign; nothing for what is no constant, and for True and False."""
    value = value.operand if isinstance(value, ast.UnaryOp) else value
    constant = isinstance(value, ast.Constant) and not isinstance(value.value, bool)
    return value if constant else None


def literals(node: ast.AST) -> int:
    """Words in a Python literal that is a list of them: a long tuple, set or string of words."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        words = [each for each in node.elts if isinstance(each, ast.Constant)]
        texts = [each for each in words if isinstance(each.value, str)]
        return len(texts) if len(texts) > LONG_LITERAL else 0
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        listed = node.func.attr == "split" and isinstance(node.func.value, ast.Constant)
        return len(str(node.func.value.value).split()) if listed else 0
    return 0


def entries(file: Path) -> int:
    """What the lists of a word file hold."""
    return sum(1 for _ in leaves(tomllib.loads(file.read_text(encoding="utf-8"))))


def leaves(value: Any) -> Iterator[Any]:
    """All that is no table and no list."""
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(value, dict | list):
        for each in inner:
            yield from leaves(each)
    else:
        yield value


def rooms(lines: dict[Path, int]) -> dict[str, int]:
    """Lines by room."""
    counted: Counter[str] = Counter()
    for file, count in lines.items():
        parts = file.relative_to(PACKAGE).parts
        counted[parts[0] if len(parts) > 1 else "(top)"] += count
    return {f"lines of {room}": count for room, count in sorted(counted.items())}


def main(arguments: list[str]) -> int:
    """Print them; with --check, 1 where one is over its bound."""
    found = measured()
    over = {name: bound for name, bound in BOUNDS.items() if found[name] > bound}
    for name, value in found.items():
        bound = f"  at most {BOUNDS[name]}" if name in BOUNDS else ""
        print(f"{name:26} {value:6}{bound}{'  OVER' if name in over else ''}")
    return 1 if over and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
