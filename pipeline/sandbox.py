"""Where templates are filled in: prompts are passed on between people, and may be anybody's.

A template sees what it is given and no more: no file, no attribute that begins with "_", nothing
that changes what it was given. What it can make is bounded, in time by the rounds of its loops
and in memory by the length of any text, so that a bad one is an error and never a full machine.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import CodeType
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.filters import do_indent
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.errors import PromptError

ROUNDS = 1_000_000  # of all loops together: a day has some thousand utterances
LARGEST = 20_000_000  # characters of a text: some hundred times what a day of speech is
DIGITS = 10_000  # of a number, in binary
_KNOWN = (
    "abs capitalize count d default dictsort e escape first float indent int items join last "
    "length list lower map max min reject rejectattr replace reverse round select selectattr sort "
    "string sum title trim truncate unique upper wordcount"
)
FILTERS = frozenset(_KNOWN.split())
_GLOBALS = frozenset({"range", "dict", "cycler", "joiner", "namespace"})
_HARMLESS = (
    "capitalize count endswith find isalnum isalpha isdecimal isdigit islower isspace istitle "
    "isupper lower lstrip removeprefix removesuffix rstrip split splitlines startswith strip "
    "swapcase title upper"
)
_TEXT = frozenset(_HARMLESS.split())
_FILES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)


class Sandbox(ImmutableSandboxedEnvironment):
    """For one filling of one template; raises jinja2.TemplateError and what Python raises."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            autoescape=False,  # Markdown; render/ escapes what comes from a recording
        )
        self.globals = {name: self.globals[name] for name in _GLOBALS}
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.filters |= {"join": _joined, "replace": _replaced, "indent": _indented}
        self.filters["counted"] = self._counted
        self.concat = _joined  # type: ignore[method-assign]  # of blocks and macros
        self._rounds = 0

    def fill(self, source: str, variables: dict[str, object]) -> str:
        """The filled template."""
        template = jinja2.Template.from_code(self, _compiled(source), self.make_globals(None))
        return _joined(template.generate(variables))

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Loops are counted, and texts that `~` puts together are measured."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = _through("counted", loop.iter)
        for concat in tree.find_all(nodes.Concat):
            concat.nodes = [_through("join", nodes.List(concat.nodes, lineno=concat.lineno))]
        tree.set_environment(self)
        return tree

    def _counted(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self._rounds += 1
            if self._rounds > ROUNDS:
                raise PromptError(f"loops go round more than {ROUNDS} times")
            yield item

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """See jinja2: what could grow without end is measured first."""
        sizes = [len(side) if isinstance(side, str | list | tuple) else 0 for side in (left, right)]
        if operator == "+":
            _fits(sum(sizes))
        elif operator == "*" and isinstance(left, int) and isinstance(right, int):
            _fits(left.bit_length() + right.bit_length(), DIGITS)
        elif operator == "*":
            _fits(max(sizes) * max((s for s in (left, right) if isinstance(s, int)), default=1))
        elif operator == "%" and isinstance(left, str):
            raise PromptError("'%' formats a text, which is not allowed")
        elif operator == "**" and isinstance(left, int) and isinstance(right, int):
            _fits(left.bit_length() * abs(right), DIGITS)
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """See jinja2; of a text, what makes it no longer."""
        if isinstance(obj, str):
            return attr in _TEXT
        return super().is_safe_attribute(obj, attr, value)


@lru_cache(maxsize=64)  # a batch fills the same few templates again and again
def _compiled(source: str) -> CodeType:
    return Sandbox().compile(source)


def forbidden(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """The line and name of all that a template asks for and may not have."""
    for node in tree.find_all(_FILES):
        yield node.lineno, f"{type(node).__name__.lower()} reads another file"
    for used in tree.find_all(nodes.Filter):  # jinja2 asks late within an `if`
        if used.name not in FILTERS | {"counted"}:
            yield used.lineno, f"No filter named {used.name!r}."
    keys = [(node.lineno, node.attr) for node in tree.find_all(nodes.Getattr)]
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.arg, nodes.Const):
            keys.append((item.lineno, str(item.arg.value)))
    for line, key in keys:
        if key.startswith("_"):
            yield line, f"the attribute {key!r} is the program's own"


def _through(name: str, first: nodes.Node) -> nodes.Filter:
    """A filter of our own around an expression."""
    return nodes.Filter(first, name, [], [], None, None, lineno=first.lineno)


def _fits(size: int, most: int = LARGEST) -> int:
    if size > most:
        raise PromptError(f"makes more than {most} characters")
    return size


def _joined(pieces: Iterable[Any], d: str = "") -> str:
    """`join`."""
    texts: list[str] = []
    size = 0
    for piece in pieces:
        texts.append(str(piece))
        size = _fits(size + len(texts[-1]) + len(d))
    return d.join(texts)


def _replaced(text: str, old: str, new: str, count: int = -1) -> str:
    """`replace`."""
    text = str(text)
    _fits(len(text) + text.count(old) * len(new))
    return text.replace(old, new, count)


def _indented(text: str, width: int | str = 4, first: bool = False, blank: bool = False) -> str:
    """`indent`."""
    text = str(text)
    margin = len(width) if isinstance(width, str) else width
    _fits(len(text) + (len(text.splitlines()) + 1) * margin)  # as many lines as it takes for such
    return do_indent(text, width, first, blank)
