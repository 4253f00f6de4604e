"""What is wrong with the files that a user may edit, beyond what a template's syntax shows."""

from collections.abc import Callable
from pathlib import Path

from pipeline.claims.omissions import load_caveats
from pipeline.errors import UsageError
from pipeline.notes.checks.names import load_terms
from pipeline.notes.lint import bounds_in
from pipeline.prompts import Prompts


def problems(prompts: Prompts) -> tuple[str, ...]:
    """A sentence for each file that cannot be used; empty when all can."""
    readers: dict[str, Callable[[Path], object]] = {
        "lint": bounds_in,
        "caveats": load_caveats,
        "terms": load_terms,
    }
    found = list(prompts.check())
    for each in prompts.list():
        try:
            readers.get(each.template.name, Path)(each.path)
        except UsageError as error:
            found.append(str(error))
    return tuple(dict.fromkeys(found))
