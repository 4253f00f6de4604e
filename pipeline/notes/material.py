"""An evening as a model gets to see it: data between markers that nothing said in it can close."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby
from typing import TypeVar

from pipeline.claims import sentences
from pipeline.claims.omissions import Caveats
from pipeline.claims.sentences import Sentence
from pipeline.data import Outline, RoomSound, Utterance, Word
from pipeline.llm.conversation import estimate
from pipeline.notes.checks.verify import NEAR
from pipeline.notes.evening import Evening, SourceText
from pipeline.notes.prompt_injection import HIDDEN, is_order, without_orders

T = TypeVar("T")
LINE = 12  # tokens of an utterance's number, time and speaker
HEAD = 3  # lines of a file
SMALLEST = 200  # tokens of a piece of a transcript, however little room there is
OVERLAP = 0.08  # of a piece of a transcript, shown again at the start of the next
_MARKS = str.maketrans("<>{}", "\u2039\u203a()")

Placed = dict[tuple[int, int], list[str]]  # by utterance and number of its words before


def harmless(text: str) -> str:
    """Text on one line that can neither close a marker nor look like a sound."""
    return " ".join(text.translate(_MARKS).split())


def clock(seconds: float) -> str:
    """Minutes and seconds: 65.2 is "1:05"."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def listed(lines: Iterable[str]) -> str:
    """One a line, or "none"."""
    return "\n".join(lines) or "none"


def short(speaker: str) -> str:
    """A voice as the model sees it: "SPEAKER_03" is "S03"."""
    return speaker.replace("SPEAKER_", "S", 1)


def event(evening: Evening) -> str:
    """What a person knew beforehand; agenda and announcement are numbered: they may be cited."""
    info, promised = evening.event, evening.announcement
    people = (f"person: {person.name}, {person.role}" for person in info.people)
    blurb = (f"{promised.name}:{n}: {line}" for n, line in enumerate(promised.lines, start=1))
    links = (f"link: {link.url} {link.note}" for link in info.links)
    terms = [f"terms: {', '.join(info.glossary)}"] if info.glossary else []
    told = map(harmless, (*people, *blurb, *links, *terms))
    return listed(filter(None, (programme(evening), *told)))


def programme(evening: Evening) -> str:
    """What an event is called, when and where it is, and its agenda; empty where nobody told."""
    info = evening.event
    agenda = (
        f"agenda {number}: {item.time} {item.title} {', '.join(item.speakers)}"
        for number, item in enumerate(info.agenda, start=1)
    )
    told = filter(None, (info.title, info.date, info.place, *agenda))
    return "\n".join(map(harmless, told))


def people(outline: Outline) -> str:
    """Whose names or roles are known."""
    known = (speaker for speaker in outline.speakers if speaker.name or speaker.role)
    return listed(
        dict.fromkeys(harmless(", ".join(filter(None, (one.name, one.role)))) for one in known)
    )


def topics(caveats: Caveats) -> str:
    """What honest versions of each kind of claim mention: the names of the topics alone."""
    return listed(
        f"{kind}: {'; '.join(topic.topic for topic in some)}" for kind, some in caveats if some
    )


def sources(texts: Sequence[SourceText]) -> str:
    """Files line by line, each under the name by which its lines are cited."""
    return listed(line for text in map(without_orders, texts) for line in _file(text))


def _file(text: SourceText) -> Iterator[str]:
    yield f"[{harmless(text.name)}]"
    for number, line in enumerate(text.lines, start=1):
        if line.strip():
            yield f"{number}: {harmless(line)}"


def heads(texts: Sequence[SourceText]) -> str:
    """The first lines of each file: enough to know what it is."""
    return sources([replace(text, lines=text.lines[:HEAD]) for text in texts])


def transcript(said: Sequence[Utterance], evening: Evening, by_voice: bool = False) -> str:
    """A line an utterance: number, time, speaker, words, and the sounds where they were heard;
    `by_voice` with the voices' numbers for the names, which are asked for.

    What surely gives orders to a note-taker is not shown, but that it was said is.
    """
    after = _places(said, evening.sounds)
    hidden: dict[Word, str] = {}
    for order in (each for each in sentences.sentences_of(tuple(said)) if is_order(each.text)):
        hidden |= dict.fromkeys(order.words, "") | {order.words[0]: f"{{{HIDDEN.strip('[]')}}}"}

    def told(one: Utterance) -> str:
        who = short(one.speaker) if by_voice else evening.called(one.speaker)
        return f"[{one.id}] {clock(one.start)} {harmless(who)}: {_line(one, after, hidden)}"

    return listed(map(told, said))


def _line(one: Utterance, after: Placed, hidden: Mapping[Word, str]) -> str:
    """The words of an utterance, with what is heard or hidden between them in braces."""
    shown: list[str] = list(after.get((one.id, 0), ()))
    for place, word in enumerate(one.words, start=1):
        shown.append(hidden.get(word, harmless(word.text)))
        shown += after.get((one.id, place), ())
    return " ".join(filter(None, shown))


def _places(said: Sequence[Utterance], sounds: Sequence[RoomSound]) -> Placed:
    """Sounds by the utterance, and after how many of its words, they begin."""
    placed: Placed = {}
    for number, sound in enumerate(sounds):
        if not said or sound.end < said[0].start - NEAR or sound.start > said[-1].end + NEAR:
            continue
        begun = [one for one in said if one.start <= sound.start]
        one = begun[-1] if begun else said[0]
        if sound.start > one.end + NEAR:
            continue  # it is about words that are not shown
        place = sum(word.start <= sound.start for word in one.words)
        seconds = max(1, round(sound.end - sound.start))
        placed.setdefault((one.id, place), []).append(f"{{{sound.kind} #{number}, {seconds} s}}")
    return placed


def size(said: Sequence[Utterance]) -> int:
    """About how many tokens a transcript of these takes."""
    return sum(estimate(one.text) + LINE for one in said)


def source_size(text: SourceText) -> int:
    """About how many tokens a file is, with the numbers of its lines."""
    return estimate(text.text) + LINE * len(text.lines)


def up_to(some: Iterable[T], room: int, size: Callable[[T], int]) -> list[T]:
    """As many of the first as fit into so many tokens."""
    kept: list[T] = []
    for each in some:
        room -= size(each)
        if room < 0:
            break
        kept.append(each)
    return kept


def pieces(said: Sequence[Utterance], room: int) -> tuple[tuple[Utterance, ...], ...]:
    """Utterances in pieces of at most `room` tokens, cut between sentences, with some overlap.

    A part of an utterance keeps its number.
    """
    if size(said) <= room:
        return (tuple(said),)
    thoughts = sentences.sentences_of(tuple(said))
    return tuple(utterances(thoughts[a:b]) for a, b in _cuts(thoughts, max(SMALLEST, room)))


def _cuts(thoughts: Sequence[Sentence], room: int) -> list[tuple[int, int]]:
    """(first, last + 1) of the sentences of each piece."""
    cuts: list[tuple[int, int]] = []
    costs = [estimate(each.text) + LINE for each in thoughts]
    first, spent = 0, 0
    for place, cost in enumerate(costs):
        if spent + cost > room and place > first:
            cuts.append((first, place))
            first = place - _overlap(costs[first:place], room)
            spent = sum(costs[first:place])
        spent += cost
    return [*cuts, (first, len(thoughts))]


def _overlap(costs: Sequence[int], room: int) -> int:
    """How many sentences from the end of a piece are shown again; never all of them."""
    return sum(spent <= room * OVERLAP for spent in accumulate(reversed(costs[1:])))


def utterances(thoughts: Iterable[Sentence]) -> tuple[Utterance, ...]:
    """Sentences as utterances again."""
    return tuple(
        Utterance(number, speaker, tuple(word for each in same for word in each.words))
        for (number, speaker), same in groupby(thoughts, key=lambda s: (s.utterance, s.speaker))
    )
