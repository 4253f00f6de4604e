"""The notes that need no model: a talk in its own words.

Every note is a quotation, one with the line of a source that does not square with it, or what was
not said; nothing is told in other words. What is quoted can be read alone (`quotable`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from urllib.parse import urlsplit

from pipeline.claims import units
from pipeline.data import (
    Claim,
    Findings,
    Note,
    NoteKind,
    Outline,
    Quantity,
    Receipt,
    Talk,
    TalkNotes,
)
from pipeline.notes.extractive.exchanges import (
    Exchange,
    goes_on,
    reactions,
    unanswered,
    with_question,
)
from pipeline.notes.extractive.quotable import (
    LONGEST,
    Quotable,
    Quotation,
    most_central,
    without_connective,
)
from pipeline.notes.matching import quote_positions
from pipeline.wording import listed, wording

FEWEST, MOST = 3, 10  # notes of a talk
JOKES = 3  # of the room, at the most
WORDS_A_NOTE = 40  # of the talk, between FEWEST and MOST
WORTH = 0.4  # from which a claim is quoted anyway: a figure, or words that need a number
NEEDY = 0.3  # worth of a claim that something was not said about
TOPICS = 3  # that one line misses
HANDFUL = 9  # of things that are counted
SHARE = 0.1  # of a talk's words, from which somebody is named as speaking in it


def extract(talk: Talk, findings: Findings, outline: Outline, language: str = "en") -> TalkNotes:
    """A talk's quotes in time order, the most central one among them; its summary is who speaks
    and for how long."""
    said = _TalkQuotes(talk, findings, outline, language)
    notes = _distinct(said.notes(), [], said.most)
    central = said.central()
    with_gist = _distinct(central, notes, len(notes) + 1)
    gist = with_gist[len(notes) :]
    framing = talk.kind in ("opening", "closing")  # in which nobody sells
    notes = _distinct(() if framing else central, with_gist, min(FEWEST, said.most) + len(gist))
    missing = () if framing else said.omission([note for note in notes if note not in gist])
    ordered = sorted((*notes, *missing), key=lambda note: note.time)
    return TalkNotes(talk, said.cast(), tuple(said.with_questions(ordered)))


def _distinct(found: Iterable[Note], kept: Sequence[Note], most: int) -> list[Note]:
    """The notes kept and the first of those found that quote other words, up to a number."""
    notes = list(kept)
    for note in found:
        jokes = sum(other.kind == "room" for other in notes)
        if len(notes) >= most:
            break
        if note.kind == "room" and jokes >= JOKES:
            continue
        if not any(_same(note, other) for other in notes):
            notes.append(note)
    return notes


def _length(seconds: float) -> str:
    """ "45 s", "12 min"."""
    return f"{round(seconds / 60)} min" if seconds >= 120 else f"{max(1, round(seconds))} s"


class _TalkQuotes:
    """One talk and what can be quoted of it."""

    def __init__(self, talk: Talk, findings: Findings, outline: Outline, language: str) -> None:
        self.talk = talk
        self.findings = findings
        self.outline = outline
        self.language = language
        self.wording = wording(language)
        self.quotable = Quotable(talk.utterances, language)
        self.words = {utterance.id: utterance.words for utterance in talk.utterances}
        self.names = {speaker.id: speaker.name for speaker in outline.speakers}
        words = sum(len(each.words) for each in talk.utterances)
        self.most = min(MOST, round(words / WORDS_A_NOTE))

    def notes(self) -> Iterator[Note]:
        """All that could be noted, what matters most first."""
        yield from self._contradictions()
        yield from map(self._exchange, reactions(self.talk, self.quotable, self.findings.sounds))
        yield from map(self._exchange, unanswered(self.quotable))
        yield from self._claims()

    def central(self) -> list[Note]:
        """What else can be noted, the most central sentences first."""
        plainly = most_central(self.quotable.statements(), self.language)
        return [self._quote(each, "aside") for each in plainly]

    # ---- what code found

    def _contradictions(self) -> Iterator[Note]:
        """A quote and the line of a source that does not square with it."""
        for found in self.findings.contradictions:
            other = without_connective(found.quote)
            told = self._told(self.findings.claims[found.claim])
            mine = self.quotable.at(*told, most=LONGEST - len(other.split()))
            if mine:
                place = re.sub(r":\d+$", "", found.source)
                name = urlsplit(place).hostname or place.rpartition("/")[2]
                text = self.wording["but"].format(one=mine.text, other=other) + f" ({name})"
                line = Receipt(found.quote, 0.0, 0.0, None, found.source, kind="source")
                yield self._note(text, "contradiction", mine, line)

    def omission(self, notes: Sequence[Note]) -> Iterator[Note]:
        """What the talk never says, in a line behind the printed claim that lacks most of it."""
        printed = [r for note in notes for r in note.receipts if r.speaker]
        missing = [
            (place, [each for each in self.findings.omissions if place in each.claims][:TOPICS])
            for place, claim in enumerate(self.findings.claims)
            if claim.values and any(r.start < claim.end and claim.start < r.end for r in printed)
        ]
        place, topics = max(missing, key=lambda each: len(each[1]), default=(0, []))
        if not topics:
            return
        claim = self.findings.claims[place]
        by_topic = zip_longest(*(each.looked_for for each in topics))
        looked_for = dict.fromkeys(word for some in by_topic for word in some if word)
        absent = Receipt(", ".join(looked_for), self.talk.start, self.talk.end, None, kind="absent")
        cited = Receipt(claim.quote, claim.start, claim.end, claim.speaker, cited=claim.quote)
        text = f"No word on: {', '.join(each.topic for each in topics)}"
        yield Note(text, "omission", claim.end, (cited, absent))

    def _claims(self) -> Iterator[Note]:
        """The claims that are worth it, those with most figures first."""
        needy = {place for omission in self.findings.omissions for place in omission.claims}
        worth = [
            (round(_worth(claim) + NEEDY * (place in needy), 2), claim)
            for place, claim in enumerate(self.findings.claims)
        ]
        for _, claim in sorted((w for w in worth if w[0] >= WORTH), key=lambda each: -each[0]):
            if passage := self.quotable.at(*self._told(claim)):
                yield self._quote(passage, "claim")

    def _told(self, claim: Claim) -> tuple[float, float]:
        """When the figures of a claim were said, or all of it where it has none."""
        words = [
            word
            for word in self.words.get(claim.utterance, ())
            if claim.start <= word.start < claim.end
        ]
        held = [words[i] for value in claim.values for i in quote_positions(value.text, words)]
        if not held:
            return claim.start, claim.end
        return min(w.start for w in held), max(w.end for w in held)

    def with_questions(self, notes: Sequence[Note]) -> Iterator[Note]:
        """Of a panel or questions and answers: an answer with what was asked, where its beginning
        is quoted; a mark tells that it goes on."""
        spoken = [[each.start for each in note.receipts if each.speaker] for note in notes]
        shown = {start for starts in spoken if len(starts) > 1 for start in starts}
        for note in notes:
            alone = self.talk.kind in ("panel", "qa") and len(note.receipts) == 1
            end = note.receipts[0].end
            both = with_question(self.quotable, note.time, end) if alone else ()
            if both and both[0].start not in shown:
                shown.add(both[0].start)
                asked = self.wording["quoted"].format(text=both[0].text)
                more = " \u2026" if goes_on(self.quotable, both[1].end) else ""
                text = f"{asked} {self.shown(both[1], more)}"
                receipts = tuple(map(self.quotable.receipt, both))
                note = replace(note, text=text, receipts=receipts)
            yield note

    # ---- who, and what about

    def cast(self) -> str:
        """ "Ada Park and one more voice, 12 min": those who say a tenth of it or more.

        Where nobody does, it is who says most.
        """
        said = Counter[str]()
        for utterance in self.talk.utterances:
            said[utterance.speaker] += len(utterance.words)
        most = said.most_common()
        heard = [who for who, words in most if words >= SHARE * said.total()] or [most[0][0]]
        cast = [name for who in heard if (name := self.names.get(who))]
        others, more = len(heard) - len(cast), "_more" if cast else ""
        if others:
            voices = "voice" if others == 1 else "voices"
            cast.append(self.wording[voices + more].format(count=others))
        length = _length(self.talk.end - self.talk.start)
        told = f"{listed(cast, self.wording)}, {length}"
        return told[0].upper() + told[1:]

    # ---- words

    def _exchange(self, told: Exchange) -> Note:
        said = " ".join(map(self.shown, told.passages))
        cited = [self.quotable.receipt(each) for each in told.passages]
        if told.sound:
            heard, sound = f"[{told.sound.kind}]", told.sound
            cited.append(Receipt(heard, sound.start, sound.end, None, kind="sound"))
        kind: NoteKind = "room" if told.sound else "aside"
        outcome = self.wording.get(told.outcome, told.outcome)
        return Note(f"{said}, {outcome}", kind, told.passages[0].start, tuple(cited))

    def _quote(self, passage: Quotation, kind: NoteKind) -> Note:
        return self._note(self.shown(passage), kind, passage)

    def _note(self, text: str, kind: NoteKind, passage: Quotation, *more: Receipt) -> Note:
        return Note(text, kind, passage.start, (self.quotable.receipt(passage), *more))

    def shown(self, passage: Quotation, more: str = "") -> str:
        """A quote with who says it, where that is not the one who has the floor."""
        name = self.names.get(passage.speaker)
        first, *others = self.talk.speakers
        has_floor = passage.speaker == first and self.talk.kind not in ("panel", "qa")
        quoted = self.wording["quoted"].format(text=f"{passage.text}{more}")
        somebody = others or passage.speaker != first
        return quoted + (f" ({name})" if name and somebody and not has_floor else "")


def _worth(claim: Claim) -> float:
    """How much there is to check: measures before things that are counted, of which "two old
    cranes" are hardly worth it, and figures before words."""
    return 0.2 + min(2.0, sum(map(_weight, claim.values))) + 0.5 * bool(claim.baseline)


def _weight(value: Quantity) -> float:
    measured = units.is_measure(value.unit) or "/" in value.unit
    return 1.0 if measured else 0.1 if value.value <= HANDFUL else 0.6


def _same(one: Note, other: Note) -> bool:
    """Whether two notes quote the same words."""
    if "omission" in (one.kind, other.kind) or one.text == other.text:
        return one.text == other.text
    spoken = [receipt for receipt in other.receipts if receipt.speaker]
    return any(
        a.start < b.end and b.start < a.end for a in one.receipts if a.speaker for b in spoken
    )
