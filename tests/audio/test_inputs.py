from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio.inputs import EventInput, RejectedInput, find_events, slugify
from pipeline.cli.described import described
from pipeline.errors import ConfigError, InputError


def _files(folder: Path, *names: str) -> Path:
    """Empty-headed media (one byte) and other files below a folder."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def _details(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "event.toml").write_text(text, encoding="utf-8")
    return folder


def _names(event: EventInput) -> list[str]:
    return [file.name for file in event.files]


def _one(*inputs: Path) -> EventInput:
    events, refused = find_events(inputs)
    assert refused == []
    (event,) = events
    return event


def _refused(*inputs: Path) -> RejectedInput:
    events, refused = find_events(inputs)
    assert events == []
    (bad,) = refused
    return bad


def test_a_file_is_an_event(tmp_path: Path) -> None:
    event = _one(_files(tmp_path, "Opening Night (2).MP3") / "Opening Night (2).MP3")
    assert event.slug == "opening-night-2"
    assert event.folder is None


def test_without_a_title_it_is_called_as_its_file_or_folder(tmp_path: Path) -> None:
    _files(tmp_path, "Full Steam \u2013 Keynote (2).mp3", "an_evening/part1.wav")
    assert (
        _one(tmp_path / "Full Steam \u2013 Keynote (2).mp3").title
        == "Full Steam \u2013 Keynote (2)"
    )
    assert _one(tmp_path / "an_evening").title == "An evening"
    _files(tmp_path, "Night [dQw4w9WgXcQ].mp3", "Night [Deutschland].mp3")
    night = _one(tmp_path / "Night [dQw4w9WgXcQ].mp3")
    assert (night.title, night.slug) == ("Night", "night-dqw4w9wgxcq"), "two may have one title"
    assert _one(tmp_path / "Night [Deutschland].mp3").title == "Night [Deutschland]"
    assert _one(_details(tmp_path / "an_evening", 'title = "Its own"')).title == "Its own"


def test_a_folder_of_media_is_one_event_in_name_order(tmp_path: Path) -> None:
    folder = _files(
        tmp_path / "Summit", "part10.mp4", "part2.mp4", "Part1.mp4", "README.md", ".DS_Store"
    )
    event = _one(folder)
    assert _names(event) == ["Part1.mp4", "part2.mp4", "part10.mp4"]
    assert (event.slug, event.folder) == ("summit", folder)


@pytest.mark.parametrize(
    "names",
    [
        ("Recording.m4a", "Recording (1).m4a", "Recording (2).m4a", "Recording (10).m4a"),
        ("Aufnahme.m4a", "Aufnahme 2.m4a", "Aufnahme 10.m4a"),
        ("GH010012.MP4", "GH020012.MP4", "GH010013.MP4", "GX020013.MP4"),
        ("GOPR0012.MP4", "GP010012.MP4", "GP020012.MP4", "GOPR0013.MP4"),
        ("20260514_183512.m4a", "Voice0012.m4a"),
    ],
)
def test_recorders_names_follow_one_another(tmp_path: Path, names: tuple[str, ...]) -> None:
    assert _names(_one(_files(tmp_path / "rec", *names))) == list(names)


def _begun(folder: Path, **times: str) -> EventInput:
    """An event of three seconds a file, that were begun on one evening or at a whole time."""
    for name, time in times.items():
        told = {"creation_time": f"2026-05-14T{time}Z" if len(time) == 8 else time} if time else {}
        media.write(folder / f"{name}.m4a", media.speech(3), tags=told)
    return _one(folder)


def test_start_times_in_the_tags_are_the_order_where_they_can_be(tmp_path: Path) -> None:
    event = _begun(tmp_path / "rec", a="18:32:00", b="18:30:00", c="18:30:02")
    assert _names(event) == ["b.m4a", "c.m4a", "a.m4a"]
    assert "in the order of the start times in their tags" in next(described(event))
    (tmp_path / "rec" / "event.toml").write_text('files = ["a.m4a", "b.m4a"]')
    assert _names(_one(tmp_path / "rec")) == ["a.m4a", "b.m4a"]


@pytest.mark.parametrize(
    "times",
    [
        {"a": "18:32:00", "b": "18:30:00", "c": ""},  # one does not say
        {"a": "18:30:00", "b": "18:30:00", "c": "18:29:00"},  # the time of a copy
        {"a": "18:32:00", "b": "18:30:00", "c": "2015-01-01T00:00:00Z"},  # a clock nobody set
        {"a": "18:32:00", "b": "18:30:00", "c": "1904-01-01T18:00:00Z"},
    ],
)
def test_start_times_that_cannot_be_leave_the_order_to_the_names(
    tmp_path: Path, times: dict[str, str]
) -> None:
    event = _begun(tmp_path / "rec", **times)
    assert _names(event) == ["a.m4a", "b.m4a", "c.m4a"]
    assert "in name order" in next(described(event))


def test_a_folder_with_details_is_one_event(tmp_path: Path) -> None:
    folder = _details(tmp_path / "rec", 'title = "Café Größe: 2025"\ndate = 2025-05-15\n')
    _files(folder, "a.wav", "build.py", "sources/paper.pdf", "sources/lecture.mp3", "clips/1.mp3")
    event = _one(folder)
    assert _names(event) == ["a.wav"]
    assert event.slug == "café-größe-2025"
    assert event.info.date == "2025-05-15"


def test_details_give_the_order_and_the_slug(tmp_path: Path) -> None:
    folder = _details(tmp_path / "rec", 'files = ["b.wav", "a.wav"]\nslug = "Our Day"')
    event = _one(_files(folder, "a.wav", "b.wav", "c.wav"))
    assert _names(event) == ["b.wav", "a.wav"]
    assert event.slug == "our-day"


def test_a_folder_of_folders_is_a_batch(tmp_path: Path) -> None:
    _files(tmp_path, "day1/a.wav", "day1/b.wav", "day2/c.mp3", "loose.opus", "notes/todo.txt")
    _files(tmp_path, "posts/day1/notes.json", "posts/day1/clips/1.mp3", "posts/report.json")
    _files(tmp_path, "deep/er/d.ogg", ".hidden/e.wav")
    events, refused = find_events([tmp_path])
    assert refused == []
    assert {event.slug: _names(event) for event in events} == {
        "day1": ["a.wav", "b.wav"],
        "day2": ["c.mp3"],
        "er": ["d.ogg"],
        "loose": ["loose.opus"],
    }


def test_several_inputs_and_none_of_them_twice(tmp_path: Path) -> None:
    _files(tmp_path, "a.wav", "day/b.wav")
    events, refused = find_events([tmp_path / "day", tmp_path / "a.wav", tmp_path / "day"])
    assert [event.slug for event in events] == ["day", "a"]
    assert refused == []


def test_a_link_up_the_tree_does_not_go_round(tmp_path: Path) -> None:
    _files(tmp_path, "day/a.wav", "other/b.wav")
    (tmp_path / "day" / "up").symlink_to(tmp_path)
    events, _ = find_events([tmp_path])
    assert sorted(event.slug for event in events) == ["day", "other"]


def test_the_only_recording_of_an_event_may_be_named_itself(tmp_path: Path) -> None:
    folder = _details(tmp_path / "rec", 'title = "The Day"')
    assert _one(_files(folder, "a.wav") / "a.wav").info.title == "The Day"
    _files(folder, "b.wav")
    assert _one(folder / "a.wav").slug == "a"


def test_here_is_a_folder_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(_files(tmp_path / "evening", "a.wav"))
    assert _one(Path(".")).slug == "evening"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('date = "15 May 2025"', "date should be written as YYYY-MM-DD"),
        ("date = 2025-13-45", "is not valid TOML"),
        ('titel = "x"', "titel is not known; did you mean title?"),
        ("[[people]]\nname = 'x'\nroll = 'y'", "roll is not known; did you mean role?"),
        ("[[people]]\nnam = 'x'", "people.#1.nam is not known; did you mean name?"),
        ("[[people]]\nrole = 'x'", "people.#1.name is missing"),
        ('glossary = "x"', "glossary should be a list, not 'x'"),
        ("speakers.count = 0", "speakers.count"),
        ("speakers = {min = 3, max = 2}", "speakers should have a min that is not above its max"),
        ("title = 'x", "is not valid TOML"),
        ('videos = [{file = "a.wav", offset = 3}]', "videos: a.wav has no url"),
        ('files = ["a.waw"]', "a.waw is not there; did you mean a.wav?"),
    ],
)
def test_wrong_details_are_refused_and_the_others_go_on(
    tmp_path: Path, text: str, complaint: str
) -> None:
    bad = _files(_details(tmp_path / "bad", text), "a.wav")
    good = _files(tmp_path / "good", "a.wav")
    events, refused = find_events([bad, good])
    assert [event.slug for event in events] == ["good"]
    (refusal,) = refused
    assert isinstance(refusal.error, ConfigError)
    assert str(refusal.error).startswith(str(bad / "event.toml"))
    with pytest.raises(ConfigError, match=complaint):
        raise refusal.error


def test_a_bare_value_stands_for_what_it_must_mean(tmp_path: Path) -> None:
    text = 'people = ["Ada Park"]\nlinks = ["https://a.example"]\nspeakers = 3\nagenda = ["Lunch"]'
    info = _one(_files(_details(tmp_path / "rec", text), "a.wav")).info
    assert info.people[0].name == "Ada Park"
    assert info.links[0].url == "https://a.example"
    assert (info.speakers.count, info.agenda[0].title) == (3, "Lunch")


def test_two_with_one_slug(tmp_path: Path) -> None:
    _files(tmp_path, "a/talk.wav", "b/talk.wav")
    events, refused = find_events([tmp_path / "a" / "talk.wav", tmp_path / "b" / "talk.wav"])
    assert [event.files for event in events] == [(tmp_path / "a" / "talk.wav",)]
    message = str(refused[0].error)
    assert str(tmp_path / "a" / "talk.wav") in message
    assert str(tmp_path / "b" / "talk.wav") in message
    assert "another slug in an event.toml" in message


def test_what_is_not_there_or_empty(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "none.wav").touch()
    for name, complaint in (
        ("gone.wav", "is not there"),
        ("empty", "holds no recording"),
        ("none.wav", "is empty"),
    ):
        refusal = _refused(tmp_path / name)
        assert isinstance(refusal.error, InputError)
        assert complaint in str(refusal.error)
        assert refusal.path == tmp_path / name


def test_a_finished_post_is_no_event_and_its_captions_are_nobody_elses(tmp_path: Path) -> None:
    _files(tmp_path, "index.md", "notes.json", "chapters-2.vtt", "transcript.srt", "transcript.vtt")
    assert "is a finished post" in str(_refused(tmp_path).error)
    assert _one(_files(tmp_path, "talk.mp4", "talk.vtt")).captions == (tmp_path / "talk.vtt",)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Cerebras Supernova", "cerebras-supernova"),
        ("  What's   next?! ", "whats-next"),
        ("../../etc/passwd", "etc-passwd"),
        ("東京 2025", "東京-2025"),
        ("ﬁnal_cut", "final-cut"),
        ("?!", "event"),
        ("x" * 500, "x" * 120),
    ],
)
def test_slugs(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_endings_that_are_not_listed_are_opened(tmp_path: Path) -> None:
    media.write(tmp_path / "part1.m4a", media.speech(1)).rename(tmp_path / "part2.3gpp")
    media.write(tmp_path / "part1.m4a", media.speech(1))
    media.write(tmp_path / "part3.webm", media.speech(1)).rename(tmp_path / "part3.weba")
    media.write(tmp_path / "x.wav", media.speech(1)).rename(tmp_path / "part4")
    (tmp_path / "part5").write_bytes(np.random.default_rng(1).bytes(50_000))
    (tmp_path / "part6.mp4.part").write_bytes(b"x")
    _files(tmp_path, "slides.pdf", "README.md", "photo.jpg", "todo")
    media.write(tmp_path / "y.ogg", media.speech(1)).rename(tmp_path / "part7.ogx")
    event = _one(tmp_path)
    assert _names(event) == ["part1.m4a", "part2.3gpp", "part3.weba", "part4", "part7.ogx"]
    assert {left.name: left.why for left in event.left_out} == {
        "part5": "is no recording",
        "part6.mp4.part": "is an unfinished download",
        "slides.pdf": "is no recording",
        "README.md": "is no recording",
        "photo.jpg": "is no recording",
        "todo": "is no recording",
    }


def test_recordings_that_event_toml_does_not_name_are_left_out_and_said(tmp_path: Path) -> None:
    folder = _details(tmp_path / "rec", 'files = ["a.wav"]')
    (left,) = _one(_files(folder, "a.wav", "b.wav")).left_out
    assert (left.name, left.why) == ("b.wav", "is not named in event.toml")
    folder = _details(tmp_path / "two", 'title = "Two Discs"')
    (left,) = _one(_files(folder, "a.wav", "disc2/b.wav")).left_out
    assert left.name == "disc2/"
    _details(folder, 'files = ["a.wav", "disc2/b.wav"]')
    assert _one(folder).left_out == ()
    folder = _details(tmp_path / "three", 'title = "No Endings"')
    sound = media.write(_files(folder, "a.wav") / "disc2" / "b.wav", media.speech(1))
    sound.rename(sound.with_name("part2"))
    assert [left.name for left in _one(folder).left_out] == ["disc2/"]


@pytest.mark.parametrize(
    "names",
    [
        ("Kettle Night [abc].f137.mp4", "Kettle Night [abc].f140.m4a"),
        ("GMT20250515-160000_Recording.m4a", "GMT20250515-160000_Recording_1920x1080.mp4"),
        ("audio1234567.m4a", "video1234567.mp4"),
    ],
)
def test_pieces_that_are_named_together_or_loose_in_a_batch_are_one_event(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    _files(tmp_path, *names, "other/x.wav")
    assert sorted(_names(_one(*(tmp_path / name for name in names)))) == sorted(names)
    events, refused = find_events([tmp_path])
    assert refused == []
    assert sorted(sorted(_names(event)) for event in events) == [sorted(names), ["x.wav"]]


def test_pieces_are_called_by_the_name_that_they_share(tmp_path: Path) -> None:
    names = ("Kettle Night [abc].f137.mp4", "Kettle Night [abc].f140.m4a")
    _files(tmp_path, *names)
    event = _one(*(tmp_path / name for name in names))
    assert (event.title, event.slug) == ("Kettle Night [abc]", "kettle-night-abc")


def test_a_meetings_folder_of_speakers_belongs_to_the_recording_beside_it(tmp_path: Path) -> None:
    whole = tmp_path / "Board" / "audio1.m4a"
    own = tmp_path / "Board" / "Audio Record"
    own.mkdir(parents=True)
    for file in (whole, own / "audioAda1.m4a", own / "audioOscar1.m4a"):
        media.write(file, media.speech(3))
    event = _one(tmp_path / "Board")
    assert _names(event) == ["audio1.m4a", "audioAda1.m4a", "audioOscar1.m4a"]
    assert (event.title, event.slug) == ("Board", "board")
    assert _names(_one(_details(tmp_path / "Board", 'place = "Hall"'))) == _names(event)
    _details(tmp_path / "Board", 'files = ["audio1.m4a"]')
    assert _names(_one(tmp_path / "Board")) == ["audio1.m4a"]


def test_a_zoom_meeting_is_one_event_whoever_came_late(tmp_path: Path) -> None:
    folder = tmp_path / "2026-05-14 18.30.00 Talk"
    for name, seconds in (("video1.mp4", 12), ("audio1Ada1.m4a", 8), ("audio2Bo1.m4a", 12)):
        media.write(
            folder / ("" if name[0] == "v" else "Audio Record") / name, media.speech(seconds)
        )
    event = _one(tmp_path)
    assert _names(event) == ["video1.mp4", "audio2Bo1.m4a"]
    assert (event.title, event.slug) == (folder.name, "2026-05-14-18-30-00-talk")
    assert event.info.date == "2026-05-14"
    (late,) = event.left_out
    assert late.name == "Audio Record/audio1Ada1.m4a" and "not as long as the meeting" in late.why


def test_a_file_a_speaker(tmp_path: Path) -> None:
    text = '[[tracks]]\nfile = "b.wav"\nspeaker = "Ada Park"\n[[tracks]]\nfile = "a.wav"\n'
    event = _one(_files(_details(tmp_path / "rec", text), "a.wav", "b.wav"))
    assert _names(event) == ["b.wav", "a.wav"]
    assert event.info.vocabulary() == ("Ada Park",)
    _details(tmp_path / "rec", f'files = ["a.wav"]\n{text}')
    assert "name different recordings" in str(_refused(tmp_path / "rec").error)


def test_tags_serve_under_event_toml(tmp_path: Path) -> None:
    folder = tmp_path / "rec"
    folder.mkdir()
    tags = {"title": "Kettle Night", "artist": "Ada Park; Oscar Field", "date": "2025-05-15"}
    media.write(folder / "a.mp3", media.speech(1), tags=tags)
    event = _one(folder)
    assert (event.title, event.slug, event.info.date) == ("Kettle Night", "rec", "2025-05-15")
    assert [person.name for person in event.info.people] == ["Ada Park", "Oscar Field"]
    _details(folder, 'title = "Its own"\ndate = 2024-01-01\npeople = ["Sam Vale"]')
    event = _one(folder)
    assert (event.title, event.info.date) == ("Its own", "2024-01-01")
    assert [person.name for person in event.info.people] == ["Sam Vale"]


def test_the_title_of_one_part_is_not_the_events(tmp_path: Path) -> None:
    for number in (1, 2):
        tags = {"title": f"Part {number}", "album": "Kettle Night"}
        media.write(tmp_path / "rec" / f"{number}.mp3", media.speech(1), tags=tags)
    assert _one(tmp_path / "rec").title == "Kettle Night"


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2025-05-15 talk", "2025-05-15"),
        ("GMT20250515-160000_Recording", "2025-05-15"),
        ("room 20259915", None),
        ("1202505150", None),
    ],
)
def test_the_day_in_a_name_serves_before_no_date(
    tmp_path: Path, name: str, date: str | None
) -> None:
    assert _one(_files(tmp_path, f"{name}.wav") / f"{name}.wav").info.date == date


def test_captions_beside_a_recording_are_known_and_alone_they_are_an_event(tmp_path: Path) -> None:
    _files(tmp_path, "talk.mp4", "talk.en.vtt", "talk.srt", "other.srt")
    assert [file.name for file in _one(tmp_path / "talk.mp4").captions] == [
        "talk.en.vtt",
        "talk.srt",
    ]
    _files(tmp_path, "talk-2.vtt", "talk_part2.vtt", "talk.es-419.vtt", "talk.mp4.vtt")
    assert len(_one(tmp_path / "talk.mp4").captions) == 4
    alone = _one(_files(tmp_path / "only", "talk.vtt"))
    assert (_names(alone), alone.sounding, alone.captions) == (["talk.vtt"], False, ())
