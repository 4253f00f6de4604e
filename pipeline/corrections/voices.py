"""Whose words are whose, where an engine has divided one voice, mixed two or mistaken a turn."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.corrections.edges import speaker_ids
from pipeline.corrections.file import Moment, VoiceFix, moment
from pipeline.corrections.fits import Fit, Misfit, try_fix
from pipeline.corrections.names import NOBODY, decide_names
from pipeline.corrections.places import voice_id_of, word_at
from pipeline.data import Evidence, Outline, Speaker, Talk, Utterance, Word
from pipeline.text import folded

UNKNOWN = f"{NOBODY} as {{}}"
_ID = re.compile(r"SPEAKER_\d+")


@dataclass(frozen=True, slots=True)
class Reassigned:
    """Words with the voices that say them, and the names of new voices.

    `touched` were put right; `mixed` are those that an engine took for one, and were two.
    """

    words: tuple[Word, ...]
    names: Mapping[str, str]
    touched: frozenset[str]
    mixed: frozenset[str]
    fits: tuple[Fit, ...]


def apply_voice_fixes(
    words: Sequence[Word], known: Outline, fixes: Sequence[VoiceFix], names: Mapping[str, str]
) -> Reassigned:
    """The words of an event with their voices put right.

    `known` is the event as it was cut without these corrections, which tells who is called what
    and who speaks when; `names` are the lines of [names].
    """
    names = _still_said(known, fixes, names)
    divided = _split_voice_turns(known, names)
    still = _still_said(known, divided, names)
    casting = _Reassignment(list(words), known, decide_names(known, still)[0])
    for fix in divided:
        casting.apply(fix)
    fits = tuple(try_fix(fix, casting.apply) for fix in fixes)
    touched, mixed = frozenset(casting.touched), frozenset(casting.mixed)
    return Reassigned(tuple(casting.words), casting.new, touched, mixed, fits)


def apply_late(known: Outline, fixes: Sequence[VoiceFix]) -> tuple[Outline, tuple[Fit, ...]]:
    """The outline with the voices put right of whom only a model has told who they are."""
    before = [one for talk in known.talks for one in talk.utterances]
    words = [replace(word, speaker=one.speaker) for one in before for word in one.words]
    made = apply_voice_fixes(words, known, fixes, {})
    if made.words == tuple(words):
        return known, made.fits
    parts, said, talks = iter(made.words), list[Utterance](), list[Talk]()
    for talk in known.talks:
        first = len(said)
        for one in talk.utterances:
            own = [next(parts) for _ in one.words]
            for who, run in groupby(own, key=lambda word: word.speaker or ""):
                said.append(Utterance(len(said), who, tuple(run)))
        held = tuple(said[first:])
        talks.append(replace(talk, utterances=held, speakers=speaker_ids(held)))
    new = (Speaker(voice, name, None, 1.0) for voice, name in made.names.items())
    heard = {one.speaker for one in said}
    speakers = tuple(one for one in (*known.speakers, *new) if one.id in heard)
    whole = replace(known, speakers=speakers, talks=tuple(talks), utterances=tuple(said))
    return whole, made.fits


def _split_voice_turns(known: Outline, names: Mapping[str, str]) -> list[VoiceFix]:
    """Turns of a voice at which a person names somebody else: an engine took two people for one."""
    called: dict[str, list[tuple[Moment, str]]] = {}  # by voice
    for voice, name in names.items():
        at = moment(voice)
        place = _turn_at(at, known) if at else None
        if at and place is not None:
            called.setdefault(known.utterances[place].speaker, []).append((at, name))
    labels = {one.id: folded(one.label) for one in known.speakers}
    divided = []
    for voice, turns in called.items():
        told = [folded(name) for _, name in turns]
        keeps = labels[voice] if labels[voice] in told else told[0]
        divided += [VoiceFix(turn=at, to=name) for at, name in turns if folded(name) != keeps]
    return divided


def _still_said(
    known: Outline, fixes: Sequence[VoiceFix], names: Mapping[str, str]
) -> dict[str, str]:
    """The names but for those whose moment lies in a turn that is given to somebody else."""
    turns = {_turn_at(fix.turn, known) for fix in fixes if fix.turn} - {None}
    moments = {voice: moment(voice) for voice in names}
    gone = {voice for voice, at in moments.items() if at and _turn_at(at, known) in turns}
    return {voice: name for voice, name in names.items() if voice not in gone}


def _turn_at(at: Moment, known: Outline) -> int | None:
    """The number of the utterance at a moment; None where there is none."""
    try:
        return word_at(at, known.utterances).utterance
    except Misfit:
        return None


def mark_corrected(known: Outline, made: Reassigned) -> Outline:
    """The outline with corrected voices marked by new ids, which name a new voice by its name."""

    def signed(one: Speaker) -> Speaker:
        sign = Evidence("corrected", made.names.get(one.id, ""), "", 0.0, 1.0)
        return replace(one, evidence=(*one.evidence, sign)) if one.id in made.touched else one

    return replace(known, speakers=tuple(map(signed, known.speakers)))


class _Reassignment:
    """The words while their voices change; a voice that is gone is found under its new one."""

    def __init__(self, words: list[Word], known: Outline, names: Mapping[str, str]) -> None:
        self.words = words
        self.new: dict[str, str] = {}
        self.touched: set[str] = set()
        self.mixed: set[str] = set()
        self._known = known
        self._names = names
        self._now = {one.id: one.id for one in known.speakers}

    def apply(self, fix: VoiceFix) -> None:
        """Do what a correction says; raises Misfit."""
        if fix.merge:
            self._merge(fix.merge)
        elif fix.turn:
            turn, _ = self._said(fix.turn)
            to = self._to(fix.to)
            self._give(to, lambda word: turn.start <= word.start and word.end <= turn.end)
        elif fix.split and fix.at:
            self._split(self._whose(fix.split), fix.at, fix.to)

    def _merge(self, names: Sequence[str]) -> None:
        voices = [self._whose(name) for name in names]
        first = voices[0]
        self._give(first, lambda word: word.speaker in voices)
        self._now = {old: first if now in voices else now for old, now in self._now.items()}

    def _split(self, voice: str, at: Moment, to: str | None) -> None:
        """Give what a voice says from a moment on to another voice."""
        (_, first), other = self._said(at), self._to(to)
        self._give(other, lambda word: word.speaker == voice and word.start >= first.start)
        self.touched.add(voice)
        self.mixed.add(voice)

    def _give(self, voice: str, wanted: Callable[[Word], bool]) -> None:
        self.touched.add(voice)
        self.words = [replace(w, speaker=voice) if wanted(w) else w for w in self.words]

    # ---- voices and moments

    def _to(self, name: str | None) -> str:
        """The voice that gets the words: a known one, or a new one of that name."""
        found = self._find(name) if name else None
        if found:
            return found
        if name and _ID.fullmatch(name):
            raise Misfit(UNKNOWN.format(name))
        taken = [int(number) for one in self._now for number in re.findall(r"\d+", one)]
        new = f"SPEAKER_{max(taken, default=-1) + 1:02d}"
        self._now[new] = new
        if name:
            self.new[new] = name
        return new

    def _whose(self, voice: str) -> str:
        """A voice as it is now; raises Misfit."""
        found = self._find(voice)
        if found is None:
            raise Misfit(UNKNOWN.format(voice))
        return found

    def _find(self, voice: str) -> str | None:
        """The id of a voice, a new one by its name; None where there is none."""
        at = moment(voice)
        if at:
            _, said = self._said(at)
            return min(self.words, key=lambda word: abs(word.start - said.start)).speaker
        new = next((one for one, name in self.new.items() if name == voice), None)
        known = self._known
        found = new or voice_id_of(voice, known.utterances, known.speakers, self._names)
        return self._now.get(found, found) if found else None

    def _said(self, at: Moment) -> tuple[Utterance, Word]:
        """The utterance and the word at a moment; raises Misfit."""
        place = word_at(at, self._known.utterances)
        turn = self._known.utterances[place.utterance]
        return turn, turn.words[place.word]
