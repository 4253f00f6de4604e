"""The writer that needs no model: it quotes."""

from dataclasses import replace

from pipeline import config
from pipeline.cache import Cache
from pipeline.claims import examine
from pipeline.claims.claims import find_claims
from pipeline.claims.evidence import Sources
from pipeline.claims.lexicon import is_english
from pipeline.corrections.talk_edges import apply_talk_fixes
from pipeline.corrections.voices import apply_late_voice_fixes
from pipeline.data import Dropped, Note, Talk, TalkNotes, Usage
from pipeline.notes import WrittenUp
from pipeline.notes.checks.verify import verify
from pipeline.notes.corrected import outline_put_right
from pipeline.notes.evening import Evening
from pipeline.notes.extractive.extract import extract
from pipeline.progress import Piece, Watch
from pipeline.prompts import Prompts

LANGUAGE_UNKNOWN = (
    "no word lists for the language {language!r}: claims are found by their numbers alone, and "
    "omissions are not checked"
)

NOTHING = (
    "nothing was noted: no sentence claims something, can be understood alone and was heard surely"
)


def load(options: config.Writer, run: config.Run, prompts: Prompts, cache: Cache) -> "QuotesWriter":
    """The writer of one event."""
    return QuotesWriter()


class QuotesWriter:
    """Writes up one event, each talk in its own words."""

    model = "quotes"
    usage = Usage()

    async def write_up(self, evening: Evening, watch: Watch) -> WrittenUp:
        """The talks of the outline as it was proposed."""
        known, of_voices = apply_late_voice_fixes(evening.outline, evening.corrections.voice)
        known, fits = apply_talk_fixes(known, evening.corrections.talk)
        # at once: no call is spared by waiting
        right = outline_put_right(known, evening.corrections, evening.language)
        evening = replace(evening, outline=right)
        talks = [talk for talk in right.talks if talk.kind != "break"]
        with watch.stage("notes", Piece(len(talks), unit="talks")):
            if not is_english(evening.language):
                watch.note(LANGUAGE_UNKNOWN.format(language=evening.language))
            written = quoted(talks, evening)
            silent = talks and not any(noted.notes for noted in written)
            warnings = (NOTHING,) if silent else ()
            return WrittenUp(known, written, warnings=warnings, fits=(*of_voices, *fits))


def quoted(talks: list[Talk], evening: Evening) -> tuple[TalkNotes, ...]:
    """Talks in quotes; what they claim is held against the sources."""
    language = evening.language
    claims = [find_claims(talk, language) for talk in talks]
    sources = Sources(evening.source_lines, language=language)
    found = examine(talks, claims, evening.caveats, evening.sounds, sources, language)
    return tuple(
        _checked(extract(talk, each, evening.outline, language), evening)
        for talk, each in zip(talks, found, strict=True)
    )


def _checked(noted: TalkNotes, evening: Evening) -> TalkNotes:
    """The notes that pass the checks of a model's; quotations do, but for what these look for in
    other words than `claims` does."""
    kept: list[Note] = []
    dropped: list[Dropped] = []
    for note in noted.notes:
        reasons = verify(note, noted.talk, evening, kept)
        if reasons:
            dropped.append(Dropped(noted.talk.index, note.text, "; ".join(reasons)))
        else:
            kept.append(note)
    summary = noted.summary if kept else ""  # which says no more than who speaks
    return replace(noted, summary=summary, notes=tuple(kept), dropped=tuple(dropped))
