"""Which of a file's audio tracks is heard: all are looked at, the one with the speech is taken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.audio import arrange
from pipeline.audio.arrange import Strand, Taken
from pipeline.audio.lanes import SHORTEST, unroll
from pipeline.audio.probe import AudioTrack, probe, probed
from pipeline.audio.together import same_sound
from pipeline.errors import ConfigError, InputError
from pipeline.languages import code
from pipeline.progress import Tick


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says of an event's recordings."""

    track: int | None = None  # the audio track, from 1
    language: str | None = None  # the one spoken
    speakers: tuple[tuple[str, str], ...] = ()  # (file, its speaker): one clock, a file a speaker
    in_order: bool = False  # the files follow one another, whatever they sound like


@dataclass(frozen=True, slots=True)
class _Read:
    """A track as it could be read."""

    track: AudioTrack
    taken: Taken


def recording(file: Path, wanted: Wanted, folder: Path, tick: Tick) -> Taken:
    """What is heard of a file; its lanes lie below `folder`.

    Raises InputError for a file without sound that can be read, ConfigError for a track that it
    does not have.
    """
    tracks = probe(file).tracks
    if not tracks:
        raise InputError(f"{file}: holds no sound; give a recording that has an audio track")
    chosen, said = _chosen(file, tracks, wanted)
    read, lost = _read(file, chosen, folder, tick)
    others = [track for track in tracks if track not in chosen] if wanted.track is None else []
    if others and not any(each.taken.spoken for each in read):
        more, lost_too = _read(file, others, folder, tick)
        read, lost = [*read, *more], [*lost, *lost_too]
    if not read:
        raise InputError(f"{file}: {_why_nothing(lost)}")
    taken = read[0].taken if len(read) == 1 else _settled(file, read)
    said = said if len(read) <= len(chosen) else ()
    losses = [f"{file.name}: track {each.number} {why}; it was left out" for each, why in lost]
    return replace(taken, said=(*said, *taken.said), warnings=(*losses, *taken.warnings))


def check_track(files: Sequence[Path], number: int | None) -> None:
    """Raises ConfigError for a file that has sound, and not the track that is asked for."""
    for file in files:
        have = len(found.tracks) if (found := probed(file)) else 0
        if number and have and number > have:
            only = "only one" if have == 1 else f"only {have}"
            raise ConfigError(f"{file}: track {number} was asked for, and it has {only}")


def _chosen(
    file: Path, tracks: Sequence[AudioTrack], wanted: Wanted
) -> tuple[list[AudioTrack], tuple[str, ...]]:
    """The tracks that are looked at first, the player's choice in front, and why these."""
    if wanted.track is not None:
        check_track([file], wanted.track)
        return [tracks[wanted.track - 1]], ()
    asked = code(wanted.language) if wanted.language else None
    ordered = sorted(tracks, key=lambda track: not track.default)
    codes = [code(each.language) for each in ordered]
    use = asked if asked in codes else codes[0]
    ordered.sort(key=lambda track: code(track.language) != use)
    if len(set(codes) - {""}) < 2:
        return ordered, ()
    why = (
        "as asked" if use == asked else "as the file's default; language or track asks for another"
    )
    named = ", ".join(f"{each.number} ({each.language or 'no language'})" for each in tracks)
    chosen = [each for each in ordered if code(each.language) == use]
    numbers = " and ".join(str(each.number) for each in chosen)
    return chosen, (f"{file.name}: of tracks {named} {numbers} is heard, {why}",)


def _read(
    file: Path, tracks: Sequence[AudioTrack], folder: Path, tick: Tick
) -> tuple[list[_Read], list[tuple[AudioTrack, str]]]:
    """Those that could be decoded, and those that could not, with the reason."""
    read, lost = [], []
    for track in tracks:
        if not track.codec:
            lost.append((track, "is in a format that cannot be decoded here"))
            continue
        unrolled = unroll(file, track.number, folder, tick)
        if unrolled.seconds < SHORTEST:
            lost.append((track, f"holds {unrolled.seconds:.1f} s of sound"))
            continue
        taken = arrange.channels(unrolled.lanes, file.name)
        read.append(_Read(track, replace(taken, warnings=(*unrolled.faults, *taken.warnings))))
    return read, lost


def _settled(file: Path, read: Sequence[_Read]) -> Taken:
    """One of several tracks, or all of them, a speaker each."""
    apart = next((each for each in read if each.taken.speakers), None)
    if apart:  # a mix of its speakers, or the same again, is no further one
        read = [e for e in read if e is apart or not same_sound(e.taken, apart.taken)]
    pairs = [(each, strand) for each in read for strand in _named_apart(each)]
    taken, verdict = arrange.settled(file.name, [strand for _, strand in pairs])
    used = [pairs[n][0] for n in verdict.places[: 1 if verdict.kind == "parallel" else None]]
    if apart and (verdict.kind != "speakers" or len(read) == 1):
        return apart.taken
    warnings = [warning for each in used for warning in each.taken.warnings]
    if verdict.kind in ("one", "silent") and used[0] is not read[0]:
        first, heard = read[0].track.number, used[0].track.number
        warnings.append(f"{file.name}: track {first} holds no speech; track {heard} is heard")
    if len(used) == 1:
        track = f"{file.name}: track {used[0].track.number}"
        told = (f"{track} is heard, it holds all speech",) if verdict.kind == "same" else ()
        taken = replace(used[0].taken, said=(*told, *used[0].taken.said), warnings=taken.warnings)
    return replace(taken, warnings=tuple(dict.fromkeys([*warnings, *taken.warnings])))


def _named_apart(read: _Read) -> list[Strand]:
    """The strands of a track, by its number; by their channels too where there are several."""
    track, several = f"track {read.track.number}", len(read.taken.strands) > 1
    return [
        replace(strand, name=f"{track} {strand.name}" if several else track)
        for strand in read.taken.strands
    ]


def _why_nothing(lost: Sequence[tuple[AudioTrack, str]]) -> str:
    why = lost[0][1]
    if len(lost) == 1 and why.startswith("holds"):
        return f"{why}; a recording needs at least {SHORTEST} s: copy or record it again"
    each = "; ".join(f"track {track.number} {what}" for track, what in lost)
    return f"{each}: convert it to wav, mp3 or mp4 where it plays"
