"""The notes that need no model: a talk in its own words.

Every note is a quotation, two quotations that do not square, or what was not said; nothing is
told in other words. What is quoted can be read alone (`quotable`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pipeline.claims import quantities
from pipeline.claims.lexicon import plain
from pipeline.claims.sentences import Sentence, places
from pipeline.data import (
    Claim,
    Contradiction,
    Findings,
    Note,
    NoteKind,
    Outline,
    Receipt,
    ReceiptKind,
    RoomSound,
    Talk,
    TalkNotes,
)
from pipeline.notes.quotable import (
    HEARD,
    Passage,
    Quotable,
    as_passage,
    is_ceremony,
    most_central,
    sureness,
)

FEWEST, MOST = 3, 8  # notes of a talk
JOKES = 3  # of the room, at the most
LONGEST_NOTE = 40  # words
WORDS_A_NOTE = 60  # of the talk, between FEWEST and MOST
TOPICS = 3  # that one line misses
BEFORE_SOUND = 8.0  # seconds between the last word and the sound that it earned
TALK_ENDS = 3.0  # seconds before a talk's end from which applause is for all of it
JOKE = 18  # words up to which a laugh's sentence takes those before it along
ANSWER = 6  # words of an answer that is nothing without its question
QUESTION = 16  # words of a question or an answer that is quoted with the other
SHARE = 0.1  # of a talk's words, from which somebody is named as speaking in it
MINUTE = 60.0

_WANTS_FIGURE = re.compile(
    r"\bhow (?:many|much|often|fast|long|large|big|far|old|soon|expensive|accurate)\b"
    r"|\bwhat (?:percentage|percent|share|fraction|number|does \w+ cost|is the (?:price|cost))\b"
)


def extract(talk: Talk, findings: Findings, outline: Outline, language: str = "en") -> TalkNotes:
    """A talk's quotes in time order, and as its summary who speaks and the most central one."""
    said = _Talk(talk, findings, outline, language)
    notes = _distinct(said.notes(), [], said.most)
    gist = said.gist(notes)
    notes = _distinct(said.told_plainly(gist), notes, min(FEWEST, said.most))
    notes.sort(key=lambda note: note.time)
    lines = [said.cast(), *map(said.shown, gist)]
    return TalkNotes(talk, "\n".join(lines), tuple(notes), findings)


def _distinct(found: Iterable[Note], kept: Sequence[Note], most: int) -> list[Note]:
    """The notes kept and the first of those found that quote other words, up to a number."""
    notes = list(kept)
    for note in found:
        jokes = sum(other.kind == "room" for other in notes)
        if len(notes) >= most or (note.kind == "room" and jokes >= JOKES):
            continue
        if not any(_same(note, other) for other in notes):
            notes.append(note)
    return notes


class _Talk:
    """One talk and what can be quoted of it."""

    def __init__(self, talk: Talk, findings: Findings, outline: Outline, language: str) -> None:
        self.talk = talk
        self.findings = findings
        self.outline = outline
        self.language = language
        self.quotable = Quotable(talk.utterances, language)
        self.names = {speaker.id: speaker.name for speaker in outline.speakers}
        words = sum(len(each.words) for each in talk.utterances)
        self.most = min(MOST, round(words / WORDS_A_NOTE))

    def notes(self) -> Iterator[Note]:
        """All that could be noted, what matters most first."""
        yield from self._contradictions()
        yield from self._omissions()
        yield from self._sounds()
        yield from self._questions()
        yield from self._claims()

    # ---- what code found

    def _contradictions(self) -> Iterator[Note]:
        for found in self.findings.contradictions:
            claim = self.findings.claims[found.claim]
            mine = self.quotable.at(claim.start, claim.end)
            if mine:
                yield self._against(mine, found)

    def _against(self, mine: Passage, found: Contradiction) -> Note:
        other = found.other
        place = other.source or other.ledger
        told = f"“{mine.text}” does not square with “{other.quote.rstrip('.,;: ')}”"
        where = f" ({place.rpartition('/')[2]})" if place else ""
        return self._note(f"{told}{where}", "contradiction", mine, _other(found, self.outline))

    def _omissions(self) -> Iterator[Note]:
        """One line of what its figures need and the whole talk never mentions."""
        claims = self.findings.claims
        missing = [o for o in self.findings.omissions if any(claims[i].values for i in o.claims)]
        del missing[TOPICS:]
        if not missing:
            return
        claim = next(claims[i] for i in missing[0].claims if claims[i].values)
        looked_for = dict.fromkeys(word for each in missing for word in each.looked_for)
        said = (self.talk.start, self.talk.end, None)
        absent = Receipt(", ".join(looked_for), *said, kind="absent")
        topics = ", ".join(each.topic for each in missing)
        yield Note(f"No word on: {topics}", "omission", self.talk.end, (_of_claim(claim), absent))

    def _claims(self) -> Iterator[Note]:
        """The claims with most figures that were best heard first."""
        found = []
        for claim in self.findings.claims:
            passage = self.quotable.at(*self._told(claim))
            if passage:
                found.append((_worth(claim) * sureness(passage.words) ** 2, passage))
        for _, passage in sorted(found, key=lambda each: -each[0]):
            yield self._quote(passage, "claim")

    def _told(self, claim: Claim) -> tuple[float, float]:
        """When the figures of a claim were said, or all of it where it has none."""
        words = [
            word
            for utterance in self.talk.utterances
            if utterance.id == claim.utterance
            for word in utterance.words
            if claim.start <= word.start < claim.end
        ]
        held = [words[i] for value in claim.values for i in places(value.text, words)]
        if not held:
            return claim.start, claim.end
        return min(w.start for w in held), max(w.end for w in held)

    # ---- the room

    def _sounds(self) -> Iterator[Note]:
        """Laughter and applause with what earned them, the loudest first."""
        for sound in sorted(self.findings.sounds, key=lambda sound: -sound.strength):
            if sound.kind == "laughter" or (sound.kind == "applause" and self._is_earned(sound)):
                earned = self._earned_by(sound)
                if earned:
                    receipt = Receipt(f"[{sound.kind}]", sound.start, sound.end, None, kind="sound")
                    told = " ".join(map(self.shown, earned))
                    cited = (*(self.quotable.receipt(each) for each in earned), receipt)
                    yield Note(f"{told}, {sound.kind}", "room", earned[0].start, cited)

    def _is_earned(self, sound: RoomSound) -> bool:
        """Applause within what one speaker says; at its end it is for coming or going."""
        before = [u.speaker for u in self.talk.utterances if u.start < sound.start]
        after = [u.speaker for u in self.talk.utterances if u.end > sound.start + TALK_ENDS]
        return bool(before and after) and before[-1] == after[0]

    def _earned_by(self, sound: RoomSound) -> tuple[Passage, ...]:
        """The point of the joke with what led up to it: a short answer with its question."""
        last = self.quotable.last(sound.start, BEFORE_SOUND)
        if last is None or is_ceremony(last.text):
            return ()
        asked = self.quotable.said[max(0, self.quotable.said.index(last) - 1)]
        if asked.speaker != last.speaker and len(last.words) < ANSWER:
            both = (as_passage(asked), as_passage(last))
            return both if all(sureness(each.words) >= HEARD for each in both) else ()
        found = self.quotable.up_to(last, JOKE)
        return (found,) if found else ()

    # ---- questions

    def _questions(self) -> Iterator[Note]:
        """A question that asked for a number, and its answer, which has none."""
        for place, asked in enumerate(self.quotable.said):
            answer = _answer(self.quotable.said[place + 1 :], asked.speaker)
            if not (
                answer and asked.text.endswith("?") and _WANTS_FIGURE.search(plain(asked.text))
            ):
                continue
            text = " ".join(each.text for each in answer)
            if quantities.parse(text, self.language) or re.search(r"\d", text):
                continue
            both = (as_passage(asked), as_passage(answer[0]))
            if all(sureness(p.words) >= HEARD and len(p.words) <= QUESTION for p in both):
                told = " ".join(map(self.shown, both))
                cited = tuple(self.quotable.receipt(each) for each in both)
                yield Note(f"{told}, no number", "aside", asked.start, cited)

    # ---- who, and what about

    def cast(self) -> str:
        """ "Ada Park and one more voice, 12 minutes": those who say a tenth of it or more."""
        said = Counter[str]()
        for utterance in self.talk.utterances:
            said[utterance.speaker] += len(utterance.words)
        heard = [who for who, words in said.most_common() if words >= SHARE * said.total()]
        named = [name for who in heard if (name := self.names.get(who))]
        others = len(heard) - len(named)
        unnamed = "one more voice" if others == 1 else f"{others} more voices"
        cast = [*named, *([unnamed if named else unnamed.replace(" more", "")] if others else [])]
        minutes = max(1, round((self.talk.end - self.talk.start) / MINUTE))
        told = f"{listed(cast)}, {minutes} minute{'s' * (minutes > 1)}"
        return told[0].upper() + told[1:]

    def gist(self, notes: Sequence[Note]) -> list[Passage]:
        """The most central sentence that no note quotes."""
        quoted = [receipt for note in notes for receipt in note.receipts if receipt.speaker]
        for passage in most_central(self.quotable.told(), self.language):
            if not any(passage.overlaps(receipt.start, receipt.end) for receipt in quoted):
                return [passage]
        return []

    def told_plainly(self, gist: Sequence[Passage]) -> Iterator[Note]:
        """What a talk says without a figure, for one that would have too few notes."""
        for passage in most_central(self.quotable.told(), self.language):
            if passage not in gist and self.talk.kind not in ("opening", "closing"):
                yield self._quote(passage, "aside")

    # ---- words

    def _quote(self, passage: Passage, kind: NoteKind) -> Note:
        return self._note(self.shown(passage), kind, passage)

    def _note(self, text: str, kind: NoteKind, passage: Passage, *more: Receipt) -> Note:
        return Note(text, kind, passage.start, (self.quotable.receipt(passage), *more))

    def shown(self, passage: Passage) -> str:
        """A quote with who says it, where that is not the one who has the floor."""
        name = self.names.get(passage.speaker)
        alone = len(self.talk.speakers) < 2 or passage.speaker == self.talk.speakers[0]
        return f"“{passage.text}”" + ("" if alone or not name else f" ({name})")


def _worth(claim: Claim) -> float:
    return min(2, len(claim.values)) + 0.5 * bool(claim.baseline)


def _of_claim(claim: Claim) -> Receipt:
    return Receipt(claim.quote, claim.start, claim.end, claim.speaker)


def _other(found: Contradiction, outline: Outline) -> Receipt:
    other, time = found.other, found.other.time or 0.0
    said = (u.speaker for u in outline.utterances if u.start <= time <= u.end)
    speaker = next(said, None) if other.time is not None else None
    place = other.source or other.ledger
    kind: ReceiptKind = "source" if place else "quote"
    return Receipt(other.quote, time, time, speaker, place, kind)


def _answer(after: Sequence[Sentence], asker: str) -> Sequence[Sentence]:
    """What the next speaker says before somebody else speaks."""
    if not after or after[0].speaker == asker:
        return ()
    speaker = after[0].speaker
    return after[: next((i for i, s in enumerate(after) if s.speaker != speaker), len(after))]


def _same(one: Note, other: Note) -> bool:
    """Whether two notes quote the same words."""
    if "omission" in (one.kind, other.kind):
        return False
    spoken = [receipt for receipt in other.receipts if receipt.speaker]
    return any(
        a.start < b.end and b.start < a.end for a in one.receipts if a.speaker for b in spoken
    )


def listed(names: Sequence[str]) -> str:
    """ "Ada, Bob and Cy"."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
