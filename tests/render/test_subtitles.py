"""SRT and VTT, read back by FFmpeg's own parsers and held to the limits."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import pytest
from articles import changed

from pipeline.data import Outline, Utterance, Word
from pipeline.render.article import Article
from pipeline.render.subtitles import LINE, LINES, cues, srt, vtt

TIME = r"(\d{2,}):([0-5]\d):([0-5]\d)[.,](\d{3})"


@pytest.fixture
def hard(article: Article) -> Article:
    """Two at once, words without length, a word of twenty seconds, one of a hundred letters."""
    first = Utterance(
        0,
        "SPEAKER_00",
        (
            Word(0.0, 0.0, "Well", 0.9),
            Word(0.0, 0.0, "--> <b>so</b>", 0.9),
            Word(1.0, 21.0, "long,", 0.9),
            *(Word(21.0 + i * 0.3, 21.25 + i * 0.3, f"word{i}.", 0.9) for i in range(60)),
            Word(3700.0, 3700.2, "x" * 100, 0.9),
        ),
    )
    second = Utterance(1, "SPEAKER_01", (Word(0.0, 0.4, "Two", 0.9), Word(0.4, 9.0, "&", 0.9)))
    said = (first, second, replace(second, id=2, speaker="SPEAKER_09"))
    return changed(article, outline=Outline(article.written.outline.speakers, (), said))


def read(text: str, name: str, folder: Path) -> list[tuple[int, int]]:
    """Start and duration in milliseconds of each cue, by FFmpeg."""
    place = folder / name
    place.write_text(text, encoding="utf-8")
    with av.open(str(place)) as file:
        packets = [packet for packet in file.demux(file.streams[0]) if packet.size]
        scale = 1000 * file.streams[0].time_base
        return [(round(packet.pts * scale), round(packet.duration * scale)) for packet in packets]


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize("event", ["article", "hard"])
def test_cues_keep_their_limits(event: str, labelled: bool, request: pytest.FixtureRequest) -> None:
    made = cues(request.getfixturevalue(event), labelled)
    for cue in made:
        assert 1 <= len(cue.lines) <= LINES
        assert all(0 < len(line) <= LINE for line in cue.lines)
        assert 0 < cue.end - cue.start <= 7000
    assert all(one.end <= after.start for one, after in pairwise(made))


@pytest.mark.parametrize("event", ["article", "hard"])
def test_other_programs_read_the_same_cues(
    event: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    told = request.getfixturevalue(event)
    for text, name, labelled in ((srt(told), "a.srt", True), (vtt(told), "a.vtt", False)):
        expected = [(cue.start, cue.end - cue.start) for cue in cues(told, labelled)]
        assert read(text, name, tmp_path) == expected


def test_every_word_is_shown_once_and_in_order(hard: Article) -> None:
    shown = [cue for cue in cues(hard, labelled=False) if cue.speaker == "Ada Park"]
    words = " ".join(" ".join(cue.lines) for cue in shown).split()
    said = hard.written.outline.utterances[0].text.split()
    assert "".join(words) == "".join(said)
    assert words[:-3] == said[:-1]  # only the word longer than a line is cut, in three


def test_srt_names_who_begins_to_speak(article: Article) -> None:
    assert srt(article).split("\n\n")[0].splitlines() == [
        "1",
        "00:00:00,500 --> 00:00:04,050",
        "Ada Park: Our new chip is 20x faster than",
        "any GPU.",
    ]


def test_vtt_is_as_the_recommendation_has_it(hard: Article) -> None:
    blocks = vtt(hard).split("\n\n")
    assert blocks[0] == "WEBVTT"
    for block in blocks[1:]:
        timing, *payload = block.rstrip("\n").split("\n")
        assert re.fullmatch(f"{TIME} --> {TIME}", timing)
        assert re.match(r"<v [^<>&]+>", payload[0])
        assert not re.search(r"-->|[<>]", re.sub(r"^<v [^>]+>", "", "\n".join(payload)))
        assert all(payload)


def test_an_arrow_in_speech_ends_no_srt_cue(hard: Article) -> None:
    assert all("-->" not in line or re.fullmatch(f"{TIME} --> {TIME}", line)
               for line in srt(hard).splitlines())  # fmt: skip


def test_hours_and_long_labels(article: Article) -> None:
    label = "the customer scientist from the very long company name"
    speaker = replace(article.written.outline.speakers[0], name=label)
    late = Utterance(0, speaker.id, (Word(36_000.0, 36_000.5, "Hi", 0.9),))
    told = changed(article, outline=Outline((speaker,), (), (late,)))
    assert "10:00:00,000 --> 10:00:01,000\nthe customer scientist from t…: Hi\n" in srt(told)


def test_nothing_said_is_still_a_file(bare: Article) -> None:
    assert srt(bare) == ""
    assert vtt(bare) == "WEBVTT\n"
