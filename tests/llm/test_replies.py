"""What a model wrote, whatever it wrote: the answer in it, or one reason why there is none."""

import json
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from pipeline.llm.replies import parse_answer, strip_thoughts


class Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    number: int
    kind: Literal["one", "two"]
    text: Annotated[str, Field(min_length=1)]
    parts: tuple[int, ...] = ()


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    entries: tuple[Entry, ...] = ()
    about: str | None = None


TEXT = st.text(min_size=1, max_size=30)
ENTRY = st.builds(
    Entry, number=st.integers(0, 99), kind=st.sampled_from(["one", "two"]), text=TEXT,
    parts=st.tuples(st.integers(0, 9)),
)  # fmt: skip
SHAPE = st.builds(Shape, entries=st.lists(ENTRY, max_size=5).map(tuple), about=TEXT)


@given(SHAPE, st.sampled_from(["{}", "```json\n{}\n```", "So: {}.", "<think>{{</think>{}"]))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_a_good_answer_is_read_as_it_is(good: Shape, around: str) -> None:
    text = around.format(good.model_dump_json())
    found = parse_answer(strip_thoughts(text), Shape)
    assert (found.answer, found.dropped, found.cut, found.emptied) == (good, (), False, False)


@given(SHAPE, st.floats(0, 1))
@settings(deadline=None, derandomize=True, max_examples=120)
def test_of_half_an_answer_only_whole_entries_are_kept(good: Shape, share: float) -> None:
    text = good.model_dump_json()
    half = text[: int(share * (len(text) - 1))]
    try:
        found = parse_answer(half, Shape, cut=True)
    except ValueError:
        return
    kept = found.answer.entries
    assert kept == good.entries[: len(kept)] and found.cut


@given(st.text(alphabet='{}[]",:\\ abn1\n', max_size=300))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_nothing_that_is_written_is_more_than_a_reason(text: str) -> None:
    for cut in (False, True):
        try:
            parse_answer(strip_thoughts(text), Shape, cut)
        except ValueError as error:
            assert str(error) and "\n" not in str(error)


@given(SHAPE, st.integers(0, 4), st.sampled_from([None, "x", 7, {}, [], {"number": "?"}]))
@settings(deadline=None, derandomize=True, max_examples=80)
def test_a_bad_entry_costs_itself(good: Shape, place: int, bad: object) -> None:
    entries = [entry.model_dump() for entry in good.entries[:4]]
    spoilt = {"about": good.about, "entries": [*entries[:place], bad, *entries[place:]]}
    assert parse_answer(json.dumps(spoilt), Shape).answer.entries == good.entries[:4]


# what json_repair reads for minutes
CIRCLES = ('{"{' * 20_000 + '"}', '{"a":["b}' * 20_000 + '"}')


@pytest.mark.parametrize(
    "text", ["{" * 30_000, '{"a": [' * 5_000, '{"' * 20_000, "<think>" * 9000, *CIRCLES]
)
def test_a_model_that_goes_in_circles_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"JSON|fields|shape"):
        parse_answer(strip_thoughts(text), Shape, cut=True)
