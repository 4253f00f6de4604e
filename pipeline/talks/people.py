"""Names as they are heard: those of the event's lists by sound, others by their looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline.event import EventInfo
from pipeline.talks.cues import bare
from pipeline.talks.sound import alike, plain

HONORIFICS = frozenset("dr doctor professor prof mr mrs ms miss sir dame".split())
# words that are no part of a name, where a name could begin or go on
ORDINARY = frozenset(
    """a about after again all also always am an and any are as at audience back be because been
    before being both but by can chief could day did do does doing don't down each everybody everyone
    executive few first folks for from get go going good great guest guys had happy has have he head
    her here hers hi him his how i i'm i've if in into is it it's its join just know ladies last lead
    leader let like little lot made make me more most much my name next no not now of off officer oh
    ok okay on one or our out over panel please president really right said say second see she
    short so some speaker speakers stage still such sure sure take talk team thank thanks that that's
    the their them then there these they thing think this those time to today tonight too two up us
    very vice want was way we we're welcome well were what when where which who who's whose why will
    with would yeah yes you you're your yours is he's she's they're we'll i'll founder cofounder
    director manager engineer scientist lady gentleman gentlemen friend colleague colleagues moderator
    host minutes question questions new york everybody's speaking calling talking working""".split()
)
ROLES = frozenset("ceo cto cfo coo cmo cpo vp svp evp phd ai ml gpu api llm q&a".split())
# first names that are also words: alone, in text without capitals, they say nothing
ALSO_WORDS = frozenset(
    """grace mark will may rose bill art jack joy hope faith dawn max guy dean miles chase grant
    frank rich gene don ray said chen wei per ed al ken pat sue ram aria asha iris jean kay kim lin
    ling mina morgan parker ross sandy stan theo tony van jordan georgia virginia florence melody
    daisy hazel holly lily penny ruby jay rick rob drew mike harsh jun jing jo angus tara mei""".split()
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A name in an utterance: words `first` to `last`; `known` names are of the event's lists."""

    name: str
    first: int
    last: int
    likeness: float
    known: bool
    full: bool


@cache
def given_names() -> frozenset[str]:
    """The first names of given_names.txt."""
    lines = Path(__file__).with_name("given_names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


class Roster:
    """The people of an event's lists, found in speech by sound as well as spelling."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self._parts = {name: tuple(part for part in name.split() if part) for name in self.names}
        self._plain = {part: plain(part) for parts in self._parts.values() for part in parts}

    @classmethod
    def of(cls, event: EventInfo) -> "Roster":
        """Everyone whom event.toml names."""
        people = [person.name for person in event.people]
        agenda = [name for item in event.agenda for name in item.speakers]
        return cls([*people, *agenda, *event.names.values()])

    def namesakes(self, first_name: str) -> tuple[str, ...]:
        """The full names that begin or end so."""
        wanted = plain(first_name)
        ends = ((name, self._parts[name]) for name in self.names)
        return tuple(name for name, parts in ends if wanted in map(plain, (parts[0], parts[-1])))

    def at(self, words: Sequence[str], first: int, bar: float) -> Heard | None:
        """The listed name that begins at a word, whole or its first name; the likest over `bar`."""
        best: Heard | None = None
        for name in self.names:
            for heard in self._readings(name, words, first):
                if heard.likeness >= bar and (best is None or _better(heard, best)):
                    best = heard
        return best

    def _readings(self, name: str, words: Sequence[str], first: int) -> list[Heard]:
        parts = self._parts[name]
        found = []
        for size in range(max(1, len(parts) - 1), len(parts) + 3):
            if first + size > len(words) or (len(parts) > 1 and size == 1):
                continue
            likeness = alike(name, " ".join(words[first : first + size]))
            found.append(Heard(name, first, first + size - 1, likeness, True, True))
        if len(parts) > 1:
            likeness = alike(parts[0], words[first])
            if likeness >= 0.88 and (likeness == 1.0 or words[first] not in ORDINARY):
                found.append(Heard(name, first, first, likeness - 0.02, True, False))
        return found


def _better(one: Heard, other: Heard) -> bool:
    """A whole name beats a first name unless it is much less like; otherwise the likest."""
    if one.full != other.full:
        return one.likeness > other.likeness - (0.12 if one.full else -0.12)
    return one.likeness > other.likeness


def unlisted(shown: Sequence[str], first: int, sure: bool = False) -> Heard | None:
    """A name that no list has, beginning at a word: a first name, and the capitalised surname.

    Text without capitals yields only the first name: where a surname would end is a guess. A
    strange first name counts as one after "my name is" (`sure`); elsewhere it is half believed.
    """
    while first < len(shown) and bare(shown[first]) in HONORIFICS:
        first += 1
    taken: list[str] = []
    for place in range(first, min(first + 3, len(shown))):
        word = shown[place].strip('"“”‘().,;:!?…')
        if not _could_be_name(word, bool(taken)):
            break
        taken.append(word)
        if shown[place][-1:] in ".,;:!?…":
            break
    if not taken:
        return _uncased(shown, first)
    familiar = plain(taken[0]) in given_names()
    if not familiar and not sure and len(taken) != 2:
        return None
    likeness = 1.0 if familiar or sure else 0.7
    return Heard(" ".join(taken), first, first + len(taken) - 1, likeness, False, len(taken) > 1)


def _uncased(shown: Sequence[str], first: int) -> Heard | None:
    if first >= len(shown) or any(word[:1].isupper() for word in shown if word[:1] != "I"):
        return None
    name = plain(shown[first])
    if name not in given_names() or name in ALSO_WORDS:
        return None
    return Heard(name.title(), first, first, 0.9, False, False)


def _could_be_name(word: str, later: bool) -> bool:
    low = bare(word)
    if len(low) < 2 or low in ORDINARY or low in ROLES or low.endswith("'s"):
        return False
    return word[:1].isupper() and (later or not word.isupper())
