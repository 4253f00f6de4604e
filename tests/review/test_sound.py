"""The sound of an event for a browser: the decoded recording, served in ranges."""

from dataclasses import replace
from pathlib import Path

import media
from articles import changed
from served import Served

from pipeline.data import Audio


def test_a_browser_gets_the_range_that_it_asks_for(served: Served, tmp_path: Path) -> None:
    assert served.ask("sound")[0] == 404
    wav = media.write(tmp_path / "half.wav", media.speech(30.0))
    reading = served.desk.reading
    article = changed(reading.article, audio=Audio(wav, 30.0, "digest", ()))
    served.desk.reading = replace(reading, article=article)
    whole = wav.read_bytes()
    status, headers, body = served.ask("sound", Range="bytes=100-199")
    assert status == 206 and body == whole[100:200]
    assert headers["content-range"] == f"bytes 100-199/{len(whole)}"
    assert headers["content-type"] == "audio/wav"
    assert served.ask("sound")[2] == whole
