"""An event's files as its recordings: copies of one, a file for each speaker, one after the other.

What several recorders, downloaders and meeting programs leave has equal lengths. Where speech
alternates in such files they are one conversation; what holds the same sound, of any length, is
heard once (deduplicate.py); else the files follow one another.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from pipeline.audio import lane_selection, similarity
from pipeline.audio.deduplicate import heard_once, start_offset
from pipeline.audio.folder import ABOUT, lengths_match, match_name
from pipeline.audio.lane_selection import LIMITS, Chosen, Relation, name_list
from pipeline.audio.lanes import Lane, mixed
from pipeline.audio.probe import probed
from pipeline.audio.similarity import FRAME, Profile
from pipeline.errors import InputError
from pipeline.languages import KNOWN, code

SAME_SOUND = 0.95  # correlation of rises and falls over which two files hold one recording
ADVICE = (
    "[[tracks]] tables with file and speaker in event.toml say so and name them; "
    "files = [...] says that they follow one another"
)


def arranged(takes: Sequence[Chosen], language: str | None) -> tuple[list[Chosen], list[str]]:
    """The recordings in order, those that belong together as one, nothing twice; and what is said.

    Of files that are a language each the one in `language` is heard. Raises InputError for two of
    one name that hold another sound.
    """
    different, of_copies = _without_copies(takes)
    together = [take for peers in _peers(different) for take in _together(peers, language)]
    heard, of_recorders = heard_once(together)
    return heard, [*of_copies, *of_recorders]


def one_per_speaker(takes: Sequence[Chosen]) -> Chosen:
    """The files that event.toml lists as a speaker each: so they are, whatever they sound like."""
    lanes = [replace(mixed(take.lanes), name=take.name) for take in takes]
    said = f"{name_list(lanes)} are a speaker each, as event.toml says"
    warnings = tuple(warning for take in takes for warning in take.warnings)
    return Chosen(tuple(lanes), tuple(similarity.profiles(lanes)), (said,), warnings)


def _without_copies(takes: Sequence[Chosen]) -> tuple[list[Chosen], list[str]]:
    """The first of those that hold one sound from beginning to end; and what is said of others."""
    kept: list[Chosen] = []
    said = []
    for take in takes:
        first = next((other for other in kept if _is_copy(take, other)), None)
        if first:
            said.append(f"{first.name} is heard, not {take.name}: the sound is the same")
        else:
            kept.append(take)
    return kept, said


def _is_copy(one: Chosen, other: Chosen) -> bool:
    if not lengths_match(one.seconds, other.seconds):
        return False
    alike, late = similarity.best_alignment(one.levels, other.levels)
    return alike >= SAME_SOUND and abs(late) * FRAME <= ABOUT


def _peers(takes: Sequence[Chosen]) -> list[list[Chosen]]:
    """Those that may be of one recording: about as long, or with the names of its pieces."""
    groups: list[list[Chosen]] = []
    for take in takes:
        group = next((group for group in groups if _may_belong(group[0], take)), None)
        if group is None:
            groups.append(group := [])
        group.append(take)
    return groups


def _may_belong(one: Chosen, other: Chosen) -> bool:
    named = match_name(one.files[0]) == match_name(other.files[0])
    return named or lengths_match(one.seconds, other.seconds)


def _together(peers: Sequence[Chosen], language: str | None) -> Sequence[Chosen]:
    """Peers as one recording, or as several in a row, with the doubt that is left."""
    if len(peers) < 2:
        return peers
    lanes = [lane for take in peers for lane in take.with_names(take.name)]
    heard = similarity.profiles(lanes)
    relation = lane_selection.compare_lanes(heard)
    if relation.kind == "parallel" and (best := _in_language(peers, language)):
        others = name_list([file for take in peers for file in take.files if take is not best])
        said = f"{best.name} is heard, not {others}: the languages differ"
        return [replace(best, remarks=(*best.remarks, said))]
    speaking = tuple(heard[n] for n in relation.places)
    if relation.kind == "speakers" and _is_conversation(speaking):
        return [_conversation(peers, tuple(lanes[n] for n in relation.places), speaking)]
    pairs = [
        (one, other)
        for one, other in combinations(peers, 2)
        if start_offset(one.levels, other.levels) is None
    ]
    for one, other in pairs:
        _refuse_ambiguous(one.files[0], other.files[0])
    if len(pairs) < len(peers) * (len(peers) - 1) / 2:
        return peers
    doubts = tuple(_doubts(relation, [lanes[n] for n in relation.places], speaking))
    return [replace(peers[0], warnings=(*doubts, *peers[0].warnings)), *peers[1:]]


def _conversation(
    peers: Sequence[Chosen], lanes: tuple[Lane, ...], speaking: tuple[Profile, ...]
) -> Chosen:
    """Files of which each is a speaker, or has several; a mix of them is left out."""
    told = (
        f"{name_list(lanes)} are as long as one another and their speech alternates, so each "
        f"was taken for one speaker of one conversation; {ADVICE}"
    )
    used = {lane.file for lane in lanes}
    left = [file for take in peers for file in take.files if file not in used]
    said = (f"{name_list(left)}: left out, all speech is in the others",) if left else ()
    warnings = [each for take in peers if take.files[0] in used for each in take.warnings]
    return Chosen(lanes, speaking, said, (*warnings, told))


def _refuse_ambiguous(file: Path, twin: Path) -> None:
    """talk.mp3 beside talk.mp4 with another sound: one recording twice, or two?"""
    if match_name(twin) == match_name(file):
        raise InputError(
            f"{file.parent}: {file.name} and {twin.name} look like one recording twice and "
            f"do not sound alike; name those to use in event.toml, like "
            f'files = ["{file.name}"]'
        )


def _doubts(
    relation: Relation, lanes: Sequence[Lane], speaking: Sequence[Profile]
) -> Iterator[str]:
    """What files of one length, taken one after the other, may be as well."""
    files = tuple(dict.fromkeys(lane.file for lane in lanes))
    if len(files) < 2:
        return
    names = name_list(files)
    taken = f"{names} are as long as one another and were taken one after the other; are"
    told = {_language(file) for file in files}
    if relation.kind == "parallel" and len(told) == len(files):
        yield f"{taken} they one talk in several languages? files = [...] names the one to hear"
    elif relation.kind in ("speakers", "mix") and _apart(speaking):
        yield f"{taken} they one conversation? {ADVICE}"


def _is_conversation(speaking: Sequence[Profile]) -> bool:
    """Whether people answer one another, or are heard on each other's microphones."""
    changes = lane_selection.speaker_changes(speaking) >= LIMITS.changes
    return changes and (_apart(speaking) or lane_selection.hear_same_speech(speaking))


def _apart(speaking: Sequence[Profile]) -> bool:
    """Whether several speak at once far less than strangers would."""
    by_chance = similarity.overlap_by_chance(speaking)
    return similarity.overlap(speaking) < LIMITS.chance * by_chance


def _in_language(takes: Sequence[Chosen], language: str | None) -> Chosen | None:
    """Of files in a language each the one wanted, or the first; None where they do not tell."""
    told = [_language(take.files[0]) for take in takes]
    if not all(told) or len(set(told)) < len(told):
        return None
    wanted = code(language) if language else ""
    return takes[told.index(wanted)] if wanted in told else takes[0]


def _language(file: Path) -> str:
    """The language of a file's sound by its tag, or by the end of its name: "talk-deu.mp3"."""
    found = probed(file)
    tag = found.tracks[0].language if found and found.tracks else ""
    named = re.split(r"[._-]", file.stem.lower())[-1]
    return next((code(each) for each in (tag, named) if each and code(each) in KNOWN), "")
