"""What code alone can say about a talk: its claims, what they leave out, what speaks against them.

Promise: everything here is checked. A claim's quote is verbatim, an omission was looked for in
the whole talk, a contradiction has its line in a source. No model is asked, and nothing here is
slow.
"""

from collections.abc import Sequence

from pipeline.claims import contradictions, omissions
from pipeline.claims.evidence import Sources
from pipeline.claims.lexicon import is_english
from pipeline.claims.omissions import Caveats
from pipeline.data import Claim, Findings, RoomSound, Talk

LATE = 15.0  # seconds after its last word in which a talk is clapped at


def examine(
    talks: Sequence[Talk],
    found: Sequence[tuple[Claim, ...]],
    caveats: Caveats,
    sounds: Sequence[RoomSound] = (),
    sources: Sources | None = None,
    language: str = "en",
) -> tuple[Findings, ...]:
    """Findings per talk; `found` holds the claims of each talk, in time order.

    A sound is of the talk in which it begins, or just before the next.
    """
    english = is_english(language)
    sources = sources or Sources(())
    return tuple(
        Findings(
            claims=claims,
            omissions=omissions.find_omissions(talk, claims, caveats, language) if english else (),
            contradictions=contradictions.find_contradictions(claims, sources, language),
            sounds=tuple(sound for sound in sounds if talk.start <= sound.start < end),
        )
        for talk, claims, end in zip(talks, found, _ends(talks), strict=True)
    )


def _ends(talks: Sequence[Talk]) -> list[float]:
    """When what was heard is no longer of a talk: the next one begins, or it is long over."""
    begins = [talk.start for talk in talks]
    return [
        min([talk.end + LATE, *(begin for begin in begins if begin > talk.start)]) for talk in talks
    ]
