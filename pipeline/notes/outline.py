"""Where talks begin and who is who, asked of a model that has the whole event before it.

Code keeps each part of the answer that its proof bears, drops the others with the reason, and
fills what is missing from the proposal that was made without a model.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import Annotated, get_args

from pipeline.data import Dropped, Outline, Speaker, Talk, TalkKind, Utterance, speaker_ids
from pipeline.notes import material, people
from pipeline.notes.answers import Answer, one_of
from pipeline.notes.checks.verify import verify_line
from pipeline.notes.cue_words import cue_words
from pipeline.notes.evening import Evening
from pipeline.notes.people import ToldPerson, bare_words
from pipeline.notes.questions import Questions
from pipeline.talks.headings import MODERATOR, PANELIST, kind_names
from pipeline.text import folded
from pipeline.wording import wording

LONGEST = 12  # words of a heading
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")
ON_PANELS = frozenset({MODERATOR, PANELIST})


class ToldTalk(Answer):
    """A talk from the utterance (or the words in the middle of it) that begins it."""

    first: int
    words: str | None = None
    kind: Annotated[TalkKind, one_of(get_args(TalkKind), "talk")] = "talk"
    heading: str = ""


class OutlineAnswer(Answer):
    """The answer to outline.md."""

    talks: tuple[ToldTalk, ...] = ()
    people: tuple[ToldPerson, ...] = ()


Place = tuple[int, int]  # an utterance, and how many of its words stand before
Begins = dict[Place, ToldTalk]  # where talks begin, in order


async def outline(evening: Evening, ask: Questions) -> tuple[Outline, tuple[Dropped, ...]]:
    """The outline with what the model knows better, and what of its answer was refused; raises
    ModelError when the model gives no usable answer."""
    said = evening.outline.utterances
    if not said:
        return evening.outline, ()
    windows = material.pieces(said, ask.room("outline", variables(evening, said[:1])))
    answers = []
    for number, window in enumerate(windows, start=1):
        part = f"This is part {number} of {len(windows)}." if len(windows) > 1 else ""
        answers.append(await ask("outline", variables(evening, window, part), OutlineAnswer))
    talks = tuple(_between(answers, _borders(windows)))
    people = tuple(person for answer in answers for person in answer.people)
    return applied(OutlineAnswer(talks=talks, people=people), evening)


def variables(evening: Evening, window: Sequence[Utterance], part: str = "") -> dict[str, object]:
    """What outline.md is filled with."""
    return {
        "event": material.event(evening),
        "sources": material.heads(evening.sources),
        "proposal": _proposal(evening.outline),
        "transcript": material.transcript(window, evening, by_voice=True),
        "part": part,
        "language": evening.language,
    }


def _proposal(known: Outline) -> str:
    talks = (
        f"talk from [{talk.utterances[0].id}], {talk.kind}: {material.harmless(talk.title)}"
        for talk in known.talks
    )
    voices = (
        f"voice {material.short(one.id)}: {material.harmless(one.label)}"
        for one in known.speakers
        if one.name or one.role
    )
    return material.listed((*talks, *voices))


def _borders(windows: Sequence[Sequence[Utterance]]) -> list[int]:
    """From which utterance on each window is believed: the middle of what two windows share."""
    middles = [(after[0].id + before[-1].id + 1) // 2 for before, after in pairwise(windows)]
    return [windows[0][0].id, *middles, windows[-1][-1].id + 1]


def _between(answers: Sequence[OutlineAnswer], borders: Sequence[int]) -> Iterator[ToldTalk]:
    for answer, (begin, end) in zip(answers, pairwise(borders), strict=True):
        yield from (talk for talk in answer.talks if begin <= talk.first < end)


# ---- an answer taken for as much as it can show


def applied(told: OutlineAnswer, evening: Evening) -> tuple[Outline, tuple[Dropped, ...]]:
    """The outline with the parts of an answer that hold, and why the others do not."""
    proved, refused = people.proved(told.people, evening)
    begins, strange = _begins(told.talks, evening)
    said = _cut(people.recast(evening.outline, proved), begins)
    heard = {one.speaker for one, _ in said}
    speakers = people.speakers(evening.outline, proved, heard)
    known = replace(evening.outline, speakers=speakers)
    evening = replace(evening, outline=replace(known, utterances=tuple(one for one, _ in said)))
    talks, headless = _talks(said, begins, evening) if begins else (_same(said, evening), ())
    known = replace(evening.outline, talks=talks, speakers=_without_panels(speakers, talks))
    return known, (*refused, *strange, *headless)


def _without_panels(speakers: Sequence[Speaker], talks: Sequence[Talk]) -> tuple[Speaker, ...]:
    """Who was taken for a moderator or a panelist is none where the talk is no panel."""
    panels = {voice for talk in talks if talk.kind == "panel" for voice in talk.speakers}
    return tuple(
        replace(one, role=None) if one.role in ON_PANELS and one.id not in panels else one
        for one in speakers
    )


def _begins(talks: Sequence[ToldTalk], evening: Evening) -> tuple[Begins, list[Dropped]]:
    """Where talks begin; the first one begins the event."""
    found: Begins = {}
    refused: list[Dropped] = []
    for number, talk in enumerate(talks):
        one = evening.utterances.get(talk.first)
        if one is None:
            refused.append(Dropped(number, talk.heading, f"there is no utterance {talk.first}"))
        else:
            found.setdefault((one.id, _place(talk.words, one)), talk)
    if not found:
        return found, refused
    first, *later = sorted(found)
    start = (evening.outline.utterances[0].id, 0)
    return {start: found[first]} | {place: found[place] for place in later}, refused


def _place(words: str | None, one: Utterance) -> int:
    """Before which word of an utterance some words of it begin; 0 where they are not found."""
    wanted = bare_words(words or "")[:8]
    said = [bare_words(word.text) for word in one.words]
    flat = [(token, place) for place, each in enumerate(said) for token in each]
    for first in range(len(flat) - len(wanted) + 1 if wanted else 0):
        if [token for token, _ in flat[first : first + len(wanted)]] == wanted:
            return flat[first][1]
    return 0


Placed = tuple[Utterance, Place]  # an utterance, and where it stood before the cuts


def _cut(said: Sequence[Utterance], begins: Begins) -> list[Placed]:
    """The utterances with those cut in two in whose middle a talk begins, numbered from 0."""
    parts: list[Placed] = []
    for one in said:
        cuts = [word for utterance, word in begins if utterance == one.id and word]
        for first, end in pairwise([0, *cuts, len(one.words)]):
            part = Utterance(len(parts), one.speaker, one.words[first:end])
            parts.append((part, (one.id, first)))
    return parts


def _talks(
    said: Sequence[Placed], begins: Begins, evening: Evening
) -> tuple[tuple[Talk, ...], tuple[Dropped, ...]]:
    """The talks, each with a heading that can be shown."""
    places = [place for _, place in said]
    edges = pairwise([*map(places.index, begins), len(said)])
    talks, refused, known = [], [], _known(evening)
    for index, (told, (first, end)) in enumerate(zip(begins.values(), edges, strict=True)):
        held = tuple(one for one, _ in said[first:end])
        heading = _surely_named(told.heading, evening).strip(" #*.")
        talk = Talk(index, heading, told.kind, speaker_ids(held), held)
        wrong = _wrong(talk, evening, known)
        if wrong:
            refused.append(Dropped(index, talk.title, wrong))
            talk = replace(talk, title=_nearest(talk, evening))
        talks.append(talk)
    return tuple(talks), tuple(refused)


def _surely_named(heading: str, evening: Evening) -> str:
    """ "Ada, Acme" of "Ada Rent, Acme": a name without a last part that was heard badly."""
    kept: list[str] = []
    for word in heading.split():
        bare = word.rstrip(",;:.)")
        first = kept[-1] if kept else ""
        of_a_name = first.lstrip("(")[:1].isupper() and first[-1:].isalnum() and bare[:1].isupper()
        if of_a_name and folded(bare) in evening.unsure_names:
            kept[-1] += word[len(bare) :]
        else:
            kept.append(word)
    return " ".join(kept)


def _wrong(talk: Talk, evening: Evening, known: Set[str]) -> str:
    """Why a heading cannot stand, or nothing; `known` are the words that stand somewhere."""
    if not talk.title:
        return "it is empty"
    if len(talk.title.split()) > LONGEST:
        return f"it has more than {LONGEST} words"
    bare = _without_kind(talk.title, evening.language)
    named = (word for word in _WORD.findall(bare) if word[0].isupper())
    strange = [word for word in named if not set(bare_words(word)) <= known]
    if strange:
        return f"{', '.join(strange)}: nobody is called so"
    return "; ".join(verify_line(bare, talk, evening))


def _without_kind(title: str, language: str) -> str:
    """ "Ada Park" of "Verabschiedung: Ada Park", where a capital is no sign of a name."""
    return re.sub(r"^\w+: ", "", title) if cue_words(language).nouns else title


def _known(evening: Evening) -> frozenset[str]:
    """All words that stand somewhere, letter by letter: a heading guesses at no name."""
    kinds = kind_names(wording(evening.language))
    texts = (*evening.texts, *evening.known_before, *evening.terms, *kinds)
    return frozenset(token for text in texts for token in bare_words(text))


def _nearest(talk: Talk, evening: Evening) -> str:
    """The heading that was proposed for most of the talk's time, where that is of its kind; else
    who speaks most in it, or its kind."""

    def shared(other: Talk) -> float:
        return min(talk.end, other.end) - max(talk.start, other.start)

    proposed = max(evening.outline.talks, key=shared, default=None)
    if proposed and proposed.kind == talk.kind:
        return proposed.title
    many = talk.kind in ("panel", "qa")
    names = {one.id: one.name for one in evening.outline.speakers if not many}
    return names.get(talk.speakers[0]) or wording(evening.language)[talk.kind]


def _same(said: Sequence[Placed], evening: Evening) -> tuple[Talk, ...]:
    """The proposed talks, with the voices as they are known now."""
    of = {old: one for one, (old, _) in said}
    renewed = (tuple(of[u.id] for u in talk.utterances) for talk in evening.outline.talks)
    pairs = zip(evening.outline.talks, renewed, strict=True)
    return tuple(replace(talk, utterances=held, speakers=speaker_ids(held)) for talk, held in pairs)
