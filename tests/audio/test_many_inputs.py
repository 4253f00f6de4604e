"""Thousands of recordings are listed without looking at each other."""

from pathlib import Path

import media
import pytest

from pipeline.audio import folder, inputs


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
