import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio import SAMPLE_RATE, content_digest, decode, read
from pipeline.audio.level import levels, loudness
from pipeline.audio.wav import read_minutes
from pipeline.data import Audio


def _level(audio: Audio) -> float:
    return loudness(levels(read_minutes(audio.path, round(audio.duration * SAMPLE_RATE))))


def _lag(heard: np.ndarray, original: np.ndarray) -> float:
    """Seconds by which `heard` is late, by the peak of the cross-correlation."""
    size = len(heard) + len(original)
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(original, size))
    place = int(np.argmax(np.fft.irfft(spectrum, size)))
    return (place if place < size // 2 else place - size) / SAMPLE_RATE


@pytest.mark.parametrize(
    ("name", "rate", "layout"),
    [
        ("a.wav", 8_000, "mono"),
        ("a.wav", 44_100, "stereo"),
        ("a.mp3", 44_100, "stereo"),
        ("a.mp3", 22_050, "mono"),
        ("a.m4a", 48_000, "stereo"),
        ("a.aac", 44_100, "stereo"),
        ("a.ogg", 48_000, "stereo"),
        ("a.opus", 24_000, "mono"),
        ("a.flac", 48_000, "5.1"),
        ("a.mp4", 48_000, "5.1"),
        ("a.mkv", 32_000, "stereo"),
        ("a.webm", 48_000, "stereo"),
    ],
)
def test_any_format_gives_the_same_sound_at_the_same_time(
    tmp_path: Path, name: str, rate: int, layout: str
) -> None:
    sound = media.speech(3)
    file = media.write(tmp_path / name, sound, rate=rate, layout=layout)
    audio = decode([file], tmp_path / "out.wav")
    heard = read(audio)
    assert audio.duration == pytest.approx(3, abs=0.06)
    assert audio.warnings == ()
    assert abs(_lag(heard, sound)) < 0.03
    size = min(len(heard), len(sound))
    shift = round(_lag(heard, sound) * SAMPLE_RATE)
    assert np.corrcoef(np.roll(heard, -shift)[:size], sound[:size])[0, 1] > 0.95


def test_what_is_written_is_a_wav_that_others_can_read(tmp_path: Path) -> None:
    audio = decode([media.write(tmp_path / "a.mp3", media.speech(3))], tmp_path / "out.wav")
    with wave.open(str(audio.path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        assert file.getnframes() / 16_000 == pytest.approx(audio.duration, abs=1e-3)


def test_several_files_lie_on_one_time_line(tmp_path: Path) -> None:
    first = media.write(tmp_path / "1.flac", media.tone(2, 300), rate=44_100)
    second = media.write(tmp_path / "2.wav", media.tone(3, 1000), rate=8_000)
    audio = decode([first, second], tmp_path / "out.wav")
    assert [part.name for part in audio.parts] == ["1.flac", "2.wav"]
    assert [(part.start, part.duration) for part in audio.parts] == [
        (0.0, pytest.approx(2, abs=0.01)),
        (pytest.approx(2, abs=0.01), pytest.approx(3, abs=0.01)),
    ]
    assert _pitch(read(audio, 0.5, 1.5)) == pytest.approx(300, abs=5)
    assert _pitch(read(audio, 2.5, 4.5)) == pytest.approx(1000, abs=5)


def _pitch(sound: np.ndarray) -> float:
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * SAMPLE_RATE / len(sound))


def test_a_voice_in_the_centre_channel_alone_is_heard(tmp_path: Path) -> None:
    sound = media.speech(4)
    channels = np.zeros((6, len(sound)), np.float32)
    channels[2] = sound
    audio = decode(
        [media.write(tmp_path / "hall.flac", channels, layout="5.1")], tmp_path / "out.wav"
    )
    heard = read(audio)
    assert np.corrcoef(heard, sound[: len(heard)])[0, 1] > 0.95
    assert _level(audio) > -32


def test_a_quiet_recording_is_made_louder_without_clipping(tmp_path: Path) -> None:
    sound = 0.01 * media.speech(10)
    sound[40_000:40_080] = 0.5  # somebody knocks on the table
    audio = decode([media.write(tmp_path / "far.flac", sound)], tmp_path / "out.wav")
    assert _level(audio) == pytest.approx(-25, abs=2)
    assert np.abs(read(audio)).max() <= 0.98
    assert np.corrcoef(read(audio, 4, 9), sound[64_000:144_000])[0, 1] > 0.98


def test_a_recording_that_is_loud_enough_is_left_as_it_is(tmp_path: Path) -> None:
    sound = media.speech(5)
    audio = decode([media.write(tmp_path / "near.wav", sound)], tmp_path / "out.wav")
    np.testing.assert_allclose(read(audio), sound, atol=1e-4)


def test_hiss_is_not_taken_for_a_quiet_recording(tmp_path: Path) -> None:
    audio = decode([media.write(tmp_path / "hiss.wav", media.hiss(5))], tmp_path / "out.wav")
    assert _level(audio) == pytest.approx(-60, abs=1)


def test_each_part_is_levelled_by_itself(tmp_path: Path) -> None:
    near = media.write(tmp_path / "1.wav", media.speech(6))
    far = media.write(tmp_path / "2.wav", 0.01 * media.speech(6, 40))
    audio = decode([near, far], tmp_path / "out.wav")
    whole = levels(read_minutes(audio.path, 192_000))
    assert loudness(whole[:60]) == pytest.approx(loudness(whole[60:]), abs=8)


def test_a_gap_in_the_timestamps_becomes_silence(tmp_path: Path) -> None:
    sound = media.tone(2)
    file = media.write_with_gap(tmp_path / "paused.mkv", sound, 3.0, sound)
    audio = decode([file], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(7, abs=0.01)
    assert np.abs(read(audio, 2.1, 4.9)).max() == 0
    assert np.abs(read(audio, 5.1, 6.9)).max() > 0.2


def test_a_clock_that_jumps_by_days_is_not_believed(tmp_path: Path) -> None:
    sound = media.tone(2)
    file = media.write_with_gap(tmp_path / "torn.mkv", sound, 100_000.0, sound)
    audio = decode([file], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(4, abs=0.01)
    assert "clock jumps" in audio.warnings[0]


def test_the_sound_of_a_video_is_taken(tmp_path: Path) -> None:
    file = media.write(tmp_path / "talk.mp4", media.speech(4), rate=48_000, video=5)
    audio = decode([file], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(4, abs=0.06)
    assert audio.warnings == ()


def test_a_silent_first_track_gives_way_to_the_second(tmp_path: Path) -> None:
    file = media.write(tmp_path / "screen.mkv", media.silence(4), media.speech(4), video=4)
    audio = decode([file], tmp_path / "out.wav")
    assert _level(audio) > -30
    assert audio.warnings == ("screen.mkv: track 1 holds no speech; track 2 is heard",)


def test_ticks_rise_to_the_length(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.wav", media.tone(5))
    ticks: list[float] = []
    decode([file, file], tmp_path / "out.wav", ticks.append)
    assert ticks == sorted(ticks)
    assert ticks[-1] == pytest.approx(10)


def test_the_digest_is_of_contents_in_order(tmp_path: Path) -> None:
    a, b, c = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    a.write_bytes(b"one")
    b.write_bytes(b"two")
    c.write_bytes(b"one")
    assert content_digest([a, b]) == content_digest([c, b])
    assert content_digest([a, b]) != content_digest([b, a])
    c.write_bytes(b"onetwo")
    assert content_digest([c]) != content_digest([a, b])


@pytest.mark.slow
def test_a_kill_leaves_no_broken_file_and_the_next_run_goes_through(tmp_path: Path) -> None:
    file = media.write(tmp_path / "long.flac", np.tile(media.speech(30), 40))
    into = tmp_path / "cache" / "out.wav"
    code = (
        "from pathlib import Path; from pipeline.audio import decode; "
        f"decode([Path({str(file)!r})], Path({str(into)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    while not (into.parent / ".out.wav.part").exists():
        assert process.poll() is None
        time.sleep(0.002)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not into.exists()
    assert decode([file], into).duration == pytest.approx(1200, abs=0.1)
    assert [path.name for path in into.parent.iterdir() if path.suffix != ".lock"] == ["out.wav"]
