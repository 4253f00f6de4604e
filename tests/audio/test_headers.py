"""A file is read whole, whatever its header says; what is missing is said with both lengths."""

import struct
import wave
from pathlib import Path

import av
import media
import numpy as np
import pytest

from pipeline.audio import decode, probed
from pipeline.audio.headers import byte_range_from
from pipeline.audio.tags import fill_from_tags
from pipeline.data import Audio
from pipeline.errors import InputError
from pipeline.event import AgendaItem, EventInfo


def decoded(file: Path) -> Audio:
    return decode([file], file.parent / "out.wav")


def wav_that_says(file: Path, size: int) -> Path:
    """A WAV of 12 s whose data chunk claims another length."""
    data = bytearray(media.write(file, media.speech(12)).read_bytes())
    at = data.index(b"data") + 4
    data[at : at + 4] = struct.pack("<I", size)
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("size", [0, 3 * 32_000, 0xFFFFFFFF, 0x7FFFFFFF])
def test_a_wav_that_holds_more_than_it_says(tmp_path: Path, size: int) -> None:
    audio = decoded(wav_that_says(tmp_path / "a.wav", size))
    assert media.likeness(audio, media.speech(12)) > 0.99
    assert audio.duration == pytest.approx(12, abs=0.01)


def test_what_lies_behind_a_wavs_sound_is_no_sound(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.wav", media.speech(3))
    with file.open("ab") as out:
        out.write(b"LIST" + struct.pack("<I", 2000) + b"INFO" + b"x" * 1996)
    assert decoded(file).duration == pytest.approx(3, abs=0.01)


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.flac"])
def test_a_file_that_was_cut_off_is_said_with_both_lengths(tmp_path: Path, name: str) -> None:
    file = media.cut(media.write(tmp_path / name, media.speech(20)), 0.6)
    (warning,) = decoded(file).warnings
    assert warning.startswith(f"{name}: is cut off: it claims 0:00:20 and ends at 0:00:12")


def test_sound_that_spells_a_mark_is_no_length(tmp_path: Path) -> None:
    file = tmp_path / "a.mp3"
    file.write_bytes(b"\xff\xfb\x90\0" + bytes(190) + b"Info" + bytes(400))
    assert byte_range_from(file, 0).share == 1


def test_an_ogg_without_its_end(tmp_path: Path) -> None:
    file = media.cut(media.write(tmp_path / "a.ogg", media.speech(20)), 0.6)
    (warning,) = decoded(file).warnings
    assert "its end is missing: it stops at 0:00:12" in warning


@pytest.mark.parametrize(
    "name", ["a.wav", "a.mp3", "a.flac", "a.ogg", "a.m4a", "a.aac", "a.webm", "a.mkv"]
)
def test_recordings_put_one_behind_the_other_are_all_heard(tmp_path: Path, name: str) -> None:
    first = media.write(tmp_path / name, media.speech(8))
    second = media.write(tmp_path / f"b{first.suffix}", media.speech(5, 30))
    first.write_bytes(first.read_bytes() + second.read_bytes())
    assert decoded(first).duration == pytest.approx(13, abs=0.3)


def test_fragmented_recordings_one_behind_the_other(tmp_path: Path) -> None:
    """As browsers and streams leave them: each fragment names its place from its own beginning."""
    pieces = {"movflags": "frag_keyframe+empty_moov"}
    first = media.write(tmp_path / "a.mp4", media.speech(5), options=pieces)
    second = media.write(tmp_path / "b.mp4", media.speech(8, 30), options=pieces)
    first.write_bytes(first.read_bytes() + second.read_bytes())
    audio = decoded(first)
    assert audio.duration == pytest.approx(13, abs=0.3)
    assert audio.warnings == ()


def test_of_two_stretches_of_sound_in_a_wav_the_second_is_said_to_be_unread(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.wav", media.speech(10))
    file.write_bytes(file.read_bytes() + b"data\0\xc4\x09\0" + bytes(640_000))
    (warning,) = decoded(file).warnings
    assert "leads to 0:00:10 of sound and its size to about 0:00:30" in warning


def test_a_second_recording_that_was_cut_in_its_header(tmp_path: Path) -> None:
    first = media.write(tmp_path / "a.wav", media.speech(8))
    header = b"RIFF....WAVEfmt \x10\0\0\0\x01\0"
    first.write_bytes(first.read_bytes() + header)
    audio = decoded(first)
    assert audio.duration == pytest.approx(8, abs=0.01)
    assert audio.warnings == ("a.wav: the recording behind it cannot be read",)
    first.write_bytes(header)
    with pytest.raises(InputError):
        decoded(first)


@pytest.mark.parametrize("name", ["a.flac", "a.ogg"])
def test_a_link_of_a_chain_keeps_its_own_rate_and_channels(tmp_path: Path, name: str) -> None:
    first = media.write(tmp_path / name, media.speech(8), rate=48_000)
    second = media.write(tmp_path / f"b{name}", media.speech(5, 30), layout="stereo")
    first.write_bytes(first.read_bytes() + second.read_bytes())
    audio = decoded(first)
    assert audio.duration == pytest.approx(13, abs=0.05)
    assert media.likeness(audio, np.concatenate([media.speech(8), media.speech(5, 30)])) > 0.9
    assert audio.warnings == ()


def test_a_tracks_name_is_no_title(tmp_path: Path) -> None:
    media.write(tmp_path / "a.wav", media.speech(1))
    with av.open(str(tmp_path / "a.wav")) as heard, av.open(str(tmp_path / "a.mkv"), "w") as out:
        stream = out.add_stream_from_template(heard.streams.audio[0])
        stream.metadata["title"] = "Desktop audio"
        for packet in heard.demux():
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    found = probed(tmp_path / "a.mkv")
    assert found
    assert (found.title, found.tracks[0].title) == ("", "Desktop audio")


def test_a_small_file_that_decodes_to_hours_is_refused(tmp_path: Path) -> None:
    sound = media.tone(0.1)
    file = media.write_with_gap(tmp_path / "bomb.mkv", sound, 3500.0, sound)
    with pytest.raises(InputError, match=r"bomb\.mkv: is \d+ kB long and decodes to"):
        decoded(file)


def latin_1(file: Path, title: str) -> Path:
    """A WAV whose title is not UTF-8."""
    data = media.write(file, media.speech(3)).read_bytes()
    text = title.encode("cp1252") + b"\0"
    text += b"\0" * (len(text) % 2)
    info = b"INFOINAM" + struct.pack("<I", len(text)) + text
    whole = data + b"LIST" + struct.pack("<I", len(info)) + info
    file.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    return file


def test_tags_that_are_not_utf_8(tmp_path: Path) -> None:
    file = latin_1(tmp_path / "a.wav", "Vortrag Müller")
    assert decoded(file).duration == pytest.approx(3, abs=0.01)
    found = probed(file)
    assert found
    assert found.title == "Vortrag Müller"


def test_an_id3v1_tag_that_is_not_utf_8(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.mp3", media.speech(3), options={"id3v2_version": "0"})
    tag = b"TAG" + "Grüße".encode("latin-1").ljust(30, b"\0")
    file.write_bytes(file.read_bytes() + tag.ljust(128, b"\0"))
    found = probed(file)
    assert found
    assert found.title == "Grüße"


@pytest.mark.parametrize(
    ("page", "title"),
    [("cp1251", "Анна Каренина"), ("shift_jis", "キーノート講演"), ("big5", "第三次會議")],
)
def test_tags_of_other_code_pages(tmp_path: Path, page: str, title: str) -> None:
    """Of an ID3v1 tag, which names none, and of an ID3v2 that calls them Latin."""
    file = media.write(tmp_path / "a.mp3", media.speech(1), options={"id3v2_version": "0"})
    sound, raw = file.read_bytes(), title.encode(page)
    frame = b"TIT2" + struct.pack(">IH", len(raw) + 1, 0) + b"\0" + raw
    (tmp_path / "b.mp3").write_bytes(b"ID3\x03\0\0\0\0\0" + bytes([len(frame)]) + frame + sound)
    file.write_bytes(sound + (b"TAG" + raw.ljust(30, b"\0")).ljust(128, b"\0"))
    assert [found.title for name in "ab" if (found := probed(tmp_path / f"{name}.mp3"))] == [
        title
    ] * 2


@pytest.mark.parametrize(
    ("tag", "day"),
    [
        ("2025/05/15", "2025-05-15"),
        ("2025-05-15T18:30:00+02:00", "2025-05-15"),
        ("2025:05:15 18:30:00", "2025-05-15"),
        ("2025-02-31", None),
        ("0000-00-00", None),
    ],
)
def test_days_as_tags_write_them(tmp_path: Path, tag: str, day: str | None) -> None:
    found = probed(media.write(tmp_path / "a.flac", media.speech(1), tags={"date": tag}))
    assert found
    assert found.date == day


def test_a_phones_day_is_that_of_its_own_clock(tmp_path: Path) -> None:
    """creation_time is UTC, where an evening in America is the next day."""
    tags = {"creation_time": "2025-05-16T01:30:00Z"}
    tags["com.apple.quicktime.creationdate"] = "2025-05-15T18:30:00-0700"
    options = {"movflags": "use_metadata_tags"}
    file = media.write(tmp_path / "a.mov", media.speech(1), tags=tags, options=options)
    found = probed(file)
    assert found
    assert found.date == "2025-05-15"


def test_title_artist_date_and_chapters(tmp_path: Path) -> None:
    tags = {"title": "Kettle Night", "artist": "Ada Park", "date": "2025-05-15"}
    file = media.write(tmp_path / "a.mp3", media.speech(3), tags=tags)
    found = probed(file)
    assert found
    assert (found.title, found.artist, found.date) == ("Kettle Night", "Ada Park", "2025-05-15")
    assert found.chapters == ()
    info, origins = fill_from_tags(EventInfo(), [file], [])
    assert [(each.what, each.of, each.name) for each in origins] == [
        ("title", "tags", "a.mp3"),
        ("date", "tags", "a.mp3"),
    ]
    own = EventInfo(title="Another", date="2025-05-16")
    assert fill_from_tags(own, [file], []) == (own.model_copy(update={"people": info.people}), ())


def test_a_download_tells_where_it_can_be_watched(tmp_path: Path) -> None:
    came_from = {"purl": "https://youtu.be/abc", "comment": "https://shop.example.org/"}
    file = media.write(tmp_path / "a.mkv", media.speech(1), tags=came_from)
    info, _ = fill_from_tags(EventInfo(), [file], [])
    assert [(video.file, video.url) for video in info.videos] == [("a.mkv", "https://youtu.be/abc")]
    other = media.write(tmp_path / "b.mkv", media.speech(1), tags={"comment": came_from["comment"]})
    assert fill_from_tags(EventInfo(), [other], [])[0].videos == ()
    told = EventInfo(video="https://vimeo.com/1")
    assert fill_from_tags(told, [file], [])[0].videos == ()


@pytest.mark.parametrize(
    "tag",
    [
        "javascript:alert(1)//a.mp4",
        "Converted from holiday.mp4",
        "youtube.com/watch?v=abc",
        "https://youtu.be/abc and many more",
        "https://example.org\uff1a\u5f71\u7247",
        "//[a/w/b",
    ],
)
def test_a_tag_that_is_no_address_leads_nowhere(tmp_path: Path, tag: str) -> None:
    file = media.write(tmp_path / "a.mkv", media.speech(1), tags={"comment": tag})
    assert fill_from_tags(EventInfo(), [file], [])[0].videos == ()


def test_a_person_says_when_in_a_video_of_the_tags_a_recording_begins(tmp_path: Path) -> None:
    files = [
        media.write(
            tmp_path / f"{name}.mkv", media.speech(1), tags={"purl": f"https://youtu.be/{name}"}
        )
        for name in "ab"
    ]
    told = EventInfo.model_validate({"offset": "1:00", "videos": [{"file": "b.mkv", "offset": 5}]})
    assert [(video.url, video.offset) for video in fill_from_tags(told, files, [])[0].videos] == [
        ("https://youtu.be/a", 60.0),
        ("https://youtu.be/b", 5.0),
    ]


def test_a_day_in_the_name_is_said_to_come_from_there(tmp_path: Path) -> None:
    file = media.write(tmp_path / "2026-05-14 talk.wav", media.speech(1))
    info, origins = fill_from_tags(EventInfo(), [file], [file.stem])
    assert info.date == "2026-05-14"
    assert [(each.what, each.of, each.name) for each in origins] == [
        ("date", "name", "2026-05-14 talk")
    ]


def test_a_day_without_marks_is_a_date(tmp_path: Path) -> None:
    file = media.write(tmp_path / "a.mkv", media.speech(1), tags={"DATE": "20240311"})
    assert fill_from_tags(EventInfo(), [file], [])[0].date == "2024-03-11"


def test_a_year_alone_is_no_date(tmp_path: Path) -> None:
    found = probed(media.write(tmp_path / "a.mp3", media.speech(1), tags={"date": "2025"}))
    assert found
    assert found.date is None


@pytest.mark.parametrize(("name", "form"), [("a.caf", "caf"), ("a.w64", "w64"), ("a.avi", "avi")])
def test_lengths_that_ffmpeg_does_not_tell(tmp_path: Path, name: str, form: str) -> None:
    media.CODECS[f".{form}"] = "pcm_s16le"
    file = media.write(tmp_path / name, media.speech(20))
    assert decoded(file).warnings == ()
    (warning,) = decoded(media.cut(file, 0.6)).warnings
    assert warning.startswith(f"{name}: is cut off: it claims 0:00:2")


def test_what_a_header_hides_and_nothing_reads_is_said_with_both_lengths(tmp_path: Path) -> None:
    media.CODECS[".aiff"] = "pcm_s16be"
    file = media.write(tmp_path / "a.aiff", media.speech(12))
    data = bytearray(file.read_bytes())
    frames, sound = data.index(b"COMM") + 10, data.index(b"SSND") + 4
    data[frames : frames + 4] = struct.pack(">I", 3 * 16_000)
    data[sound : sound + 4] = struct.pack(">I", 3 * 32_000 + 8)
    file.write_bytes(data)
    (warning,) = decoded(file).warnings
    assert "leads to 0:00:03 of sound and its size to about 0:00:12" in warning


def test_a_file_of_one_sample_a_second_is_refused(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as out:
        out.setparams((1, 1, 1, 0, "NONE", ""))
        out.writeframes(bytes([128]) * 7000)
    with pytest.raises(InputError, match=r"a\.wav: is 7 kB long and decodes to"):
        decoded(tmp_path / "a.wav")


def test_chapters(tmp_path: Path) -> None:
    """ID3's chapter frames, written here as no encoder at hand writes them."""
    file = media.write(tmp_path / "a.mp3", media.speech(3), options={"id3v2_version": "0"})
    frames = b"".join(
        _chapter(number, title) for number, title in enumerate(("Welcome", "Chapter 2", "Müller"))
    )
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    file.write_bytes(b"ID3\x03\0\0" + size + frames + file.read_bytes())
    found = probed(file)
    assert found
    assert found.chapters == ("Welcome", "Chapter 2", "Müller")
    info, _ = fill_from_tags(EventInfo(), [file], [])
    assert [item.title for item in info.agenda] == ["Welcome", "Müller"]
    own = EventInfo(agenda=(AgendaItem(title="Mine"),))
    assert fill_from_tags(own, [file], [])[0].agenda == own.agenda


def _chapter(second: int, title: str) -> bytes:
    text = b"\0" + title.encode("latin-1")
    frame = b"TIT2" + struct.pack(">IH", len(text), 0) + text
    times = struct.pack(">IIII", second * 1000, second * 1000 + 1000, 0xFFFFFFFF, 0xFFFFFFFF)
    body = f"c{second}".encode() + b"\0" + times + frame
    return b"CHAP" + struct.pack(">IH", len(body), 0) + body


@pytest.mark.parametrize(("name", "behind"), [("a.wav", 8), ("a.caf", 12), ("a.w64", 24)])
def test_a_file_that_ends_behind_its_header_is_refused(
    tmp_path: Path, name: str, behind: int
) -> None:
    media.CODECS |= {".caf": "pcm_s16le", ".w64": "pcm_s16le"}
    file = media.write(tmp_path / name, media.speech(1))
    data = file.read_bytes()
    file.write_bytes(data[: data.index(b"data") + behind])
    with pytest.raises(InputError, match=rf"{name}: holds 0\.0 s of sound"):
        decoded(file)
