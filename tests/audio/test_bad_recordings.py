"""What cannot be a recording is refused in one sentence that names it and says what to do."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio import decode, find_speech
from pipeline.errors import CacheError, InputError, NoSpeech

SHARED = Path(__file__).parents[3] / "shared" / "data"


def _refusal(file: Path) -> str:
    into = file.parent / "cache" / "out.wav"
    with pytest.raises(InputError) as caught:
        decode([file], into)
    assert not into.exists()
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert "\n" not in message
    return message


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").touch()
    assert "is empty" in _refusal(tmp_path / "a.mp3")


def test_a_tenth_of_a_second(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.wav", media.tone(0.1))
    assert "holds 0.1 s of sound" in _refusal(file)


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.mp4", "a.opus"])
def test_text_under_another_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("Dear diary, there was a keynote.\n" * 100)
    assert "no sound or video that can be decoded" in _refusal(tmp_path / name)


def test_text_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Dear diary, there was a keynote.\n" * 100)
    assert "holds no sound" in _refusal(tmp_path / "a.txt")


def test_noise_under_the_name_of_a_recording(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(np.random.default_rng(1).bytes(100_000))
    _refusal(tmp_path / "a.mp3")


def test_a_flac_of_which_nothing_can_be_read(tmp_path: Path) -> None:
    whole = media.write(tmp_path / "a.flac", media.speech(1)).read_bytes()
    (tmp_path / "b.flac").write_bytes(whole[:200] + bytes(len(whole) - 200))
    assert "b.flac" in _refusal(tmp_path / "b.flac")


def test_a_video_without_sound(tmp_path: Path) -> None:
    file = media.write(tmp_path / "silent.mp4", video=3)
    assert "holds no sound" in _refusal(file)


def test_an_mp4_that_was_cut_off_before_its_index(tmp_path: Path) -> None:
    file = media.cut(media.write(tmp_path / "a.mp4", media.speech(5), video=5), 0.6)
    assert "MP4 without its index (moov)" in _refusal(file)


@pytest.mark.parametrize(
    ("name", "options"),
    [("a.m4a", {"movflags": "faststart"}), ("a.flac", {}), ("a.webm", {}), ("a.mkv", {})],
)
def test_what_is_left_of_a_cut_off_file_is_used_and_said(
    tmp_path: Path, name: str, options: dict[str, str]
) -> None:
    file = media.cut(media.write(tmp_path / name, media.speech(20), options=options), 0.6)
    audio = decode([file], tmp_path / "out.wav")
    assert 8 < audio.duration < 16
    assert len(audio.warnings) == 1
    assert audio.warnings[0].startswith(f"{name}: is cut off: it claims 0:00:20")


def test_damage_in_the_middle_is_said(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.m4a", media.speech(20), options={"movflags": "faststart"})
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1500] = b"\xff" * 1500
    file.write_bytes(data)
    audio = decode([file], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(20, abs=0.1)  # the hole is silence: times still hold
    assert "damaged pieces were left out" in audio.warnings[0]


def test_a_file_that_vanished(tmp_path: Path) -> None:
    assert "is not there" in _refusal(tmp_path / "gone.wav")


def test_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "a.wav").symlink_to(tmp_path / "gone.wav")
    assert "is a link to" in _refusal(tmp_path / "a.wav")


def test_a_folder_where_a_file_should_be(tmp_path: Path) -> None:
    (tmp_path / "a.wav").mkdir()
    assert "is a folder" in _refusal(tmp_path / "a.wav")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.wav", media.tone(1))
    file.chmod(0)
    assert "may not be read" in _refusal(file)


def test_a_colon_in_the_name_is_no_protocol(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    media.write(tmp_path / "plain.wav", media.tone(1)).rename(tmp_path / "http:12.30 talk.wav")
    monkeypatch.chdir(tmp_path)
    assert decode([Path("http:12.30 talk.wav")], tmp_path / "out.wav").duration == 1.0


def test_a_playlist_in_disguise_opens_no_connection(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        text = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n"
        for name in ("a.m3u8", "a.mp3"):
            (tmp_path / name).write_text(text)
            _refusal(tmp_path / name)
        with pytest.raises(TimeoutError):
            server.accept()


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.wav", media.tone(1))
    with pytest.raises(CacheError, match=r"out\.wav: cannot be written"):
        decode([file], file / "cache" / "out.wav")


def test_one_bad_part_spoils_the_event_and_is_named(tmp_path: Path) -> None:
    good = media.write(tmp_path / "1.wav", media.tone(1))
    (tmp_path / "2.wav").touch()
    with pytest.raises(InputError, match=r"2\.wav: is empty"):
        decode([good, tmp_path / "2.wav"], tmp_path / "out.wav")
    assert not (tmp_path / "out.wav").exists()


@pytest.mark.parametrize(
    ("made", "what"),
    [
        (lambda: media.silence(5), "silence"),
        (lambda: media.hiss(5), "silence"),
        (lambda: media.music(8), "sound, but no speech"),
        (lambda: media.hiss(5, 0.1), "sound, but no speech"),
    ],
    ids=["silence", "hiss", "music", "noise"],
)
def test_nobody_speaks(tmp_path: Path, made: Callable[[], np.ndarray], what: str) -> None:
    audio = decode([media.write(tmp_path / "a.wav", made())], tmp_path / "out.wav")
    with pytest.raises(NoSpeech, match=rf"a\.wav: nobody speaks in it \(it holds only {what}\)"):
        find_speech(audio)


def test_a_single_word_of_a_far_voice_is_a_doubt_with_its_time(tmp_path: Path) -> None:
    far = Path(os.environ.get("BACKROW_EVAL_DATA", SHARED)) / "real" / "ami" / "trn02.wav"
    if not far.exists():
        pytest.skip("needs BACKROW_EVAL_DATA")
    audio = decode([far], tmp_path / "out.wav")
    with pytest.raises(NoSpeech, match=r"sound, but no speech, perhaps a word at 21 s\)"):
        find_speech(audio)
