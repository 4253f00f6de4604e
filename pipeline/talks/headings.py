"""A section's heading, as a person in the room would write it."""

from collections.abc import Mapping

from pipeline.data import Speaker, TalkKind
from pipeline.talks.kinds import Draft

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


def heading(draft: Draft, speakers: Mapping[str, Speaker], topic: str | None) -> str:
    """ "Daniel Kim, growth head", else "AlphaSense speaker", else "Panel: inference"."""
    kind = KINDS[draft.kind]
    if draft.kind == "break":
        return kind
    if draft.kind == "panel":
        return f"{kind}: {topic}" if topic else kind
    main = speakers[draft.speakers[0]]
    if draft.kind == "qa":
        answering = [speakers[s] for s in draft.speakers if not _asks(speakers[s])][:2]
        labels = [speaker.label for speaker in answering if speaker.name or speaker.role]
        return f"Q&A with {' and '.join(labels)}" if labels else kind
    if draft.kind in ("opening", "closing"):
        return f"{kind}: {main.name}" if main.name else kind
    if main.name:
        return f"{main.name}, {main.role}" if main.role and main.role != "host" else main.name
    if main.role and main.role not in ("host", "speaker"):
        return main.role[:1].upper() + main.role[1:]
    return f"{kind}: {topic}" if topic else kind


def _asks(speaker: Speaker) -> bool:
    return speaker.role == "audience member"
