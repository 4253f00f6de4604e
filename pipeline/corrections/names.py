"""Which voice a person means, and the name that they give it, whatever was found before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.corrections.file import NameFix
from pipeline.corrections.fits import Fit
from pipeline.corrections.moments import Misfit, Moment, find_moment, likeness, moment
from pipeline.data import Evidence, Outline, Speaker, Utterance
from pipeline.text import folded

NAMED = 85.0  # rapidfuzz ratio (0..100) from which a name is another one, heard otherwise
WORDS = 6  # of a moment: enough to find it by, and few enough to read
NOBODY = "there is no such voice"
TAKEN = "so was {}, who has no name now; a [[voice]] with merge makes them one"


def voice_id_of(voice: str, known: Outline) -> str | None:
    """The id of a voice that is written as its number, a moment or a name; None where nobody is.

    A name that two voices bear is nobody's.
    """
    if any(voice == one.id for one in known.speakers):
        return voice
    if at := moment(voice):
        try:
            return known.utterances[find_moment(at, known.utterances).number].speaker
        except Misfit:
            return None
    called = [one.id for one in known.speakers if folded(one.label) == folded(voice)] or [
        one.id for one in known.speakers if one.name and likeness(one.name, voice) >= NAMED
    ]
    part = [one.id for one in known.speakers if one.name and voice.startswith(f"{one.name} ")]
    found = called or part  # a name that was heard badly is told in part
    return found[0] if len(found) == 1 else None


def moment_of(voice: str, said: Sequence[Utterance]) -> Moment | None:
    """A moment by which a voice is known to any engine: the middle of the longest that it says."""
    own = [one for one in said if one.speaker == voice]
    if not own:
        return None
    words = max(own, key=lambda one: one.end - one.start).words
    first = max(0, (len(words) - WORDS) // 2)
    text = " ".join(word.text for word in words[first : first + WORDS])
    return Moment(time=words[first].start, words=text)


def apply_names(known: Outline, names: Mapping[str, str]) -> tuple[Outline, tuple[Fit, ...]]:
    """The outline with these names of its voices, and what became of each line of [names].

    No other voice keeps one of them. Of two lines that name one voice otherwise the later holds.
    """
    voices = {voice: voice_id_of(voice, known) for voice in names}
    found = {id: names[voice] for voice, id in voices.items() if id}
    fits = []
    for voice, name in names.items():
        bore = [one.id for one in known.speakers if one.name == name and one.id not in found]
        aside = TAKEN.format(", ".join(bore)) if bore and voices[voice] else ""
        why = _why_nobody(name, voices[voice], found, known)
        fits.append(Fit(NameFix(voice=voice, name=name), why, aside=aside))
    speakers = tuple(_named(one, found) for one in known.speakers)
    return replace(known, speakers=speakers), tuple(fits)


def _why_nobody(name: str, speaker: str | None, found: Mapping[str, str], known: Outline) -> str:
    """Why a line names nobody; nothing where somebody is called so."""
    if speaker is None:  # an old name is gone where another engine heard the right one
        return "" if voice_id_of(name, known) else NOBODY
    if found[speaker] != name:
        return f"another line says that this voice ({speaker}) is {found[speaker]}"
    return ""


def _named(one: Speaker, names: Mapping[str, str]) -> Speaker:
    if one.id in names:
        proof = Evidence("override", names[one.id], "", 0.0, 1.0)
        return replace(one, name=names[one.id], confidence=1.0, evidence=(*one.evidence, proof))
    if one.name in names.values():
        return replace(one, name=None, confidence=0.0)
    return one
