"""Notes: written by a model or quoted without one, and held to account by code, line by line.

A model's note comes as JSON (answers.py). What it cites is looked up where it was said
(citations.py, quote_search.py), its line held against that (checks/), and both kept or refused in
the draft of its talk (talk_draft.py). A judge reads it (judge.py); what was refused goes back once,
with the post as it stands (writing.py, editor.py), and what is too little is filled up with quotes
(fallback.py, extractive/). The post is read once more whole (close.py), put right as a person says
(corrected.py) and translated (translation.py). model_writer.py asks in this order; evening.py is
all that a note may rest on.

Promise of every writer: what `write_up` returns has passed `verify`; what could not be shown to be
true stands under `dropped`, with all reasons. A writer serves one event. An engine's module has
`load(options: config.Writer, run: config.Run, prompts: Prompts, cache: Cache) -> NoteWriter`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from pipeline.corrections.fits import Fit
from pipeline.data import Doubted, Dropped, Note, Outline, TalkNotes, Usage

if TYPE_CHECKING:
    from pipeline.notes.evening import Evening
    from pipeline.progress import Watch


@dataclass(frozen=True, slots=True)
class WrittenUp:
    """An event as it stands in the post: the outline as the writer knows it, its talks' notes."""

    outline: Outline
    talks: tuple[TalkNotes, ...]
    caveat: tuple[Note, ...] = ()  # for the top of the post
    description: str = ""  # one sentence, for the top and the front matter
    language: str = ""  # of its lines, where that is not the spoken one
    dropped: tuple[Dropped, ...] = ()  # lines about the event as a whole
    warnings: tuple[str, ...] = ()
    quotes_only: bool = False  # a model was asked, and not one line is its own
    unfinished: bool = False  # whether the next run may do better
    fits: tuple[Fit, ...] = ()  # what became of a person's corrections
    doubts: tuple[Doubted, ...] = ()  # what left the post for them
    addresses: Mapping[str, str] = field(default_factory=dict)  # of sources, by their names


class NoteWriter(Protocol):
    """Writes up one event."""

    @property
    def model(self) -> str: ...
    @property
    def usage(self) -> Usage: ...

    async def write_up(self, evening: "Evening", watch: "Watch") -> WrittenUp:
        """The event's notes; raises ModelError when a model's server answers no call at all."""
        ...
