"""From talks to notes: claims, what is missing or contradicts, lines and what they rest on."""

from dataclasses import dataclass
from typing import Literal

from pipeline.data.heard import RoomSound, Talk

# ---- talks -> claims, omissions, contradictions


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it was said ("ninety nine point nine percent") and what it means."""

    text: str
    value: float
    unit: str  # "", "%", "x", "$", "W", "tokens/s", ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A check-worthy sentence, verbatim. `utterance` is the id of the one that holds it."""

    quote: str
    start: float
    end: float
    speaker: str
    utterance: int
    values: tuple[Quantity, ...] = ()
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class Omission:
    """What such claims need and the whole talk never mentions.

    `claims` are places in the talk's list of claims; `looked_for` the words that would count.
    """

    topic: str
    claims: tuple[int, ...]
    looked_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A line of a source that has another number than a claim, which is a place in the talk's."""

    claim: int
    quote: str
    source: str  # "sources/paper.md:12"


@dataclass(frozen=True, slots=True)
class Findings:
    """All that is known about a talk before a word of the post is written."""

    claims: tuple[Claim, ...] = ()
    omissions: tuple[Omission, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    sounds: tuple[RoomSound, ...] = ()  # those heard within the talk


# ---- findings -> notes


WrittenKind = Literal["claim", "omission", "contradiction", "retcon", "comparison", "room", "aside"]
NoteKind = Literal["summary", WrittenKind]
ReceiptKind = Literal["quote", "source", "absent", "sum", "sound", "own"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a note rests on. `quote` is, by kind:

    quote: the whole sentence that was said, its speaker and its times; source: a line of the file
    that `source` names ("paper.md:12"); absent: the words that were looked for in vain from
    `start` to `end`; sum: "1610/124 = 13"; sound: "[applause]"; own: that a person wrote it.
    """

    quote: str
    start: float
    end: float
    speaker: str | None
    source: str | None = None
    kind: ReceiptKind = "quote"
    cited: str = ""  # the words of the sentence that were cited, with its negation and condition
    translated: str = ""  # the words that a post in another language shows
    translation: str = ""  # what these mean, in the language of the post


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the post."""

    text: str
    kind: NoteKind
    time: float
    receipts: tuple[Receipt, ...]

    def receipts_of(self, *kinds: ReceiptKind) -> tuple[Receipt, ...]:
        """Those of some kinds."""
        return tuple(each for each in self.receipts if each.kind in kinds)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A note that could not be shown to be true, and why."""

    talk: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """What a person has to look at: a note that left the post, a correction that fits no more."""

    kind: Literal["note", "correction"]
    time: float
    text: str
    why: str
    talk: int | None = None
    receipts: tuple[Receipt, ...] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """What a language model was paid for. `cost` is None when the config names no prices."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    cost: float | None = None

    def __add__(self, other: "Usage") -> "Usage":
        costs = [usage.cost for usage in (self, other) if usage.cost is not None]
        return Usage(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            self.tokens_cached + other.tokens_cached,
            round(sum(costs), 6) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class TalkNotes:
    """A talk as it is written: one or two lines of summary, then its notes."""

    talk: Talk
    summary: str
    notes: tuple[Note, ...]
    dropped: tuple[Dropped, ...] = ()
    unsure: tuple[Dropped, ...] = ()  # lines that stand, and why a judge refused them at first
    warnings: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What a post has of it: heading, summary, notes."""
        notes = (note.text for note in self.notes)
        return (self.talk.title, *self.summary.splitlines(), *notes)


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine did a stage, with which model; of a model's folder no more than its name."""

    name: str
    model: str
    version: str
