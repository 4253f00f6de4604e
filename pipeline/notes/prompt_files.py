"""What is wrong with the files that a user may edit, beyond what a template's syntax shows."""

from collections.abc import Callable, Iterator
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


def remarks(prompts: Prompts) -> tuple[str, ...]:
    """What can be used and may be meant otherwise."""
    own = prompts.find("caveats").path
    there, here = (set(_topics(path)) for path in (Prompts().find("caveats").path, own))
    if not (gone := there - here):
        return ()
    stand = f"its {len(here)} topics stand in place of the {len(there)} built-in ones"
    return (f"{own}: {stand}, of which it lacks {len(gone)}; copy those that you want to keep",)


def _topics(path: Path) -> Iterator[tuple[str, str]]:
    for kind, caveats in load_caveats(path):
        yield from ((kind, each.topic) for each in caveats)
