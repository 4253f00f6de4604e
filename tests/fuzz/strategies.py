"""What comes from outside, as it should be and as it should not."""

from typing import Any

from hypothesis import strategies as st

STRANGE = ("", " ", "\x00", "\u202e", "\ud7ff", "\U000e0041", "\r\n", "\u65e5\u672c", "e\u0301")
NASTY = ("<script>", "{{ x }}", "../..", "/etc/passwd", "CON", "-", ".", "%s", "0", "nan", "1e999")
ODD = st.sampled_from([*STRANGE, *NASTY, "a" * 300])
TEXT = st.one_of(ODD, st.text(max_size=30))
NUMBER = st.one_of(
    st.integers(-3, 12), st.integers(), st.floats(), st.sampled_from([2**63, -(2**63) - 1, 10**30])
)
LEAF = st.one_of(TEXT, NUMBER, st.booleans(), st.none())
JSON = st.recursive(
    LEAF,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


def about(shape: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the keys of a shape, most with what belongs there and some with anything."""
    return st.fixed_dictionaries(
        {}, optional={key: st.one_of(value, value, JSON) for key, value in shape.items()}
    )


@st.composite
def mutated(draw: st.DrawFn, whole: bytes, near: int = 0) -> bytes:
    """A file with bytes changed, put in, taken out or cut off; `near` its beginning, or all."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 6))):
        end = min(len(data), near or len(data))
        at = draw(st.integers(0, max(0, end - 1)))
        how = draw(st.sampled_from(["flip", "byte", "extreme", "insert", "drop", "repeat", "cut"]))
        if how == "flip" and data:
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "byte" and data:
            data[at] = draw(st.integers(0, 255))
        elif how == "extreme":
            data[at : at + 4] = draw(st.sampled_from([b"\0" * 4, b"\xff" * 4, b"\x7f\xff\xff\xff"]))
        elif how == "insert":
            data[at:at] = draw(st.binary(max_size=8))
        elif how == "drop":
            del data[at : at + draw(st.integers(1, 8))]
        elif how == "repeat":
            data[at:at] = data[at : at + 64]
        elif draw(st.booleans()):
            del data[at:]
    return bytes(data)
