"""The model as the editor of its post: what was refused is put right, and the post read whole."""

import itertools
from collections.abc import Mapping, Sequence

from pipeline.data import Talk
from pipeline.notes import material
from pipeline.notes.answers import Quote, SourceLine, WrittenNote, WrittenPart
from pipeline.notes.checks.absence import said_after_all
from pipeline.notes.evening import Evening
from pipeline.notes.talk_draft import MOST, Answers, KeptNote, Place, RefusedNote, TalkDraft

ADDED = 2  # lines that an editor may add to a talk
SHORT = 16  # words that half of a post's notes have at the most: lint.toml's median
FIRST_REFUSED, FIRST_STANDING = 101, 201  # numbers of notes in the editor's question, no talk's
NEW = 1000  # what is added to a number for a line that stands behind it
AGAIN = (
    "The notes below were refused, or hold and cannot be followed. Answer with a part for each: "
    "its `number` here ({refused} and on, no talk's), an empty `summary` and one note, with "
    "receipts that bear it, in at most 32 words; leave out those that cannot be put right."
)
EDIT = (
    "Then read the post as it stands, as its editor and from its top, as somebody who was not "
    "there. Say lines anew: a part under the number ({standing} and on) with one note, which keeps "
    "its receipts where it gives none (an empty list). Leave the good ones alone. A new line, "
    "with its receipts, goes under {new} + n behind line n, under {new} + t as the first of talk "
    "t: up to {added} a talk, which has then at most {full}. Look in this order:\n"
    "- what is unfair: figures of different things or times set against each other, a consequence "
    "that needs a condition which nobody gave, a condition that was said and is left out\n"
    "- what the post tells more than twice (a price that nobody named, a joke): the best two stay\n"
    "- “never said” of what somebody says elsewhere that evening (in brackets behind a line: what "
    "a program found): it tells who leaves it out, or gives way to what nobody says\n"
    "- what was left out: of each talk of somebody who sells, one line tells what a buyer asks "
    "next, two to four things that nobody said there, named exactly, each in “absent”: a new line "
    "where there is none\n"
    "- what a line undoes, answers or makes fun of, and no line before it tells: a new line in the "
    "talk that claims it; then what is better than the lines that stand: a post that grows is "
    "duller\n"
    "- what somebody who was not there cannot follow: a sentence without its verb, two facts "
    "glued together, half a quotation or one without its speaker, a joke whose point is missing, "
    "a figure without its base\n"
    "- what is flat, is built like the lines before it, tells a name or role that its heading "
    "tells; “lol” behind a bare statement\n"
    "{short} of {count} lines have at most {most} words, and half have to (how many a longer one "
    "has stands behind it). Where these are fewer, say as many anew as it takes: leave out a fact, "
    "whole, or a side remark; never the verb, the speaker or half of a quotation."
)


def question(drafts: Sequence[TalkDraft], unsaid: Mapping[int, str] | None) -> str:
    """The editor's question: each refused note with its receipts and the reasons, and then the post
    as it stands, each line under its number, with what a program found `unsaid` in each talk, by
    index; without it the post is not shown."""
    numbered = enumerate(((d, r) for d in drafts for r in d.refused), start=FIRST_REFUSED)
    shown = [_shown(number, draft.talk, refused) for number, (draft, refused) in numbered]
    refused = [AGAIN.format(refused=FIRST_REFUSED), "\n".join(shown)] if shown else []
    lines = [kept for draft in drafts for kept in draft.standing if unsaid is not None]
    short = sum(len(kept.note.text.split()) <= SHORT for kept in lines)
    count = {
        "short": short,
        "count": len(lines),
        "most": SHORT,
        "new": NEW,
        "added": ADDED,
        "full": MOST,
    }
    edit = EDIT.format(standing=FIRST_STANDING, **count)
    return "\n\n".join([*refused, edit, _post(drafts, unsaid or {})] if lines else refused)


def _post(drafts: Sequence[TalkDraft], unsaid: Mapping[int, str]) -> str:
    """The lines that stand, under the headings of their talks."""
    numbers = itertools.count(FIRST_STANDING)
    blocks = (
        "\n".join(
            [
                f"## {talk}. {material.harmless(draft.talk.title)}"
                f"{unsaid.get(draft.talk.index, '')}{_without_summary(talk, draft)}",
                *(f"{next(numbers)}. {_line(kept, draft.evening)}" for kept in draft.standing),
            ]
        )
        for talk, draft in enumerate(drafts, start=1)
    )
    return "\n\n".join(blocks)


def _without_summary(talk: int, draft: TalkDraft) -> str:
    """That a summary is to be written anew, and why none of its lines can stand."""
    kept, refused = draft.summary_lines()
    if kept or not refused:
        return ""
    told = "; ".join(f"“{material.harmless(each.text)}”: {each.why}" for each in refused)
    return f" Its summary is refused ({told}): give it anew under {talk}."


def _line(kept: KeptNote, evening: Evening) -> str:
    """A line, its words where they are many, and where another talk says what it calls missing."""
    said = evening.outline.utterances
    wanted = [word for r in kept.note.receipts_of("absent") for word in r.quote.split(", ")]
    found = said_after_all(wanted, said[0].start, said[-1].end, evening)
    text, count = material.harmless(kept.note.text), len(kept.note.text.split())
    told = f"{text} ({count} words)" if count > SHORT else text
    return f"{told} ({material.harmless(found)})" if found else told


def put_right(drafts: Sequence[TalkDraft], parts: Sequence[WrittenPart]) -> list[Answers]:
    """What is written in the place of each refused note, draft by draft, after those standing lines
    that are said anew were asked for, and those that are new. The first note under a number is its
    own; the others, and those under a talk's, go where most of what they cite is cited."""
    own: dict[int, list[WrittenNote]] = {}
    summaries: dict[int, tuple[str, ...]] = {}
    for part in parts:
        notes = own.setdefault(part.number, [])
        notes += [note for note in part.notes if note not in notes]
        summary = (*summaries.get(part.number, ()), *part.summary)
        summaries[part.number] = tuple(dict.fromkeys(summary))
    better, astray = _placed([each for draft in drafts for each in draft.refused], own)
    refused, standing = itertools.count(FIRST_REFUSED), itertools.count(FIRST_STANDING)
    found = []
    for talk, draft in enumerate(drafts, start=1):
        count, lines = len(draft.refused), list(zip(draft.standing, standing, strict=False))
        places: dict[int, Place | None] = {NEW + talk: None}
        places |= {NEW + n: each.place for each, n in zip(draft.refused, refused, strict=False)}
        places |= {NEW + number: kept.place for kept, number in lines}
        named = [number for number in own if number in places]
        _add(draft, [(note, places[number]) for number in named for note in own.pop(number)])
        answers, better = better[:count], better[count:]
        for kept, number in lines:
            notes = own.pop(number, [])
            if len(notes) == 1:
                draft.ask_anew(kept, "")
                told = kept.written.model_copy(update={"text": notes[0].text})
                answers.append(notes[0] if notes[0].receipts else told)
            for note in notes if len(notes) > 1 else ():  # the first may lean on the second
                draft.leave_out(note.text, f"several lines stand under {number}")
        _sum_up_anew(draft, summaries.get(talk, ()))
        found.append(answers)
    beyond = [note for number, notes in own.items() if number >= FIRST_STANDING for note in notes]
    for note in (*astray, *beyond):
        drafts[0].leave_out(note.text, "it answers no refused note and no line")
    return found


def _add(draft: TalkDraft, new: Sequence[tuple[WrittenNote, Place | None]]) -> None:
    """Put new lines on the list, the first few of them."""
    draft.added = list(new[:ADDED])
    for note, _ in new[ADDED:]:
        draft.leave_out(note.text, f"an editor adds at most {ADDED} lines to a talk")


def _sum_up_anew(draft: TalkDraft, summary: tuple[str, ...]) -> None:
    """Take a summary in the place of one of which no line holds."""
    kept, refused = draft.summary_lines()
    if summary and not kept:
        draft.summary = summary
        draft.left_out += refused


def _placed(
    refused: Sequence[RefusedNote], own: Mapping[int, list[WrittenNote]]
) -> tuple[Answers, list[WrittenNote]]:
    """The answer to each refused note, and the answers that are to none of them."""
    numbers = range(FIRST_REFUSED, FIRST_REFUSED + len(refused))
    found = {at: own[number][0] for at, number in enumerate(numbers) if own.get(number)}
    others = (
        notes[1:] if number in numbers else notes
        for number, notes in own.items()
        if number < FIRST_STANDING
    )
    astray = []
    for note in itertools.chain.from_iterable(others):
        cited = _cited(note)
        shared = [(len(cited & _cited(each.written)), -at) for at, each in enumerate(refused)]
        most, nearest = max((each for each in shared if -each[1] not in found), default=(0, 0))
        if most:
            found[-nearest] = note
        else:
            astray.append(note)
    return [found.get(place) for place in range(len(refused))], astray


def _cited(note: WrittenNote) -> frozenset[int | str]:
    """The utterances and the lines of sources that a note cites."""
    cited = (each for each in note.receipts if isinstance(each, Quote | SourceLine))
    return frozenset(each.utterance if isinstance(each, Quote) else each.source for each in cited)


def _shown(number: int, talk: Talk, refused: RefusedNote) -> str:
    answer = refused.written.model_dump_json()
    why = "; ".join(refused.reasons)
    what = "holds, but cannot be followed" if refused.instead else "refused"
    return f"{number}. of “{material.harmless(talk.title)}”: {answer}\n   {what}: {why}"
