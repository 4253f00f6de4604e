"""What the writer is given: one beginning for all questions about an event, and each its own end.

What never changes stands first, so that a server's prefix cache is paid for once. A small event
is shown whole; of a large one, every talk sees the check-worthy sentences of the others, the
sources that bear on it, and its own transcript. As many talks are written up at once as an answer
holds: what one has told, the next may lean on and does not tell again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz, process

from pipeline.claims import omissions
from pipeline.claims.claims import find_claims
from pipeline.claims.evidence import Passage, Sources
from pipeline.data import Talk, Utterance
from pipeline.llm.conversation import estimate
from pipeline.notes import material
from pipeline.notes.answers import Quote, WrittenNote
from pipeline.notes.evening import Evening
from pipeline.notes.prompt_injection import is_order
from pipeline.notes.questions import batches
from pipeline.text import joined

WHOLE = 10_000  # tokens of a transcript that every talk may see whole: an hour of speech
SOURCES = 6_000  # tokens of sources that every talk may see whole
SHARE = 0.3  # of a talk's own tokens: what else a talk of a large event is given
LEAST = 600  # tokens, for a talk of two minutes
EARLIER = 1_500  # tokens of what was said at earlier events
FEWEST, MOST = 3, 10  # notes of a talk, as the prompt asks for them: two more find room later
TOKENS_A_NOTE = 120  # of an answer, with receipts; 51 notes of an evening at once took 100 each
MISSING = 8  # topics that a program names as missing in a talk
AROUND = 3  # sentences before and after one that a refused note quotes
WORDS_A_NOTE = 45  # of the talk, between FEWEST and MOST


@dataclass(frozen=True, slots=True)
class TalkSection:
    """A talk, or a part of a long one ("part 2 of 3"), that is to be written up."""

    talk: Talk
    said: tuple[Utterance, ...]
    part: str = ""

    @property
    def most(self) -> int:
        """How many notes are asked for."""
        return max(FEWEST, self.likely)

    @property
    def likely(self) -> int:
        """How many are written: of a short section fewer than may be."""
        return likely(sum(len(one.words) for one in self.said))


def notes_at_once(answer: int) -> int:
    """How many notes an answer of so many tokens holds."""
    return max(FEWEST, answer // TOKENS_A_NOTE)


def likely(words: float) -> int:
    """How many notes are written of so many words."""
    return max(1, min(MOST, int(words) // WORDS_A_NOTE))


@dataclass(frozen=True, slots=True)
class Task:
    """One question to the writer: what is to be written up, and the end of its prompt."""

    sections: tuple[TalkSection, ...]
    text: str


@dataclass(frozen=True)
class WritingContext:
    """What the talks of one event are written from. Tokens: `room` for a prompt's material,
    `answer` for what is written."""

    evening: Evening
    room: int
    answer: int

    @cached_property
    def small(self) -> bool:
        """Whether every talk is written with the whole event before it."""
        said = material.size(self.evening.outline.utterances)
        return said <= min(WHOLE, self.room * 3 // 4)

    @cached_property
    def few_sources(self) -> bool:
        return sum(map(material.source_size, self.evening.sources)) <= min(SOURCES, self.room // 4)

    @cached_property
    def shared(self) -> dict[str, object]:
        """The variables of write.md but for `task`: the same for all questions."""
        evening = self.evening
        said = evening.outline.utterances
        earlier = material.up_to(evening.ledger, EARLIER, material.source_size)
        return {
            "event": material.event(evening),
            "people": material.people(evening.outline),
            "topics": material.topics(evening.caveats),
            "sources": material.sources(evening.sources) if self.few_sources else "see below",
            "earlier": material.sources(earlier),
            "transcript": material.transcript(said, evening) if self.small else "see below",
        }

    def tasks(self, sections: Sequence[TalkSection]) -> list[Task]:
        """The questions that write these up, as many talks in one as its answer holds."""
        parts = [part for section in sections for part in self._pieces(section)]
        groups = batches(parts, self._weight, 1.0)
        return [Task(tuple(group), self._text(group)) for group in groups]

    def _weight(self, section: TalkSection) -> float:
        """The share of a question that a section takes: of its notes, or of the room for them."""
        of_room = 0 if self.small else material.size(section.said) / self._room
        return max(section.most / notes_at_once(self.answer), of_room)

    @cached_property
    def _room(self) -> int:
        """Tokens of a question for the transcript of what is written up, in a large event."""
        around = sum(estimate(str(each)) for each in self.shared.values())
        return max(1, (self.room - around) * 2 // 3)

    def _text(self, group: Sequence[TalkSection]) -> str:
        """What is to be written up: the only thing that differs between questions."""
        wanted = (f"{number}. {self._wanted(each)}" for number, each in enumerate(group, start=1))
        task = "\n".join((f"Write up, in this language: {self.evening.language}", *wanted))
        if self.small:
            return task
        said = [one for section in group for one in section.said]
        return f"{self._beside(said)}\n\n{task}"

    def _pieces(self, section: TalkSection) -> list[TalkSection]:
        """A section in parts that fit."""
        if self.small:
            return [section]
        parts = material.pieces(section.said, self._room)
        if len(parts) == 1:
            return [section]
        return [
            TalkSection(section.talk, said, f"part {number} of {len(parts)} of it")
            for number, said in enumerate(parts, start=1)
        ]

    def excerpt(self, failed: Iterable[WrittenNote]) -> list[str]:
        """What was said around what refused notes quote, where the event is not shown whole."""
        cited = [each for note in failed for each in note.receipts if isinstance(each, Quote)]
        if self.small or not cited:
            return []
        said = self.evening.sentences
        near = {at for quote in cited for at in self._near(quote)}
        some = material.utterances([one for at, one in enumerate(said) if at in near])
        shown = material.transcript(some, self.evening)
        return [f"<talk>\n{shown}\n</talk>"]

    def _near(self, quote: Quote) -> range:
        """The places of the sentences around the one that is most like a quote."""
        said = enumerate(self.evening.sentences)
        there = {at: one.text for at, one in said if abs(one.utterance - quote.utterance) <= 1}
        best = process.extractOne(quote.quote, there, scorer=fuzz.partial_ratio)
        return range(best[2] - AROUND, best[2] + AROUND + 1) if best else range(0)

    def _wanted(self, section: TalkSection) -> str:
        talk, said = section.talk, section.said
        part = f", {section.part}" if section.part else ""
        held = f"[{said[0].id}] to [{said[-1].id}]{self._cut(talk)}"
        return (
            f"“{material.harmless(talk.title)}” ({talk.kind}){part}, utterances "
            f"{held}: about {section.most} notes.{self.unsaid(talk)}"
        )

    def _cut(self, talk: Talk) -> str:
        """With which words a talk begins and ends that shares an utterance with another."""
        first, last = talk.utterances[0], talk.utterances[-1]
        whole = self.evening.utterances
        shown = ""
        if first.words[0] != whole[first.id].words[0]:
            shown += f", from “{material.harmless(joined(w.text for w in first.words[:6]))}”"
        if last.words[-1] != whole[last.id].words[-1]:
            shown += f", to “{material.harmless(joined(w.text for w in last.words[-6:]))}”"
        return shown

    def unsaid(self, talk: Talk) -> str:
        """What a program found missing in a talk, and the first utterance that needs it."""
        language = self.evening.language
        claims = find_claims(talk, language)
        found = omissions.find_omissions(talk, claims, self.evening.caveats, language)[:MISSING]
        topics = "; ".join(f"{one.topic} [{claims[one.claims[0]].utterance}]" for one in found)
        return f" A program found no word in it on: {topics}." if topics else ""

    def _beside(self, said: Sequence[Utterance]) -> str:
        """What a talk of a large event is given alone: other talks, sources, its transcript."""
        room = min(max(LEAST, round(SHARE * material.size(said))), self._room // 2)
        shown = material.transcript(said, self.evening)
        blocks = [f"<talk>\n{shown}\n</talk>"]
        if not self.few_sources:
            room //= 2
            passages = self._passages(said, room)
            blocks.insert(0, f"<passages>\n{material.listed(passages)}\n</passages>")
        return "\n\n".join([f"<others>\n{self._others(said, room)}\n</others>", *blocks])

    def _passages(self, said: Sequence[Utterance], room: int) -> list[str]:
        """The lines of the sources that bear on what is said here."""
        found = self._bearing(said, self._index).items()
        lines = [f"[{place}] {material.harmless(text)}" for place, text in found]
        return material.up_to(lines, room, estimate)

    def _bearing(self, said: Sequence[Utterance], index: Sources) -> dict[str, str]:
        """What of an index bears on what is said here, by its place."""
        claims = find_claims(Talk(0, "", "talk", (), tuple(said)), self.evening.language)
        return {each.place: each.text for claim in claims for each in index.find(claim.quote)}

    @cached_property
    def _index(self) -> Sources:
        lines = (line for line in self.evening.source_lines if not is_order(line.text))
        return Sources(lines, language=self.evening.language)

    def _others(self, said: Sequence[Utterance], room: int) -> str:
        """Check-worthy sentences of the other talks, those that share most with this one first."""
        here = {one.id for one in said}
        near = self._bearing(said, self._digest)
        ranked = (self._claims[place] for place in dict.fromkeys([*near, *self._claims]))
        lines = (line for utterance, line in ranked if utterance not in here)
        return material.listed(material.up_to(lines, room, estimate))

    @cached_property
    def _claims(self) -> dict[str, tuple[int, str]]:
        """The check-worthy sentences of the event by number, each with its utterance."""
        evening = self.evening
        found: dict[str, tuple[int, str]] = {}
        for talk in evening.outline.talks:
            for claim in find_claims(talk, evening.language):
                who = material.harmless(evening.speaker(claim.speaker).label)
                line = f"[{claim.utterance}] {who}: {material.harmless(claim.quote)}"
                if not is_order(claim.quote):
                    found[str(len(found))] = (claim.utterance, line)
        return found

    @cached_property
    def _digest(self) -> Sources:
        lines = (Passage(line, number) for number, (_, line) in self._claims.items())
        return Sources(lines, language=self.evening.language)
