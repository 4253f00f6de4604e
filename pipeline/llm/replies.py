"""From what a model wrote to the answer in it: thoughts off, JSON found, good entries kept."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.llm.coercion import Coerced, coerce

M = TypeVar("M", bound=BaseModel)

_DEEPEST = 500  # brackets open at once: no answer has so many, and json_repair takes ever longer
_UNCLOSED = 10  # brackets without an end, each read to the end of the text: then it is no JSON
_TAG = re.compile(
    r"<(?P<shut>/)?(?:think|thinking|thought|reasoning|analysis|reflection)>"
    r"|\[(?P<shut2>/)?THINK\]|◁(?P<shut3>/)?think▷",
    re.I,
)
_FINAL = "<|channel|>final<|message|>"  # gpt-oss, where no template reads its channels
_MARK = re.compile(r"<\|(?:end|return|start|im_end)\|>.*", re.S)


def strip_thoughts(text: str) -> str:
    """A reply without its thinking tags; empty when the model did not get beyond them.

    What stands before an end of thoughts that has no beginning was one.
    """
    said, thinking, last = list[str](), False, 0
    text = _MARK.sub("", text.rpartition(_FINAL)[2])
    for tag in _TAG.finditer(text):
        shuts = any(tag.groups())
        if shuts and not thinking:
            said.clear()
        elif not thinking:
            said.append(text[last : tag.start()])
        thinking, last = not shuts, tag.end()
    return "".join([*said, "" if thinking else text[last:]]).strip()


def parse_answer(text: str, shape: type[M], cut: bool = False) -> Coerced[M]:
    """The answer in a text; raises ValueError with the reason, in our words, when there is none.

    Every balanced object is tried, the last first; then, of a text that was `cut` off or ends like
    one, what of it is complete.
    """
    why = "there is no JSON object in it"
    tail = text[max(text.rfind("}"), text.rfind("]")) + 1 :]
    cut = cut or any(sign in tail for sign in '"[{')
    for value, whole in _candidates(text, cut):
        try:
            return replace(coerce(value, shape), cut=not whole)
        except (ValidationError, ValueError) as error:
            why = _reason(error)
    raise ValueError(why)


def _reason(error: ValueError) -> str:
    """The first of pydantic's complaints, without what the model wrote."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "it"
    return f"{place} is not in the shape asked for ({first['msg'].lower()})"


def _candidates(text: str, cut: bool) -> Iterator[tuple[Any, bool]]:
    """All that could be meant as the answer, the likeliest first, and whether it is whole."""
    spans = list(_json_objects(text))
    for begin, end in reversed(spans):
        yield from ((value, True) for value in _parse_json(text[begin:end]))
    begin = text.find("{")
    if cut and begin >= 0 and (complete := _close_cut_off(text[begin:])):
        yield from ((value, False) for value in _parse_json(complete))
    for opening, closing in ("{}", "[]"):  # quotes that are not escaped hide brackets
        begin, end = text.find(opening), text.rfind(closing)
        if 0 <= begin < end and not cut:
            yield from ((value, True) for value in _parse_json(text[begin : end + 1]))


def _parse_json(text: str) -> Iterator[Any]:
    """A JSON text read strictly, else as it was meant; what lies in an envelope comes after it."""
    try:
        value = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        from json_repair import repair_json

        if _depth(text) > _DEEPEST:
            return
        value = repair_json(text, return_objects=True, skip_json_loads=True)
    yield value
    if isinstance(value, dict):
        yield from (each for each in value.values() if isinstance(each, dict))


def _depth(text: str) -> int:
    """How many brackets are open at once, those in strings too: where these end is not known."""
    signs = re.findall(r"[\[\]{}]", text)
    return max(
        accumulate(signs, lambda n, sign: max(0, n + (1 if sign in "{[" else -1)), initial=0)
    )


def _json_objects(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost {...} of a text begin and end, in their order."""
    place, unclosed = text.find("{"), 0
    while place >= 0 and unclosed < _UNCLOSED:
        end = _end(text, place)
        if end:
            yield place, end
        else:
            unclosed += 1
        place = text.find("{", end or place + 1)


def _end(text: str, begin: int) -> int:
    """Where the object that begins here ends; 0 when it does not."""
    depth = 0
    for place, sign in _brackets(text, begin):
        depth += 1 if sign in "{[" else -1
        if depth == 0:
            return place + 1 if sign == "}" else 0
    return 0


def _brackets(text: str, begin: int) -> Iterator[tuple[int, str]]:
    """The brackets from here on that stand in no string."""
    for found in re.finditer(r'"(?:\\.|[^"\\])*(?:"|\\?\Z)|[\[\]{}]', text[begin:], re.S):
        if found.group()[0] != '"':
            yield begin + found.start(), found.group()


def _close_cut_off(text: str) -> str:
    """An object that was cut off, up to the last complete entry of its outermost list; or ""."""
    opened: list[str] = []
    best: tuple[int, str] | None = None
    for place, sign in _brackets(text, 0):
        if sign in "{[":
            opened.append("}" if sign == "{" else "]")
            continue
        if opened:
            opened.pop()
        if opened and opened[-1] == "]" and (best is None or len(opened) <= len(best[1])):
            best = (place + 1, "".join(reversed(opened)))
    return text[: best[0]] + best[1] if best else ""
