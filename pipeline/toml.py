"""TOML that a person wrote, read into a checked type; what is wrong with it is one sentence."""

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.errors import ConfigError, nearest

Keys = tuple[int | str, ...]  # the way to a value: ("agenda", 2, "time")
M = TypeVar("M", bound=BaseModel)
DEEPEST = 20  # levels of tables and lists in a file; ours have two


def validate(model: type[M], values: dict[str, Any], where: str) -> M:
    """`model` from untrusted values; a ConfigError names `where`, the key and a remedy."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise ConfigError(f"{where}: {complaint(error, model)}") from None


def read(file: Path) -> dict[str, Any]:
    """A TOML file that a person wrote; raises ConfigError."""
    try:
        return _shallow(tomllib.loads(file.read_text(encoding="utf-8-sig")), file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror}); check its path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is not valid TOML ({error}); mend that line") from None
    except RecursionError:
        raise _too_deep(file) from None


def _shallow(values: dict[str, Any], file: Path) -> dict[str, Any]:
    """The same values; raises ConfigError where they lie deeper than any key asks for."""
    level: list[Any] = [values]
    for _ in range(DEEPEST):
        inner = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in inner for each in some if isinstance(each, dict | list)]
    if level:
        raise _too_deep(file)
    return values


def _too_deep(file: Path) -> ConfigError:
    return ConfigError(f"{file}: is nested too deep; a few levels are enough")


_WANTED = {
    "missing": "is missing",
    "tuple_type": "should be a list",
    "model_type": "should be a table",
    "dict_type": "should be a table",
    "string_type": "should be text",
    "too_short": "should not be empty",
    "string_too_short": "should not be empty",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "float_parsing": "should be a number",
    "bool_parsing": "should be true or false",
}


def complaint(error: ValidationError, model: type[BaseModel]) -> str:
    """The first of pydantic's complaints as one sentence; an unknown key explains the others."""
    found = error.errors()
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    path = ".".join(f"#{step + 1}" if isinstance(step, int) else step for step in first["loc"])
    if first["type"] == "extra_forbidden":
        hint = nearest(str(first["loc"][-1]), _keys(model, first["loc"]))
        return f"{path} is not known{hint}"
    said = first["msg"].removeprefix("Value error, ").replace("Input should", "should")
    wanted = _WANTED.get(first["type"], said)
    whole = first["type"] == "missing" or isinstance(first["input"], dict)
    return f"{path} {wanted}" + ("" if whole else f", not {first['input']!r}")


def _keys(model: Any, path: Keys) -> list[str]:
    """The keys that would be right at a place in a nested model."""
    for step in path[:-1]:
        field = model.model_fields.get(step) if isinstance(step, str) else None
        if field is None:
            continue
        shapes = [field.annotation, *getattr(field.annotation, "__args__", ())]
        models = [s for s in shapes if isinstance(s, type) and issubclass(s, BaseModel)]
        model = models[0] if models else model
    return list(model.model_fields)
