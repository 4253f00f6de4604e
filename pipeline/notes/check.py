"""What is wrong with the files that a user may edit, beyond what a template's syntax shows."""

from collections.abc import Callable

from pipeline.claims.omissions import load_caveats
from pipeline.errors import UsageError
from pipeline.notes import lint
from pipeline.notes.terms import load_terms
from pipeline.prompts import Prompts


def problems(prompts: Prompts) -> tuple[str, ...]:
    """A sentence for each file that cannot be used; empty when all can."""
    readers: tuple[Callable[[], object], ...] = (
        lambda: lint.bounds(prompts),
        lambda: load_caveats(prompts.find("caveats").path),
        lambda: load_terms(prompts.find("terms").path),
    )
    found = list(prompts.check())
    for read in readers:
        try:
            read()
        except UsageError as error:
            found.append(str(error))
    return tuple(dict.fromkeys(found))
