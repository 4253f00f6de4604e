"""What a person in the room would not cut as the floor alone says: rules over the stretches."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.talks.room import HAND_OVER, Room
from pipeline.talks.split import Stretch
from pipeline.talks.stretch import announced, by_host, is_break, joined, seconds, silence, speech

GUEST = 240.0  # seconds; who is called up for longer gives a talk of their own
IN_TURN = 1.25  # as much as the other, without applause: two who give a talk in turn
MONOLOGUE = 300.0  # seconds; a host who speaks for longer between talks gives one
SILENCE = 5.0  # seconds; people leave the room
SETUP = 25.0  # seconds until somebody who is called up begins, at most
COMMENT = 140.0  # seconds that somebody in the audience is given at most
USUAL = 2  # talks whose speakers are asked, that make it the custom of an event
SPLINTER = 20.0  # seconds; nothing shorter is a section, but an opening and a closing
EDGE = 8.0  # seconds; an opening or a closing is at least so long
WELCOME = 25.0  # seconds; who speaks for longer before the first talk says more than a name
HALL = 600.0  # and at most so long


def settle(room: Room, found: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The stretches after the rules, each in turn."""
    lead = room.hosts
    stretches = _without_splinters(room, list(found), lead)
    stretches = _breaks_begin_silent(room, stretches, lead)
    stretches = _guests_stay(room, stretches)
    stretches = _one_welcome(room, stretches, lead)
    stretches = _monologues_introduce(room, stretches, lead)
    stretches = _floor_is_open(room, stretches, lead)
    stretches = _one_question_is_no_session(room, stretches, lead)
    stretches = _with_closing(room, _with_opening(room, stretches, lead), lead)
    stretches = _introductions_whole(room, stretches, lead)
    return tuple(stretches)


def _without_splinters(room: Room, stretches: list[Stretch], lead: frozenset[str]) -> list[Stretch]:
    """A few seconds by themselves introduce what follows if a host says them, or else end
    what was before them."""
    kept: list[Stretch] = []
    for place, stretch in enumerate(stretches):
        last = kept[-1] if kept else None
        if last and _introduces(room, last, stretch, lead, place == 1):
            kept[-1] = replace(stretch, first=last.first)
        elif last and _short(room, stretch) and not _stands(room, stretches, place, lead):
            kept[-1] = joined(last, stretch)
        else:
            kept.append(stretch)
    return kept


def _short(room: Room, stretch: Stretch) -> bool:
    return seconds(room, stretch) < SPLINTER * room.scale


def _stands(room: Room, stretches: Sequence[Stretch], place: int, lead: frozenset[str]) -> bool:
    """Whether a few words are a break, or a host's before a talk (no break, not the end)."""
    if is_break(room, stretches[place]):
        return True
    if place + 1 == len(stretches):
        return by_host(room, stretches[place], lead) and seconds(room, stretches[place]) >= EDGE
    follows = stretches[place + 1]
    talk = not is_break(room, follows) and silence(room, follows) <= SILENCE
    return talk and by_host(room, stretches[place], lead)


def _introduces(
    room: Room, last: Stretch, stretch: Stretch, lead: frozenset[str], opening: bool
) -> bool:
    host = by_host(room, last, lead) and not is_break(room, stretch)
    host = host and silence(room, stretch) <= SILENCE
    return _short(room, last) and (opening or host)


def _breaks_begin_silent(
    room: Room, stretches: list[Stretch], lead: frozenset[str]
) -> list[Stretch]:
    """Who calls a break ends what was before it; the break is what comes after the silence."""
    kept: list[Stretch] = []
    for stretch in stretches:
        run = room.run(stretch.first)
        after = min(run.last, stretch.last) + 1
        leaves = kept and after <= stretch.last and run.speaker in lead
        if leaves and is_break(room, stretch) and room.utterances[after].start - run.end > SILENCE:
            kept[-1] = replace(kept[-1], last=after - 1)
            stretch = replace(stretch, first=after, body=after)
        if kept and is_break(room, stretch) and is_break(room, kept[-1]):
            kept[-1] = replace(kept[-1], last=stretch.last, kind="break")
        else:
            kept.append(stretch)
    return kept


def _guests_stay(room: Room, stretches: list[Stretch]) -> list[Stretch]:
    """Who is called up within a talk, for less than its speaker has on both sides, is in it."""
    kept: list[Stretch] = []
    for stretch in stretches:
        if len(kept) >= 2 and _is_guest(room, kept[-2], kept[-1], stretch):
            kept[-2:] = [joined(kept[-2], stretch)]
        else:
            kept.append(stretch)
    return kept


def _is_guest(room: Room, before: Stretch, guest: Stretch, after: Stretch) -> bool:
    alone = before.kind == guest.kind == after.kind == "one"
    if not alone or before.holder != after.holder or guest.holder == before.holder:
        return False
    long = speech(room, guest.body, guest.last, guest.holder)
    shorter = min(speech(room, s.first, s.last, s.holder) for s in (before, after))
    clapped = room.clapped(
        room.utterances[before.last].end - 2.0, room.utterances[after.first].start
    )
    stays = long < shorter * (1.0 if clapped else IN_TURN)
    return long < GUEST and stays and "sponsored" not in announced(room, guest)


def _monologues_introduce(
    room: Room, stretches: list[Stretch], lead: frozenset[str]
) -> list[Stretch]:
    """What a host says before a talk belongs to it, however many words they make of it."""
    kept: list[Stretch] = []
    for stretch in stretches:
        last = kept[-1] if kept else None
        if last and len(kept) > 1 and _is_monologue(room, last, stretch, lead):
            kept[-1] = replace(stretch, first=last.first)
        else:
            kept.append(stretch)
    return kept


def _is_monologue(room: Room, stretch: Stretch, following: Stretch, lead: frozenset[str]) -> bool:
    alone = stretch.kind == "one" and stretch.body == stretch.first
    host = alone and stretch.holder in lead
    leaves = following.kind != "break" and following.holder != stretch.holder
    host = host and silence(room, following) < SETUP
    return host and leaves and seconds(room, stretch) < MONOLOGUE


def _floor_is_open(room: Room, stretches: list[Stretch], lead: frozenset[str]) -> list[Stretch]:
    """Who speaks once and briefly after the floor was opened does so in one session."""
    kept = stretches[:1]
    for stretch in stretches[1:]:
        last = kept[-1]
        opened = "qa" in announced(room, last) and "qa" not in announced(room, stretch)
        if opened and all(_speak_once(room, one, lead) for one in (last, stretch)):
            kept[-1] = joined(replace(last, kind="qa"), stretch)
        else:
            kept.append(stretch)
    return kept


def _speak_once(room: Room, stretch: Stretch, lead: frozenset[str]) -> bool:
    """Whether all who speak but the hosts say a little, and all of it here."""
    speakers = {u.speaker for u in room.utterances[stretch.first : stretch.last + 1]} - lead
    here = {s: speech(room, stretch.first, stretch.last, s) for s in speakers}
    return bool(here) and all(
        long < COMMENT * room.scale and long > 0.9 * room.spoken[s] for s, long in here.items()
    )


def _one_question_is_no_session(
    room: Room, stretches: list[Stretch], lead: frozenset[str]
) -> list[Stretch]:
    """A question or none, after a talk, is part of the talk; so are the questions after each of
    several talks, announced or not."""
    kept: list[Stretch] = []
    asked = [_to_the_speaker(room, one, talk) for talk, one in pairwise(stretches)]
    for stretch in stretches:
        last = kept[-1] if kept else stretch
        own = bool(kept) and _to_the_speaker(room, stretch, last)
        if own and _asked_in_between(room, stretch, last, lead, sum(asked)):
            kept[-1] = joined(last, stretch)
        else:
            kept.append(stretch)
    return kept


def _to_the_speaker(room: Room, stretch: Stretch, talk: Stretch) -> bool:
    """Whether a conversation follows a talk and is one with its speaker."""
    several = stretch.kind in ("qa", "panel") and talk.kind == "one"
    return several and speech(room, stretch.first, stretch.last, talk.holder) > 0.0


def _asked_in_between(
    room: Room, stretch: Stretch, talk: Stretch, lead: frozenset[str], times: int
) -> bool:
    """Whether a speaker is asked, more briefly than they spoke, before others give talks.

    `times`: how many of the event's speakers are asked.
    """
    later = room.utterances[stretch.last + 1 :]
    others = sum(u.end - u.start for u in later if u.speaker not in lead | {talk.holder})
    if times >= USUAL:
        return seconds(room, stretch) < seconds(room, talk)
    short = seconds(room, stretch) < 0.75 * seconds(room, talk)
    more = others > GUEST / 2 * (room.scale if times > 1 else 1.0)
    return short and more and not announced(room, stretch) & {"qa", "panel"}


def _with_opening(room: Room, stretches: list[Stretch], lead: frozenset[str]) -> list[Stretch]:
    """The host's welcome is a section; where they call up the first speaker, the talk begins."""
    stretches = _introduction_last(room, stretches, lead)
    first = stretches[0]
    host = room.runs[0].speaker
    end = room.runs[0].last
    if (first.kind == "one" and first.holder == host) or end >= first.last:
        return stretches
    calls = max((p for p in range(first.first, end + 1) if room.hands_over(p)), default=-1)
    if calls < 0 and first.kind == "one" and room.runs[0].spoken > WELCOME * room.scale:
        calls = end  # the phrase was misheard: the last thing said before the change of the floor
        last = room.utterances[end]
        calls += last.end - last.start > WELCOME * room.scale  # that is more than a call
    if calls == first.first == end and not room.hands_over(end):
        calls = end + 1  # all of it is one breath
    if calls < 0:
        return stretches
    places = range(first.first, calls)
    calling = any(room.said(place, "intro", "panel") for place in places)
    said = any(room.said(place, "open") for place in places) or not calling
    long = room.utterances[max(calls, 1) - 1].end - room.utterances[0].start
    if calls == first.first or long < (EDGE if said else WELCOME):
        return stretches
    opening = Stretch(first.first, calls - 1, "one", host, first.first)
    return [opening, replace(first, first=calls, body=max(first.body, calls)), *stretches[1:]]


def _one_welcome(room: Room, stretches: list[Stretch], lead: frozenset[str]) -> list[Stretch]:
    """What those who lead say to each other is of the welcome that one of them goes on with."""
    first, following = stretches[0], stretches[1] if len(stretches) > 1 else stretches[0]
    both = by_host(room, first, lead) and by_host(room, following, lead)
    if len(stretches) > 2 and both and not is_break(room, following):
        return [
            joined(replace(first, kind="one", holder=following.holder), following),
            *stretches[2:],
        ]
    return stretches


def _introductions_whole(
    room: Room, stretches: list[Stretch], lead: frozenset[str]
) -> list[Stretch]:
    """All that hosts say of who comes next, from where they first call them up."""
    kept = stretches[:1]
    for stretch in stretches[1:]:
        first, last = stretch.first, kept[-1]
        for place in range(stretch.first - 1, last.body, -1):
            said, following = room.utterances[place], room.utterances[place + 1]
            apart = room.clapped(said.end, following.start) > 0 or following.start - said.end > 3.0
            early = room.utterances[stretch.body].start - said.start > HAND_OVER
            if said.speaker not in lead or apart or early:
                break
            names = any(word.start in room.introduced for word in said.words)
            first = place if names or room.said(place, "intro") else first
        kept[-1:] = [replace(last, last=first - 1), replace(stretch, first=first)]
    return kept


def _introduction_last(room: Room, stretches: list[Stretch], lead: frozenset[str]) -> list[Stretch]:
    """The last thing that a host says in a welcome calls the first speaker up."""
    first = stretches[0]
    led = len(stretches) > 1 and stretches[1].body > stretches[1].first
    if len(stretches) < 2 or led or not by_host(room, first, lead) or first.last == first.first:
        return stretches
    last = room.utterances[first.last]
    if last.end - last.start > WELCOME or is_break(room, stretches[1]):
        return stretches
    following = replace(stretches[1], first=first.last)
    return [replace(first, last=first.last - 1), following, *stretches[2:]]


def _with_closing(room: Room, stretches: list[Stretch], lead: frozenset[str]) -> list[Stretch]:
    """The host's good-bye is a section."""
    last, run = stretches[-1], room.runs[-1]
    kinds = ("close", "thanks") if run.speaker in lead else ("close",)
    goodbye = any(room.said(place, *kinds) for place in range(run.first, run.last + 1))
    mixed = run.first > last.body and not (last.kind == "one" and last.holder == run.speaker)
    if goodbye and mixed and EDGE <= run.end - run.start < HALL:
        return [
            *stretches[:-1],
            replace(last, last=run.first - 1),
            Stretch(run.first, run.last, "one", run.speaker, run.first),
        ]
    return stretches
