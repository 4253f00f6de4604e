"""What a speaker is, where the name is not known or does not say it: lists, words, behaviour."""

import re
from collections.abc import Iterable, Mapping, Sequence

from pipeline.data import Utterance
from pipeline.event import EventInfo
from pipeline.talks.evidence import next_floor
from pipeline.talks.heard import Heard
from pipeline.talks.kinds import Draft
from pipeline.talks.lexicon import bare, ends_sentence, listed, stripped
from pipeline.talks.room import Room, Run

BRIEFLY = 0.2  # the share of a Q&A that somebody in the audience has at most
SENIOR = frozenset({"chief", "vice", "senior", "head", "vp", "general", "managing", "executive"})
OF = frozenset({"of", "at", "for", "in", "and"})
SMALL = frozenset({"the", "a", "an", "our", "my", "his", "her", "their", "your", "is", "as"})
LEADS = re.compile(r"^(?:i|we)$")


def roles(
    room: Room,
    drafts: Sequence[Draft],
    named: Mapping[str, str],
    event: EventInfo,
    lead: frozenset[str],
) -> dict[str, str]:
    """Each speaker's role: the list's, their own words', the introduction's, the room's."""
    listed_roles = {person.name: person.role for person in event.people if person.role}
    found: dict[str, str] = {}
    for source in (_behaviour(room, drafts, lead), _introduced(room), _own_words(room)):
        found |= source
    return found | {s: listed_roles[n] for s, n in named.items() if n in listed_roles}


def _own_words(room: Room) -> dict[str, str]:
    """What people say they are: "I'm a customer scientist", "head of payments here"."""
    found: dict[str, str] = {}
    for place, utterance in enumerate(room.utterances):
        for cue in room.said(place, "self"):
            if cue.side == "after" and utterance.speaker not in found:
                role = phrase(utterance, cue.last + 1, cue.last + 8)
                if role:
                    found[utterance.speaker] = role
    return found


def _introduced(room: Room) -> dict[str, str]:
    """What those who call people up say they are, or the company that they are from."""
    found: dict[str, str] = {}
    for place, utterance in enumerate(room.utterances):
        for cue in room.said(place, "intro"):
            run = room.run(place)
            speaker = next_floor(room, run) if room.hands_over(place) else None
            if speaker and speaker not in found:
                role = phrase(utterance, cue.first - 12, cue.last + 14) or company(
                    utterance, cue.first, len(utterance.words)
                )
                if role:
                    found[speaker] = role
    return found


def phrase(utterance: Utterance, first: int, end: int) -> str | None:
    """A role within some words: "VP of product", "data scientist at Saint Anne"."""
    words = utterance.words[max(0, first) : end]
    for place, word in enumerate(words):
        if bare(word.text) in listed("roles"):
            return _stretched([stripped(w.text) for w in words], place, [w.text for w in words])
    return None


def _stretched(words: Sequence[str], place: int, shown: Sequence[str]) -> str | None:
    """The role around its head word: two words before it, and what it is head of."""
    first = place
    while first > 0 and place - first < 3:
        before = bare(words[first - 1])
        if (
            before in SMALL
            or before in listed("not_names") - SENIOR
            or shown[first - 1][-1:] in ",."
        ):
            break
        first -= 1
    last = place
    while last + 1 < len(words) and last - place < 4 and shown[last][-1:] not in (",", ".", "?"):
        following = bare(words[last + 1])
        goes_on = (
            following in OF - {"and"} if last == place else following not in listed("not_names")
        )
        if not goes_on and following not in ("the",):
            break
        last += 1
    while last > place and bare(words[last]) in OF | SMALL:
        last -= 1
    return " ".join(words[first : last + 1])


def company(utterance: Utterance, first: int, end: int) -> str | None:
    """ "BetaSense speaker", of "... from BetaSense"; None where no capitals tell a company."""
    words = [word.text for word in utterance.words]
    for place in range(max(0, first - 6), min(end, len(words)) - 1):
        if bare(words[place]) in ("from", "at") and words[place + 1][:1].isupper():
            taken = []
            for text in words[place + 1 : place + 4]:
                if not text[:1].isupper():
                    break
                taken.append(stripped(text))
                if ends_sentence(text) or text.endswith(","):
                    break
            return f"{' '.join(taken)} speaker"
    return None


def _behaviour(room: Room, drafts: Sequence[Draft], lead: frozenset[str]) -> dict[str, str]:
    """Host, moderator, audience member: by what people do in the room."""
    found = {speaker: "audience member" for speaker in _asking(room, drafts)}
    for draft in drafts:
        if draft.kind == "panel":
            found |= {speaker: "panelist" for speaker in draft.speakers}
            found[_moderator(room, draft)] = "moderator"
    found |= {s: "speaker" for d in drafts if d.kind in ("talk", "keynote") for s in d.speakers[:1]}
    return found | dict.fromkeys(lead, "host")


def _asking(room: Room, drafts: Sequence[Draft]) -> Iterable[str]:
    for draft in drafts:
        places = range(draft.stretch.first, draft.stretch.last + 1)
        runs: list[Run] = [room.runs[r] for r in sorted({room.run_of[p] for p in places})]
        whole = sum(run.spoken for run in runs)
        for speaker in {run.speaker for run in runs}:
            spoken = sum(run.spoken for run in runs if run.speaker == speaker)
            brief = spoken < BRIEFLY * whole and spoken == room.spoken[speaker]
            if draft.kind not in ("panel", "break") and brief:
                yield speaker


def _moderator(room: Room, draft: Draft) -> str:
    """Who opens a panel and whose turns others follow most."""
    runs = [
        room.runs[r]
        for r in range(room.run_of[draft.stretch.body], room.run_of[draft.stretch.last] + 1)
    ]
    turns = {s: sum(run.speaker == s for run in runs) for s in draft.speakers}
    asked = {s: sum(run.speaker == s and _asks(room, run) for run in runs) for s in draft.speakers}
    return max(draft.speakers, key=lambda s: (asked[s], turns[s]))


def _asks(room: Room, run: Run) -> bool:
    return room.utterances[run.last].words[-1].text.endswith("?")


def of_heard(heard: Sequence[Heard]) -> set[str]:
    """The names in some words."""
    return {name.mention.name for name in heard}
