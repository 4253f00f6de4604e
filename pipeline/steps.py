"""The expensive steps, each with the key that says what it depends on.

Speech engines are fed blocks of at most 20 minutes, cut in silences, and each finished block is
kept: an eight-hour day that is killed in hour seven goes on in hour seven.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from pathlib import Path

from pipeline import audio as sound
from pipeline import config
from pipeline.asr.join import join_transcripts
from pipeline.audio import yamnet
from pipeline.audio.inputs import EventInput
from pipeline.audio.probe import check_openable
from pipeline.audio.wav import matches_seal, write_seal
from pipeline.cache import Cache, digest
from pipeline.captions import Captioned, of_event, soundless_audio
from pipeline.data import Audio, Diarization, RoomSound, Span, Transcript, Turn, ms
from pipeline.diarize.link import link
from pipeline.engines.choose import Choice
from pipeline.errors import EngineError, InputError
from pipeline.event import EventInfo, SpeakerCount
from pipeline.finished import content, inside
from pipeline.heap import give_back
from pipeline.progress import Piece, Tick, Watch
from pipeline.session import Session
from pipeline.together import together

BLOCK_SECONDS = 1200.0
ONE_VOICE = (
    "the captions name no speakers and there is no sound: all is one voice without a name; if one "
    "person speaks, speakers = 1 in event.toml says so"
)
VERSIONS = {"decode": 9, "speech": 1, "room": 5, "yamnet": 3}  # raised when a step's output changes


def decode(source: EventInput, session: Session, watch: Watch) -> Audio:
    """The event as one WAV in the cache, and how it was taken said; decoded again when that file
    is gone or damaged. Raises InputError where recordings are replaced while they are read."""
    if source.sounding:
        check_openable(source.files)
    hashed = content(source.files, session.cache)
    if not source.sounding:
        return soundless_audio(source, hashed, _language(source.info, session))
    wanted = _wanted(source, session)
    names = [file.name for file in source.files]
    named = names if len(names) > 1 else []  # which of several belong together, they tell too
    decoded = digest((VERSIONS["decode"], hashed, wanted, named))
    place = session.cache.root / "audio" / f"{decoded}.wav"
    key = (decoded, names)
    if not matches_seal(place):
        session.cache.forget("decode", key)

    def work(tick: Tick) -> Audio:
        audio = sound.decode(source.files, place, digest=decoded, wanted=wanted, tick=tick)
        if sound.content_digest(source.files) != hashed:
            place.unlink(missing_ok=True)
            changed = f"{', '.join(names)}: changed while it was read"
            raise InputError(f"{changed}; run again when it is whole")
        write_seal(place)
        return audio

    audio = session.step(watch, "decode", key, Audio, Piece(0.0), work)
    for line in audio.said:
        watch.say(line)
    for warning in audio.warnings:
        watch.warn(warning)
    return replace(audio, path=place)


def _language(info: EventInfo, session: Session) -> str | None:
    """What is spoken, where the user says so: event.toml over the options."""
    return info.language or session.config.asr.language


def _wanted(source: EventInput, session: Session) -> sound.TrackWish:
    """What the user says of the recordings, as far as it bears on these."""
    info, language = source.info, _language(source.info, session)
    found = [header for file in source.files if (header := sound.probed(file))]
    return sound.TrackWish(
        track=info.track,
        language=language if sum(len(header.tracks) for header in found) > 1 else None,
        speakers=tuple((track.file, track.speaker) for track in info.tracks),
        in_order=len(info.files) > 1,
    )


def captions(
    source: EventInput, audio: Audio, spans: Sequence[Span], session: Session, watch: Watch
) -> Captioned | None:
    """The captions that stand for hearing, where the user wants that or there is nothing else."""
    wanted = source.info.captions
    if audio.sounding and wanted != "use":
        if source.captions and wanted is None:
            names = ", ".join(file.name for file in source.captions)
            watch.say(f"{names}: not used; --captions use takes them for the words")
        return None
    read = of_event(source, audio, spans, _language(source.info, session))
    if read is None:
        watch.warn("captions are to be used, and not every recording has some, so all were heard")
    return read


def speech(audio: Audio, session: Session, watch: Watch) -> tuple[Span, ...]:
    """Where somebody speaks; raises NoSpeech when nobody does."""
    if not audio.sounding:
        return ()
    key = (VERSIONS["speech"], audio.digest)
    piece, work = Piece(audio.duration), partial(sound.find_speech, audio)
    return session.step(watch, "speech", key, tuple[Span, ...], piece, work)


def room(
    audio: Audio, spans: Sequence[Span], session: Session, watch: Watch
) -> tuple[RoomSound, ...]:
    """Applause, laughter and, by YAMNet, music."""
    if not audio.sounding:
        return ()
    key: tuple[object, ...] = (VERSIONS["room"], VERSIONS["speech"], audio.digest)
    work = partial(sound.hear_room, audio, spans)
    if model := session.config.room.model:
        if not model.is_file():
            how = "yamnet is fetched once by a run that may (not offline); else give its file"
            raise EngineError(f"{model}: room.model is no file; {how}")
        key = ("yamnet", VERSIONS["yamnet"], sound.content_digest([model]), audio.digest)
        work = partial(yamnet.detect_sounds, audio, model)
    piece = Piece(audio.duration)
    return session.step(watch, "room", key, tuple[RoomSound, ...], piece, work)


def hear(
    audio: Audio,
    spans: Sequence[Span],
    info: EventInfo,
    session: Session,
    watch: Watch,
    read: Captioned | None = None,
) -> tuple[Transcript, Diarization]:
    """What is said and who speaks when, side by side unless both need the GPU.

    What was read in captions is not heard.
    """
    give_back()  # of a day of eight hours the room's sounds leave 62 MB of holes
    words = partial(transcribe, audio, spans, info, session)
    speakers = partial(diarize, audio, spans, info, session)
    in_turn = session.settings.until == "transcribe" or session.engines.share_a_gpu()
    if not read and not in_turn:
        return together(words, speakers, watch)
    transcript = read.transcript if read else words(watch)
    session.reached("transcribe")
    return transcript, speakers(watch)


def transcribe(
    audio: Audio, spans: Sequence[Span], info: EventInfo, session: Session, watch: Watch
) -> Transcript:
    """What is said, block by block, each in its own language unless that is given."""
    language = _language(info, session)

    def block(of: Block, tick: Tick) -> Transcript:
        samples = sound.read_samples(audio, of.span.start, of.span.end)
        with session.engines.alone("asr"):
            engine = session.engines.transcriber()
            return engine.transcribe(samples, of.speech, tick, language, info.vocabulary())

    def work(choice: Choice) -> Transcript:
        options = session.config.asr.model_dump() | {
            "language": language,
            "vocabulary": info.vocabulary(),
            "compute_type": session.config.run.compute_type,
        }
        done: list[tuple[float, Transcript]] = []
        for of, piece in blocks(audio, spans):
            key = _key(choice, audio, of, options, session.cache)
            heard = session.step(watch, "transcribe", key, Transcript, piece, partial(block, of))
            done.append((of.span.start, heard))
        return join_transcripts(done)

    return session.engines.trying("asr", work, watch.warn)


def diarize(
    audio: Audio, spans: Sequence[Span], info: EventInfo, session: Session, watch: Watch
) -> Diarization:
    """Who speaks when; speakers of different blocks are linked by their voices.

    No engine is asked where the recording itself tells its speakers apart.
    """
    if audio.known:
        return Diarization(audio.known.turns, ())
    if not audio.sounding:
        if not one_person_a_voice(audio, info, session):
            watch.warn(ONE_VOICE)
        return Diarization((Turn(0.0, audio.duration, "SPEAKER_00"),), ())
    count = _count(session.config.diarize, info)
    todo = blocks(audio, spans)
    # the count is that of the whole event: a block of several may hold fewer
    alone = count if len(todo) == 1 else SpeakerCount(max=count.count or count.max)

    def block(of: Block, tick: Tick) -> Diarization:
        place = (of.span.start, of.span.end)
        with session.engines.alone("diarize"):
            engine = session.engines.diarizer()
            return engine.diarize(sound.read_samples(audio, *place), of.speech, alone, tick)

    def work(choice: Choice) -> Diarization:
        options = session.config.diarize.model_dump() | {"speakers": alone.model_dump()}
        done: list[tuple[Span, Diarization]] = []
        for of, piece in todo:
            key = _key(choice, audio, of, options, session.cache)
            found = session.step(watch, "diarize", key, Diarization, piece, partial(block, of))
            done.append((of.span, found))
        return link(done, count)

    return session.engines.trying("diarize", work, watch.warn)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the recording that an engine is fed, and the speech in it (block's time)."""

    span: Span
    speech: tuple[Span, ...]


def blocks(audio: Audio, spans: Sequence[Span]) -> list[tuple[Block, Piece]]:
    """The recording's speech in blocks of at most BLOCK_SECONDS, cut in silences."""
    cuts = sound.cut_blocks(spans, audio.duration, BLOCK_SECONDS)
    sizes = [cut.end - cut.start for cut in cuts]
    before = [0.0, *accumulate(sizes)]
    return [
        (Block(cut, _within(spans, cut)), Piece(size, done, before[-1]))
        for cut, size, done in zip(cuts, sizes, before, strict=False)
    ]


def _within(spans: Sequence[Span], cut: Span) -> tuple[Span, ...]:
    """The speech inside a cut, on the cut's own time line."""
    return tuple(
        Span(ms(max(span.start, cut.start) - cut.start), ms(min(span.end, cut.end) - cut.start))
        for span in spans
        if span.start < cut.end and span.end > cut.start
    )


def _key(
    choice: Choice, audio: Audio, of: Block, options: dict[str, object], kept: Cache
) -> object:
    """What an engine's work on a block depends on."""
    backend = choice.backend
    read = {name: options[name] for name in backend.reads}
    checkpoint = read.get("segmentation")
    named = [choice.folder, Path(str(checkpoint)) if checkpoint else None]
    model = (choice.model, [inside(place, kept) for place in named])
    return (backend.name, backend.version, model, read, audio.digest, of, VERSIONS["speech"])


def one_person_a_voice(audio: Audio, info: EventInfo, session: Session) -> bool:
    """Whether a voice is one person's: not where captions without sound name no speakers, unless
    there is said to be one."""
    alone = _count(session.config.diarize, info).count == 1
    return bool(audio.sounding or audio.known or alone)


def talk_options(audio: Audio, info: EventInfo, session: Session) -> config.Talks:
    """How talks are cut: nobody is named where a voice may be several people's."""
    options = session.config.talks
    names = options.names and one_person_a_voice(audio, info, session)
    return options.model_copy(update={"names": names})


def _count(asked: config.Diarize, info: EventInfo) -> SpeakerCount:
    """How many speakers: the command line over event.toml."""
    return SpeakerCount(
        count=asked.speakers or info.speakers.count,
        min=asked.min_speakers or info.speakers.min,
        max=asked.max_speakers or info.speakers.max,
    )
