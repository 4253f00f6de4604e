"""What lands in the output folder, and what stays as a person left it."""

import json
import os
import re
import shutil
from pathlib import Path

import av
import pytest
from articles import changed

from pipeline.config import Flavor, Post
from pipeline.data import Audio
from pipeline.errors import CacheError
from pipeline.prompts import Prompts
from pipeline.render.article import Article
from pipeline.render.folder import beside, offered
from pipeline.render.publish import Published, publish


class Desk:
    """Publishes one article again and again into one folder."""

    def __init__(self, article: Article, out: Path) -> None:
        self.article, self.out = article, out

    def publish(self, options: Post | None = None, **changes: object) -> Published:
        article = changed(self.article, **changes)
        return publish(article, self.out, options or Post(), Prompts(None))

    def files(self) -> set[str]:
        folder = self.out / self.article.heard.source.slug
        return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def desk(article: Article, tmp_path: Path) -> Desk:
    return Desk(article, tmp_path / "posts")


TRANSCRIPTS = {"transcript.srt", "transcript.vtt", "transcript.json", "notes.json"} | {
    "chapters.vtt",
    "description.txt",
}
NEWS = ("something new to say",)


def test_everything_of_an_event_lands_in_its_folder(desk: Desk) -> None:
    assert desk.publish() == Published(desk.out / "nova-night" / "index.md")
    assert desk.files() == {"index.md", *TRANSCRIPTS}


def test_clips_of_an_event_without_sound_are_left_out_and_said_to_be(desk: Desk) -> None:
    silent = Audio(Path(), 20.0, "captions", ())
    assert "no clips" in desk.publish(Post(clips=True), audio=silent).warnings[0]
    assert desk.files() == {"index.md", *TRANSCRIPTS}


def test_the_same_again_touches_no_file(desk: Desk) -> None:
    desk.publish(Post(clips=True))
    places = [place for place in desk.out.rglob("*") if place.is_file()]
    for place in places:
        os.utime(place, ns=(1, 1))
    desk.publish(Post(clips=True))
    assert [place.stat().st_mtime_ns for place in places] == [1] * len(places)


def test_a_post_of_ours_is_replaced(desk: Desk) -> None:
    place = desk.publish().post
    assert desk.publish(warnings=NEWS).warnings == ()
    assert "something new" in place.read_text(encoding="utf-8")
    assert desk.files() == {"index.md", *TRANSCRIPTS}


def test_an_edited_post_stays_and_the_new_one_lies_beside_it(desk: Desk) -> None:
    place = desk.publish().post
    place.write_text("my own words", encoding="utf-8")
    assert desk.publish().warnings == ()  # nothing new: nothing to offer
    assert "index.new.md" not in desk.files()
    again = desk.publish(warnings=NEWS)
    assert len(again.warnings) == 1
    assert "index.md: has been edited" in again.warnings[0]
    assert place.read_text(encoding="utf-8") == "my own words"
    new = place.with_name("index.new.md")
    assert "something new" in new.read_text(encoding="utf-8")


def test_a_version_is_offered_once(desk: Desk) -> None:
    place = desk.publish().post
    place.write_text("my own words", encoding="utf-8")
    desk.publish(warnings=NEWS)
    place.with_name("index.new.md").unlink()
    assert desk.publish(warnings=NEWS).warnings == ()
    assert "index.new.md" not in desk.files()


def test_an_edited_offer_stays_too(desk: Desk) -> None:
    place = desk.publish().post
    place.write_text("my own words", encoding="utf-8")
    desk.publish(warnings=NEWS)
    place.with_name("index.new.md").write_text("half merged", encoding="utf-8")
    desk.publish(warnings=("newer still",))
    assert place.with_name("index.new.md").read_text(encoding="utf-8") == "half merged"
    assert "newer still" in place.with_name("index.new-2.md").read_text(encoding="utf-8")


def test_an_offer_that_nobody_has_looked_at_is_not_written_over(desk: Desk) -> None:
    place = desk.publish().post
    place.write_text("my own words", encoding="utf-8")
    desk.publish(warnings=NEWS)
    first = place.with_name("index.new.md").read_bytes()
    told = desk.publish(warnings=("newer still",)).warnings
    assert place.with_name("index.new.md").read_bytes() == first
    assert "newer still" in place.with_name("index.new-2.md").read_text(encoding="utf-8")
    assert "index.new-2.md beside it" in told[0]
    assert desk.publish(warnings=("newer still",)).warnings == ()
    desk.publish(warnings=("the newest",))
    assert place.with_name("index.new-3.md").exists()


def test_a_lost_cache_offers_nothing_that_lies_there_already(desk: Desk) -> None:
    place = desk.publish(warnings=NEWS).post
    before = desk.files()
    shutil.rmtree(desk.out / ".backrow")
    assert desk.publish(warnings=NEWS).warnings == ()
    assert desk.files() == before
    place.write_text("my own words", encoding="utf-8")
    desk.publish(warnings=("newer still",))
    shutil.rmtree(desk.out / ".backrow")
    assert desk.publish(warnings=("newer still",)).warnings == ()
    assert desk.files() == {*before, "index.new.md"}


def test_a_taken_offer_is_cleared_away(desk: Desk) -> None:
    place = desk.publish().post
    place.write_text("my own words", encoding="utf-8")
    desk.publish(warnings=NEWS)
    new = place.with_name("index.new.md")
    place.write_bytes(new.read_bytes())
    desk.publish(warnings=("newer still",))
    assert "newer still" in place.read_text(encoding="utf-8")
    assert desk.files() == {"index.md", *TRANSCRIPTS}


def test_a_post_that_was_thrown_away_comes_back(desk: Desk) -> None:
    place = desk.publish().post
    place.unlink()
    assert desk.publish().warnings == ()
    assert place.exists()


@pytest.mark.parametrize("record", [None, b"{", b"[1]"])
def test_without_a_record_every_other_file_is_a_persons(desk: Desk, record: bytes | None) -> None:
    place = desk.publish().post
    kept = place.read_bytes()
    memory = desk.out / ".backrow" / "written" / "nova-night.json"
    memory.unlink()
    if record is not None:
        memory.write_bytes(record)
    again = desk.publish(warnings=NEWS)
    assert any("index.md" in warning for warning in again.warnings)
    assert place.read_bytes() == kept


def test_clips_hold_what_was_heard_and_go_when_unwanted(desk: Desk) -> None:
    desk.publish(Post(clips=True))
    clips = sorted((desk.out / "nova-night" / "clips").iterdir())
    assert len(clips) == 4
    with av.open(str(clips[1])) as clip:
        assert clip.duration is not None
        assert 1.5 <= clip.duration / av.time_base <= 2.3  # 1.55 s and its margins
    desk.publish()
    assert desk.files() == {"index.md", *TRANSCRIPTS}
    assert not (desk.out / "nova-night" / "clips").exists()


def test_another_flavour_takes_the_place_of_the_first(desk: Desk) -> None:
    desk.publish()
    place = desk.publish(Post(flavor="jekyll")).post
    assert place == desk.out / "nova-night" / "_posts" / "2025-05-15-nova-night.md"
    assert desk.files() == {"_posts/2025-05-15-nova-night.md", *TRANSCRIPTS}


@pytest.mark.parametrize(
    ("flavor", "name", "waits"),
    [
        ("zola", "index.md", False),
        ("hugo", "index.md", True),
        ("jekyll", "_drafts/nova-night.md", True),
        ("plain", "index.md", False),
    ],
)
def test_a_post_without_a_day_waits_for_one_where_it_would_be_shown_wrongly(
    desk: Desk, flavor: Flavor, name: str, waits: bool
) -> None:
    event = desk.article.heard.source.info.model_copy(update={"date": None})
    done = desk.publish(Post(flavor=flavor, draft=False), event=event)
    assert done.post == desk.out / "nova-night" / name
    text = done.post.read_text(encoding="utf-8")
    assert bool(re.search("draft = true|published: false", text)) == waits
    assert any("no date is known" in warning for warning in done.warnings) == waits
    assert "Date: not known" in text


def test_where_an_offer_lies() -> None:
    assert beside("index.md") == "index.new.md"
    assert beside("index.md", 2) == "index.new-2.md"
    for name in ("index.md", "clips/1.mp3", "_posts/2025-05-15-x.md", "_drafts/x.md"):
        assert [offered(beside(name, number)) for number in (1, 2, 30)] == [name] * 3
        assert offered(name) is None
    assert beside("clips/1.mp3") == "clips/1.new.mp3"
    assert beside("_posts/2025-05-15-x.md") == "_posts/_2025-05-15-x.new.md"


def test_an_output_that_cannot_be_written_is_one_sentence(desk: Desk) -> None:
    desk.out.parent.mkdir(exist_ok=True)
    desk.out.write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(CacheError, match="-o"):
        desk.publish()


def test_the_record_knows_every_file(desk: Desk) -> None:
    desk.publish()
    record = json.loads((desk.out / ".backrow" / "written" / "nova-night.json").read_bytes())
    assert set(record) == desk.files()
