"""Voices get the names that a person gave them, whatever a program or a model has found."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.corrections.file import NameFix
from pipeline.corrections.fits import Fit
from pipeline.corrections.places import voice_id_of
from pipeline.data import Evidence, Outline, Speaker

NOBODY = "there is no such voice"
TAKEN = "so was {}, who has no name now; a [[voice]] with merge makes them one"


def decide_names(
    known: Outline, names: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Fit, ...]]:
    """The name of each voice that is given one, by its id; and what became of each line.

    Of two lines that name one voice otherwise the later holds.
    """
    voices = {voice: voice_id_of(voice, known.utterances, known.speakers, {}) for voice in names}
    found = {speaker: names[voice] for voice, speaker in voices.items() if speaker}
    fits = []
    for voice, name in names.items():
        bore = [one.id for one in known.speakers if one.name == name and one.id not in found]
        aside = TAKEN.format(", ".join(bore)) if bore and voices[voice] else ""
        why = _why_nobody(name, voices[voice], found, known)
        fits.append(Fit(NameFix(voice=voice, name=name), why, aside=aside))
    return found, tuple(fits)


def _why_nobody(name: str, speaker: str | None, found: Mapping[str, str], known: Outline) -> str:
    """Why a line names nobody; nothing where somebody is called so."""
    if speaker is None:  # an old name is gone where another engine heard the right one
        return "" if voice_id_of(name, known.utterances, known.speakers, {}) else NOBODY
    if found[speaker] != name:
        return f"another line says that this voice ({speaker}) is {found[speaker]}"
    return ""


def apply_names(known: Outline, names: Mapping[str, str]) -> Outline:
    """The outline with these names of its voices; no other voice keeps one of them."""
    return replace(known, speakers=tuple(_named(one, names) for one in known.speakers))


def _named(one: Speaker, names: Mapping[str, str]) -> Speaker:
    if one.id in names:
        proof = Evidence("override", names[one.id], "", 0.0, 1.0)
        return replace(one, name=names[one.id], confidence=1.0, evidence=(*one.evidence, proof))
    if one.name in names.values():
        return replace(one, name=None, confidence=0.0)
    return one
