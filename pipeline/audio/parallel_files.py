"""Files of one event that run side by side: copies of one recording, or a file for each speaker.

What several recorders, downloaders and meeting programs leave has equal lengths. Where the sound is
the same too it is one recording; where speech alternates it is one conversation; else the files
follow one another.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from pipeline.audio import lane_selection, similarity
from pipeline.audio.folder import DETAILS, LeftOut, contents, match_name
from pipeline.audio.lane_selection import LIMITS, Chosen, name_list
from pipeline.audio.lanes import mixed
from pipeline.audio.probe import probed
from pipeline.audio.similarity import Profile
from pipeline.errors import InputError
from pipeline.languages import KNOWN, code

ABOUT = 2.0  # seconds by which the lengths of one recording's pieces may differ
ABOUT_SHARE = 0.005  # and the share of it
SAME_SOUND = 0.95  # correlation of levels over which two files hold one recording
ZOOMS = "Audio Record"  # the folder where Zoom keeps the sound of each speaker of a meeting
NOT_AS_LONG = "is not as long as the meeting, so it is not known when it was begun"
ADVICE = (
    "[[tracks]] tables with file and speaker in event.toml say so and name them; "
    "files = [...] says that they follow one another"
)


def arranged(takes: Sequence[Chosen], language: str | None) -> list[Chosen]:
    """The recordings in order; files that are about as long as one another, or have the names of
    pieces, side by side where they belong together."""
    left = {taken.files[0]: taken for taken in takes}
    found: dict[Path, Chosen] = {}
    ordered: list[Chosen] = []
    while left:
        file = next(iter(left))
        peers = [o for o in left if match_name(o) == match_name(file) or _as_long(o, file)]
        if any(peer not in found for peer in peers):  # one may be none of what was before
            for one in _group_files({peer: left[peer] for peer in peers}, language):
                found |= dict.fromkeys((*one.files, *one.copies), one)
        ordered.append(found[file])
        for done in (*found[file].files, *found[file].copies):
            del left[done]
    return ordered


def _as_long(one: Path, other: Path) -> bool:
    """Whether two files may be pieces of one recording, by the lengths in their headers."""
    first, second = (found.duration if (found := probed(file)) else None for file in (one, other))
    if not first or not second:
        return False
    return abs(first - second) <= max(ABOUT, ABOUT_SHARE * max(first, second))


def of_speakers(folder: Path, beside_it: Sequence[Path]) -> bool:
    """Whether a meeting's recorder keeps its speakers' files there: each as long as the whole."""
    if (folder / DETAILS).exists() or not beside_it:
        return False
    try:
        own = contents(folder).media
    except InputError:  # lost+found
        return False
    equal = len(own) > 1 and all(_as_long(beside_it[0], file) for file in (*beside_it[1:], *own))
    return equal or (folder.name == ZOOMS and bool(own))


def speakers_files(
    folders: Sequence[Path], whole: Sequence[Path]
) -> tuple[tuple[Path, ...], list[LeftOut]]:
    """What such folders hold: on the clock of the whole, and what nobody can put there."""
    files = [file for folder in folders for file in contents(folder).media]
    own = tuple(file for file in files if _as_long(whole[0], file))
    late = (f"{file.parent.name}/{file.name}" for file in files if file not in own)
    return own, [LeftOut(name, NOT_AS_LONG) for name in late]


def _group_files(takes: Mapping[Path, Chosen], language: str | None) -> list[Chosen]:
    """Peers as one recording, or as several that follow one another, with the doubt that is left.

    Copies are left out first; what is left is one file, or a speaker each. Of files that are a
    language each the one in `language` is heard. Raises InputError for two of one name that hold
    another sound.
    """
    copies = _copies(takes)
    kept = list(copies)
    if len(kept) == 1:
        return [_prefer(takes[kept[0]], copies[kept[0]], "the sound is the same")]
    lanes = [lane for file in kept for lane in takes[file].with_names(file.name)]
    heard = similarity.profiles(lanes)
    verdict = lane_selection.compare_lanes(heard)
    used = list(dict.fromkeys(lanes[n].file for n in verdict.places))
    left = [file for file in takes if file not in used]
    if verdict.kind == "same":
        return [_prefer(takes[used[0]], left, "the speech is the same, and clearer")]
    if verdict.kind == "parallel" and (best := _in_language(kept, language)):
        foreign = [file for file in takes if file != best]
        return [_prefer(takes[best], foreign, "the languages differ")]
    speaking = tuple(heard[n] for n in verdict.places)
    if verdict.kind == "speakers" and _is_conversation(speaking):
        chosen = tuple(lanes[n] for n in verdict.places)
        told = (
            f"{name_list(chosen)} are as long as one another and their speech alternates, so each "
            f"was taken for one speaker of one conversation; {ADVICE}"
        )
        said = (f"{name_list(left)}: left out, all speech is in the others",) if left else ()
        warnings = [warning for file in used for warning in takes[file].warnings]
        return [Chosen(chosen, speaking, said, (*warnings, told), tuple(left))]
    _refuse_ambiguous(kept)
    first, *others = (_prefer(takes[file], copies[file], "the sound is the same") for file in kept)
    doubts = _doubts(verdict.kind, used, speaking) if len(used) > 1 else ()
    return [replace(first, doubts=tuple(doubts)), *others]


def _refuse_ambiguous(files: Sequence[Path]) -> None:
    """talk.mp3 beside talk.mp4 with another sound: one recording twice, or two?"""
    for file, twin in combinations(files, 2):
        if match_name(twin) == match_name(file):
            raise InputError(
                f"{file.parent}: {file.name} and {twin.name} look like one recording twice and "
                f"do not sound alike; name those to use in event.toml, like "
                f'files = ["{file.name}"]'
            )


def _doubts(kind: str, files: Sequence[Path], speaking: Sequence[Profile]) -> Iterator[str]:
    """What files of one length, taken one after the other, may be as well."""
    names = name_list(files)
    taken = f"{names} are as long as one another and were taken one after the other; are"
    told = {_language(file) for file in files}
    if kind == "parallel" and len(told) == len(files):
        yield f"{taken} they one talk in several languages? files = [...] names the one to hear"
    elif kind in ("speakers", "mix") and _apart(speaking):
        yield f"{taken} they one conversation? {ADVICE}"


def _is_conversation(speaking: Sequence[Profile]) -> bool:
    """Whether people answer one another, or are heard on each other's microphones."""
    changes = lane_selection.speaker_changes(speaking) >= LIMITS.changes
    return changes and (_apart(speaking) or lane_selection.hear_same_speech(speaking))


def _apart(speaking: Sequence[Profile]) -> bool:
    """Whether several speak at once far less than strangers would."""
    by_chance = similarity.overlap_by_chance(speaking)
    return similarity.overlap(speaking) < LIMITS.chance * by_chance


def _prefer(taken: Chosen, others: Sequence[Path], why: str) -> Chosen:
    """One file as the whole recording, the others left out."""
    if not others:
        return taken
    said = f"{taken.name} is heard, not {name_list(others)}: {why}"
    return replace(taken, remarks=(*taken.remarks, said), copies=tuple(others))


def _in_language(files: Sequence[Path], language: str | None) -> Path | None:
    """Of files in a language each the one wanted, or the first; None where they do not tell."""
    told = {file: _language(file) for file in files}
    if not all(told.values()) or len(set(told.values())) < len(files):
        return None
    wanted = code(language) if language else ""
    return next((file for file in files if told[file] == wanted), files[0])


def _language(file: Path) -> str:
    """The language of a file's sound by its tag, or by the end of its name: "talk-deu.mp3"."""
    found = probed(file)
    tag = found.tracks[0].language if found and found.tracks else ""
    named = re.split(r"[._-]", file.stem.lower())[-1]
    return next((code(each) for each in (tag, named) if each and code(each) in KNOWN), "")


def one_per_speaker(takes: Sequence[Chosen]) -> Chosen:
    """The files that event.toml lists as a speaker each: so they are, whatever they sound like."""
    lanes = tuple(replace(mixed(taken.lanes), name=taken.name) for taken in takes)
    said = (f"{name_list(lanes)} are a speaker each, as event.toml says",)
    warnings = tuple(warning for taken in takes for warning in taken.warnings)
    return Chosen(lanes, tuple(similarity.profiles(lanes)), said, warnings)


def same_sound(one: Chosen, other: Chosen) -> bool:
    """Whether two recordings hold the same, a few seconds apart at most."""
    alike, shift = similarity.best_alignment(one.levels, other.levels)
    return alike >= SAME_SOUND and abs(shift) <= 10 * ABOUT


def _copies(takes: Mapping[Path, Chosen]) -> dict[Path, list[Path]]:
    """The files that hold a sound each, and with each those that hold it again."""
    held: dict[Path, list[Path]] = {}
    for file, taken in takes.items():
        first = next((other for other in held if same_sound(taken, takes[other])), None)
        if first:
            held[first].append(file)
        else:
            held[file] = []
    return held
