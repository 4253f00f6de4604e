"""Thousands of recordings are listed without looking at each other."""

from pathlib import Path

import media
import pytest

from pipeline.audio import folder, inputs, probe
from pipeline.errors import InputError


def test_a_folder_is_listed_once_for_all_the_files_named_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = media.write(tmp_path / "talk0.wav", media.silence(0.1))
    files = [first, *(tmp_path / f"talk{number}.wav" for number in range(1, 20))]
    for file in files[1:]:
        file.write_bytes(first.read_bytes())
    (tmp_path / "talk7.en.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n")
    looked: list[Path] = []
    real = folder.children
    monkeypatch.setattr(inputs, "children", lambda place: looked.append(place) or real(place))
    events, refused = inputs.find_events(files)
    assert len(events) == 20 and not refused
    assert [len(event.captions) for event in events].count(1) == 1
    assert looked == [tmp_path]


def test_a_header_is_read_once_until_its_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [media.write(tmp_path / f"talk{n}.wav", media.silence(0.1)) for n in range(3)]
    opened: list[Path] = []
    real = probe.read_header
    monkeypatch.setattr(probe, "read_header", lambda file: opened.append(file) or real(file))
    events, _ = inputs.find_events(files)
    for event in events:
        probe.check_openable(event.files)
    assert opened == files
    files[0].write_bytes(b"RIFF")
    with pytest.raises(InputError, match="talk0"):
        probe.check_openable(files)
    with pytest.raises(InputError, match="talk0"):
        probe.check_openable(files)
    assert opened == [*files, files[0]], "that it cannot be opened is known too"
