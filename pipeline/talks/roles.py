"""What a speaker is, where the name is not known or does not say it: lists, words, behaviour."""

from collections.abc import Iterator, Mapping, Sequence

from pipeline.data import Utterance, Word, seconds_by_voice
from pipeline.event import EventInfo
from pipeline.talks.evidence import next_floor
from pipeline.talks.floor import Floor
from pipeline.talks.headings import AUDIENCE, MODERATOR, PANELIST
from pipeline.talks.heard import HeardName
from pipeline.talks.kinds import Segment
from pipeline.talks.lexicon import HONORIFICS, listed, stripped
from pipeline.talks.people import role_in
from pipeline.text import ends_sentence, unmarked

BRIEFLY = 0.2  # the share of a session that somebody in the audience has at most
SURE = 0.5  # probability of a word that may be part of a role
SENIOR = frozenset({"chief", "vice", "senior", "head", "vp", "general", "managing", "executive"})
SMALL = frozenset({"the", "a", "an", "our", "my", "his", "her", "their", "your", "is", "as", "and"})
# whose "of ..." is told by a word without a capital: "head of growth"
LEADING = frozenset({"head", "vp", "director", "president", "lead", "manager", "professor"})
OF = frozenset({"of", "at", "for"})
# after which stands what somebody does
DOING = frozenset(["i", "we", "you", "they", "who", "to", "can", "cannot", "will", "would", "not"])


def roles(
    room: Floor,
    drafts: Sequence[Segment],
    named: Mapping[str, str],
    heard: Sequence[Sequence[HeardName]],
    event: EventInfo,
) -> dict[str, str]:
    """Each speaker's role: the list's, the agenda's, their own words', the introduction's, the
    room's."""
    found = _behaviour(room, drafts)
    who = {name: speaker for speaker, name in named.items()}
    found |= _introduced(room, heard, who) | _own_words(room)
    of_agenda = {s: role_in(item.title, s) for item in event.agenda for s in item.speakers}
    of_list = {s: role for s, role in of_agenda.items() if role}
    of_list |= {person.name: person.role for person in event.people if person.role}
    return found | {s: of_list[name] for s, name in named.items() if name in of_list}


def _own_words(room: Floor) -> dict[str, str]:
    """What people say they are: "I'm a customer scientist"."""
    found: dict[str, str] = {}
    for place, utterance in enumerate(room.utterances):
        for cue in room.said(place, "self"):
            role = _claimed(utterance, cue.last + 1) if cue.side == "after" else None
            if role:
                found.setdefault(utterance.speaker, role)
    return found


def _claimed(utterance: Utterance, place: int) -> str | None:
    """The role right after "I'm", or after the name that is said there first."""
    words = utterance.words[place : place + 10]
    end = next((i for i, word in enumerate(words) if ends_sentence(word.text)), len(words) - 1)
    words = words[: end + 1]
    start = 0
    while start < len(words) and (unmarked(words[start].text) in SMALL or _named(words, start)):
        start += 1
    shown = [word.text for word in words]
    heads = [i for i in range(len(words)) if _is_role(shown, i)]
    if heads and _begin(words, heads[0]) <= start:
        return _stretched(words, heads)
    return None


def _named(words: Sequence[Word], place: int) -> bool:
    """Whether a word is part of a name with which a claim begins."""
    return place < 3 and words[place].text[:1].isupper() and not _is_role([words[place].text], 0)


def _introduced(
    room: Floor, heard: Sequence[Sequence[HeardName]], who: Mapping[str, str]
) -> dict[str, str]:
    """What those who call people up say they are."""
    found: dict[str, str] = {}
    for place, utterance in enumerate(room.utterances):
        calls = [cue.first for cue in room.said(place, "intro") if room.hands_over(place)]
        named = [name.mention.first for name in heard[place] if name.mention.full]
        for first in (*calls, *named):
            words = _sentence(utterance, first, 40)
            people = [n for n in heard[place] if utterance.words[n.mention.first] in words]
            after = None if people else next_floor(room, room.run(place))
            speaker, role = _meant(people, who) or after, _told(words)
            if speaker and role and speaker != utterance.speaker:
                found.setdefault(speaker, role)
    return found


def _meant(names: Sequence[HeardName], who: Mapping[str, str]) -> str | None:
    """The one person whom some names are of."""
    several = {n.mention.name for n in names if n.mention.full or n.mention.name in who}
    return who.get(several.pop()) if len(several) == 1 else None


def _sentence(utterance: Utterance, place: int, most: int) -> list[Word]:
    """The words of the sentence around a place, at most so many after it."""
    words = utterance.words
    first = min(place, len(words) - 1)
    while first > 0 and place - first < 14 and not ends_sentence(words[first - 1].text):
        first -= 1
    last = place
    while last < min(len(words), place + most) - 1 and not ends_sentence(words[last].text):
        last += 1
    return list(words[first : last + 1])


def _told(words: Sequence[Word]) -> str | None:
    """The role in some words."""
    shown = [word.text for word in words]
    heads = [i for i in range(len(words)) if _is_role(shown, i)]
    return _stretched(words, heads) if heads else None


def _is_role(shown: Sequence[str], place: int) -> bool:
    """Whether a word is a role: not "Doctor" before a name, "engineer community", or "I lead"."""
    if unmarked(shown[place]) not in listed("roles"):
        return False
    if place and unmarked(shown[place - 1]) in DOING:
        return False
    after = shown[place + 1] if place + 1 < len(shown) and shown[place][-1:] not in ",.;:!?" else ""
    if unmarked(shown[place]) in HONORIFICS:
        return not after[:1].isupper()
    low = unmarked(after)
    ends = not low or after[:1].isupper() or low in listed("not_names") | OF
    return ends or low in listed("roles")


def _stretched(words: Sequence[Word], heads: Sequence[int]) -> str:
    """A role around its head words: "founder and chief executive of Iron Kettle"."""
    first, last = _begin(words, heads[0]), heads[0]
    for head in heads[1:]:
        between = {unmarked(word.text) for word in words[last + 1 : head]}
        joined = not any(word.text[-1:] in ",." for word in words[last:head])
        if head - last <= 3 and joined and between <= SENIOR | {"and"}:
            last = head
    end = last
    if words[last].text[-1:] not in ",.?" and last + 1 < len(words):
        end = _complement(words, last)
    return " ".join(stripped(word.text) for word in words[first : end + 1])


def _begin(words: Sequence[Word], head: int) -> int:
    """Where a role begins: "data" of "data scientist"."""
    first = head
    while first > 0 and head - first < 3 and _modifies(words, first - 1):
        first -= 1
    return first


def _modifies(words: Sequence[Word], place: int) -> bool:
    low = unmarked(words[place].text)
    ordinary = low in SMALL | DOING or low in listed("not_names") - SENIOR
    ordinary = ordinary or (place > 0 and unmarked(words[place - 1].text) in DOING)
    return not ordinary and words[place].text[-1:] not in ",." and words[place].probability >= SURE


def _complement(words: Sequence[Word], last: int) -> int:
    """Where "of product", "at Saint Anne" ends, after the head of a role."""
    if unmarked(words[last + 1].text) not in OF:
        return last
    end = last + 1
    for place in range(last + 2, min(len(words), last + 6)):
        low = unmarked(words[place].text)
        if low in listed("not_names") and low != "the":
            break
        end = place
        capital = words[place].text[:1].isupper()
        if not capital and low != "the" and unmarked(words[last].text) not in LEADING:
            return last
        following = words[place + 1].text[:1] if place + 1 < len(words) else ""
        if words[place].text[-1:] in ",.?!" or (low != "the" and capital != following.isupper()):
            break
    return end if end > last + 1 and unmarked(words[end].text) != "the" else last


def _behaviour(room: Floor, drafts: Sequence[Segment]) -> dict[str, str]:
    """Host, moderator, audience member: by what people do in the room."""
    found = {speaker: AUDIENCE for speaker in _asking(room, drafts)}
    for draft in drafts:
        if draft.kind == "panel":
            found |= {s: PANELIST for s in draft.speakers if s not in found}
            found[_moderator(room, draft)] = MODERATOR
    talks = [draft for draft in drafts if draft.kind not in ("panel", "qa", "break")]
    found |= {draft.speakers[0]: "speaker" for draft in talks}
    return found | dict.fromkeys(room.hosts, "host")


def _asking(room: Floor, drafts: Sequence[Segment]) -> Iterator[str]:
    """Who speaks only in one session, and there only briefly."""
    for draft in drafts:
        spoken = seconds_by_voice(room.utterances[draft.stretch.first : draft.stretch.last + 1])
        whole = sum(spoken.values())
        for speaker, seconds in spoken.items():
            only_here = seconds > 0.99 * room.spoken[speaker]
            if draft.kind not in ("panel", "break") and only_here and seconds < BRIEFLY * whole:
                yield speaker


def _moderator(room: Floor, draft: Segment) -> str:
    """Whose turns on a panel end with a question most often, and who has most turns."""
    first, last = (room.run_of[p] for p in (draft.stretch.body, draft.stretch.last))
    runs = room.runs[first : last + 1]
    asked = {s: 0 for s in draft.speakers}
    turns = dict(asked)
    for run in runs:
        if run.speaker in asked:
            asked[run.speaker] += room.utterances[run.last].words[-1].text.endswith("?")
            turns[run.speaker] += 1
    return max(draft.speakers, key=lambda s: (asked[s], turns[s]))
