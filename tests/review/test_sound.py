"""The sound of an event for a browser: small, as long as the recording, and served in ranges."""

from dataclasses import replace
from pathlib import Path

import av
import media
import pytest
from served import Served

from pipeline.data import Audio
from pipeline.review.sound import Sound, sound_of


@pytest.fixture
def audio(tmp_path: Path) -> Audio:
    """Half a minute, decoded."""
    wav = media.write(tmp_path / "half.wav", media.speech(30.0))
    return Audio(wav, 30.0, "digest", ())


def test_it_is_opus_of_24_kbit_and_made_once(audio: Audio, tmp_path: Path) -> None:
    heard: list[float] = []
    place = sound_of(audio, tmp_path, heard.append)
    assert heard == sorted(heard) and heard[-1] == pytest.approx(30.0, abs=0.1)
    with av.open(str(place)) as file:
        (stream,) = file.streams
        assert stream.codec_context.name == "opus" and stream.codec_context.channels == 1
        assert file.duration / av.time_base == pytest.approx(30.0, abs=0.1)
    assert place.stat().st_size * 8 / 30 < 40_000
    assert sound_of(replace(audio, path=tmp_path / "gone.wav"), tmp_path, heard.append) == place


def test_a_sound_that_cannot_be_made_is_a_sentence(audio: Audio, tmp_path: Path) -> None:
    made, failed = Sound(), Sound()
    made.make(audio, tmp_path / "one")
    failed.make(replace(audio, path=tmp_path / "gone.wav"), tmp_path / "two")
    assert made.done == 1.0 and made.place and not made.problem
    assert failed.place is None and "cannot be written" in failed.problem


def test_a_browser_gets_the_range_that_it_asks_for(served: Served, audio: Audio) -> None:
    assert served.ask("sound")[0] == 404
    served.sound.place = sound_of(audio, served.desk.reader.session.settings.output, lambda _: None)
    whole = served.sound.place.read_bytes()
    status, headers, body = served.ask("sound", Range="bytes=100-199")
    assert status == 206 and body == whole[100:200]
    assert headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert headers["content-type"] == "audio/webm"
    assert served.ask("sound")[2] == whole
