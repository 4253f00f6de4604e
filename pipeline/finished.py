"""Events that are finished and unchanged: a second run passes them by without a step.

The key hashes all that a post depends on: recordings, event.toml, sources, options, templates,
voice book, ledger, engines, their models and the program itself. Large files are read once and
known again by place, size and time of change.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pipeline.audio import content_digest
from pipeline.audio.inputs import SOURCES, EventInput
from pipeline.cache import Cache, digest
from pipeline.config import Config
from pipeline.engines.choose import Choices
from pipeline.errors import InputError
from pipeline.render.folder import written
from pipeline.render.report import EventReport
from pipeline.session import Session

STEP = "event"
MADE_OF = "made-of"
HEADS = ("config.json", "config.yaml")  # of a Whisper's folder, of a pyannote pipeline's
TEXTS = frozenset({".py", ".toml", ".txt", ".j2"})


@dataclass(frozen=True, slots=True)
class Finished:
    """The last finished run of an event: what its post came from, and its report."""

    key: str
    report: EventReport
    misnamed: dict[str, str] = field(default_factory=dict)  # no part of the report as a file


def find(event: EventInput, session: Session) -> EventReport | None:
    """The report of the last run, if the post would come out the same and is still there."""
    if session.settings.force:
        return None
    last = session.cache.find(STEP, event.slug, Finished)
    folder = session.settings.output / event.slug
    names = written(session.settings.output, event.slug)
    there = names and all((folder / name).exists() for name in names)  # nothing was deleted
    if last is None or last.key != key_of(event, session) or not there:
        return None
    keep_recordings(event, session)  # they may have been moved
    return last.report.model_copy(update={"kept": True, "misnamed": last.misnamed})


def keep(event: EventInput, session: Session, report: EventReport, inputs: str) -> None:
    """Remember a finished event; one that failed or was stopped is done again next time.

    `inputs` is their hash from before they were read: what was edited meanwhile is read next time.
    """
    if report.state == "done":
        last = Finished(_key(inputs, session), report, report.misnamed)
        session.cache.keep(STEP, event.slug, Finished, last)


def keep_recordings(event: EventInput, session: Session) -> None:
    """Remember of which recordings the post under the event's slug is."""
    signs = _signs(event, session)
    if session.cache.find(MADE_OF, event.slug, tuple[str, ...]) != signs:
        session.cache.keep(MADE_OF, event.slug, tuple[str, ...], signs)


def refuse_another(event: EventInput, session: Session) -> None:
    """Raises InputError where the post under the event's slug is of other recordings.

    Moved recordings are the same by their content, edited ones by their place.
    """
    last, output = session.cache.find(MADE_OF, event.slug, tuple[str, ...]), session.settings.output
    if last is None or not (output / event.slug).exists():
        return
    if not set(last) & set(_signs(event, session)):
        named = next(filter(None, (event.folder, *event.files)), event.title)
        raise InputError(
            f"{named}: has the slug {event.slug}, and {output / event.slug} is the post of "
            f"{last[0]}, which it would replace; give it a title or slug of its own in an "
            "event.toml, or another folder with -o"
        )


def _signs(event: EventInput, session: Session) -> tuple[str, ...]:
    """What an event is known by, its place first: any of it is enough."""
    if not event.files:
        return (f"a transcript of {event.info.date or 'no date'}",)
    hashed = content(event.files, session.cache)
    places = [str(path.resolve()) for path in (event.folder, *event.files) if path]
    stats = [(file.name, file.stat()) for file in event.files]
    moved = [f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in stats]  # as mv leaves it
    return (*places, *moved, hashed)


def content(files: Sequence[Path], cache: Cache) -> str:
    """The sha256 of the recordings' contents, in order; of a file not changed, without reading.

    A copy can have the size and date of another file, but not its number and time of change.
    """
    try:
        stats = [(str(file.resolve()), file.stat()) for file in files]
    except OSError as error:
        raise InputError(f"{error.filename}: cannot be read ({error.strerror})") from None
    signs = [(place, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for place, s in stats]
    return cache.step("content", signs, str, lambda: content_digest(files))


def inside(place: Path | None, cache: Cache) -> tuple[list[str], str] | None:
    """The names and the content of a model's files; None where no model lies."""
    if place is None or not (place.is_file() or any((place / each).is_file() for each in HEADS)):
        return None
    found = {file.relative_to(place): file for file in [place, *sorted(place.rglob("*"))]}
    files = {
        name: file
        for name, file in found.items()
        if file.is_file() and not any(part.startswith(".") for part in name.parts)
    }
    return [name.as_posix() for name in files], content(tuple(files.values()), cache)


def key_of(event: EventInput, session: Session) -> str:
    """The hash of all that its post depends on."""
    return _key(inputs_of(event, session), session)


def inputs_of(event: EventInput, session: Session) -> str:
    """The hash of what its post depends on, but for the engines, of which one may step in."""
    settings = session.settings
    sources = sorted((event.folder / SOURCES).rglob("*")) if event.folder else []
    depends_on = (
        program(),
        event.slug,
        event.info.model_dump(),
        [file.name for file in (*event.files, *event.captions)],
        content((*event.files, *event.captions), session.cache),
        _hashed([*sources, event.corrections]),
        session.config.model_dump(exclude={"run"}),
        session.config.run.compute_type,
        _hashed(found.path for found in session.prompts.list()),
        _hashed(path for path in (settings.voices, settings.ledger) if path),
        settings.until,
    )
    return digest(depends_on)


def _key(inputs: str, session: Session) -> str:
    used = session.engines.choices
    choices = [(c.backend.name, c.backend.version, c.model) for c in used.values()]
    placed = [inside(place, session.cache) for place in models(session.config, used)]
    return digest((inputs, choices, placed))


def models(config: Config, choices: Choices) -> Iterator[Path | None]:
    """Where the models lie that are named by their place."""
    for choice in choices.values():
        yield choice.folder
    yield config.room.model
    segmentation = config.diarize.segmentation
    yield Path(segmentation) if segmentation else None


def _hashed(paths: Iterable[Path]) -> list[tuple[str, str]]:
    files = (path for path in paths if path.is_file())
    return [(file.name, content_digest([file])) for file in files]


@cache
def program() -> str:
    """A hash that changes with any line or word list of the program: no pure step is stale."""
    files = sorted(Path(__file__).parent.rglob("*"))
    return digest(_hashed(file for file in files if file.suffix in TEXTS))
