"""Prompts: what a user may edit. A folder of the user's own, file by file over the built-in one.

A template is Jinja2; each has a declared set of variables, so that a misspelt one is an error that
names the variable and the file, before a model is asked anything. The files that are not templates
(`.toml`) are only found and read here; who uses them checks them.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import jinja2
import jinja2.meta

from pipeline.errors import PromptError, nearest
from pipeline.languages import code
from pipeline.sandbox import Sandbox, forbidden

MATERIAL = "--- material ---"  # the line of a prompt between what never changes and the talk


@dataclass(frozen=True, slots=True)
class Template:
    """A file that a user may edit: the variables it must use, and the others that it may."""

    file: str
    about: str
    required: str = ""
    allowed: str = ""

    @property
    def name(self) -> str:
        return self.file.split(".")[0]

    def in_language(self, language: str) -> str:
        """The name of its file for a language: "voice.de.md"."""
        first, _, rest = self.file.partition(".")
        return f"{first}.{language}.{rest}"


TEMPLATES = (
    Template("voice.md", "how the notes sound"),
    Template(
        "outline.md",
        "finds where talks begin and who speaks",
        "transcript",
        "event sources proposal part language",
    ),
    Template(
        "write.md",
        "writes a talk's notes and summary",
        "voice transcript task",
        "event people topics sources earlier",
    ),
    Template("judge.md", "holds each note against its receipts", "notes", "event people"),
    Template(
        "close.md",
        "reads the whole post: caveat, description, doubles",
        "notes",
        "voice event sources language",
    ),
    Template(
        "translate.md",
        "writes the checked notes in another language",
        "lines",
        "voice spoken language quotes",
    ),
    Template("post.md.j2", "the form of the post", "article"),
    Template("caveats.toml", "what an honest claim of each kind would mention"),
    Template("terms.toml", "names and abbreviations of the trade that a note may use unsaid"),
    Template("lint.toml", "the bounds of `backrow lint`"),
)


@dataclass(frozen=True, slots=True)
class FoundTemplate:
    """A template and the file that serves it."""

    template: Template
    path: Path


def built_in() -> Path:
    """The folder of the built-in prompts: inside the installed package, or the checkout's."""
    package = Path(__file__).parent
    installed = package / "builtin_prompts"
    return installed if installed.is_dir() else package.parent / "prompts"


class Prompts:
    """Finds, checks and fills the templates of one run.

    A file may have one for a language beside it ("voice.de.md"), which serves for that language.
    """

    def __init__(self, folder: Path | None = None, language: str = "") -> None:
        """Raises PromptError when `folder` is no folder."""
        if folder is not None and not folder.is_dir():
            raise PromptError(f"{folder}: is no folder; `backrow prompts copy {folder}` makes it")
        self.folder = folder
        self.language = language

    def spoken(self, language: str) -> "Prompts":
        """The same for a language: its files where there are some, else those for all."""
        return Prompts(self.folder, code(language))

    @property
    def _homes(self) -> tuple[Path, ...]:
        """The folders in which a file is looked for, in this order."""
        return (self.folder, built_in()) if self.folder else (built_in(),)

    def list(self) -> tuple[FoundTemplate, ...]:
        """Every template and where it lies, and those for a language."""
        for_one = {
            path.name: FoundTemplate(template, path)
            for home in reversed(self._homes)
            for template in TEMPLATES
            for path in sorted(home.glob(template.in_language("[a-z][a-z]")))
        }
        return (*(self.find(template.name) for template in TEMPLATES), *for_one.values())

    def find(self, name: str) -> FoundTemplate:
        """The user's file of that name ("write", "write.md"), else the built-in one.

        Raises PromptError for a link that leads out of the user's folder.
        """
        template = _named(name)
        for_one = [template.in_language(self.language)] if self.language else []
        for home in self._homes:
            for file in (*for_one, template.file):
                path = home / file
                theirs = home == self.folder and path.is_file()
                if theirs and not path.resolve().is_relative_to(home.resolve()):
                    raise PromptError(
                        f"{path}: leads out of its folder to {path.resolve()}; copy that file "
                        "here, or name its own folder with --prompts"
                    )
                if path.is_file():
                    return FoundTemplate(template, path)
        return FoundTemplate(template, built_in() / template.file)

    def text(self, name: str) -> str:
        """A template as it stands in its file."""
        return self._read(self.find(name).path)

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise PromptError(f"{path}: is not UTF-8 text") from None
        except OSError as error:
            raise PromptError(f"{path}: cannot be read ({error.strerror})") from None

    def render(self, name: str, **variables: object) -> str:
        """The filled template; raises PromptError that names the variable, file and line."""
        found = self.find(name)
        source = self._read(found.path)
        _check(found, source)
        try:
            return Sandbox().fill(source, variables)
        except (PromptError, jinja2.TemplateError) as error:
            raise PromptError(f"{found.path}: {error}") from None
        except Exception as error:  # whatever a template of anybody's can do wrong
            said = f"{type(error).__name__}: {error}"
            raise PromptError(f"{found.path}: cannot be filled in ({said})") from None

    def messages(self, name: str, **variables: object) -> tuple[str, str]:
        """A prompt in two: the part that never changes first, so that servers can cache it."""
        static, _, material = self.render(name, **variables).partition(f"{MATERIAL}\n")
        return static.strip(), material.strip()

    def copy(self, into: Path) -> tuple[Path, ...]:
        """The built-in files copied to `into`; what lies there already stays as it is."""
        copied = []
        try:
            into.mkdir(parents=True, exist_ok=True)
            for found in Prompts().list():
                target = into / found.path.name
                if not target.exists():
                    shutil.copyfile(found.path, target)
                    copied.append(target)
        except OSError as error:
            raise PromptError(f"{into}: cannot be written ({error.strerror})") from None
        return tuple(copied)

    def check(self) -> tuple[str, ...]:
        """What is wrong with the templates, a sentence each; empty when all can be used."""
        problems = [*self._strangers()]
        for found in self.list():
            try:
                if found.path.suffix != ".toml":
                    _check(found, self._read(found.path))
            except PromptError as error:
                problems.append(str(error))
        return tuple(problems)

    def _strangers(self) -> Iterator[str]:
        """Files in the user's folder that nothing reads: a misspelt name, most likely."""
        known = frozenset(template.file for template in TEMPLATES)
        for path in sorted(self.folder.iterdir()) if self.folder else ():
            names = {path.name, re.sub(r"\.[a-z]{2}\.", ".", path.name, count=1)}
            if path.suffix in (".md", ".toml", ".j2") and not names & known:
                yield f"{path}: no prompt has this name{nearest(path.name, known)}"


def _named(name: str) -> Template:
    for template in TEMPLATES:
        if name in (template.name, template.file):
            return template
    names = frozenset(template.name for template in TEMPLATES)
    raise PromptError(f"there is no prompt {name!r}{nearest(name, names)}")


@lru_cache(maxsize=64)  # a batch fills the same few templates again and again
def _check(found: FoundTemplate, source: str) -> None:
    """That a template is what its place takes: with what it must use, and nothing that does not
    exist; raises PromptError."""
    required = set(found.template.required.split())
    allowed = set(found.template.allowed.split())
    if not source.strip():
        raise PromptError(f"{found.path}: is empty; delete it to have the built-in one")
    try:
        tree = Sandbox().parse(source)
        Sandbox().compile(source, raw=True)
    except jinja2.TemplateSyntaxError as error:
        raise PromptError(f"{found.path}: line {error.lineno}: {error.message}") from None
    for line, why in forbidden(tree):
        raise PromptError(f"{found.path}: line {line}: {why}")
    used = jinja2.meta.find_undeclared_variables(tree)
    for variable in sorted(used - required - allowed):
        near = nearest(variable, required | allowed)
        raise PromptError(f"{found.path}: there is no variable {variable!r}{near}")
    for variable in sorted(required - used):
        raise PromptError(f"{found.path}: must use the variable {{{{ {variable} }}}}")
    if required and found.path.suffix == ".md" and f"{MATERIAL}\n" not in source:
        raise PromptError(
            f"{found.path}: has no line {MATERIAL!r}; put it between the instructions and the "
            "talk's own text"
        )
