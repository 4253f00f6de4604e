"""What an event's files are taken for, in words: for `plan`, and before a run."""

from collections.abc import Iterable, Iterator

from pipeline.audio.folder import LeftOut
from pipeline.audio.inputs import EventInput
from pipeline.audio.probe import AudioTrack, Probe, probed
from pipeline.audio.tags import by_start
from pipeline.event import shows_film
from pipeline.text import clock


def described(event: EventInput) -> Iterator[str]:
    """A line for how the files make an event, one for each of them, one for what is left out."""
    if len(event.files) > 1:
        yield f"{len(event.files)} files are one event: {_why(event)}"
    for file in event.files:
        yield (
            f"{file.name}: {_header(probed(file))}" if event.sounding else f"{file.name}: captions"
        )
    for captions in event.captions:
        yield f"{captions.name}: captions, {_captions(event)}"
    for origin in event.origins:
        yield f"{origin.what}: from the {origin.of} of {origin.name}"
    if event.info.video and not shows_film(event.info.video):
        yield f"video: {event.info.video} is at no place that is known here; try a receipt's link"
    if event.left_out:
        yield f"left out: {_left(event.left_out)}"


def taken(event: EventInput) -> str:
    """In a line what the files of an event are taken for; empty for a file alone."""
    told = names = ", ".join(file.name for file in event.files)
    if len(event.files) > 1:
        told = f"{len(event.files)} files ({names}) are one event: {_why(event)}"
    if event.left_out:
        told += f"; left out: {_left(event.left_out)}"
    return f"{event.slug}: {told}" if told != names else ""


def _why(event: EventInput) -> str:
    if event.info.tracks:
        return "event.toml says that each is a speaker, all on one clock"
    if event.info.files:
        return "event.toml puts them one after the other"
    why = f"they lie in {event.folder.name}/" if event.folder else "their names are one recording's"
    if len({file.parent for file in event.files}) > 1:
        why = f"those in {event.files[-1].parent.name}/ are as long as the recording beside it"
    told = by_start(event.files) == event.files
    order = "the order of the start times in their tags" if told else "name order"
    return (
        f"{why}; one after the other in {order}, but for those that turn out to hold the same "
        "sound, or a speaker each"
    )


def _header(found: Probe | None) -> str:
    """ "0:45:10, 2 audio tracks: 1 aac, 2 channels, eng; 2 aac, 2 channels, deu"."""
    if found is None:
        return "cannot be opened"
    length = clock(found.duration) if found.duration else "length unknown"
    if not found.tracks:
        return f"{length}, no sound"
    tracks = "; ".join(map(_track, found.tracks))
    texts = ", ".join(f"{number} {named}".strip() for number, named in found.subtitles)
    shown = f"; subtitle tracks: {texts}" if texts else ""
    if len(found.tracks) == 1:
        return f"{length}, {tracks.partition(' ')[2]}{shown}"
    return f"{length}, {len(found.tracks)} audio tracks: {tracks}{shown}"


def _track(track: AudioTrack) -> str:
    channels = "1 channel" if track.channels == 1 else f"{track.channels} channels"
    facts = [track.codec or "a format that is not decoded here", channels]
    facts += [fact for fact in (track.language, track.title) if fact]
    return f"{track.number} {', '.join(facts)}"


def _captions(event: EventInput) -> str:
    if event.info.captions == "use":
        return "which stand for hearing, as asked"
    return 'not used; captions = "use" in event.toml or --captions use takes them for the words'


def _left(files: Iterable[LeftOut]) -> str:
    """ "a.txt, b.txt (each is no recording), talk.part (is an unfinished download)"."""
    names: dict[str, list[str]] = {}
    for file in files:
        names.setdefault(file.why, []).append(file.name)
    groups = (
        (", ".join(found), "each " if len(found) > 1 else "", w) for w, found in names.items()
    )
    return ", ".join(f"{found} ({each}{why})" for found, each, why in groups)
