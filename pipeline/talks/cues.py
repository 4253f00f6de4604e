"""What people say when the floor changes hands: a table of English phrases, meant to be edited.

Phrases are matched against an utterance in lower case without punctuation, so that recognisers
which give neither are no worse off. Events in another language get no cues (`spoken_in_english`);
pauses, applause and who speaks still cut them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.data import Utterance, Word

# kind, where a name stands ("after" the phrase, "before" it, "around": either, "": none), phrase
TABLE: tuple[tuple[str, str, str], ...] = (
    # the next one is called up
    ("intro", "after", r"(?:please |let us |lets |let's |warm(?:ly)? |and |to )welcome(?! back\b)"),
    ("intro", "before", r"welcome to the stage|welcome (?:him|her|them) (?:up|on stage)"),
    ("intro", "after", r"(?:please|stage|now) welcome|welcome (?:back )?(?:to the )?stage"),
    ("intro", "after", r"give it up (?:for|once more for)?|give it up"),
    ("intro", "after", r"(?:big|warm|huge|loud) (?:round of applause|hand|welcome) (?:for|to)"),
    ("intro", "after", r"round of applause for|hands together for|make some noise for"),
    ("intro", "after", r"next up(?: is| we have)?|up next(?: is| we have)?|next on stage"),
    (
        "intro",
        "after",
        r"(?:our|my|the|first|tonight's) (?:next|first|second|third|last|final|opening"
        r"|closing|keynote) (?:keynote )?(?:speaker|guest|talk|presenter|panelist|one|session)",
    ),
    (
        "intro",
        "after",
        r"(?:and |now )?over to (?:you )?|hand(?:ing)? (?:it |things |you |the mic "
        r"|the stage |the floor )?over to|turn (?:it|things) over to|hand (?:it|you) to",
    ),
    ("intro", "after", r"(?:to|me|we|will|i'll|us) (?:now )?introduce(?: you to)?|introducing"),
    ("intro", "after", r"(?:to|we|will|we'll|let's|now) hear (?:now )?(?:directly )?from"),
    ("intro", "after", r"joined (?:now |today |tonight |on stage |here )?by|(?:to|please) join me"),
    (
        "intro",
        "after",
        r"(?:to|i'd|me|we|will|like to) (?:now )?(?:invite|bring (?:up|out|on)|call "
        r"(?:up|on))|bring (?:up|out|to the stage)|invite (?:up|on stage|to the stage)",
    ),
    ("intro", "around", r"(?:the )?(?:floor|stage|mic|microphone) is (?:all )?yours"),
    ("intro", "around", r"take it away|come (?:on )?up(?: here| on stage| to the stage)?(?! with)"),
    ("intro", "after", r"please (?:give|put)(?: a| your)?"),
    # the last one is dismissed
    (
        "thanks",
        "after",
        r"thank you(?: so| very)?(?: much)?(?: indeed| again)?|thanks"
        r"(?: so much| a lot| again| very much)?(?! to\b)",
    ),
    (
        "thanks",
        "after",
        r"that was|another (?:big )?(?:hand|round of applause) for|one more time for",
    ),
    (
        "end",
        "",
        r"thank you(?: all| everyone| everybody)?(?: so| very)?(?: much)?"
        r"(?: for (?:listening|having me|your (?:time|attention)|coming))?$",
    ),
    (
        "end",
        "",
        r"thanks (?:everyone|everybody|all|a lot|so much)$|thanks for listening|that's my "
        r"(?:time|talk)|that is my (?:time|talk)|i'll (?:stop|leave it) there",
    ),
    # who I am
    ("self", "after", r"my name(?:'s| is)|name is"),
    ("self", "after", r"i'm|i am|im"),
    ("self", "after", r"this is|it's|call me"),
    (
        "self",
        "before",
        r"(?<=\w )here(?= (?:and|i|we|from|at|with|head|lead|ceo|cto|founder|vp)\b|$)",
    ),
    # questions
    (
        "qa",
        "",
        r"open (?:it |this |things |the floor |the room )?(?:up )?(?:for|to) (?:some |your |the "
        r"|audience )*(?:questions?|audience|room|q and a|qanda)",
    ),
    (
        "qa",
        "",
        r"(?:take|have time for|got time for|time for|answer|start with|move to|go to|move on to)"
        r" (?:some |a few |a couple of |your |audience |the |any |two |three |four |more )*"
        r"(?:questions|q and a|qanda|q a\b)",
    ),
    (
        "qa",
        "",
        r"(?:any|your|audience) questions(?: from| for|$)|questions from the (?:audience|floor"
        r"|room|crowd)|who has (?:a|the first) question|(?:the )?first question(?: please| is| from"
        r"|$)|happy to (?:take|answer)",
    ),
    # the floor is nobody's
    (
        "break",
        "",
        r"(?:take|have|for|time for|into|to) (?:a|the|our|an) (?:\w+ ){0,3}break\b"
        r"|coffee break|lunch break|(?:break|lunch) (?:is served|time)|break for (?:lunch|coffee)"
        r"|back (?:here )?(?:at|in) (?:\w+ ){0,3}(?:minutes|o'clock|thirty|fifteen|past|sharp|hour|\d)"
        r"|(?:lunch|coffee|drinks) (?:is|are) (?:served|outside|ready|next door|in the)",
    ),
    (
        "back",
        "",
        r"welcome back|(?:find|take) your seats|(?:please )?(?:sit down|take a seat) everyone"
        r"|(?:let's|we) (?:get|are) (?:started|going) again",
    ),
    # the evening begins and ends
    (
        "open",
        "",
        r"good (?:morning|afternoon|evening)|welcome (?:everyone|everybody|all|to(?! the stage"
        r"))|hello (?:everyone|everybody|and welcome)|thanks for (?:coming|joining)",
    ),
    (
        "close",
        "",
        r"that(?:'s| is| was) (?:all|it|a wrap)(?: for (?:today|tonight|this))?"
        r"|brings us to the (?:end|close)|wraps? (?:things |it |us |this )?up|safe (?:travels|trip|journey"
        r"|way)|get home safe|see you (?:all )?(?:next (?:year|time|month)|in \w+ next)|good ?night"
        r"|thank(?:s| you) (?:all |everyone |everybody )?(?:so much |very much )?for coming"
        r"|close (?:out )?the (?:day|evening|night|event)|end of (?:the|our) (?:day|evening|event|program)",
    ),
    # what comes
    (
        "panel",
        "",
        r"(?:our|the|a|this|next|final|today's|tonight's|moderate|moderating|moderator"
        r"|discussion) (?:\w+ ){0,2}panel(?: discussion)?\b|panel(?:ists| discussion)|fireside chat"
        r"|round ?table",
    ),
    ("keynote", "", r"keynotes?"),
    ("lightning", "", r"lightning(?: talks?| round| session)?"),
    (
        "sponsored",
        "",
        r"(?:our|the|a|from|by|gold|platinum|diamond|silver|title|headline) (?:\w+ ){0,2}"
        r"sponsors?\b|sponsored by|brought to you by",
    ),
)
QUOTING = re.compile(
    r"\b(?:(?:he|she|they|it|who|voice|announcer|host|presenter|emcee|mc|somebody|someone|"
    r"everybody|people|i|we|slide|saying|just|and then) (?:just |always |then |actually )?"
    r"(?:said|say|says|saying|goes|went|shouted|announced|introduced|told|like|reads?)"
    r"|quote|used to say|would say|was like|were like|told me|announced|called out|in my head|"
    r"remember when|imagine)\b(?! that\b)"
)
ENGLISH = frozenset(
    "the and to of a in that is it for we you this on with are be as have at our not but what".split()
)
_ROWS = tuple((kind, side, re.compile(rf"\b(?:{text})")) for kind, side, text in TABLE)
_DROP = re.compile(r"[^\w' ]+")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase of the table, found: `first` and `last` are places of words in the utterance."""

    kind: str
    side: str
    utterance: int
    first: int
    last: int
    time: float
    quoted: bool = False


def bare(word: str) -> str:
    """A word as the table is matched against: "Thanks," -> "thanks", "Q&A" -> "qanda"."""
    return _DROP.sub("", word.replace("’", "'").replace("&", "and").casefold()).strip("' ")


def find(utterance: Utterance, place: int) -> tuple[Cue, ...]:
    """Every cue of an utterance, in order; `place` is its index among the utterances."""
    words = [bare(word.text) or "-" for word in utterance.words]
    text = " ".join(words)
    starts = _word_at(words)
    found = []
    for kind, side, pattern in _ROWS:
        for match in pattern.finditer(text):
            first, last = starts[match.start()], starts[max(match.start(), match.end() - 1)]
            time = utterance.words[first].start
            quoted = _quoted(words, utterance.words, first)
            found.append(Cue(kind, side, place, first, last, time, quoted))
    return tuple(sorted(found, key=lambda cue: (cue.first, -cue.last)))


def _word_at(words: Sequence[str]) -> list[int]:
    """For every character of the joined words, the index of the word it belongs to."""
    return [index for index, word in enumerate(words) for _ in range(len(word) + 1)]


def _quoted(words: Sequence[str], shown: Sequence[Word], first: int) -> bool:
    """Whether the words are somebody else's: "and he said, please welcome ..."."""
    if shown[first].text[:1] in "\"“'‘" and not shown[first].text[1:2].islower():
        return True
    return bool(QUOTING.search(" ".join(words[max(0, first - 6) : first])))


def spoken_in_english(utterances: Sequence[Utterance]) -> bool:
    """Whether the table applies: a fifth of English speech is made of a few small words."""
    words = [bare(word.text) for utterance in utterances[:400] for word in utterance.words]
    return sum(word in ENGLISH for word in words) >= 0.15 * len(words)
