"""What may stand beside a post: players, a transcript to read, a timeline."""

import io
import re
from dataclasses import replace
from string import Formatter
from xml.etree import ElementTree

import av
import pytest
from articles import changed
from bs4 import BeautifulSoup

from pipeline.config import Post
from pipeline.data import Audio, Note, Receipt, RoomSound, Span
from pipeline.render.article import Article
from pipeline.render.clips import clips, heard
from pipeline.render.post import view
from pipeline.render.timeline import picture, told
from pipeline.render.transcript_page import page
from pipeline.text import joined
from pipeline.wording import ROLES, WORDS, wording


@pytest.fixture
def long(article: Article) -> Article:
    """The keynote's words over and over for five minutes, and what the room did."""
    keynote = article.written.talks[0]
    (first,) = keynote.talk.utterances
    words = tuple(
        replace(word, start=word.start + at, end=word.end + at)
        for at in range(0, 300, 6)
        for word in first.words
    )
    talk = replace(keynote.talk, utterances=(replace(first, words=words),))
    sounds = (RoomSound(130.0, 134.0, "applause", 0.9), RoomSound(290.0, 291.0, "laughter", 0.4))
    outline = replace(article.written.outline, utterances=talk.utterances)
    talks = (replace(keynote, talk=talk),)
    return changed(article, duration=300.0, outline=outline, talks=talks, sounds=sounds)


def test_a_clip_is_no_longer_than_the_words_that_are_cited(long: Article, audio: Audio) -> None:
    (said,) = long.written.outline.utterances
    sentence = joined(word.text for word in said.words[:9])
    whole = Receipt(sentence, said.words[0].start, said.words[8].end, said.speaker)
    cited = replace(whole, cited="20x faster than")
    assert heard(whole, long) == Span(0.5, 4.05)
    assert heard(cited, long) == Span(said.words[4].start, said.words[6].end)
    assert heard(replace(whole, cited="a name put right"), long) == Span(0.5, 4.05)
    assert heard(Receipt("[music]", 5.0, 95.0, None, kind="sound"), long) == Span(5.0, 13.0)
    assert heard(replace(whole, kind="absent"), long) is None
    notes = (Note("x", "contradiction", 0.5, (whole, cited)),)
    told = changed(long, talks=(replace(long.written.talks[0], notes=notes),))
    lengths = []
    for _, data in clips(changed(told, audio=audio)):
        with av.open(io.BytesIO(data)) as clip:
            lengths.append(sum(frame.samples / frame.sample_rate for frame in clip.decode()))
    assert len(lengths) == 2, "both sides of a contradiction"
    words = (1.15, 3.55)
    assert all(len_ <= of + 1 for of, len_ in zip(words, sorted(lengths), strict=True))


def test_a_player_keeps_a_link_for_who_takes_no_html(article: Article) -> None:
    footnotes = view(article, Post(clips=True)).footnotes
    place = "clips/0000500-0004050.mp3"
    assert 'any GPU.” <audio controls preload="none" ' in footnotes[0]
    assert f' src="{place}">[clip]({place})</audio>; sources/paper.md:12' in footnotes[0]


def test_a_transcript_reads_well(long: Article) -> None:
    text = page(long)
    read = BeautifulSoup(text, "html.parser")
    assert [tag["id"] for tag in read.select("a[id]")] == [f"m{minute}" for minute in range(5)]
    assert [tag.get_text() for tag in read.select("b")] == ["Ada Park"]
    paragraphs = [tag.get_text() for tag in read.select("p")]
    assert len(paragraphs) > 5
    assert all(60 < len(each.split()) < 100 for each in paragraphs[:-1])
    assert [tag.get_text() for tag in read.select("i")] == ["[applause]", "[laughter]"]
    ElementTree.fromstring(text)  # Hugo takes it as .xhtml, which browsers read as XML
    # nothing of the words is lost, and what they hold is text
    said = " ".join(re.sub(r"\[\w+\]", "", read.get_text()).split())
    assert said.count("Our new chip is 20x faster than any GPU.") == 50
    assert {tag.name for tag in read.body.find_all(True)} <= {"h1", "h2", "p", "b", "a", "i"}  # type: ignore[union-attr]


def test_a_minute_in_which_nobody_speaks_has_its_anchor(long: Article) -> None:
    (said,) = long.written.outline.utterances
    words = tuple(word for word in said.words if not 60 <= word.start < 200)
    talk = replace(long.written.talks[0].talk, utterances=(replace(said, words=words),))
    text = page(changed(long, talks=(replace(long.written.talks[0], talk=talk),)))
    assert re.findall(r'id="m(\d+)"', text) == ["0", "1", "2", "3", "4"]


def test_a_transcript_of_any_words_is_xml(article: Article, nasty: list[str]) -> None:
    (said,) = article.written.talks[0].talk.utterances
    words = tuple(replace(said.words[0], text=text) for text in nasty[:400])
    talk = replace(article.written.talks[0].talk, utterances=(replace(said, words=words),))
    ElementTree.fromstring(
        page(changed(article, talks=(replace(article.written.talks[0], talk=talk),)))
    )


def test_receipts_lead_to_the_transcript(article: Article) -> None:
    footnotes = view(article, Post(transcript=True)).footnotes
    assert "[0:00:00](transcript.html#m0) Ada Park: “" in footnotes[0]
    event = article.heard.source.info.model_copy(update={"video": "https://vimeo.com/1"})
    both = view(changed(article, event=event), Post(transcript=True)).footnotes[0]
    assert (
        "[0:00:00](https://vimeo.com/1#t=0s)" in both and "[transcript](transcript.html#m0)" in both
    )


def test_what_the_room_does_between_and_after_talks_is_told(article: Article) -> None:
    sounds = tuple(
        RoomSound(start, start + 1, "applause", 0.9) for start in (0.1, 5.0, 8.0, 18.0, 70.0)
    )
    event = changed(
        article, sounds=sounds, talks=(article.written.talks[0], article.written.talks[2])
    )
    assert "1 min, 3x applause; 0:00:12 Panel: #1 in `speed`, 1 min, 2x applause" in told(event)
    assert picture(event).count('"clap"') == 1 + len(sounds)
    said = BeautifulSoup(page(event), "html.parser").get_text()
    heard = [m.start() for m in re.finditer(r"\[applause\]", said)]
    assert len(heard) == len(sounds)
    assert said.index("ever.") < heard[2] < said.index("Panel: #1")
    assert heard[3] > said.index("<always>.") and 'id="m1"' in page(event)


def test_a_timeline_is_a_picture_that_is_told_in_words(long: Article) -> None:
    svg = ElementTree.fromstring(picture(long))
    space = "{http://www.w3.org/2000/svg}"
    bars = [rect.get("class") for rect in svg.iter(f"{space}rect")]
    assert bars == ["paper", "road", "bar", "clap", "laugh", "clap", "laugh"]
    assert "prefers-color-scheme: dark" in picture(long)
    words = "0:05:00: 0:00:00 Ada Park, CEO, 5 min, 1x applause, 1x laughter"
    assert told(long) == f"Nova Night: the *fast* one, {words}"
    wide = [float(r.get("x", 0)) + float(r.get("width", 0)) for r in svg.iter(f"{space}rect")]
    assert max(wide) <= float(svg.get("width", 0))


def test_an_event_without_talks_still_has_its_pages(bare: Article) -> None:
    assert "<h1>Nova night</h1>" in page(bare)
    assert ElementTree.fromstring(picture(bare)) is not None


def test_a_post_speaks_of_itself_in_its_own_language(article: Article) -> None:
    told = view(changed(article, language="de"), Post(clips=True))
    assert told.notice.endswith("von einem Programm ausgewählt; berichtigt ist keins.")
    assert told.made.startswith("Gehört von faster-whisper base (1 min Aufnahme)")
    assert "nicht gesagt: price, cost" in told.footnotes[1] and "[Ton](clips/" in told.footnotes[0]
    other = view(changed(article, language="ja"), Post())
    assert other.words["schedule"] == "Announced:", "where there are no words, in English"


@pytest.mark.parametrize("language", sorted(file.stem for file in WORDS.glob("*.toml")))
def test_the_words_of_each_language_take_what_is_filled_in(language: str) -> None:
    def holes(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    terms = (*ROLES, "applause", "laughter", "music")
    english = {term: term for term in terms} | dict(wording("en"))
    own = {term: term for term in terms if language == "en"} | dict(wording(language))
    assert {key: holes(text) for key, text in own.items()} == {
        key: holes(text) for key, text in english.items()
    }
