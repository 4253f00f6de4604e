"""A moment of the event in the video that shows it; chapters and a description for that video."""

import re
from dataclasses import replace

import pytest
from articles import changed

from pipeline.config import Post
from pipeline.data import Note, Outline, Part, Talk, TalkNotes, Utterance, Word
from pipeline.event import EventInfo, moment
from pipeline.render.article import Article
from pipeline.render.chapters import files
from pipeline.render.post import view

DAY = 3 * 3600.0


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=754s"),
        ("https://m.youtube.com/watch?t=3&v=abc", "https://m.youtube.com/watch?v=abc&t=754s"),
        ("https://youtu.be/abc?si=x#y", "https://youtu.be/abc?si=x&t=754s"),
        ("https://www.youtube.com/live/abc", "https://www.youtube.com/live/abc?t=754s"),
        ("https://www.youtube.com/embed/abc", "https://www.youtube.com/embed/abc?start=754"),
        ("https://vimeo.com/123/ab", "https://vimeo.com/123/ab#t=754s"),
        ("https://tube.example.org/w/4Kx", "https://tube.example.org/w/4Kx?start=754s"),
        (
            "https://tube.example.org/videos/watch/a-b?start=5s",
            "https://tube.example.org/videos/watch/a-b?start=754s",
        ),
        ("https://media.ccc.de/v/38c3-a", "https://media.ccc.de/v/38c3-a#t=754"),
        ("https://archive.org/details/a", "https://archive.org/details/a?start=754"),
        ("https://archive.org/download/a/b.mp4", "https://archive.org/download/a/b.mp4#t=754"),
        ("https://example.org/films/b.WEBM?x=1", "https://example.org/films/b.WEBM?x=1#t=754"),
        ("https://example.org/elsewhere", "https://example.org/elsewhere#t=754"),
    ],
)
def test_a_moment_of_a_video_has_an_address(url: str, there: str) -> None:
    assert moment(url, 754.9) == there


def talk(number: int, title: str, start: float, end: float) -> TalkNotes:
    words = (Word(start, start + 0.1, "So.", 1.0), Word(end - 0.1, end, "Thanks.", 1.0))
    said = Utterance(number, "SPEAKER_00", words)
    return TalkNotes(Talk(number, title, "talk", ("SPEAKER_00",), (said,)), "", ())


@pytest.fixture
def day(article: Article) -> Article:
    """Two recordings of an hour and a half, six talks; the third is over before it begins."""
    begins = (4.0, 600.0, 3600.0, 3606.0, 5400.0, 9000.0)
    talks = tuple(
        talk(number, f"Talk {number} <a --> b> & c", start, start + 3.0)
        for number, start in enumerate(begins)
    )
    parts = (Part("a.mp4", 0.0, 5400.0), Part("b.mp4", 5400.0, 5400.0))
    caveat = (Note("Nobody priced it", "aside", 0.0, ()),)
    return changed(article, duration=DAY, talks=talks, parts=parts, caveat=caveat)


def shown(text: bytes) -> str:
    """A text with its brackets as they were said: no < or > is in it."""
    assert not re.search(r"[<>]", text.decode().replace(" --> ", " "))
    return text.decode().replace("\u2039", "<").replace("\u203a", ">")


def told(article: Article, **event: object) -> Article:
    values = article.heard.source.info.model_dump() | event
    return changed(article, event=EventInfo.model_validate(values))


def test_chapters_are_those_that_a_description_may_have(day: Article) -> None:
    made = files(told(day, video="https://youtu.be/abc", offset="1:00"))
    assert shown(made["chapters.txt"]).splitlines() == [
        "0:00:00 Nova Night: the *fast* one",
        "0:01:04 Talk 0 <a --> b> & c",
        "0:11:00 Talk 1 <a --> b> & c",
        "1:01:00 Talk 3 <a --> b> & c",
        "1:31:00 Talk 4 <a --> b> & c",
        "2:31:00 Talk 5 <a --> b> & c",
    ]
    vtt = shown(made["chapters.vtt"])
    assert vtt.startswith("WEBVTT\n\n00:00:00.000 --> 00:01:04.000\nNova Night")
    assert vtt.endswith("02:31:00.000 --> 03:01:00.000\nTalk 5 <a --> b> &amp; c\n")


def test_a_talk_from_the_start_is_the_first_chapter(day: Article) -> None:
    assert files(day)["chapters.txt"].decode().startswith("0:00:00 Talk 0 ")


def test_recordings_with_videos_of_their_own_have_chapters_of_their_own(day: Article) -> None:
    two = told(
        day,
        videos=[
            {"file": "a.mp4", "url": "https://vimeo.com/1"},
            {"file": "b.mp4", "url": "https://vimeo.com/2", "offset": 30},
        ],
    )
    assert two.watch(600.5) == "https://vimeo.com/1#t=600s"
    assert two.watch(9000.0) == "https://vimeo.com/2#t=3630s"
    made = files(two)
    assert shown(made["chapters-2.txt"]).endswith("\n1:00:30 Talk 5 <a --> b> & c\n")
    assert b"01:00:30.000 -->" in made["chapters-2.vtt"]
    assert b"Talk 5" not in made["chapters.txt"]


def test_two_talks_are_too_few_for_a_description(day: Article) -> None:
    few = changed(day, talks=day.written.talks[1:2])
    made = files(few)
    assert "chapters.txt" not in made
    assert made["chapters.vtt"].count(b"-->") == 2


def test_a_description_names_times_people_and_the_caveat(day: Article) -> None:
    text = files(day)["description.txt"].decode()
    assert "Nova Night: the *fast* one\n2025-05-15, Hall 3\n\nNobody priced it\n\n0:00:00 " in text
    assert text.endswith("\n\nAda Park, CEO\n")
    assert "<" not in text and ">" not in text
    known = replace(day.written.outline.speakers[0], role="speaker")
    plain = changed(day, outline=replace(day.written.outline, speakers=(known,)))
    assert files(plain)["description.txt"].endswith(b"\n\nAda Park\n")


def test_what_lies_before_a_video_has_no_link(day: Article) -> None:
    film = told(day, video="https://youtu.be/abc", offset=-100)
    assert film.watch(99.0) == ""
    assert film.watch(100.0) == "https://youtu.be/abc?t=0s"


def test_a_video_that_begins_when_all_is_over_has_no_chapters(day: Article) -> None:
    made = files(told(day, video="https://youtu.be/abc", offset=-2 * DAY))
    assert made["chapters.vtt"] == b"WEBVTT\n"


def test_receipts_lead_to_the_video(article: Article) -> None:
    film = told(article, video="https://tube.example.org/w/a_b", offset=12)
    footnotes = view(film, Post()).footnotes
    assert footnotes[0].startswith("[^2]: [0:00:00](https://tube.example.org/w/a_b?start=12s) ")
    assert "[0:00:00](https://tube.example.org/w/a_b?start=12s)-0:00:05 not said" in footnotes[1]


def test_an_event_without_talks_has_a_description(bare: Article) -> None:
    empty = changed(bare, outline=Outline((), (), ()))
    assert files(empty)["chapters.vtt"] == b"WEBVTT\n\n00:00:00.000 --> 00:00:20.000\nNova night\n"
