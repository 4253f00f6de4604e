"""Whether a note's receipts bear it, asked of a model that sees them and the programme, no more."""

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from math import ceil
from operator import attrgetter
from typing import NamedTuple

from pipeline.data import Note, Receipt, Talk, Usage
from pipeline.llm.asking import Asker
from pipeline.notes import material
from pipeline.notes.answers import Answer
from pipeline.notes.checks.absence import said_in_other_words
from pipeline.notes.evening import Evening
from pipeline.notes.prompt_injection import HIDDEN, is_order

AT_ONCE = 60  # notes that are judged in one question
NOTE = 200  # tokens of a note with its receipts
CONTEXT = 20  # words of what was said before a receipt
SLACK = 0.05  # seconds by which two sentences may overlap
DOUBTED = "the receipts do not bear it"
UNCLEAR = 8  # one note in so many may go back to be said so that it can be followed
ALSO_SAID = "said in other words"
UNJUDGED = "the judge says nothing of it, and code does not know the language"


class Refusal(Answer):
    """A note that does not hold, and what is wrong with it."""

    note: int
    why: str = DOUBTED


class Verdicts(Answer):
    """The answer to judge.md: the notes that do not hold, the numbers of all others, and which of
    these a reader cannot follow."""

    refused: tuple[Refusal, ...] = ()
    holds: tuple[int, ...] = ()
    unclear: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why notes cannot stay, and why others are to be said anew, by their places."""

    refused: Mapping[int, str] = field(default_factory=dict)
    unclear: Mapping[int, str] = field(default_factory=dict)


class Group(NamedTuple):
    """Notes under the heading of their talk, and the other lines that stand or may stand there."""

    talk: Talk
    notes: Sequence[Note]
    beside: Sequence[str] = ()


async def judge(groups: Sequence[Group], evening: Evening, ask: Asker) -> Judgement:
    """What a judge has against notes, by their places through all groups. Raises ModelError where
    the judge is of no use.

    A note without a verdict stays, where code has checked its numbers and negations.
    """
    count = sum(len(group.notes) for group in groups)
    if not count or not (ask.client.options.judge or evening.judge_needed):
        return without_judge(groups, evening)
    answer = await _answer(variables(groups, evening), ask)
    held = {number - 1 for number in answer.holds} if evening.judge_needed else set(range(count))
    return judgement(answer, count, held)


def without_judge(groups: Sequence[Group], evening: Evening) -> Judgement:
    """The notes that call missing what was said in other words: nobody can tell what was meant."""
    notes = (note for group in groups for note in group.notes)
    said = enumerate(_in_other_words(note.receipts, evening) for note in notes)
    return Judgement({place: f"{ALSO_SAID}: {told}" for place, told in said if told})


def judgement(answer: Verdicts, count: int, held: Set[int]) -> Judgement:
    """What an answer says of so many notes, of which those that are not `held` and that it names
    nowhere cannot stay."""
    refused = _by_place(answer.refused, count)
    unclear = {n: why for n, why in _by_place(answer.unclear, count).items() if n not in refused}
    silent = set(range(count)) - held - set(refused) - set(unclear)
    few = dict(list(unclear.items())[: ceil(count / UNCLEAR)])
    return Judgement(refused | dict.fromkeys(silent, UNJUDGED), few)


def _by_place(named: Sequence[Refusal], count: int) -> dict[int, str]:
    """What is said of those of so many notes that are named."""
    return {one.note - 1: one.why for one in named if 0 < one.note <= count}


async def _answer(variables: Mapping[str, object], ask: Asker) -> Verdicts:
    """The judge's; another model's where one is named."""
    named = ask.client.options.judge
    if not isinstance(named, str):
        return await ask("judge", variables, Verdicts)
    other = replace(ask, client=ask.client.with_model(named), usage=Usage())
    try:
        return await other("judge", variables, Verdicts)
    finally:
        ask.usage += other.usage


def variables(groups: Sequence[Group], evening: Evening) -> dict[str, object]:
    """What judge.md is filled with: the event, headings, and under each its notes with their
    receipts."""
    shown = _Shown(evening)
    numbers = itertools.count(1)
    blocks = (
        "\n\n".join([*_head(each, evening), *(shown.note(next(numbers), n) for n in each.notes)])
        for each in groups
        if each.notes
    )
    return {
        "event": material.programme(evening) or "none",
        "people": material.people(evening.outline),
        "notes": "\n\n".join(blocks),
    }


def _head(group: Group, evening: Evening) -> Iterator[str]:
    """The heading of some notes, and what will be printed beside them."""
    names = "; ".join(dict.fromkeys(_whole(voice, evening) for voice in group.talk.speakers))
    told = f" (speakers: {names})" if names else ""
    yield f"Heading: {material.harmless(group.talk.title)}{told}"
    if group.beside:
        yield "Printed beside them: " + " | ".join(map(material.harmless, group.beside))


def _whole(voice: str, evening: Evening) -> str:
    """A speaker's name and role."""
    name, role = evening.called(voice), evening.speaker(voice).role
    return material.harmless(name if not role or role in name else f"{name}, {role}")


@dataclass
class _Shown:
    """Notes with their receipts, each a line; a line of a file is shown whole once."""

    evening: Evening
    seen: set[str] = field(default_factory=set)  # lines of files, and files

    def note(self, number: int, note: Note) -> str:
        said = {each.quote for each in note.receipts_of("quote")}
        told = [self._line(each, said) for each in note.receipts if each.kind != "absent"]
        absent = _absent(note.receipts, self.evening)
        lines = (f"   - {line}" for line in dict.fromkeys((*told, *absent)))
        return "\n".join([f"{number}. {material.harmless(note.text)}", *lines])

    def _line(self, each: Receipt, said: Set[str]) -> str:
        """A receipt: who says what, what a file says, what was added up or heard."""
        quote = material.harmless(each.quote)
        if each.kind == "source":
            return self._source(each.source or "", quote)
        if each.kind == "sum":
            return f"a program computed: {quote}"
        if each.kind == "sound":
            length = max(1, round(each.end - each.start))
            heard = f"heard at {material.clock(each.start)} for {length} s: {quote}"
            return f"{self._before(each, said)}{heard}"
        name = material.harmless(self.evening.called(each.speaker or ""))
        told = f"{material.clock(each.start)} {name}: {quote}"
        return f"{self._before(each, said)}{told}{self._answer(each, said)}"

    def _source(self, place: str, quote: str) -> str:
        if f"{place} {quote}" in self.seen:
            return f"{place}, as above"
        head = self.evening.head(place)
        title = [] if head in self.seen else [each.lstrip("# ") for each in head.split("\n")[1:2]]
        under = "; ".join(dict.fromkeys([*title, *self.evening.above(place)]))
        self.seen |= {f"{place} {quote}", head}
        return f"{place}{f' ({material.harmless(under)})' if under else ''}: {quote}"

    def _before(self, each: Receipt, said: Set[str]) -> str:
        """The end of what was said just before, for what pronouns point at; nothing where that
        is a receipt of the note itself."""
        sentences = self.evening.sentences
        place = bisect_right(sentences, each.start + SLACK, key=attrgetter("end"))
        before = sentences[place - 1].text if place else ""
        if not before or before in said:
            return ""
        return f"{_bracketed(before, slice(-CONTEXT, None))} "

    def _answer(self, each: Receipt, said: Set[str]) -> str:
        """The beginning of what was said just after a question that is cited by itself."""
        sentences = self.evening.sentences
        place = bisect_left(sentences, each.end - SLACK, key=attrgetter("start"))
        asked = each.quote.endswith("?") and place < len(sentences)
        answer = sentences[place].text if asked else ""
        return f" {_bracketed(answer, slice(CONTEXT))}" if answer and answer not in said else ""


def _bracketed(sentence: str, part: slice) -> str:
    """Some words of what was said around a receipt; none of an order."""
    words = " ".join(sentence.split()[part])
    return HIDDEN if is_order(sentence) else f"[{material.harmless(words)}]"


def _absent(receipts: Sequence[Receipt], evening: Evening) -> Iterator[str]:
    """What was looked for in vain, a line for each stretch that was searched, and what was said
    there with other words of the same topics."""
    scopes: dict[tuple[float, float], list[str]] = {}
    for each in receipts:
        if each.kind == "absent":
            scopes.setdefault((each.start, each.end), []).append(material.harmless(each.quote))
    for (start, end), words in scopes.items():
        scope = f"{material.clock(start)} to {material.clock(end)}"
        yield f"a program looked in vain, in what was said from {scope}, for: {'; '.join(words)}"
    if said := _in_other_words(receipts, evening):
        yield f"{ALSO_SAID}: {said}"


def _in_other_words(receipts: Sequence[Receipt], evening: Evening) -> str:
    """What was said with other words of the topics that were looked for."""
    found = (
        said_in_other_words(each.quote.split(", "), each.start, each.end, evening)
        for each in receipts
        if each.kind == "absent"
    )
    said = dict.fromkeys(itertools.chain.from_iterable(found))
    return " | ".join(HIDDEN if is_order(each) else material.harmless(each) for each in said)
