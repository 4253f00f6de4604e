"""A model's table of contents: taken whole, or refused with the reason."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest
from llm_server import Answer, LlmServer, Request

from pipeline import config
from pipeline.data import Outline, Speaker, Talk, Utterance, Word
from pipeline.event import EventInfo
from pipeline.prompts import Prompts
from pipeline.store import Store
from pipeline.talks.revise import revise
from pipeline.writer.llm import load


def utterance(number: int, speaker: str, text: str) -> Utterance:
    start = 10.0 * number
    words = tuple(
        Word(start + 0.3 * i, start + 0.3 * i + 0.25, word, 0.9, speaker)
        for i, word in enumerate(text.split())
    )
    return Utterance(number, speaker, words)


SAID = tuple(
    utterance(i, speaker, text)
    for i, (speaker, text) in enumerate(
        [
            ("SPEAKER_00", "Welcome to the evening"),
            ("SPEAKER_00", "Please welcome Ada Park"),
            ("SPEAKER_01", "I build clocks " + "and more clocks " * 30),
            ("SPEAKER_00", "Questions please"),
            ("SPEAKER_02", "What does a clock cost"),
        ]
    )
)
PROPOSED = Outline(
    (
        Speaker("SPEAKER_00", role="host"),
        Speaker("SPEAKER_01", "Ada Park"),
        Speaker("SPEAKER_02", role="panelist"),
    ),
    (
        Talk(0, "Opening", "opening", ("SPEAKER_00",), SAID[:1]),
        Talk(1, "Ada Park", "talk", ("SPEAKER_01",), SAID[1:]),
    ),
    SAID,
)


def revised(content: str, tmp_path: Path) -> tuple[Outline, tuple[str, ...], LlmServer]:
    """The outline after a real client has asked a server that answers `content`."""

    def persona(request: Request) -> Answer:
        return Answer(content)

    with LlmServer(persona) as server:
        options = config.Writer(base_url=server.url)
        writer = load(options, config.Run(llm_retries=0), Prompts(), Store(tmp_path))
        outline, warnings = asyncio.run(revise(PROPOSED, writer.ask, EventInfo(title="Clocks")))
    assert not server.problems
    return outline, warnings, server


def talks(*rows: tuple[int, int, str, str]) -> str:
    told = (
        f'{{"first": {first}, "last": {last}, "kind": "{kind}", "title": "{title}"}}'
        for first, last, kind, title in rows
    )
    return f'{{"talks": [{", ".join(told)}]}}'


def test_a_talk_is_split_where_the_model_says(tmp_path: Path) -> None:
    answer = talks((0, 0, "opening", "Opening"), (1, 2, "talk", "Ada Park"), (3, 4, "qa", "Q&A"))
    outline, warnings, server = revised(answer, tmp_path)
    assert warnings == ()
    assert [(t.title, t.kind, len(t.utterances)) for t in outline.talks] == [
        ("Opening", "opening", 1),
        ("Ada Park", "talk", 2),
        ("Q&A", "qa", 2),
    ]
    assert outline.speakers[2].role == "audience member", "who asks there sits on no panel"
    assert outline.talks[1].speakers == ("SPEAKER_01",)
    sent = str(server.requests[0].body["messages"][1])
    assert "U2" in sent and "..." in sent and sent.count("and more clocks") < 10


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (((0, 2, "talk", "A"), (3, 9, "qa", "Q")), "does not exist (9)"),
        (((0, 2, "talk", "A"), (2, 4, "qa", "Q")), "overlap"),
        (((0, 1, "talk", "A"), (3, 4, "qa", "Q")), "gap"),
        (((3, 4, "talk", "A"), (0, 2, "qa", "Q")), "out of order"),
        ((), "gap"),
    ],
)
def test_talks_that_do_not_tile_are_refused(
    rows: tuple[tuple[int, int, str, str], ...], why: str, tmp_path: Path
) -> None:
    outline, warnings, _ = revised(talks(*rows), tmp_path)
    assert outline == PROPOSED
    assert len(warnings) == 1 and why in warnings[0]


def test_a_title_of_words_that_nobody_knows_is_not_taken(tmp_path: Path) -> None:
    answer = talks((0, 0, "opening", "Opening"), (1, 4, "talk", "Bob Invented of Acme"))
    outline, _, _ = revised(answer, tmp_path)
    assert [talk.title for talk in outline.talks] == ["Opening", "Ada Park"]


def test_an_answer_that_cannot_be_used_leaves_the_proposal(tmp_path: Path) -> None:
    outline, warnings, server = revised("I would rather chat.", tmp_path)
    assert outline == PROPOSED and len(server.requests) == 2
    assert "stand as they were proposed" in warnings[0]


def test_nothing_is_asked_about_an_empty_event() -> None:
    async def ask(prompt: str, variables: Mapping[str, object], shape: object) -> object:
        raise AssertionError("asked")

    empty = Outline((), (), ())
    assert asyncio.run(revise(empty, ask, EventInfo())) == (empty, ())  # type: ignore[arg-type]
