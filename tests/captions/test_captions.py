"""Captions stand for hearing: what they say, when, and who says it."""

from itertools import pairwise
from pathlib import Path

import av
import media
import pytest

from pipeline.audio.inputs import find_events
from pipeline.captions import Captioned, of_event, soundless_audio
from pipeline.captions.cues import Cue, Source, read
from pipeline.captions.spoken import without_repeats
from pipeline.cli.described import described
from pipeline.data import Audio, Part, Span
from pipeline.errors import InputError

VTT = """WEBVTT
Kind: captions
Language: en

1
00:00:01.000 --> 00:00:03.000
<v Ada Park>Good evening &amp; welcome.</v>

2
00:00:03.000 --> 00:00:05.000 align:start
<v.loud Oscar Field>It costs $89, <i>and</i> no more.
"""

SRT = """1
00:00:01,000 --> 00:00:03,000
ADA PARK: Good evening, note: we start late.

2
00:00:03,000 --> 00:00:05,000
[Applause]
Thank you.

3
00:00:05,000 --> 00:00:07,000
OSCAR: It costs 89 dollars.
"""

ROLLING = """WEBVTT
Language: en

00:00:00.000 --> 00:00:02.000
it boils<00:00:01.000><c> a</c><00:00:01.500><c> litre</c>

00:00:02.000 --> 00:00:02.010
it boils a litre

00:00:02.010 --> 00:00:04.000
it boils a litre
in<00:00:02.500><c> forty</c><00:00:03.000><c> seconds</c>

00:00:04.000 --> 00:00:04.010
in forty seconds

00:00:04.010 --> 00:00:06.000
in forty seconds
and<00:00:05.000><c> more</c>
"""


def alone(folder: Path, name: str, text: str, details: str = "") -> Captioned:
    (folder / "rec").mkdir(exist_ok=True)
    (folder / "rec" / name).write_text(text, encoding="utf-8")
    (folder / "rec" / "event.toml").write_text(details, encoding="utf-8")
    (event,), refused = find_events([folder / "rec"])
    assert refused == []
    found = of_event(
        event, soundless_audio(event, "0", event.info.language), (), event.info.language
    )
    assert found
    return found


def text_of(found: Captioned) -> str:
    return " ".join(word.text for word in found.transcript.words)


def said_by(found: Captioned) -> list[tuple[str, str]]:
    """Who is known to say what."""
    assert found.known
    names = dict(found.known.names)
    words = found.transcript.words
    return [
        (
            names.get(turn.speaker, turn.speaker),
            " ".join(w.text for w in words if turn.start <= w.start < turn.end),
        )
        for turn in found.known.turns
    ]


def test_voices_of_webvtt(tmp_path: Path) -> None:
    found = alone(tmp_path, "talk.vtt", VTT)
    assert said_by(found) == [
        ("Ada Park", "Good evening & welcome."),
        ("Oscar Field", "It costs $89, and no more."),
    ]
    assert (found.source, found.transcript.language) == ("talk.vtt", "en")
    assert found.transcript.warnings == ()


def test_a_cues_time_is_spread_over_its_words(tmp_path: Path) -> None:
    words = alone(tmp_path, "talk.vtt", VTT).transcript.words
    assert words[0].start == 1.0
    assert words[3].end == 3.0
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(words))
    longest = max(words[:4], key=lambda word: word.end - word.start)
    assert longest.text in ("evening", "welcome.")


def test_names_before_a_colon(tmp_path: Path) -> None:
    found = alone(tmp_path, "talk.srt", SRT, 'people = ["Oscar"]\nlanguage = "en"')
    assert said_by(found) == [
        ("Ada Park", "Good evening, note: we start late. Thank you."),
        ("Oscar", "It costs 89 dollars."),
    ]


def test_where_each_caption_has_a_name_who_speaks_once_is_named_too(tmp_path: Path) -> None:
    """As Zoom writes them, with the names that people gave themselves."""
    said = ["Ada Park: Welcome.", "lin (guest): Hello.", "Ada Park: Note: bring a pen."]
    cues = [f"00:0{n}.000 --> 00:0{n + 1}.000\n{line}\n" for n, line in enumerate(said)]
    assert said_by(alone(tmp_path, "talk.vtt", "\n".join(["WEBVTT\n", *cues]))) == [
        ("Ada Park", "Welcome."),
        ("lin (guest)", "Hello."),
        ("Ada Park", "Note: bring a pen."),
    ]


def test_a_word_before_a_colon_is_no_speaker(tmp_path: Path) -> None:
    text = SRT.replace("ADA PARK: ", "").replace("OSCAR: It", "Note: it")
    found = alone(tmp_path, "talk.srt", text, 'language = "en"')
    assert found.known is None
    assert "Note: it costs" in text_of(found)


def test_numbers_that_a_program_gave_are_no_names(tmp_path: Path) -> None:
    text = SRT.replace("ADA PARK", "Speaker 1").replace("OSCAR", "Speaker 2")
    text += "\n4\n00:00:07,000 --> 00:00:08,000\nSpeaker 1: Ah.\n"
    text += "\n5\n00:00:08,000 --> 00:00:09,000\nSpeaker 2: Yes.\n"
    found = alone(tmp_path, "talk.srt", text)
    assert found.known
    assert found.known.names == ()
    assert len({turn.speaker for turn in found.known.turns}) == 2


def test_somebody_whom_nobody_names_is_not_the_one_before(tmp_path: Path) -> None:
    text = SRT.replace("Thank you.", ">> Louder!")
    assert [who for who, _ in said_by(alone(tmp_path, "talk.srt", text))] == [
        "Ada Park",
        "SPEAKER_01",
        "Oscar",
    ]


def test_live_captions_show_each_line_once_and_keep_their_times(tmp_path: Path) -> None:
    found = alone(tmp_path, "talk.vtt", ROLLING)
    assert text_of(found) == "it boils a litre in forty seconds and more"
    starts = {word.text: word.start for word in found.transcript.words}
    assert (starts["litre"], starts["seconds"], starts["more"]) == (1.5, 3.0, 5.0)


@pytest.mark.parametrize(
    "shown",
    [
        ("it boils", "it boils a", "it boils a litre", "a litre in", "litre in forty seconds"),
        ("it boils\na", "it boils\na litre in", "a litre in\nforty seconds"),
        ("it boils\na", "it boils\na litre in", "a litre in", "", "a litre in\nforty seconds"),
    ],
)
def test_captions_that_grow_are_said_once(shown: tuple[str, ...]) -> None:
    cues = [Cue(n, n + 1, tuple(text.split("\n"))) for n, text in enumerate(shown) if text]
    lines = [line for cue in without_repeats(cues) for line in cue.lines]
    assert " ".join(lines) == "it boils a litre in forty seconds"


def test_what_is_said_twice_stays_said_twice() -> None:
    cues = [Cue(n, n + 1, (text,)) for n, text in enumerate(["No.", "No.", "Why?", "So.", "Yes."])]
    assert without_repeats(cues) == tuple(cues)


def test_machine_captions_are_said_to_be_what_they_are(tmp_path: Path) -> None:
    cues = "\n".join(
        f"{n}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\nand it boils water {n}\n"
        for n in range(1, 12)
    )
    (warning,) = alone(tmp_path, "talk.srt", cues, 'language = "en"').transcript.warnings
    assert "captions without punctuation, as machines write them" in warning
    assert "quotes, which need sentences" in warning and "--captions ignore" not in warning
    found = beside(tmp_path / "rec", 60.0)
    assert found and "--captions ignore hears" in found.transcript.warnings[0]


def test_the_language_is_told_by_name_header_or_person(tmp_path: Path) -> None:
    assert alone(tmp_path, "talk.de.srt", SRT).transcript.language == "de"
    (tmp_path / "rec" / "talk.de.srt").unlink()
    found = alone(tmp_path, "talk.srt", SRT)
    assert found.transcript.language == "en"
    assert "says no language and was read as English" in found.transcript.warnings[0]


def test_of_several_languages_the_one_of_the_event(tmp_path: Path) -> None:
    (tmp_path / "rec").mkdir()
    (tmp_path / "rec" / "talk.de.srt").write_text(SRT.replace("Thank you", "Danke"))
    found = alone(tmp_path, "talk.en.srt", SRT, 'language = "de"')
    assert found.source == "talk.de.srt"
    (warning,) = alone(tmp_path, "talk.en.srt", SRT).transcript.warnings
    assert warning == "talk.de.srt: read, not talk.en.srt; event.toml's language decides"


def test_captions_of_two_parts_follow_one_another(tmp_path: Path) -> None:
    (tmp_path / "rec").mkdir()
    (tmp_path / "rec" / "1.srt").write_text(SRT)
    found = alone(tmp_path, "2.srt", SRT)
    assert found.transcript.words[-1].end == 14.0


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8-sig", "Grüß Gott"),
        ("utf-16", "Grüß Gott für 5 €"),
        ("utf-16-le", "Grüß Gott für 5 €"),
        ("utf-16-be", "Grüß Gott für 5 €"),
        ("cp1252", "Grüß Gott für 5 €"),
        ("cp1251", "Добрый вечер"),
        ("shift_jis", "皆さんこんばんは"),
        ("gb18030", "大家晚上好"),
    ],
)
def test_any_encoding(tmp_path: Path, encoding: str, said: str) -> None:
    file = tmp_path / "talk.srt"
    file.write_bytes(SRT.replace("Good evening", said).replace("\n", "\r\n").encode(encoding))
    assert read(Source(file)).cues[0].lines == (f"ADA PARK: {said}, note: we start late.",)


def test_captions_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    """One with a broken arrow, one cut off; without its number and its blank line one is read."""
    text = SRT.replace("00:00:03,000 -->", "00:00:03,000 ->").replace("\n\n3\n", "\n")
    found = alone(tmp_path, "talk.srt", f"{text}\n4\n00:00:08,000 --> 00:0", 'language = "en"')
    assert "It costs 89 dollars." in text_of(found)
    assert "-->" not in text_of(found)
    assert "2 of 4 captions cannot be read" in found.transcript.warnings[0]


def test_a_caption_whose_times_are_broken_is_no_words_of_the_one_before(tmp_path: Path) -> None:
    text = SRT.replace("00:00:03,000 -->", "00:00:xx -->")
    found = alone(tmp_path, "talk.srt", text, 'language = "en"')
    assert text_of(found) == "Good evening, note: we start late. It costs 89 dollars."
    assert "1 of 3 captions cannot be read" in found.transcript.warnings[0]


@pytest.mark.parametrize("head", ["webvtt\n\n", ""])
def test_minutes_are_no_hours_where_the_head_is_missing(tmp_path: Path, head: str) -> None:
    (tmp_path / "talk.vtt").write_text(f"{head}00:01.000 --> 01:04.500\nGood evening.\n")
    assert read(Source(tmp_path / "talk.vtt")).cues == (Cue(1.0, 64.5, ("Good evening.",)),)


def test_a_speaker_in_brackets_before_a_colon(tmp_path: Path) -> None:
    """As whisperx writes it."""
    text = SRT.replace("ADA PARK:", "[SPEAKER_00]:").replace("Thank you.", "[SPEAKER_01]: Thanks.")
    found = alone(tmp_path, "talk.srt", text)
    assert "SPEAKER" not in text_of(found)
    assert ": Thanks" not in text_of(found)
    assert found.known
    assert len({turn.speaker for turn in found.known.turns}) > 1


def test_less_and_greater_are_no_tags(tmp_path: Path) -> None:
    text = VTT.replace("Good evening &amp; welcome.", "<i>As</i> 5 < 6 and 7 > 3.")
    assert text_of(alone(tmp_path, "talk.vtt", text)).startswith("As 5 < 6 and 7 > 3. It costs")


def test_what_is_like_a_time_is_none(tmp_path: Path) -> None:
    """A version, dollars at a line's begin, and more colons than a time has."""
    text = VTT.replace("Good evening", f"Good<1.2.3>\n<5 dollars> <1{':1' * 200}>evening")
    assert text_of(alone(tmp_path, "talk.vtt", text)).startswith("Good evening & welcome.")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("Dear diary", "is neither WebVTT nor SubRip"), ("WEBVTT\n", "hold no words")],
)
def test_what_is_no_caption_file(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "talk.vtt"
    file.write_text(text)
    with pytest.raises(InputError, match=complaint):
        read(Source(file))


def test_captions_of_sounds_alone_are_no_event(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"talk\.vtt: holds no words"):
        alone(tmp_path, "talk.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000\n[Music]\n")


def beside(folder: Path, duration: float, speech: tuple[Span, ...] = ()) -> Captioned | None:
    """The captions in a folder with a recording, `part` of whose length is known."""
    (event,), _ = find_events([folder])
    audio = Audio(folder / "out.wav", duration, "0", (Part(event.files[0].name, 0.0, duration),))
    return of_event(event, audio, speech, "en")


def test_beside_a_recording(tmp_path: Path) -> None:
    media.write(tmp_path / "talk.mp3", media.speech(8))
    assert beside(tmp_path, 8.0) is None
    (tmp_path / "talk.en.vtt").write_text(VTT)
    found = beside(tmp_path, 8.0)
    assert found
    assert found.source == "talk.en.vtt"


def test_captions_of_another_cut_are_said_with_both_lengths(tmp_path: Path) -> None:
    media.write(tmp_path / "talk.mp3", media.speech(3))
    (tmp_path / "talk.vtt").write_text(VTT.replace("00:00:05.000", "00:10:00.000"))
    found = beside(tmp_path, 4.0)
    assert found
    assert (
        "captions run to 0:10:00 and the recording ends at 0:00:04" in found.transcript.warnings[0]
    )
    assert found.transcript.words[-1].end <= 4.0


def test_speech_without_captions_is_said(tmp_path: Path) -> None:
    media.write(tmp_path / "talk.mp3", media.speech(3))
    (tmp_path / "talk.vtt").write_text(VTT)
    found = beside(tmp_path, 900.0, (Span(0.0, 6.0), Span(60.0, 800.0)))
    assert found
    assert "leave 0:12:20 of 0:12:26 of speech without words" in found.transcript.warnings[0]


def with_subtitles(path: Path, name: str = "t.srt", told: str = SRT) -> Path:
    """A recording with a subtitle track."""
    sound, text = media.write(path.parent / "s.m4a", media.speech(8)), path.parent / name
    text.write_text(told)
    with av.open(str(sound)) as heard, av.open(str(text)) as read, av.open(str(path), "w") as out:
        sources = [heard.streams.audio[0], read.streams.subtitles[0]]
        streams = [out.add_stream_from_template(source) for source in sources]
        streams[1].metadata["language"] = "eng"
        for source, stream in zip(sources, streams, strict=True):
            for packet in source.container.demux(source):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    sound.unlink()
    text.unlink()
    return path


def test_the_subtitle_track_of_a_recording(tmp_path: Path) -> None:
    with_subtitles(tmp_path / "talk.mkv")
    found = beside(tmp_path, 8.0)
    assert found
    assert (found.source, found.transcript.language) == ("talk.mkv (track 1)", "en")
    assert said_by(found)[0] == ("Ada Park", "Good evening, note: we start late. Thank you.")


def test_plan_shows_a_subtitle_track(tmp_path: Path) -> None:
    (event,), _ = find_events([with_subtitles(tmp_path / "talk.mkv")])
    assert next(iter(described(event))).endswith("1 channel; subtitle tracks: 1 eng")


def test_a_packet_that_lacks_its_fields_costs_no_event(tmp_path: Path) -> None:
    said = (("1", "2", "Ada Park,0,0,0,,Good evening."), ("3", "4", "Ben Hale,0,0,0,,Thank you."))
    lines = (f"Dialogue: 0,0:00:0{a}.00,0:00:0{b}.00,Default,{each}" for a, b, each in said)
    events = "[Script Info]\nScriptType: v4.00+\n\n[Events]\n" + "\n".join(lines) + "\n"
    file = with_subtitles(tmp_path / "talk.mkv", "t.ass", events)
    both = Cue(1.0, 2.0, ("Good evening.",), "Ada Park"), Cue(3.0, 4.0, ("Thank you.",), "Ben Hale")
    assert read(Source(file, 1)).cues == both
    whole = b"Ada Park,0,0,0,,Good evening."
    file.write_bytes(file.read_bytes().replace(whole, whole.replace(b",", b" ")))
    assert read(Source(file, 1)).cues == both[1:], "the fields of a style are no words"


def test_an_arrow_in_what_is_said_breaks_no_caption(tmp_path: Path) -> None:
    text = "The path A --> B is short.\nAnd this is the rest."
    (tmp_path / "t.srt").write_text(f"1\n00:00:01,000 --> 00:00:04,000\n{text}\n")
    found = read(Source(tmp_path / "t.srt"))
    assert (found.cues[0].lines, found.lost) == (tuple(text.split("\n")), 0)


def test_a_translation_is_said_to_be_one(tmp_path: Path) -> None:
    media.write(tmp_path / "talk.mkv", media.speech(8), languages=["ger"])
    (tmp_path / "talk.en.vtt").write_text(VTT)
    (event,), _ = find_events([tmp_path])
    audio = Audio(tmp_path / "out.wav", 8.0, "0", (Part("talk.mkv", 0.0, 8.0),))
    found = of_event(event, audio, (), None)
    assert found
    assert "is in en and the sound in de: a translation" in found.transcript.warnings[0]
    (tmp_path / "talk.de.vtt").write_text(VTT.replace("Language: en", "Language: de"))
    (event,), _ = find_events([tmp_path])
    found = of_event(event, audio, (), None)
    assert found
    assert (found.source, found.transcript.warnings) == ("talk.de.vtt", ())
