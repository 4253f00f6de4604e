"""Whose words are whose, where an engine has divided one voice, mixed two or mistaken a turn."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from pipeline.corrections.edges import speakers_of
from pipeline.corrections.file import Moment, VoiceFix, moment
from pipeline.corrections.fits import Fit
from pipeline.corrections.names import NOBODY, given
from pipeline.corrections.places import NotThere, WordAt, whose, word_at
from pipeline.data import Evidence, Outline, Speaker, Talk, Utterance, Word
from pipeline.text import bare

UNKNOWN = f"{NOBODY} as {{}}"
_ID = re.compile(r"SPEAKER_\d+")


@dataclass(frozen=True, slots=True)
class Recast:
    """Words with the voices that say them, and the names of new voices.

    `touched` were put right; `mixed` are those that an engine took for one, and were two.
    """

    words: tuple[Word, ...]
    names: Mapping[str, str]
    touched: frozenset[str]
    mixed: frozenset[str]
    fits: tuple[Fit, ...]


def recast(
    words: Sequence[Word], known: Outline, fixes: Sequence[VoiceFix], names: Mapping[str, str]
) -> Recast:
    """The words of an event with their voices put right.

    `known` is the event as it was cut without these corrections, which tells who is called what
    and who speaks when; `names` are the lines of [names].
    """
    divided = _divided(known, fixes, names)
    still = _still_said(known, (*divided, *fixes), names)
    casting = _Casting(list(words), known, given(known, still)[0])
    for fix in divided:
        casting.apply(fix)
    fits = tuple(Fit(fix, casting.apply(fix)) for fix in fixes)
    touched, mixed = frozenset(casting.touched), frozenset(casting.mixed)
    return Recast(tuple(casting.words), casting.new, touched, mixed, fits)


def late(known: Outline, fixes: Sequence[VoiceFix]) -> tuple[Outline, tuple[Fit, ...]]:
    """The outline with the voices put right of whom only a model has told who they are."""
    before = [one for talk in known.talks for one in talk.utterances]
    words = [replace(word, speaker=one.speaker) for one in before for word in one.words]
    made = recast(words, known, fixes, {})
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
        talks.append(replace(talk, utterances=held, speakers=speakers_of(held)))
    new = (Speaker(voice, name, None, 1.0) for voice, name in made.names.items())
    heard = {one.speaker for one in said}
    speakers = tuple(one for one in (*known.speakers, *new) if one.id in heard)
    whole = replace(known, speakers=speakers, talks=tuple(talks), utterances=tuple(said))
    return whole, made.fits


def _divided(
    known: Outline, fixes: Sequence[VoiceFix], names: Mapping[str, str]
) -> tuple[VoiceFix, ...]:
    """The turns of a voice that a person calls otherwise at another moment: here an engine takes
    two people for one. Only what is called so becomes theirs; the voice keeps its other words."""
    said = known.utterances
    called: dict[str, dict[int, tuple[Moment, str]]] = {}  # by voice and turn
    for voice, name in _still_said(known, fixes, names).items():
        at = moment(voice)
        place = _turn_at(at, known) if at else None
        if at and place is not None:
            called.setdefault(said[place].speaker, {})[place] = at, name
    for fix in fixes:
        place = _turn_at(fix.turn, known) if fix.turn else None
        if fix.turn and fix.to and place is not None:
            voice = said[place].speaker
            if whose(fix.to, said, known.speakers, {}) == voice:  # it is theirs already
                called.setdefault(voice, {})[place] = fix.turn, fix.to
    labels = {one.id: bare(one.label) for one in known.speakers}
    return tuple(
        VoiceFix(turn=at, to=name)
        for voice, turns in called.items()
        for at, name in turns.values()
        if len({bare(other) for _, other in turns.values()}) > 1 and bare(name) != labels[voice]
    )


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
    place = word_at(at, known.utterances)
    return place.utterance if isinstance(place, WordAt) else None


def marked(known: Outline, made: Recast) -> Outline:
    """The outline with a sign on the voices that were put right: no model makes two of one. A new
    one has its name in it."""

    def signed(one: Speaker) -> Speaker:
        sign = Evidence("corrected", made.names.get(one.id, ""), "", 0.0, 1.0)
        return replace(one, evidence=(*one.evidence, sign)) if one.id in made.touched else one

    return replace(known, speakers=tuple(map(signed, known.speakers)))


class _Casting:
    """The words while their voices change; a voice that is gone is found under its new one."""

    def __init__(self, words: list[Word], known: Outline, names: Mapping[str, str]) -> None:
        self.words = words
        self.new: dict[str, str] = {}
        self.touched: set[str] = set()
        self.mixed: set[str] = set()
        self._known = known
        self._names = names
        self._now = {one.id: one.id for one in known.speakers}

    def apply(self, fix: VoiceFix) -> str:
        """Do what a correction says; why that cannot be done."""
        return self._merge(fix.merge) if fix.merge else self._divide(fix)

    def _merge(self, names: Sequence[str]) -> str:
        voices = [self._whose(name) for name in names]
        unknown = [name for name, voice in zip(names, voices, strict=True) if voice is None]
        if unknown:
            return UNKNOWN.format(", ".join(unknown))
        first = voices[0] or ""
        self._give(first, lambda word: word.speaker in voices)
        self._now = {old: first if now in voices else now for old, now in self._now.items()}
        return ""

    def _divide(self, fix: VoiceFix) -> str:
        """Give a turn, or what a voice says from a moment on, to another voice."""
        voice, at = self._whose(fix.split) if fix.split else "", fix.turn or fix.at
        if voice is None:
            return UNKNOWN.format(fix.split)
        if at is None:
            return ""
        place = word_at(at, self._known.utterances)
        if isinstance(place, NotThere):
            return place.why
        to = self._to(fix.to)
        if to is None:
            return UNKNOWN.format(fix.to)
        turn = self._known.utterances[place.utterance]
        if fix.turn:
            self._give(to, lambda word: turn.start <= word.start and word.end <= turn.end)
            return ""
        begin = turn.words[place.word].start
        self._give(to, lambda word: word.speaker == voice and word.start >= begin)
        self.touched.add(voice)
        self.mixed.add(voice)
        return ""

    def _whose(self, voice: str) -> str | None:
        """The voice as it is now; one of those that are new here goes by its name."""
        at = moment(voice)
        if at:
            place = word_at(at, self._known.utterances)
            if isinstance(place, NotThere):
                return None
            begin = self._known.utterances[place.utterance].words[place.word].start
            return min(self.words, key=lambda word: abs(word.start - begin)).speaker
        new = next((one for one, name in self.new.items() if name == voice), None)
        found = new or whose(voice, self._known.utterances, self._known.speakers, self._names)
        return self._now.get(found, found) if found else None

    def _to(self, name: str | None) -> str | None:
        """The voice that gets the words: a known one, or a new one of that name."""
        found = self._whose(name) if name else None
        if found or (name and (moment(name) or _ID.fullmatch(name))):
            return found
        taken = [int(number) for one in self._now for number in re.findall(r"\d+", one)]
        new = f"SPEAKER_{max(taken, default=-1) + 1:02d}"
        self._now[new] = new
        if name:
            self.new[new] = name
        return new

    def _give(self, voice: str, wanted: Callable[[Word], bool]) -> None:
        self.touched.add(voice)
        self.words = [replace(w, speaker=voice) if wanted(w) else w for w in self.words]
