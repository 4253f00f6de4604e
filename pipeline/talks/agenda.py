"""The printed agenda laid along what happened: items may be missing or late.

An alignment in order (Needleman & Wunsch 1970) over how well an item fits a stretch: its people
are named there, its kind, its title's words. A day runs late, and nobody knows when the recorder
was switched on: the printed times count for nothing.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipeline.data import Evidence
from pipeline.event import AgendaItem
from pipeline.talks.evidence import Pointer
from pipeline.talks.floor import Floor
from pipeline.talks.heard import HeardName
from pipeline.talks.kinds import Segment, of_title
from pipeline.text import folded

NAMED = 1.2  # a speaker of the item is named last before the stretch's body, or in it
NAMED_TOO = 0.5  # or before somebody else
KIND = 0.5  # the item's title says the kind that the stretch has
NOT_KIND = -0.4
BREAK_OR_NOT = -2.0  # a break is no talk
TITLE = 0.8  # all words of the title are heard in it
IN_ORDER = 0.1  # anything, for standing in order
ENOUGH = 0.45  # the least fit of a match
WEIGHT = 0.5  # of the agenda alone, as evidence of a name: not enough by itself
ANCHORED = 0.62  # where nothing can be heard right, and its neighbours stand beside it too
EARLY = 45.0  # seconds of the body in which a speaker is still being introduced


def align(
    room: Floor,
    drafts: Sequence[Segment],
    agenda: Sequence[AgendaItem],
    heard: Sequence[Sequence[HeardName]],
) -> list[int | None]:
    """For each draft, the place of its item in the agenda, or None."""
    if not agenda:
        return [None] * len(drafts)
    matched = _in_order(_fits(room, drafts, agenda, heard))
    return [matched.get(draft) for draft in range(len(drafts))]


def holders(
    room: Floor, drafts: Sequence[Segment], places: Sequence[int | None], items: int
) -> list[Pointer]:
    """Who holds a talk that the agenda, of so many items, gives to one person at a place.

    Where words are heard badly, a name that nobody says clearly is no sign of another speaker;
    nor is it where all that is said of a section is what it is, as of a welcome.
    """
    around = [-1, *places, items]
    found = []
    for draft, before, here, after in zip(drafts, around, places, around[2:], strict=False):
        item = draft.item
        if item and len(item.speakers) == 1 and draft.kind not in ("break", "panel", "qa"):
            sure = of_title(item.title) == draft.kind
            anchored = sure and here is not None and (before, after) == (here - 1, here + 1)
            start = room.utterances[draft.stretch.first].start
            weight = ANCHORED if anchored else WEIGHT
            proof = Evidence("agenda", item.speakers[0], item.title, start, weight)
            found.append(Pointer(draft.speakers[0], proof, True))
    return found


def _fits(
    room: Floor,
    drafts: Sequence[Segment],
    agenda: Sequence[AgendaItem],
    heard: Sequence[Sequence[HeardName]],
) -> np.ndarray:
    """(drafts, items): how well they fit."""
    words = [_words(room, draft) for draft in drafts]
    names = [_names(room, draft, heard) for draft in drafts]
    spread = Counter(word for bag in words for word in bag)
    return np.array(
        [
            [
                _named_fit(names[d], item)
                + _kind_fit(draft, item)
                + TITLE * _title_fit(item.title, words[d], spread, len(drafts))
                for item in agenda
            ]
            for d, draft in enumerate(drafts)
        ]
    )


def _words(room: Floor, draft: Segment) -> set[str]:
    several = room.utterances[draft.stretch.first : draft.stretch.last + 1]
    return {folded(word.text) for utterance in several for word in utterance.words}


def _named_fit(names: Sequence[str], item: AgendaItem) -> float:
    """The last one named is who comes; the others may have been said to be ill."""
    told = [any(name in (s, s.split()[0]) for s in item.speakers) for name in names]
    return NAMED if told[-1:] == [True] else NAMED_TOO if any(told) else 0.0


def _names(room: Floor, draft: Segment, heard: Sequence[Sequence[HeardName]]) -> list[str]:
    """Who is named, and not thanked, where a stretch begins, in order."""
    first, body = draft.stretch.first, room.utterances[draft.stretch.body].start
    places = range(max(0, first - 1), draft.stretch.last + 1)
    return [
        name.mention.name
        for place in places
        for name in heard[place]
        if name.time < body + EARLY and name.kind != "thanks"
        if place >= first or room.utterances[place].end - name.time < 20.0
    ]


def _kind_fit(draft: Segment, item: AgendaItem) -> float:
    kind = of_title(item.title)
    if (kind == "break") != (draft.kind == "break"):
        return BREAK_OR_NOT
    return 0.0 if kind is None else KIND if kind == draft.kind else NOT_KIND


def _title_fit(title: str, words: set[str], spread: Counter[str], count: int) -> float:
    """The share of a title's words that are heard, rare ones counting for more."""
    wanted = {folded(word) for word in title.split() if len(word) > 3}
    weights = {word: np.log((count + 1) / (spread[word] + 0.5)) for word in wanted}
    whole = sum(weights.values())
    return float(sum(weights[w] for w in wanted & words) / whole) if whole > 0 else 0.0


def _in_order(fits: np.ndarray) -> dict[int, int]:
    """The best matching of drafts to items that keeps the order of both."""
    rows, columns = fits.shape
    best = np.zeros((rows + 1, columns + 1))
    for d in range(rows - 1, -1, -1):
        for i in range(columns - 1, -1, -1):
            match = best[d + 1, i + 1] + fits[d, i] + IN_ORDER if fits[d, i] >= ENOUGH else -1.0
            best[d, i] = max(match, best[d + 1, i], best[d, i + 1])
    matched: dict[int, int] = {}
    d = i = 0
    while d < rows and i < columns:
        if best[d, i] == best[d + 1, i]:
            d += 1
        elif best[d, i] == best[d, i + 1]:
            i += 1
        else:
            matched[d] = i
            d, i = d + 1, i + 1
    return matched
