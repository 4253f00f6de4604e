"""What code alone can say about a talk: its claims, what they leave out, what speaks against them.

Promise: everything here is checked. A claim's quote is verbatim, an omission was looked for in
the whole talk, a contradiction names both sides, evidence names its file and line. No model is
asked, and nothing here is slow.
"""

from collections.abc import Sequence

from pipeline.claims import contradictions, lexicon, omissions
from pipeline.claims.evidence import Sources, as_other
from pipeline.claims.ledger import Ledger
from pipeline.claims.omissions import Caveats
from pipeline.data import Claim, Findings, Other, RoomSound, Talk

LANGUAGE_UNKNOWN = (
    "no word lists for the language {language!r}: claims are found by their numbers alone, and "
    "omissions are not checked"
)


def examine(
    talks: Sequence[Talk],
    found: Sequence[tuple[Claim, ...]],
    caveats: Caveats,
    sounds: Sequence[RoomSound] = (),
    sources: Sources | None = None,
    ledger: Ledger | None = None,
    language: str = "en",
) -> tuple[Findings, ...]:
    """Findings per talk; `found` holds the claims of each talk, in time order.

    Contradictions look at what was said before: in this talk, in the talks before it, in the
    ledger; and at the sources.
    """
    known = lexicon.load(language) is not None
    warnings = () if known else (LANGUAGE_UNKNOWN.format(language=language),)
    differing = contradictions.find(talks, found, sources, ledger, language)
    return tuple(
        Findings(
            claims=claims,
            omissions=omissions.find(talk, claims, caveats, language) if known else (),
            contradictions=against,
            evidence=tuple(_evidence(claim, sources) for claim in claims),
            sounds=tuple(sound for sound in sounds if talk.start <= sound.start < talk.end + 15),
            warnings=warnings,
        )
        for talk, claims, against in zip(talks, found, differing, strict=True)
    )


def _evidence(claim: Claim, sources: Sources | None) -> tuple[Other, ...]:
    if sources is None:
        return ()
    return tuple(as_other(passage) for passage in sources.find(claim.quote))


__all__ = ["Caveats", "Ledger", "Sources", "examine"]
