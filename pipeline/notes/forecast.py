"""What the model will be asked for an event and what it will answer, in tokens, before it is.

The prompts are counted as they will be sent, and the notes that they ask for; how long a note and
the other answers are is what a strong model wrote at one evening of a quarter hour; WRITTEN and
MENDED are tuned on the three recorded events (tests/cassettes), of which the German one takes most.
"""

from dataclasses import dataclass
from math import ceil

from pipeline.data import Usage
from pipeline.llm.conversation import estimate
from pipeline.notes.evening import Evening
from pipeline.notes.judge import AT_ONCE as JUDGED_AT_ONCE
from pipeline.notes.judge import NOTE as SHOWN
from pipeline.notes.material import SMALLEST, size
from pipeline.notes.questions import batches
from pipeline.notes.writing_context import (
    FEWEST,
    SHARE,
    WHOLE,
    TalkSection,
    WritingContext,
    likely,
    notes_at_once,
)
from pipeline.prompts import Prompts

WORDS_A_MINUTE = 150.0  # of a talk
TOKENS_A_WORD = 1.6  # of a transcript, its lines' numbers and names counted in
MINUTES_A_TALK = 8.0
AROUND = 600  # tokens of event, people and topics in a prompt
# tokens of an answer: a note with its share of the summary, a note, a talk, all
WRITTEN, JUDGED, OUTLINED, CLOSED = 127, 1.4, 104, 410
LISTED = 52  # tokens of a note with its sources, at the close and for the editor
TRANSLATED = 75  # tokens of a note and its quotes, read and written; guessed from the others
MENDED = 0.6  # of the notes are said anew or added by the editor


@dataclass(frozen=True, slots=True)
class Size:
    """An event in numbers: the notes of each talk, and in tokens what was said, what the writer is
    shown each time, what each of its questions holds beside, the room, what the judge is shown."""

    notes: tuple[int, ...]
    said: int
    shared: int
    questions: tuple[int, ...]
    room: int
    for_judge: int


def of_evening(evening: Evening, room: int, answer: int) -> Size:
    """An event that was heard, as its talks were proposed: nothing of it is guessed."""
    context = WritingContext(evening, room, answer)
    talks = [talk for talk in evening.outline.talks if talk.kind != "break"]
    shared = sum(estimate(str(each)) for each in context.shared.values())
    tasks = context.tasks([TalkSection(talk, talk.utterances) for talk in talks])
    notes = dict.fromkeys((talk.index for talk in talks), 0)
    for section in (section for task in tasks for section in task.sections):
        notes[section.talk.index] += section.likely
    said, questions = size(evening.outline.utterances), tuple(estimate(t.text) for t in tasks)
    for_judge = sum(estimate(str(context.shared[each])) for each in ("event", "people"))
    return Size(tuple(notes.values()), said, shared, questions, room, for_judge)


def of_length(minutes: float, talks: int, sources: int, room: int, answer: int) -> Size:
    """An event of which only the length is known, and perhaps the number of talks."""
    many = talks or max(1, round(minutes / MINUTES_A_TALK))
    words, said = minutes * WORDS_A_MINUTE, round(minutes * WORDS_A_MINUTE * TOKENS_A_WORD)
    if said <= min(WHOLE, room * 3 // 4):
        notes = (likely(words / many),) * many
        at_once = notes_at_once(answer)
        questions = batches(notes, lambda each: max(FEWEST, each), at_once)
        return Size(notes, said, AROUND + sources + said, (0,) * len(questions), room, AROUND // 2)
    sources = sources if sources <= room // 4 else 0
    parts = ceil(said / many / max(SMALLEST, (room - AROUND - sources) * 2 // 3))
    notes = (likely(words / many / parts) * parts,) * many
    own = (round(said * (1 + SHARE) / many / parts),) * (many * parts)
    return Size(notes, said, AROUND + sources, own, room, AROUND // 2)


def expected(size: Size, prompts: Prompts, translated: bool = False, share: float = 1.0) -> Usage:
    """About what the model reads and writes for a share of an event, without its thoughts."""
    outline, write, judge, close, voice = (
        estimate(prompts.text(name)) for name in ("outline", "write", "judge", "close", "voice")
    )
    judge += size.for_judge
    all_notes, asked = sum(size.notes), len(size.questions)
    at_once = max(1, min(JUDGED_AT_ONCE, (size.room + write + voice - judge) // SHOWN))
    slices = [min(at_once, n - at) for n in size.notes for at in range(0, n, at_once)]
    judged = len(batches(slices, int, at_once)) + 2
    read = outline + size.said
    read += (write + voice + size.shared) * (asked + 1) + sum(size.questions)
    read += judge * judged + round(SHOWN * all_notes * (1 + MENDED))
    read += close + voice + 2 * LISTED * all_notes
    a_note = WRITTEN * (1 + MENDED) + JUDGED
    written = a_note * all_notes + OUTLINED * len(size.notes) + CLOSED
    calls = 1 + asked + 1 + judged + 1
    if translated:
        calls += 1 + len(size.notes)
        once = estimate(prompts.text("translate")) + voice
        read += once * (1 + len(size.notes)) + TRANSLATED * all_notes
        written += TRANSLATED * all_notes
    again = (write + voice) * asked + judge * (judged - 1)  # what a server has cached
    return Usage(*(round(share * each) for each in (calls, read, written, again)))
