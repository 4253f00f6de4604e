"""Which of a file's audio tracks is heard: all are looked at, the one with the speech is taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.audio import lane_selection
from pipeline.audio.lane_selection import Chosen
from pipeline.audio.lanes import decode_channels
from pipeline.audio.parallel_files import same_sound
from pipeline.audio.probe import AudioTrack, probed, read_header
from pipeline.errors import ConfigError, InputError
from pipeline.languages import code
from pipeline.progress import Tick

SHORTEST = 0.5  # seconds of sound under which a file is no recording


@dataclass(frozen=True, slots=True)
class TrackWish:
    """What the user says of an event's recordings."""

    track: int | None = None  # the audio track, from 1
    language: str | None = None  # the one spoken
    speakers: tuple[tuple[str, str], ...] = ()  # (file, its speaker): one clock, a file a speaker
    in_order: bool = False  # the files follow one another, whatever they sound like


def select_track(file: Path, wanted: TrackWish, folder: Path, tick: Tick) -> Chosen:
    """The lanes of the track of a file that is taken; they lie below `folder`.

    The file has tracks of sound: raises InputError where none can be read, ConfigError for a track
    that it does not have.
    """
    tracks = read_header(file).tracks
    chosen, said = _candidates(file, tracks, wanted)
    read, lost = _read(file, chosen, folder, tick)
    others = [track for track in tracks if track not in chosen] if wanted.track is None else []
    if others and not any(taken.spoken for taken in read.values()):
        more, lost_too = _read(file, others, folder, tick)
        said = () if more else said
        read, lost = read | more, lost | lost_too
    if not read:
        raise InputError(f"{file}: {_why_nothing(lost)}")
    taken = _select(file, read)
    losses = [f"{file.name}: track {number} {why}; it was left out" for number, why in lost.items()]
    return replace(taken, remarks=(*said, *taken.remarks), warnings=(*losses, *taken.warnings))


def check_track(files: Sequence[Path], number: int | None) -> None:
    """Raises ConfigError for a file that has sound, and not the track that is asked for."""
    for file in files:
        have = len(found.tracks) if (found := probed(file)) else 0
        if number and have and number > have:
            only = "only one" if have == 1 else f"only {have}"
            raise ConfigError(f"{file}: track {number} was asked for, and it has {only}")


def _candidates(
    file: Path, tracks: Sequence[AudioTrack], wanted: TrackWish
) -> tuple[list[AudioTrack], tuple[str, ...]]:
    """The tracks that are looked at first, the player's choice in front, and why these."""
    if wanted.track is not None:
        check_track([file], wanted.track)
        return [tracks[wanted.track - 1]], ()
    asked = code(wanted.language) if wanted.language else None
    ordered = sorted(tracks, key=lambda track: not track.default)
    codes = [code(each.language) for each in ordered]
    use = asked if asked in codes else codes[0]
    if len(set(codes) - {""}) < 2:
        return sorted(ordered, key=lambda track: code(track.language) != use), ()
    why = (
        "as asked" if use == asked else "as the file's default; language or track asks for another"
    )
    named = ", ".join(f"{each.number} ({each.language or 'no language'})" for each in tracks)
    chosen = [each for each in ordered if code(each.language) == use]
    numbers = " and ".join(str(each.number) for each in chosen)
    return chosen, (f"{file.name}: of tracks {named}, number {numbers} is heard, {why}",)


def _read(
    file: Path, tracks: Sequence[AudioTrack], folder: Path, tick: Tick
) -> tuple[dict[int, Chosen], dict[int, str]]:
    """By their numbers those that could be decoded, and those that could not, with the reason."""
    read, lost = {}, {}
    for track in tracks:
        if not track.codec:
            lost[track.number] = "is in a format that cannot be decoded here"
            continue
        lanes, faults = decode_channels(file, track.number, folder, tick)
        seconds = lanes[0].seconds if lanes else 0.0
        if seconds < SHORTEST:
            lost[track.number] = f"holds {seconds:.1f} s of sound"
            continue
        taken = lane_selection.select_channels(lanes, file.name)
        read[track.number] = replace(taken, warnings=(*faults, *taken.warnings))
    return read, lost


def _select(file: Path, read: dict[int, Chosen]) -> Chosen:
    """One of several tracks, or all of them, a speaker each."""
    first, *others = read
    if not others:
        return read[first]
    apart = next((taken for taken in read.values() if taken.speakers), None)
    if apart:  # a mix of its speakers, or the same again, is no further one
        read = {n: e for n, e in read.items() if e is apart or not same_sound(e, apart)}
    lanes = [lane for n, taken in read.items() for lane in taken.with_names(f"track {n}")]
    taken, verdict = lane_selection.select_lanes(file.name, lanes)
    if apart and (verdict.kind != "speakers" or len(read) == 1):
        return apart
    heard = verdict.places[: 1 if verdict.kind == "parallel" else None]
    used = list(dict.fromkeys(lanes[n].track for n in heard))
    warnings = [warning for n in used for warning in read[n].warnings]
    if verdict.kind in ("one", "silent") and used[0] != first:
        warnings.append(f"{file.name}: track {first} holds no speech; track {used[0]} is heard")
    if len(used) == 1:
        told = f"{file.name}: track {used[0]} is heard, it holds all speech"
        own = read[used[0]]
        said = (told, *own.remarks) if verdict.kind == "same" else own.remarks
        taken = replace(own, remarks=said, warnings=taken.warnings)
    return replace(taken, warnings=tuple(dict.fromkeys([*warnings, *taken.warnings])))


def _why_nothing(lost: dict[int, str]) -> str:
    why = next(iter(lost.values()))
    if len(lost) == 1 and why.startswith("holds"):
        return f"{why}; a recording needs at least {SHORTEST} s: copy or record it again"
    each = "; ".join(f"track {number} {what}" for number, what in lost.items())
    return f"{each}: convert it to wav, mp3 or mp4 where it plays"
