"""A section's heading, as a person in the room would write it."""

import re
from collections.abc import Mapping, Sequence

from pipeline.data import Speaker, TalkKind
from pipeline.talks.kinds import Segment

KINDS: dict[TalkKind, str] = {
    "opening": "Opening",
    "keynote": "Keynote",
    "talk": "Talk",
    "panel": "Panel",
    "qa": "Q&A",
    "lightning": "Lightning talk",
    "sponsored": "Sponsored talk",
    "break": "Break",
    "closing": "Closing",
}
AUDIENCE, PANELIST, MODERATOR = "audience member", "panelist", "moderator"
NO_ROLE = frozenset({"host", "speaker", PANELIST, MODERATOR})  # behaviour, not a person's work
LABEL = re.compile(
    r"^(?:keynote|panel|talk|lightning talk|sponsored talk|fireside chat|q&a|workshop)"
    r"\s*[:\-\u2013]\s*",
    re.IGNORECASE,
)


def headings(drafts: Sequence[Segment], speakers: Mapping[str, Speaker]) -> list[str]:
    """One heading for each draft; two that would be the same are told apart by their kind."""
    found = [_heading(draft, speakers) for draft in drafts]
    plain = ("talk", "keynote", "lightning", "sponsored")
    return [
        f"{KINDS[draft.kind]}: {text}"
        if found.count(text) > 1 and draft.kind in plain and text != KINDS[draft.kind]
        else text
        for draft, text in zip(drafts, found, strict=True)
    ]


def _heading(draft: Segment, speakers: Mapping[str, Speaker]) -> str:
    kind = KINDS[draft.kind]
    main = speakers[draft.speakers[0]]
    topic = _topic(draft)
    if draft.kind == "break":
        return kind
    if draft.kind == "panel":
        return f"{kind}: {topic}" if topic else _with(kind, draft, speakers)
    if draft.kind == "qa":
        return _with(kind, draft, speakers)
    if draft.kind in ("opening", "closing"):
        return f"{kind}: {main.name}" if main.name else kind
    if main.name:
        return main.name if not main.role or main.role in NO_ROLE else f"{main.name}, {main.role}"
    if main.role and main.role not in NO_ROLE | {AUDIENCE}:
        return main.role[:1].upper() + main.role[1:]
    return f"{kind}: {topic}" if topic else kind


def _with(kind: str, draft: Segment, speakers: Mapping[str, Speaker]) -> str:
    """ "Q&A with Ada Park and CTO": who answers, two at most."""
    people = [speakers[s] for s in draft.speakers]
    labels = [p.name or p.role for p in people if p.role not in (AUDIENCE, "host", MODERATOR)]
    known = [label for label in labels if label and label not in NO_ROLE][:2]
    return f"{kind} with {' and '.join(known)}" if known else kind


def _topic(draft: Segment) -> str | None:
    """The agenda's title without its label."""
    title = LABEL.sub("", draft.item.title).strip() if draft.item else ""
    return None if title.casefold() in ("", *(k.casefold() for k in KINDS.values())) else title
