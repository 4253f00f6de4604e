"""What a writer knows beside the talk itself."""

from dataclasses import dataclass

from pipeline.data import Outline
from pipeline.event import EventInfo


@dataclass(frozen=True, slots=True)
class Context:
    """The event that a talk belongs to: the same for all its talks."""

    event: EventInfo
    outline: Outline
    language: str = "en"

    def label(self, speaker: str) -> str:
        """A speaker's name, else the role, else the id."""
        for known in self.outline.speakers:
            if known.id == speaker:
                return known.label
        return speaker

    def names(self) -> tuple[str, ...]:
        """Names and terms that are known without having been said."""
        speakers = (s for known in self.outline.speakers for s in (known.name, known.role) if s)
        roles = (person.role for person in self.event.people if person.role)
        return tuple(dict.fromkeys([*speakers, *roles, *self.event.vocabulary()]))
