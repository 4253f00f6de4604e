"""Files of one folder: one after the other, side by side, or one recording in several files."""

from pathlib import Path

import media
import numpy as np
import pytest

from pipeline.audio import TrackWish, decode
from pipeline.errors import InputError


def conversation(folder: Path) -> tuple[list[Path], float]:
    ada, oscar = media.in_turn(5, 6, 4, 3)
    files = [media.write(folder / "1-a.wav", ada), media.write(folder / "2-o.wav", oscar)]
    return files, len(ada) / media.RATE


def test_a_file_a_speaker_is_recognised_and_asked_for(tmp_path: Path) -> None:
    files, length = conversation(tmp_path)
    audio = decode(files, tmp_path / "out.wav")
    assert audio.duration == pytest.approx(length, abs=0.01)
    assert [part.name for part in audio.parts] == ["1-a.wav + 2-o.wav"]
    assert audio.known is not None
    assert audio.known.by == "files"
    assert media.speakers(audio) == ["SPEAKER_00", "SPEAKER_01"] * 2
    assert "[[tracks]]" in audio.warnings[0]


def test_a_file_a_speaker_as_event_toml_says(tmp_path: Path) -> None:
    files, _ = conversation(tmp_path)
    wanted = TrackWish(speakers=(("1-a.wav", "Ada Park"), ("2-o.wav", "")))
    audio = decode(files, tmp_path / "out.wav", wanted=wanted)
    assert audio.known is not None
    assert audio.known.names == (("SPEAKER_00", "Ada Park"),)
    assert audio.warnings == ()


def test_speakers_files_in_which_each_is_heard_faintly_are_one_conversation(tmp_path: Path) -> None:
    """Two recorders on one table: played one after the other, all would be said twice."""
    ada, oscar = media.in_turn(5, 6, 4, 3)
    near = [ada + 0.15 * oscar, oscar + 0.15 * ada]
    noisy = [side + media.hiss(20, seed=n)[: len(side)] for n, side in enumerate(near)]
    files = [media.write(tmp_path / f"{n}.wav", side) for n, side in enumerate(noisy)]
    audio = decode(files, tmp_path / "out.wav")
    assert audio.duration == pytest.approx(len(ada) / media.RATE, abs=0.01)
    assert media.speakers(audio) == ["SPEAKER_00", "SPEAKER_01"] * 2


def test_two_microphones_in_one_file_and_a_third_in_another(tmp_path: Path) -> None:
    ada, oscar = media.in_turn(5, 6, 4, 3, 4)
    lin = np.concatenate([media.silence(len(ada) / media.RATE), media.speech(4, 60)])
    pair = np.pad(np.stack([ada, oscar]), ((0, 0), (0, len(lin) - len(ada))))
    files = [media.write(tmp_path / "1.wav", pair, layout="stereo")]
    files.append(media.write(tmp_path / "2.wav", lin))
    audio = decode(files, tmp_path / "out.wav")
    assert media.speakers(audio) == [*["SPEAKER_00", "SPEAKER_01"] * 2, "SPEAKER_00", "SPEAKER_02"]
    listed = TrackWish(speakers=(("1.wav", "Ada and Oscar"), ("2.wav", "Lin")))
    assert media.speakers(decode(files, tmp_path / "out.wav", wanted=listed)) == [
        "SPEAKER_00",
        "SPEAKER_01",
    ]


def test_files_that_may_be_two_languages_are_asked_about(tmp_path: Path) -> None:
    """One says its language, the other none: two parts, or a talk and its interpreter?"""
    files = [media.write(tmp_path / "1.mkv", media.speech(15))]
    files.append(media.write(tmp_path / "2.mkv", media.speech(15, 40), languages=["fra"]))
    (warning,) = decode(files, tmp_path / "out.wav").warnings
    assert "are they one talk in several languages?" in warning


@pytest.mark.parametrize("lengths", [(20, 3), (20, 3, 15)])
def test_files_that_may_be_one_conversation_are_asked_about(
    tmp_path: Path, lengths: tuple[float, ...]
) -> None:
    """One word of a second speaker is too little to tell it from a second part."""
    sides = media.in_turn(*lengths)
    files = [media.write(tmp_path / f"{n}.wav", side) for n, side in enumerate(sides)]
    audio = decode(files, tmp_path / "out.wav")
    assert [part.name for part in audio.parts] == ["0.wav", "1.wav"]
    assert "are they one conversation? [[tracks]]" in audio.warnings[0]


def test_files_that_follow_one_another_as_event_toml_says(tmp_path: Path) -> None:
    files, length = conversation(tmp_path)
    audio = decode(files, tmp_path / "out.wav", wanted=TrackWish(in_order=True))
    assert audio.duration == pytest.approx(2 * length, abs=0.01)
    assert audio.known is None


def test_two_parts_of_one_length_follow_one_another(tmp_path: Path) -> None:
    """A recorder that begins a new file each hour."""
    first = media.write(tmp_path / "1.wav", media.speech(15))
    second = media.write(tmp_path / "2.wav", media.speech(15, 40))
    audio = decode([first, second], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(30, abs=0.01)
    assert audio.known is None


def test_the_same_meeting_in_two_files_is_heard_once(tmp_path: Path) -> None:
    sound = media.speech(12)
    picture = media.write(tmp_path / "video1.mp4", sound, video=12, rate=48_000)
    alone = media.write(tmp_path / "audio1.m4a", sound, rate=32_000)
    audio = decode([alone, picture], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(12, abs=0.1)
    assert audio.said == ("audio1.m4a is heard, not video1.mp4: the sound is the same",)


def test_two_files_of_one_name_that_do_not_sound_alike_are_not_guessed_at(tmp_path: Path) -> None:
    first = media.write(tmp_path / "talk.mp3", media.speech(8))
    second = media.write(tmp_path / "talk.wav", media.speech(12, 40))
    with pytest.raises(InputError, match=r"talk\.mp3 and talk\.wav look like one recording twice"):
        decode([first, second], tmp_path / "out.wav")


def test_a_meeting_with_its_mix_and_its_speakers(tmp_path: Path) -> None:
    files, length = conversation(tmp_path)
    ada, oscar = media.in_turn(5, 6, 4, 3)
    mix = media.write(tmp_path / "0-all.m4a", ada + oscar)
    audio = decode([mix, *files], tmp_path / "out.wav")
    assert audio.duration == pytest.approx(length, abs=0.1)
    assert audio.known is not None
    assert {turn.speaker for turn in audio.known.turns} == {"SPEAKER_00", "SPEAKER_01"}
    assert media.likeness(audio, ada + oscar) > 0.9


def test_a_picture_beside_its_sound_is_left_out_and_named(tmp_path: Path) -> None:
    picture = media.write(tmp_path / "a [x].f137.mp4", video=6)
    sound = media.write(tmp_path / "a [x].f140.m4a", media.speech(5))
    audio = decode([picture, sound], tmp_path / "out.wav")
    assert [part.name for part in audio.parts] == ["a [x].f140.m4a"]
    assert audio.said == ("a [x].f137.mp4: holds no sound and was left out",)


def test_what_two_recorders_began_at_other_times_is_heard_once(tmp_path: Path) -> None:
    talk = media.speech(45)
    camera = 0.3 * talk[8 * media.RATE :] + media.hiss(37, 0.004)
    files = [media.write(tmp_path / "camera.wav", camera), media.write(tmp_path / "h4n.wav", talk)]
    audio = decode(files, tmp_path / "out.wav")
    assert [part.name for part in audio.parts] == ["h4n.wav"]
    assert audio.warnings == ()
    assert audio.said == (
        "camera.wav recorded what h4n.wav did, begun 8.0 s later; it was left out",
    )
    in_order = decode(files, tmp_path / "out.wav", wanted=TrackWish(in_order=True))
    assert in_order.duration == pytest.approx(82, abs=0.1)
    other = media.write(tmp_path / "h4n.wav", media.speech(45, 60))
    assert len(decode([files[0], other], tmp_path / "out.wav").parts) == 2
    late = [media.write(tmp_path / f"{n}.wav", side) for n, side in enumerate(in_turn_late())]
    assert len(decode(late, tmp_path / "out.wav").parts) == 2


def test_of_recorders_that_overlap_each_adds_what_the_others_miss(tmp_path: Path) -> None:
    """The telephone begins with the talk, the camera is switched on and off later."""
    talk = media.speech(60)
    camera = 0.3 * talk[8 * media.RATE :] + media.hiss(52, 0.004)
    near = talk[: 50 * media.RATE]
    files = [media.write(tmp_path / "camera.wav", camera), media.write(tmp_path / "near.wav", near)]
    audio = decode(files, tmp_path / "out.wav")
    parts = [(part.name, round(part.start), round(part.skipped)) for part in audio.parts]
    assert parts == [("near.wav", 0, 0), ("camera.wav", 50, 42)]
    assert media.likeness(audio, talk) > 0.9
    assert audio.said == (
        "camera.wav recorded what near.wav did, begun 8.0 s later; of it 0:00:42 to 0:00:52 is "
        "heard",
    )


def in_turn_late() -> tuple[np.ndarray, np.ndarray]:
    """Two people in turn, the second recorded from the first word on: alike in their pauses."""
    ada, oscar = media.in_turn(8, 8, 8, 8, 8, 8)
    return ada, oscar[int(8.5 * media.RATE) :]


def test_two_microphones_of_one_talk_are_one_recording(tmp_path: Path) -> None:
    """What a recorder with a microphone of its own writes beside the speaker's."""
    near = media.speech(14)
    far = 0.3 * near + media.hiss(14, 0.012)
    files = [media.write(tmp_path / "TrLR.wav", far), media.write(tmp_path / "Tr1.wav", near)]
    audio = decode(files, tmp_path / "out.wav")
    assert [part.name for part in audio.parts] == ["Tr1.wav"]
    assert "TrLR.wav" in audio.said[0]


@pytest.mark.parametrize(("language", "name"), [("de", "talk-deu.mp3"), (None, "talk-eng.mp3")])
def test_of_files_in_a_language_each_one_is_heard(
    tmp_path: Path, language: str | None, name: str
) -> None:
    english = media.write(tmp_path / "talk-eng.mp3", media.speech(15))
    german = media.write(tmp_path / "talk-deu.mp3", media.speech(15, 40))
    audio = decode([english, german], tmp_path / "out.wav", wanted=TrackWish(language=language))
    assert [part.name for part in audio.parts] == [name]


def test_two_parts_with_long_pauses_are_no_conversation(tmp_path: Path) -> None:
    """Each has speech for a third of the time, and none knows of the other."""
    rng = np.random.default_rng(5)
    files = []
    for number in (1, 2):
        sound = np.zeros(60 * media.RATE, np.float32)
        for at in rng.uniform(0, 56, 7):
            piece = media.speech(3, rng.uniform(0, 100))
            sound[int(at * media.RATE) :][: len(piece)] = piece
        files.append(media.write(tmp_path / f"{number}.wav", sound))
    audio = decode(files, tmp_path / "out.wav")
    assert audio.known is None
    assert audio.duration == pytest.approx(120, abs=0.01)


def test_a_copy_is_found_though_only_one_of_two_is_as_long_as_what_is_before(
    tmp_path: Path,
) -> None:
    """a is as long as b, and b as c, which holds b again; but c is longer than a."""
    again = np.concatenate([media.speech(21.8, 60), media.silence(1.8)])
    sounds = {"a": media.speech(20, 5), "b": media.speech(21.8, 60), "c": again}
    files = [media.write(tmp_path / f"{name}.wav", sound) for name, sound in sounds.items()]
    audio = decode(files, tmp_path / "out.wav")
    assert [part.name for part in audio.parts] == ["a.wav", "b.wav"]
    assert any("c.wav: the sound is the same" in told for told in audio.said)
