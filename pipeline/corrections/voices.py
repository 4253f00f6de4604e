"""Whose words are whose, where an engine has divided one voice, mixed two or mistaken a turn."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from pipeline.corrections.file import VoiceFix
from pipeline.corrections.fits import Fit, try_fix
from pipeline.corrections.moments import Misfit, Moment, find_moment, moment
from pipeline.corrections.names import NOBODY, apply_names, voice_id_of
from pipeline.data import Evidence, Outline, Speaker, Utterance, Word, renumbered, speaker_ids
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
    named, _ = apply_names(known, _still_said(known, divided, names))
    voices = _Reassignment(list(words), known, named)
    for fix in divided:
        voices.apply(fix)
    fits = tuple(try_fix(fix, voices.apply) for fix in fixes)
    touched, mixed = frozenset(voices.touched), frozenset(voices.mixed)
    return Reassigned(tuple(voices.words), voices.new, touched, mixed, fits)


def apply_late_voice_fixes(
    known: Outline, fixes: Sequence[VoiceFix]
) -> tuple[Outline, tuple[Fit, ...]]:
    """The outline with the voices put right of whom only a model has told who they are."""
    before = [one for talk in known.talks for one in talk.utterances]
    words = [replace(word, speaker=one.speaker) for one in before for word in one.words]
    made = apply_voice_fixes(words, known, fixes, {})
    if made.words == tuple(words):
        return known, made.fits
    rest = iter(made.words)

    def parted(one: Utterance) -> list[Utterance]:
        own = [next(rest) for _ in one.words]
        runs = groupby(own, key=attrgetter("speaker"))
        return [replace(one, speaker=who, words=tuple(run)) for who, run in runs]

    whole = renumbered(
        known, [[p for one in talk.utterances for p in parted(one)] for talk in known.talks]
    )
    talks = tuple(replace(talk, speakers=speaker_ids(talk.utterances)) for talk in whole.talks)
    new = (Speaker(voice, name, None, 1.0) for voice, name in made.names.items())
    heard = {one.speaker for one in whole.utterances}
    speakers = tuple(one for one in (*known.speakers, *new) if one.id in heard)
    return replace(whole, speakers=speakers, talks=talks), made.fits


def _split_voice_turns(known: Outline, names: Mapping[str, str]) -> list[VoiceFix]:
    """Turns of a voice at which a person names somebody else: an engine took two people for one."""
    called: dict[str, list[tuple[Moment, str]]] = {}  # by voice
    for voice, name in names.items():
        at = moment(voice)
        if at and (turn := _turn_at(at, known)):
            called.setdefault(turn.speaker, []).append((at, name))
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
    given = {_turn_at(fix.turn, known) for fix in fixes} - {None}
    turns = {voice: _turn_at(moment(voice), known) for voice in names}
    return {voice: name for voice, name in names.items() if turns[voice] not in given}


def _turn_at(at: Moment | None, known: Outline) -> Utterance | None:
    """What is said in one go at a moment; None where there is none."""
    try:
        return known.utterances[find_moment(at, known.utterances).number] if at else None
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

    def __init__(self, words: list[Word], known: Outline, named: Outline) -> None:
        self.words = words
        self.new: dict[str, str] = {}
        self.touched: set[str] = set()
        self.mixed: set[str] = set()
        self._known = known
        self._named = named  # the same with the names of a person
        self._now = {one.id: one.id for one in known.speakers}

    def apply(self, fix: VoiceFix) -> None:
        """Do what a correction says; raises Misfit."""
        if fix.merge:
            voices = [self._whose(name) for name in fix.merge]
            self._give(voices[0], lambda word: word.speaker in voices)
            for old, now in self._now.items():
                self._now[old] = voices[0] if now in voices else now
        elif fix.turn:
            turn, _ = self._said(fix.turn)
            to = self._to(fix.to)
            self._give(to, lambda word: turn.start <= word.start and word.end <= turn.end)
        elif fix.split and fix.at:
            voice, (_, first), to = self._whose(fix.split), self._said(fix.at), self._to(fix.to)
            self._give(to, lambda word: word.speaker == voice and word.start >= first.start)
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
        if at := moment(voice):
            _, said = self._said(at)
            return min(self.words, key=lambda word: abs(word.start - said.start)).speaker
        new = next((one for one, name in self.new.items() if name == voice), None)
        called = {folded(one.label) for one in self._named.speakers}
        known = self._named if folded(voice) in called else self._known
        found = new or voice_id_of(voice, known)
        return self._now.get(found, found) if found else None

    def _said(self, at: Moment) -> tuple[Utterance, Word]:
        """The utterance and the word at a moment; raises Misfit."""
        place = find_moment(at, self._known.utterances)
        turn = self._known.utterances[place.number]
        return turn, turn.words[place.first]
