"""Arithmetic that a note rests on: its parts were said or written down, code does the rest."""

import ast
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.notes.figures import SAME, Figure, same_value

_OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_CONSTANTS = frozenset(  # of arithmetic, and of the calendar in days, hours, minutes and seconds
    (1, 2, 10, 100, 1000, 7, 12, 24, 28, 29, 30, 31, 52, 60, 365, 366, 3600, 8760, 86400, 525600)
)
_SIGNS = str.maketrans("\u00d7\u00f7\u2212^", "*/-?")
_LARGEST = 200  # characters of a sum
_EXACT = 6  # digits of a result that is shown as it is


def value(expression: str) -> float | None:
    """What a sum of + - * / and brackets comes to; None where it is none, or a number by itself."""
    text = _plain(expression)
    if len(text) > _LARGEST or not re.fullmatch(r"[\d.()+*/ -]+", text):
        return None
    try:
        body = ast.parse(text, mode="eval").body
        result = _value(body) if isinstance(body, ast.BinOp) else None
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, RecursionError, MemoryError):
        return None
    return result


def missing(
    expression: str, said: Sequence[Figure], before: Iterable[float] = ()
) -> tuple[str, ...]:
    """The numbers of a sum that stand in none of its receipts, are no result of a sum before it and
    no constant; all of them where not one stands there."""
    known = [*before, *(each for figure in said for each in _readings(figure))]
    parts = _parts(expression)
    unsaid = {
        p: text for p, text in parts.items() if not any(same_value(p, each) for each in known)
    }
    return tuple(t for p, t in unsaid.items() if p not in _CONSTANTS or len(unsaid) == len(parts))


def holds(told: Figure, expression: str) -> bool:
    """Whether a note's number is one that a sum reckons with."""
    return any(same_value(part, each) for part in _parts(expression) for each in _readings(told))


def shown(expression: str, digits: int = 2) -> str:
    """ "120*900 = 108000", or "1610/124 ≈ 13": some digits of a result that has no end."""
    result = value(expression)
    if result is None:
        return expression
    expression, exact = re.split("[=\u2248]", expression)[0], f"{result:.9g}"
    if same_value(float(exact), result) and len(exact.strip("-0.")) <= _EXACT:
        return f"{expression.strip()} = {float(exact):.15g}"
    return f"{expression.strip()} ≈ {_rounded(result, digits):.15g}"


def tells(told: Figure, expression: str) -> bool:
    """Whether a note's number is the result of a sum, to the digits that the note gives; also as a
    share, and as what is more or less than the whole."""
    result = value(expression)
    if result is None or result <= 0:
        return False
    results = (result, 100 * result, result - 1, 1 - result, 100 * (result - 1), 100 * (1 - result))
    return any(_is_about(told.value, each) for each in results if each > 0)


def _is_about(told: float, result: float) -> bool:
    digits = digits_of(told)
    near = (result, result * (1 + SAME))  # a half may be rounded up: 3.65 is 3.7
    return any(
        same_value(_rounded(told, n), _rounded(each, n))
        for n in {digits, max(digits, 2)}
        for each in near
    )


def digits_of(number: float) -> int:
    """How many digits a number is told with: two in 1.5 billion and in 0.015."""
    return len(f"{number:.8e}".partition("e")[0].replace(".", "").strip("0")) or 1


def _rounded(number: float, digits: int) -> float:
    return float(f"{number:.{digits}g}")


def _parts(expression: str) -> dict[float, str]:
    """The numbers of a sum, as they are written."""
    return {float(part): part for part in re.findall(r"\d+(?:\.\d+)?", _plain(expression))}


def _readings(figure: Figure) -> Iterator[float]:
    """A number as it may enter a sum: 520,000 as 520, 200 ms as 0.2, 99.99% as 0.0001."""
    yield from (figure.value, figure.size)
    yield from (figure.value / scale for scale in (1e3, 1e6, 1e9) if figure.value >= scale)
    if figure.unit == "%":
        share = figure.value / 100
        yield from (share, 1 - share, 1 + share, 100 - figure.value)


def _plain(expression: str) -> str:
    """A sum without what it comes to, without spaces between thousands, with plain signs."""
    text = re.split("[=\u2248]", expression)[0].translate(_SIGNS)
    text = re.sub(r"(?<=\d)[, ](?=\d{3}(?!\d))", "", text)
    return re.sub(r"(?<![\d.])0+(?=\d)", "", text).strip()


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    raise ValueError(ast.dump(node))
