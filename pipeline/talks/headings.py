"""A section's heading, as a person in the room would write it."""

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from pipeline.data import Speaker, TalkKind
from pipeline.talks.kinds import Segment
from pipeline.wording import listed, wording

AUDIENCE, PANELIST, MODERATOR = "audience member", "panelist", "moderator"
NO_ROLE = frozenset({"host", "speaker", PANELIST, MODERATOR})  # behaviour, not a person's work
LABEL = re.compile(
    r"^(?:keynote|panel|talk|lightning talk|sponsored talk|fireside chat|q&a|workshop)"
    r"\s*[:\-\u2013]\s*",
    re.IGNORECASE,
)


def kind_names(words: Mapping[str, str]) -> tuple[str, ...]:
    """What talks are called by their kinds."""
    return tuple(words[kind] for kind in get_args(TalkKind))


def headings(
    drafts: Sequence[Segment], speakers: Mapping[str, Speaker], language: str
) -> list[str]:
    """One heading for each draft; two that would be the same are told apart by their kind."""
    words = wording(language)
    found = [_heading(draft, speakers, words) for draft in drafts]
    plain = ("talk", "keynote", "lightning", "sponsored")
    return [
        f"{words[draft.kind]}: {text}"
        if found.count(text) > 1 and draft.kind in plain and text != words[draft.kind]
        else text
        for draft, text in zip(drafts, found, strict=True)
    ]


def _heading(draft: Segment, speakers: Mapping[str, Speaker], words: Mapping[str, str]) -> str:
    kind = words[draft.kind]
    main = speakers[draft.speakers[0]]
    topic = _topic(draft, words)
    if draft.kind == "break":
        return kind
    if draft.kind == "panel":
        return f"{kind}: {topic}" if topic else _with(kind, draft, speakers, words)
    if draft.kind == "qa":
        return _with(kind, draft, speakers, words)
    if draft.kind in ("opening", "closing"):
        return f"{kind}: {main.name}" if main.name else kind
    if main.name:
        return main.name if not main.role or main.role in NO_ROLE else f"{main.name}, {main.role}"
    if main.role and main.role not in NO_ROLE | {AUDIENCE}:
        return main.role[:1].upper() + main.role[1:]
    return f"{kind}: {topic}" if topic else kind


def _with(
    kind: str, draft: Segment, speakers: Mapping[str, Speaker], words: Mapping[str, str]
) -> str:
    """ "Q&A with Ada Park and CTO": who answers, two at most."""
    people = [speakers[s] for s in draft.speakers]
    labels = [p.name or p.role for p in people if p.role not in (AUDIENCE, "host", MODERATOR)]
    known = [label for label in labels if label and label not in NO_ROLE][:2]
    return words["with"].format(kind=kind, people=listed(known, words)) if known else kind


def _topic(draft: Segment, words: Mapping[str, str]) -> str | None:
    """The agenda's title without its label, where it is more than the name of a kind."""
    title = LABEL.sub("", draft.item.title).strip() if draft.item else ""
    return None if title.casefold() in ("", *map(str.casefold, kind_names(words))) else title
