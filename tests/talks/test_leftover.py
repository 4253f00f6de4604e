"""Who is left on a stage when all others are named."""

from stage import names, told

from pipeline.data import Outline
from pipeline.event import AgendaItem, EventInfo

AGENDA = (
    AgendaItem(title="Opening"),
    AgendaItem(title="Panel: memory", speakers=("Ada Park", "Ben Ortiz", "Cleo Marsh")),
)


def panel(more: str = "") -> Outline:
    """A moderator and three, of whom two are spoken to by name."""
    return told(
        f"""
        M: Good evening. <30>
        M: Now we have a panel about memory. Ada, is it slow?
        A: It is. <60>
        M: Ben, do you agree?
        B: I do not. <60>
        C: May I? <70>
        {more}
        A: <40>
        M: And who pays, Ben?
        B: You do. <60>
        C: Nobody does. <50>
        M: Ada, the last word.
        A: <30>
        """,
        EventInfo(agenda=AGENDA),
    )


def test_the_last_voice_has_the_last_name() -> None:
    found = names(panel())
    assert (found["A"], found["B"], found["C"]) == ("Ada Park", "Ben Ortiz", "Cleo Marsh")
    assert found["M"] is None


def test_the_evidence_says_how() -> None:
    cleo = next(speaker for speaker in panel().speakers if speaker.id == "C")
    assert [(proof.kind, proof.quote) for proof in cleo.evidence] == [
        ("left over", "Panel: memory")
    ]


def test_a_voice_too_many_is_no_name_for_anybody() -> None:
    found = names(panel("D: I have something as well. <60>"))
    assert found["C"] is None and found["D"] is None


def test_who_calls_somebody_so_is_not_called_so() -> None:
    found = names(panel("C: I would ask Cleo Marsh, if she were here. <20>"))
    assert found["C"] is None
