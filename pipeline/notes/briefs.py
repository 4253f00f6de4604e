"""What the writer is given: one beginning for all talks of an event, and each talk's own end.

What never changes stands first, so that a server's prefix cache is paid for once. A small event
is shown whole with every talk; of a large one, every talk sees the check-worthy sentences of the
others, the sources that bear on it, and its own transcript.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.claims import omissions
from pipeline.claims.claims import find
from pipeline.claims.evidence import Sources
from pipeline.claims.reading import Passage
from pipeline.data import Talk, Utterance
from pipeline.llm.server import estimate
from pipeline.notes import material
from pipeline.notes.draft import Draft
from pipeline.notes.evening import Evening, SourceText
from pipeline.notes.orders import is_order, without

WHOLE = 10_000  # tokens of a transcript that every talk may see whole: an hour of speech
SOURCES = 6_000  # tokens of sources that every talk may see whole
SHARE = 0.3  # of a talk's own tokens: what else a talk of a large event is given
LEAST = 600  # tokens, for a talk of two minutes
EARLIER = 1_500  # tokens of what was said at earlier events
FEWEST, MOST = 3, 12  # notes of a talk, as the prompt asks for them
MISSING = 6  # topics that a program names as missing in a talk
WORDS_A_NOTE = 45  # of the talk, between FEWEST and MOST


@dataclass(frozen=True)
class Briefing:
    """What the talks of one event are written from. `room`: tokens for a prompt's material."""

    evening: Evening
    room: int

    @cached_property
    def small(self) -> bool:
        """Whether every talk is written with the whole event before it."""
        said = material.size(self.evening.outline.utterances)
        return said <= min(WHOLE, self.room * 3 // 4)

    @cached_property
    def few_sources(self) -> bool:
        return _tokens(self.evening.sources) <= min(SOURCES, self.room // 4)

    @cached_property
    def shared(self) -> dict[str, object]:
        """The variables of write.md but for `task`: the same for all talks."""
        evening = self.evening
        whole = material.sources(evening.sources) if self.few_sources else "see below"
        said = evening.outline.utterances
        return {
            "event": material.event(evening.event),
            "people": material.people(evening.outline),
            "topics": material.topics(evening.caveats),
            "sources": whole,
            "earlier": material.sources(up_to(evening.ledger, EARLIER)),
            "transcript": material.transcript(said, evening, material.called(evening))
            if self.small
            else "see below",
        }

    def of(self, talk: Talk) -> tuple[str, ...]:
        """The ends of the prompts that write up a talk, each as much of it as fits."""
        if self.small:
            return (self._task(talk, talk.utterances, "", ""),)
        around = sum(estimate(str(each)) for each in self.shared.values())
        parts = material.pieces(
            talk.utterances, (self.room - around) * 2 // 3, self.evening.language
        )
        return tuple(
            self._task(talk, said, _part(number, len(parts)), self._own(said))
            for number, said in enumerate(parts, start=1)
        )

    def excerpt(self, drafts: Sequence[Draft]) -> list[str]:
        """What was said around what refused notes quote, where the event is not shown whole."""
        if self.small:
            return []
        quoted = {
            quote.utterance + near
            for draft in drafts
            for failed in draft.failed
            for quote in failed.written.quotes
            for near in (-1, 0, 1)
        }
        said = [one for one in self.evening.outline.utterances if one.id in quoted]
        shown = material.transcript(said, self.evening, material.called(self.evening))
        return [f"<talk>\n{shown}\n</talk>"]

    def _task(self, talk: Talk, said: Sequence[Utterance], part: str, own: str) -> str:
        """What is to be written up: the only thing that differs between talks."""
        words = sum(len(one.words) for one in said)
        most = max(FEWEST, min(MOST, words // WORDS_A_NOTE))
        lines = (
            own,
            self._unsaid(talk),
            f"Write up “{material.harmless(talk.title)}” ({talk.kind}), utterances "
            f"[{said[0].id}] to [{said[-1].id}]{part}: at most {most} notes, in this language: "
            f"{self.evening.language}.",
        )
        return "\n\n".join(line for line in lines if line)

    def _unsaid(self, talk: Talk) -> str:
        """What a program found missing in a talk, topic by topic."""
        language = self.evening.language
        found = omissions.find(talk, find(talk, language), self.evening.caveats, language)
        topics = "; ".join(each.topic for each in found[:MISSING])
        return f"A program found no word on these in this talk: {topics}." if topics else ""

    def _own(self, said: Sequence[Utterance]) -> str:
        """What only this talk of a large event is given: transcript, sources, other talks."""
        evening = self.evening
        room = max(LEAST, round(SHARE * material.size(said)))
        shown = material.transcript(said, evening, material.called(evening))
        blocks = [f"<talk>\n{shown}\n</talk>"]
        if not self.few_sources:
            passages = self._passages(said, room // 2)
            blocks.insert(0, f"<passages>\n{material.listed(passages)}\n</passages>")
            room //= 2
        return "\n\n".join([f"<others>\n{self._others(said, room)}\n</others>", *blocks])

    def _passages(self, said: Sequence[Utterance], room: int) -> list[str]:
        """The lines of the sources that bear on what is said here."""
        talk = Talk(0, "", "talk", (), tuple(said))
        found: dict[str, str] = {}
        for claim in find(talk, self.evening.language):
            for passage in self._index.find(claim.quote):
                found.setdefault(passage.place, passage.text)
        lines = [f"[{place}] {material.harmless(text)}" for place, text in found.items()]
        return _first(lines, room)

    @cached_property
    def _index(self) -> Sources:
        texts = map(without, self.evening.sources)
        lines = (
            Passage(line, f"{text.name}:{number}")
            for text in texts
            for number, line in enumerate(text.lines, start=1)
            if line.strip()
        )
        return Sources(lines, language=self.evening.language)

    def _others(self, said: Sequence[Utterance], room: int) -> str:
        """Check-worthy sentences of the other talks, those that share most with this one first."""
        here = {one.id for one in said}
        own = Talk(0, "", "talk", (), tuple(said))
        near: dict[str, None] = {}
        for claim in find(own, self.evening.language):
            near.update(dict.fromkeys(each.place for each in self._digest.find(claim.quote)))
        ranked = [*near, *(place for place in self._claims if place not in near)]
        lines = [self._claims[place] for place in ranked if int(place) not in here]
        return material.listed(_first(lines, room))

    @cached_property
    def _claims(self) -> dict[str, str]:
        """The check-worthy sentences of the event, by the utterance that holds them."""
        evening = self.evening
        found: dict[str, str] = {}
        for talk in evening.outline.talks:
            for claim in find(talk, evening.language):
                if is_order(claim.quote):
                    continue
                place, who = str(claim.utterance), material.harmless(evening.label(claim.speaker))
                before = found.get(place, f"[{place}] {who}:")
                found[place] = f"{before} {material.harmless(claim.quote)}"
        return found

    @cached_property
    def _digest(self) -> Sources:
        lines = (Passage(line, place) for place, line in self._claims.items())
        return Sources(lines, language=self.evening.language)


def _part(number: int, of: int) -> str:
    return f" (part {number} of {of} of the talk)" if of > 1 else ""


def _tokens(texts: Sequence[SourceText]) -> int:
    return sum(estimate(text.text) + material.LINE * len(text.lines) for text in texts)


def _first(lines: Sequence[str], room: int) -> list[str]:
    """As many of the first lines as fit into so many tokens."""
    kept: list[str] = []
    for line in lines:
        room -= estimate(line)
        if room < 0:
            break
        kept.append(line)
    return kept


def up_to(texts: Sequence[SourceText], room: int) -> list[SourceText]:
    """As many of the first files as fit into so many tokens."""
    kept: list[SourceText] = []
    for text in texts:
        room -= _tokens([text])
        if room < 0:
            break
        kept.append(text)
    return kept
