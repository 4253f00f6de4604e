"""Names in speech: those that are known, word for word, and strange ones by their looks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.event import EventInfo
from pipeline.talks.lexicon import HONORIFICS, listed, stripped
from pipeline.talks.spelling import dictionary
from pipeline.text import ends_sentence, folded, unmarked

PARTICLES = frozenset({"van", "von", "de", "der", "la", "di", "da", "bin", "al", "el", "del"})
# what stands around a name in a title
_BETWEEN = re.compile(
    r"\s*([:;,(){}|?\u2013\u2014/]|\s-\s|(?<=[a-z]{3})\.\s|\b(?i:with|by|and|feat\.?)\s|&)\s*"
)
_ROLE = 4  # words of a role: "head of customer success"; more of them are a subject
PLACES = frozenset({"of", "at", "from", "called", "in", "the"})  # then a company, not a person


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in an utterance, words `first` to `last`; not `full` where only a part was said."""

    name: str
    first: int
    last: int
    full: bool
    known: bool  # of a list, or with a common first name

    @property
    def first_name(self) -> str:
        """The first word of it, as words are compared."""
        return folded(self.name.split()[0])


def with_speakers(event: EventInfo) -> EventInfo:
    """The event with the people whom titles of its agenda name as those items' speakers."""
    agenda = tuple(
        item
        if item.speakers
        else item.model_copy(update={"speakers": people_in(item.title, event.language)})
        for item in event.agenda
    )
    return event.model_copy(update={"agenda": agenda})


def people_in(title: str, language: str | None = "en") -> tuple[str, ...]:
    """Who is named in a title as organisers write it: "Keynote: Ada Park, CEO".

    Two or three capitalised words, of which the first is a common first name, or that a role
    follows, or that stand behind the title's subject and are no words of its language.
    """
    parts = [part.strip() for part in _BETWEEN.split(title)]
    between = ["", *parts[1::2]]
    found = []
    for sign, part, after in zip(between, parts[::2], [*parts[2::2], ""], strict=True):
        words = part.split()
        words = words[1:] if words and unmarked(words[0]) in HONORIFICS else words
        if not 2 <= len(words) <= 3 or not all(map(_like_a_name, words)):
            continue
        is_role = set(map(unmarked, after.split())) & listed("roles")
        behind = language is not None and sign not in ("", ",")
        strange = behind and not any(map(dictionary(language or ""), words))
        if _is_given(words[0]) or is_role or strange:
            found.append(" ".join(words))
    return tuple(found)


def role_in(title: str, name: str) -> str:
    """What a title says behind a name that somebody is: "CEO" of "Keynote: Ada Park, CEO"."""
    after = re.search(rf"{re.escape(name)},\s*([^,;:()]+)", title)
    told = re.split(r"[|?/\u2013\u2014]|\s-\s|\.\s", after.group(1))[0].split() if after else []
    is_role = len(told) <= _ROLE and set(map(unmarked, told)) & listed("roles")
    return " ".join(told) if is_role else ""


class Roster:
    """The people who may be in the room, found in speech by their names as they are written."""

    def __init__(self, listed: Iterable[str], heard: Iterable[str] = ()) -> None:
        self.listed = frozenset(listed)
        self.names = tuple(dict.fromkeys([*listed, *heard]))
        self._by_first: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        self._by_last: dict[str, list[str]] = {}
        for name in self.names:
            parts = tuple(folded(part) for part in name.split() if folded(part))
            if parts:
                self._by_first.setdefault(parts[0], []).append((name, parts))
                self._by_last.setdefault(parts[-1], []).append(name)

    @classmethod
    def of(cls, event: EventInfo) -> "Roster":
        """Everyone whom event.toml names."""
        people = [person.name for person in event.people]
        agenda = [name for item in event.agenda for name in item.speakers]
        return cls([*people, *agenda, *event.names.values()])

    def called(self, part: str) -> tuple[str, ...]:
        """The people whose first or last name this is."""
        firsts = [name for name, _ in self._by_first.get(folded(part), ())]
        if not firsts and len(folded(part)) > 2:  # "Raj" is short for Rajesh
            firsts = [name for name in self.names if folded(name).startswith(folded(part))]
        return tuple(dict.fromkeys([*firsts, *self._by_last.get(folded(part), ())]))

    def mentions(self, shown: Sequence[str]) -> list[Mention]:
        """Every name in some words, the whole one where it is said; never a possessive."""
        found: list[Mention] = []
        words = [folded(text) for text in shown]
        place = 0
        while place < len(words):
            mention = self._at(words, shown, place)
            if mention and not unmarked(shown[mention.last]).endswith("'s"):
                found.append(mention)
            place = mention.last + 1 if mention else place + 1
        return found

    def _at(self, words: Sequence[str], shown: Sequence[str], place: int) -> Mention | None:
        capital = shown[place][:1].isupper()
        if not (capital or words[place] in self._by_first or words[place] in self._by_last):
            return None
        for name, parts in self._by_first.get(words[place], ()):
            if tuple(words[place : place + len(parts)]) == parts:
                return Mention(name, place, place + len(parts) - 1, True, True)
        if words[place] in self._by_first and capital:
            return Mention(stripped(shown[place]).title(), place, place, False, True)
        if capital and self._is_short(words[place]):
            return Mention(stripped(shown[place]), place, place, False, True)
        whose = self._by_last.get(words[place], ())
        if len(whose) != 1:
            return None
        titled = place > 0 and unmarked(shown[place - 1]) in HONORIFICS
        return Mention(whose[0], place, place, True, True) if titled else None

    def _is_short(self, word: str) -> bool:
        """Whether a word that means nothing else is short for one person's first name."""
        if len(word) < 3 or word in listed("not_names"):
            return False
        return len([first for first in self._by_first if first.startswith(word)]) == 1


def unlisted_name(shown: Sequence[str], first: int, sure: bool) -> Mention | None:
    """A name that no list has, beginning at a word: a first name and a capitalised surname.

    After "my name is" (`sure`) any capitalised word is a name; elsewhere one that no list of first
    names has needs another after it, and does not count as `known`.
    """
    while first < len(shown) and unmarked(shown[first]) in HONORIFICS:
        first += 1
    taken = _capitalised(shown, first)
    familiar = bool(taken) and _is_given(taken[0])
    company = first > 0 and unmarked(shown[first - 1]) in PLACES
    words = all(map(dictionary("en"), taken))  # "Deputy Minister"
    if not familiar and (words or company or (not sure and len(taken) != 2)):
        return None
    last = first + len(taken) - 1
    return Mention(" ".join(taken), first, last, len(taken) > 1, familiar or sure)


def _capitalised(shown: Sequence[str], first: int) -> list[str]:
    """The words of a name at most that begin at a word, to the next comma."""
    taken: list[str] = []
    for place in range(first, min(first + 3, len(shown))):
        word = stripped(shown[place])
        if not _like_a_name(word) and not (taken and word in PARTICLES):
            break
        if len(taken) == 2 and unmarked(taken[1]) not in PARTICLES:
            break
        taken.append(word)
        if ends_sentence(shown[place]) or shown[place].endswith((",", ";", ":")):
            break
    return taken


def begins_name(shown: Sequence[str], place: int) -> bool:
    """Whether a word does not go on the name that the word before it began."""
    before = shown[place - 1] if place else "."
    open_ended = before[:1].isupper() and before[-1:] not in ",.!?;:"
    return (
        not open_ended or unmarked(before) in HONORIFICS or unmarked(before) in listed("not_names")
    )


def _is_given(word: str) -> bool:
    return folded(word) in listed("given_names")


def is_first_name(word: str) -> bool:
    """Whether a capitalised word is a common first name and nothing else."""
    return word[:1].isupper() and _is_given(word)


def _like_a_name(word: str) -> bool:
    low = unmarked(word)
    if len(low) < 2 or low in listed("not_names") or low.endswith("'s"):
        return False
    return word[:1].isupper() and not (word.isupper() and len(word) > 2)
