"""Captions, cached JSON, voice books, recordings, damaged: read whole or refused in a word."""

import math
import tempfile
from functools import cache
from pathlib import Path

import media
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import JSON, TEXT, mutated
from tally import attempt, fails, fuzzed, write

from pipeline.audio.decode import decode
from pipeline.audio.inputs import find_events
from pipeline.cache import Cache
from pipeline.captions.cues import Source, read
from pipeline.captions.spoken import PlacedCaptions, captioned
from pipeline.claims import reading
from pipeline.corrections.edit import add, remove
from pipeline.corrections.file import WordFix
from pipeline.corrections.file import read as read_corrections
from pipeline.corrections.moments import Moment
from pipeline.data import Audio, Word
from pipeline.talks.voices import VoiceBook

VTT = b"""WEBVTT - made

STYLE
::cue { color: red }

1
00:00:00.000 --> 00:00:02.500 align:start position:0%
<v Ada Park>Good <00:00:01.000><c>evening</c>, everyone.

00:00:02.500 --> 00:01:04.000
- It is twenty times faster.
- Is it &lt;really&gt;?
"""
SRT = b"""1
00:00:00,000 --> 00:00:02,500
ADA: Good <i>evening</i>, everyone.

2
00:00:02,500 --> 00:00:04,000
It is twenty times {\\an8}faster.
"""
STAMP = st.sampled_from(
    ["00:00:01.000", "00:01", "99:99:99,999", "-1:00:00.0", "1:2:3.4", "::", ""]
)


@st.composite
def cues(draw: st.DrawFn) -> bytes:
    """A file of cues in any order, with any stamps."""
    told = draw(st.lists(st.tuples(STAMP, STAMP, TEXT), max_size=5))
    body = "".join(f"\n{a} --> {b}\n{text}\n" for a, b, text in told)
    return (draw(st.sampled_from(["WEBVTT\n", "", "1\n"])) + body).encode(errors="replace")


def shown(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Source(write(Path(folder), name, data))
        found = attempt("captions", read, source)
        if found is None:
            return
        for cue in found.cues:
            holds = 0 <= cue.start <= cue.end < math.inf
            fails("captions", holds)
            assert holds, cue
        heard = attempt("captions", captioned, [PlacedCaptions(source, 0.0, 60.0)], (), "en")
        words = heard.transcript.words if heard else ()
        assert all(math.isfinite(w.start) and w.start <= w.end for w in words)


@fuzzed(75)
@given(st.one_of(mutated(VTT), cues()))
def test_vtt(data: bytes) -> None:
    shown("talk.en.vtt", data)


@fuzzed(75)
@given(st.one_of(mutated(SRT), cues()))
@example(b"1\n10:00:00,000 --> 00:00:02,500\nIt ends before it begins.\n")
def test_srt(data: bytes) -> None:
    shown("talk.srt", data)


@cache
def kept() -> bytes:
    """A cached value as it lies in its file."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Cache(Path(folder))
        kept.keep("words", "k", tuple[Word, ...], (Word(0.0, 0.5, "Hello", 0.9),))
        return kept.place("words", "k").read_bytes()


@fuzzed(150)
@given(st.data())
def test_cached_json(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache = Cache(Path(folder))
        place = cache.place("words", "k")
        place.parent.mkdir(parents=True)
        whole = kept()
        changed = data.draw(st.one_of(mutated(whole), st.binary(max_size=50)))
        place.write_bytes(changed)
        found = attempt("cached JSON", cache.find, "words", "k", tuple[Word, ...])
        fails("cached JSON", found is None or changed == whole)
        assert found is None or changed == whole


@fuzzed(75)
@given(st.one_of(JSON.map(lambda value: repr(value).encode(errors="replace")), st.binary()))
@example(b"[" * 50_000)
@example(b'{"format": "backrow-voices-1", "voices": [{"name": "", "engine": "", "embedding": []}]}')
def test_voice_books(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = attempt("voice book", VoiceBook.load, write(Path(folder), "voices.json", data))
        fails("voice book", book is None or isinstance(book.names, tuple))


PAGE = (
    b"<html><head><title>T</title></head><body><h1>One</h1><p>It is 20x faster.<ul><li>a<li>b</ul>"
)


@fuzzed(75)
@given(st.sampled_from([".html", ".md", ".txt", ".pdf"]), st.one_of(mutated(PAGE), st.binary()))
@example(".md", b"![](" * 5000)
@example(".md", b"[" * 20_000)
@example(".html", b"<div>" * 5000)
def test_sources(ending: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder), f"page{ending}", data)
        found = attempt("sources", reading.passages, file, file.name)
        fails("sources", found is None or not any("\n" in each for each in found))


SECONDS = 1.2
ENDINGS = (".wav", ".mp3", ".m4a", ".mov", ".ogg", ".webm", ".flac", ".mkv", ".aac")


@cache
def whole(ending: str) -> tuple[bytes, float]:
    """A tiny file of a container, and how long it is when decoded."""
    with tempfile.TemporaryDirectory() as folder:
        file = media.write(Path(folder) / f"a{ending}", media.speech(SECONDS, 5.0))
        return file.read_bytes(), decode([file], Path(folder) / "out.wav").duration


def decoded(ending: str, data: bytes) -> tuple[Audio | None, float]:
    """What becomes of a damaged file: an event first, then its sound."""
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder), f"a{ending}", data)
        audio = attempt(f"media {ending}", _heard, file, Path(folder) / "out.wav")
        return audio, (Path(folder) / "out.wav").stat().st_size if audio else 0.0


def _heard(file: Path, into: Path) -> Audio:
    events, refused = find_events([file])
    for bad in refused:
        raise bad.error
    return decode(events[0].files, into)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("ending", ENDINGS)
@fuzzed(20)
@given(st.data())
def test_media_headers(ending: str, data: st.DataObject) -> None:
    good, length = whole(ending)
    changed = data.draw(st.one_of(mutated(good, near=256), mutated(good, near=256), mutated(good)))
    audio, size = decoded(ending, changed)
    if audio is None:
        return
    assert (
        size == 44 + 2 * round(audio.duration * 16_000)
        or abs(size - 44 - 2 * audio.duration * 16_000) <= 64
    ), "the sound is as long as it says"
    fails(f"media {ending}", abs(audio.duration - length) <= 0.1 * length or bool(audio.warnings))


PAPER = Path(__file__).parents[2] / "docs" / "corrections.md"
BY_HAND = "".join(
    part.split("```")[0] for part in PAPER.read_text(encoding="utf-8").split("```toml\n")[1:]
).encode()
FIX = WordFix(at=Moment(time=65.2), heard="Hiron", written="Heron")


@fuzzed(75)
@given(mutated(BY_HAND))
def test_corrections(data: bytes) -> None:
    """Read or refused; what is added and taken out again leaves the others as they were."""
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder), "corrections.toml", data)
        held = attempt("corrections", read_corrections, file)
        if held is None or attempt("corrections", lambda: (add(file, FIX), True)) is None:
            assert file.read_bytes() == data
            return
        assert FIX in read_corrections(file).fixes
        remove(file, FIX)
        assert sorted(map(repr, read_corrections(file).fixes)) == sorted(map(repr, held.fixes))
