"""The article: all that is known about an event when the pipeline is through."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.corrections.fits import Fit, no_longer_fitting
from pipeline.data import Doubted, Dropped, Engine, Note, Usage
from pipeline.event import moment
from pipeline.languages import code
from pipeline.notes import WrittenUp
from pipeline.wording import ROLES, wording

if TYPE_CHECKING:
    from pipeline.heard import Heard  # slow to import, which `publish` need not wait for


@dataclass(frozen=True, slots=True)
class Footage:
    """A stretch of the event and the video that shows it, `shift` seconds later than here."""

    url: str
    start: float
    end: float
    shift: float


@dataclass(frozen=True, slots=True)
class Article:
    """An event, heard and written up. `engines` has the keys asr, diarize and writer."""

    heard: "Heard"
    written: WrittenUp
    engines: Mapping[str, Engine]
    usage: Usage  # what the language model was paid for
    warnings: tuple[str, ...] = ()

    @property
    def post_language(self) -> str:
        """Of the post, which may be a translation."""
        return code(self.written.language or self.heard.language)

    @property
    def labels(self) -> dict[str, str]:
        """What to call each speaker, by id: a role that code gave is in the post's language."""
        words, everybody = wording(self.post_language), self.written.outline.speakers
        ours = {role: words.get(role, role) for role in ROLES}
        return {s.id: s.name or ours.get(s.label, s.label) for s in everybody}

    @property
    def notes(self) -> tuple[Note, ...]:
        """The lines of the post, the caveat's first."""
        of_talks = (note for noted in self.written.talks for note in noted.notes)
        return (*self.written.caveat, *of_talks)

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """Notes that could not be shown to be true."""
        of_talks = (dropped for talk in self.written.talks for dropped in talk.dropped)
        return (*of_talks, *self.written.dropped)

    @property
    def fits(self) -> tuple[Fit, ...]:
        """What became of a person's corrections."""
        return (*(fit for fit in self.heard.fits if not fit.why), *self.written.fits)

    @property
    def corrected(self) -> bool:
        """Whether a person has put anything right."""
        return any(not fit.why for fit in self.fits)

    @property
    def doubts(self) -> tuple[Doubted, ...]:
        """What a person has to look at."""
        return (*self.written.doubts, *no_longer_fitting(self.fits))

    @property
    def footage(self) -> tuple[Footage, ...]:
        """What can be watched: recordings with videos of their own, else all of it as one."""
        audio, event = self.heard.audio, self.heard.source.info
        own = {video.file: video for video in event.videos}
        shown: dict[tuple[str, int], Footage] = {}
        for p in (p for p in audio.parts if p.name in own):
            shift = own[p.name].offset + p.skipped - p.start
            end = p.start + p.duration
            key = (p.name, round(shift))  # stretches on one clock: it shows what is between, too
            first = shown.get(key, Footage(own[p.name].url, p.start, end, shift))
            shown[key] = replace(first, end=end)
        several = tuple(shown.values())
        whole = Footage(event.video or "", 0.0, audio.duration, event.offset)
        return (*several, whole) if event.video else several or (whole,)

    def watch(self, seconds: float) -> str:
        """The address of a video that shows a moment of the event; empty where none does."""
        shown = (f for f in self.footage if f.url and f.start <= seconds <= f.end)
        at = next((f for f in shown if seconds + f.shift >= 0), None)
        return moment(at.url, seconds + at.shift) if at else ""

    def all_warnings(self) -> tuple[str, ...]:
        """The event's and its talks' warnings, each once, a talk's with its title."""
        of_talks = (
            f"{noted.talk.title}: {warning}"
            for noted in self.written.talks
            for warning in noted.warnings
        )
        return tuple(dict.fromkeys((*self.warnings, *of_talks)))
