"""What a model answers: as much as it can show, or a reason; never a crash or a made-up quote."""

import json
from typing import Any

from evenings import evening as told_evening
from hypothesis import example, given
from hypothesis import strategies as st
from made_evening import evening as small_evening
from pydantic import BaseModel
from strategies import JSON, TEXT, about
from tally import attempt, fails, fuzzed

from pipeline.data import NoteKind
from pipeline.llm.replies import parse_answer, strip_thoughts
from pipeline.notes.answers import Written
from pipeline.notes.checks.verify import verify
from pipeline.notes.citations import resolve_citations
from pipeline.notes.outline import OutlineAnswer, applied

SMALL = small_evening()
WHOLE = told_evening()
SENTENCES = [u.text for u in SMALL.outline.utterances]
PLACE = st.integers(-1, 7)


@st.composite
def cited(draw: st.DrawFn) -> str:
    """Words of the evening, whole, cut anywhere, or with one of them changed."""
    text = draw(st.sampled_from(SENTENCES))
    first = draw(st.integers(0, len(text)))
    cut = text[first : draw(st.integers(first, len(text)))]
    words = cut.split()
    if words and draw(st.booleans()):
        words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(["not", "50", "Oxbow"]))
    return " ".join(words) if draw(st.booleans()) else cut


QUOTE = about({"utterance": PLACE, "quote": st.one_of(cited(), TEXT)})
KINDS = st.sampled_from(NoteKind.__args__)
RECEIPT = st.one_of(
    QUOTE,
    about({"source": st.sampled_from(["speeds.md:5", "speeds.md:99", "x", ""])}),
    about({"absent": st.lists(TEXT, max_size=2), "where": TEXT}),
    about({"sum": st.sampled_from(["1610/124", "1/0", "2**9**9", "a", "1" * 400])}),
    about({"sound": PLACE}),
)
NOTE = about(
    {
        "receipts": st.lists(RECEIPT, max_size=4),
        "kind": KINDS,
        "text": st.one_of(cited(), TEXT),
    }
)
PART = about({"number": PLACE, "summary": st.lists(TEXT, max_size=2),
              "notes": st.lists(NOTE, max_size=3)})  # fmt: skip
WRITTEN = about({"parts": st.lists(PART, max_size=2)})
PROOF = about({"utterance": PLACE, "agenda": PLACE, "quote": cited()})
TALK = about({"first": PLACE, "words": cited(), "kind": TEXT, "heading": TEXT})
PERSON = about({"voice": st.sampled_from(["S00", "SPEAKER_01", "S9", ""]), "name": TEXT,
                "role": TEXT, "proof": st.lists(PROOF, max_size=2), "since": PLACE})  # fmt: skip
TOLD = about({"talks": st.lists(TALK, max_size=4), "people": st.lists(PERSON, max_size=3)})
AROUND = st.sampled_from(
    ["", "Sure!\n", "<think>{", "</think>", "```json\n", "\n```", "{", "}", "[[["]
)


@st.composite
def travelled(draw: st.DrawFn, said: st.SearchStrategy[Any]) -> str:
    """JSON as a model writes it: with talk around it, cut off, or with signs lost."""
    text = json.dumps(draw(said), ensure_ascii=draw(st.booleans()))
    if draw(st.booleans()):
        text = text[: draw(st.integers(0, len(text)))]
    if text and draw(st.booleans()):
        at = draw(st.integers(0, len(text) - 1))
        text = text[:at] + draw(st.sampled_from(["", '"', ",", "\n", "\\", "}"])) + text[at + 1 :]
    return draw(AROUND) + text + draw(AROUND)


def read(text: str, shape: type[BaseModel]) -> Any:
    return attempt(
        shape.__name__, lambda: parse_answer(strip_thoughts(text), shape), allowed=ValueError
    )


@fuzzed(150)
@given(travelled(st.one_of(WRITTEN, WRITTEN, JSON)))
@example(
    '{"parts": [{"notes": [{"receipts": [{"utterance": 1e400, "quote": "x"}], "text": "x"}]}]}'
)
@example("[" * 20_000)
@example('{"a":' * 20_000)
@example('{"parts": [{"notes": [' + '{"text": "x"},' * 2000)
def test_notes(text: str) -> None:
    found = read(text, Written)
    for written in [n for part in found.answer.parts for n in part.notes] if found else ():
        for talk in SMALL.outline.talks:
            note, reasons = resolve_citations(written, talk, SMALL)
            assert bool(note) != bool(reasons)
            if note is None:
                continue
            verify(note, talk, SMALL)
            for receipt in note.receipts:
                if receipt.kind == "quote":
                    said = " ".join(SENTENCES)
                    holds = " ".join(receipt.quote.split()) in " ".join(said.split())
                    fails("Written", holds)
                    assert holds, receipt


@fuzzed(150)
@given(travelled(st.one_of(TOLD, TOLD, JSON)))
@example('{"talks": [{"first": 5, "last": 2}]}')
@example('{"talks": [{"first": -1}, {"first": 1e18}]}')
@example('{"people": [{"voice": "S00", "since": -5}]}')
def test_outlines(text: str) -> None:
    found = read(text, OutlineAnswer)
    if found is None:
        return
    outline, _ = applied(found.answer, WHOLE)
    spread = [u.id for talk in outline.talks for u in talk.utterances]
    holds = spread == [u.id for u in outline.utterances]
    fails("OutlineAnswer", holds)
    assert holds, "talks tile the event"
    heard = " ".join(u.text for u in WHOLE.outline.utterances).split()
    assert " ".join(u.text for u in outline.utterances).split() == heard
