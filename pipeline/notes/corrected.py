"""A written post with a person's corrections, each line held to account again.

Prompts are made from the words as they were heard, so that a name, a word or a note that is put
right asks nothing of a model; this comes after it, and nothing comes after this. Only of a talk
that is to be asked about again the prompt has the words as they are now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.corrections.file import Corrections, NoteFix, PostFix
from pipeline.corrections.fits import Fit
from pipeline.corrections.names import apply_names
from pipeline.corrections.talk_edges import retitled
from pipeline.corrections.words import apply_word_fixes, with_utterances
from pipeline.data import Doubted, Note, Outline, Receipt, Talk, Utterance
from pipeline.notes import WrittenUp, answers
from pipeline.notes.checks.verify import verify, verify_line
from pipeline.notes.citations import resolve_citations
from pipeline.notes.evening import Evening
from pipeline.notes.lines import PostLine, lines, with_lines
from pipeline.notes.rewriting import Rewriting
from pipeline.text import ALIKE, alikeness
from pipeline.wording import wording

OWN = "the writer's own words"
GONE = "no line like it is written, and it says not what it rests on: give quotes or sources"
NO_LINE = "no line like it is written"
NO_TALK = "no talk of the post is held then"


def corrected(written: WrittenUp, evening: Evening) -> WrittenUp:
    """The post put right; what no longer holds is among its `doubts` and not in it."""
    fixed = evening.corrections
    if fixed == Corrections():
        return written
    outline, rewriting, fits = _put_right(written.outline, fixed, evening.language)
    before = replace(evening, outline=written.outline)
    after = replace(evening, outline=outline)
    new = {talk.index: talk for talk in outline.talks}
    talks = tuple(replace(noted, talk=new[noted.talk.index]) for noted in written.talks)
    post = _Post(replace(written, outline=outline, talks=talks), before, after, rewriting)
    for fix in fixed.note:
        post.apply(fix)
    made = post.checked()
    of_notes = (post.fits[fix] for fix in fixed.note)
    whole = (*written.fits, *fits, *of_notes, *map(Fit, fixed.post.apart))
    return _with_own(replace(made, fits=whole), fixed.post)


def outline_put_right(known: Outline, fixed: Corrections, language: str) -> Outline:
    """An event with the names, words and titles of a person; its talks are cut already."""
    return known if fixed == Corrections() else _put_right(known, fixed, language)[0]


def asked_again(known: Outline, fixed: Corrections) -> tuple[Outline, frozenset[int]]:
    """The outline with corrected words in the talks that a model is to write anew, and which they
    are. Utterances keep their numbers, voices their names: these are put right in what is written.
    """
    asked = (known.talk_at(fix.at.time) for fix in fixed.talk if fix.ask)
    again = frozenset(talk.index for talk in asked if talk)
    if not again:
        return known, again

    def anew(said: tuple[Utterance, ...]) -> tuple[Utterance, ...]:
        made, _, _ = apply_word_fixes(said, fixed.word, fixed.replace)
        return tuple(now if now.words else old for now, old in zip(made, said, strict=True))

    spans = [(talk.start, talk.end) for talk in known.talks if talk.index in again]
    said = (
        now if any(start <= old.start < end for start, end in spans) else old
        for old, now in zip(known.utterances, anew(known.utterances), strict=True)
    )
    talks = (
        replace(talk, utterances=anew(talk.utterances)) if talk.index in again else talk
        for talk in known.talks
    )
    return replace(known, utterances=tuple(said), talks=tuple(talks)), again


def _put_right(
    known: Outline, fixed: Corrections, language: str
) -> tuple[Outline, Rewriting, tuple[Fit, ...]]:
    new, of_names = apply_names(known, fixed.names)
    said = [one for talk in known.talks for one in talk.utterances]
    texts, changes, of_words = apply_word_fixes(said, fixed.word, fixed.replace)
    heard = [*fixed.replace, *(fix.heard for fix in fixed.word)]
    new = with_utterances(new, texts, heard)
    rewriting = Rewriting(known, new, changes)
    words = wording(language)
    talks = (replace(talk, title=_title(talk, new, rewriting, words)) for talk in new.talks)
    new = retitled(replace(new, talks=tuple(talks)), fixed.talk)
    return new, rewriting, (*of_names, *of_words)


def _title(talk: Talk, known: Outline, rewriting: Rewriting, words: Mapping[str, str]) -> str:
    """The heading with the words and names of now; one that only says a kind tells who speaks."""
    kind = words[talk.kind]
    main = next((one for one in known.speakers if one.id in talk.speakers[:1]), None)
    if talk.title != kind or main is None or not main.name or len(talk.speakers) > 1:
        return rewriting.text(talk.title, talk.start, talk.end, talk.speakers)
    return main.name if kind == words["talk"] else f"{kind}: {main.name}"


@dataclass
class _Post:
    """A post while it is put right."""

    written: WrittenUp
    before: Evening
    after: Evening
    rewriting: Rewriting

    def __post_init__(self) -> None:
        self._lines = [self._renewed(line) for line in lines(self.written)]
        self._doubts: list[Doubted] = []
        self.fits: dict[NoteFix, Fit] = {}  # what became of each correction of a line

    def _renewed(self, line: PostLine) -> PostLine:
        if not line.summary or line.talk is None:
            return replace(line, note=self.rewriting.note(line.note))
        text = self._now(line.note.text, self.written.talks[line.talk].talk)
        return replace(line, note=replace(line.note, text=text))

    # ---- a person's word on a line

    def apply(self, fix: NoteFix) -> None:
        """Do what a correction says of a line."""
        place = self._find(fix)
        self.fits[fix] = Fit(fix)
        if place is None and (fix.strike or fix.accept):
            self.fits[fix] = Fit(fix, aside=NO_LINE)
        elif place is None:
            self._add(fix)
        elif fix.strike:
            del self._lines[place]
        elif not fix.accept:
            self._lines[place] = self._changed(self._lines[place], fix)

    def _find(self, fix: NoteFix) -> int | None:
        """The line that is most like the one that a person had before them."""

        def alike(place: int) -> tuple[float, float]:
            line = self._lines[place]
            texts = {line.note.text, (line.before or line.note).text}
            theirs = (fix.note, fix.reword or "")
            most = max(alikeness(one, other) for one in theirs for other in texts)
            return most, -abs(line.note.time - fix.at.time)

        place = max(range(len(self._lines)), key=alike, default=None)
        found = place is not None and fix.note and alike(place)[0] >= ALIKE
        return place if found else None

    def _changed(self, line: PostLine, fix: NoteFix) -> PostLine:
        """A line in a person's words, or as it is now because they want it kept."""
        if fix.reword:
            return replace(line, note=self._reworded(fix, line), before=None, fix=fix)
        text = self._now(fix.note, self._talk(line, self.after))
        return replace(line, note=replace(line.note, text=text), fix=fix)

    def _now(self, text: str, talk: Talk) -> str:
        """A line about a talk in the words and names of now."""
        return self.rewriting.text(text, talk.start, talk.end, talk.speakers)

    def _reworded(self, fix: NoteFix, line: PostLine) -> Note:
        """A line as a person says it, on the first that bears it: what it rested on, what they
        name, what it rested on without sums (their numbers may have been put right since)."""
        receipts = _own() if fix.own else line.note.receipts
        note = replace(line.note, text=fix.reword or "", receipts=receipts)
        asked, talk = _asked(fix, note.text, self.after), self._talk(line, self.after)
        named = resolve_citations(asked, talk, self.after)[0] if fix.rests else None
        rest = tuple(each for each in receipts if each.kind != "sum")
        tries = (receipts, named.receipts if named else rest, rest)
        notes = [replace(note, receipts=each) for each in tries]
        return next((each for each in notes if not self._verified(each, line, self.after)), note)

    def _add(self, fix: NoteFix) -> None:
        """Put a line before the first note of its talk that is later, or behind all of them; one
        whose receipts are not there is doubted."""
        place = self._talk_at(fix.at.time)
        if place is None or not (fix.own or fix.rests):
            self.fits[fix] = Fit(fix, NO_TALK if place is None else GONE)
            return
        talk = self.written.talks[place].talk
        text = fix.add or fix.reword or self._now(fix.note, talk)
        note = Note(text, "aside", fix.at.time, _own() if fix.own else ())
        if not fix.own:
            found, reasons = resolve_citations(_asked(fix, text, self.after), talk, self.after)
            if found is None:
                self._doubt(PostLine(place, note, fix=fix), reasons)
                return
            note = replace(found, text=text, time=fix.at.time)
        later = (
            at
            for at, each in enumerate(self._lines)
            if each.talk == place and not each.summary and each.note.time > note.time
        )
        self._lines.insert(next(later, len(self._lines)), PostLine(place, note, fix=fix))

    def _talk_at(self, time: float) -> int | None:
        """The place of the talk in which a moment lies, if the post has it."""
        held = self.after.outline.talk_at(time)
        talks = enumerate(self.written.talks)
        return next((at for at, noted in talks if noted.talk == held), None)

    # ---- every line again

    def checked(self) -> WrittenUp:
        """The post with the lines that hold, and what is doubted now."""
        kept = []
        for line in self._lines:
            reasons = self._reasons(line)
            if reasons:
                self._doubt(line, reasons)
            else:
                kept.append(line)
        made = with_lines(self.written, kept)
        description = self._description(made.description)
        return replace(made, description=description, doubts=tuple(self._doubts))

    def _reasons(self, line: PostLine) -> tuple[str, ...]:
        """Why a line cannot stay; what was found of it before is no news."""
        if any(receipt.kind == "own" for receipt in line.note.receipts):
            return ()
        found = self._verified(line.note, line, self.after)
        if not found or line.before is None:
            return found
        known = self._verified(line.before, line, self.before)
        return tuple(why for why in found if why not in known)

    def _verified(self, note: Note, line: PostLine, evening: Evening) -> tuple[str, ...]:
        talk = self._talk(line, evening)
        return (
            verify_line(note.text, talk, evening) if line.summary else verify(note, talk, evening)
        )

    def _talk(self, line: PostLine, evening: Evening) -> Talk:
        """The talk of a line, as it was or as it is; of the caveat, the first."""
        index = self.written.talks[line.talk or 0].talk.index
        return evening.outline.talks[index]

    def _doubt(self, line: PostLine, reasons: Sequence[str]) -> None:
        note, before = line.note, line.before or line.note
        if line.fix:
            self.fits[line.fix] = Fit(line.fix, "; ".join(reasons), doubted=True)
        changes = [one for receipt in before.receipts for one in self.rewriting.within(receipt)]
        rests = [f"rests on “{one.heard}”, now “{one.written}”" for one in dict.fromkeys(changes)]
        why = "; ".join([*rests, *reasons])
        talk = None if line.talk is None else self.written.talks[line.talk].talk.index
        self._doubts.append(Doubted("note", note.time, note.text, why, talk, note.receipts))

    def _description(self, text: str) -> str:
        """The description as it is now; none where it no longer holds."""
        said = self.after.outline.utterances
        if not text or not said:
            return text
        everybody = tuple(one.id for one in self.after.outline.speakers)
        whole = replace(self.after.outline.talks[0], utterances=said, speakers=everybody)
        now = self._now(text, whole)
        reasons = verify_line(now, whole, self.after) if now != text else ()
        if reasons:
            self._doubt(PostLine(None, Note(now, "summary", 0.0, ())), reasons)
        return "" if reasons else now


def _own() -> tuple[Receipt, ...]:
    return (Receipt(OWN, 0.0, 0.0, None, kind="own"),)


def _asked(fix: NoteFix, text: str, evening: Evening) -> answers.WrittenNote:
    """What a person's line rests on, in the shape of a model's note."""
    said = evening.outline.utterances
    near = min(said, key=lambda one: max(one.start - fix.at.time, fix.at.time - one.end)).id
    sounds = sorted(enumerate(evening.sounds), key=lambda each: abs(each[1].start - fix.at.time))
    heard = {sound.kind: number for number, sound in reversed(sounds)}  # the nearest of each kind
    return answers.WrittenNote(
        receipts=(
            *(answers.Quote(utterance=near, quote=quote) for quote in fix.quotes),
            *(answers.SourceLine(source=place) for place in fix.sources),
            *((answers.Absent(absent=fix.absent),) if fix.absent else ()),
            *(answers.Sum(sum=expression) for expression in fix.sums),
            *(answers.SoundNumber(sound=heard.get(kind, len(sounds))) for kind in fix.sounds),
        ),
        kind="omission" if fix.absent else "aside",
        text=text,
    )


def _with_own(written: WrittenUp, post: PostFix) -> WrittenUp:
    """The post with a person's caveat and description."""
    if post.caveat is not None:
        caveat = tuple(Note(line, "aside", 0.0, _own()) for line in post.caveat)
        written = replace(written, caveat=caveat)
    return written if post.description is None else replace(written, description=post.description)
