"""YAMNet on real sounds, where its weights and the sounds are at hand."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.audio import decode, yamnet
from pipeline.audio.wav import SAMPLE_RATE
from pipeline.data import Part
from pipeline.errors import EngineError

BESIDE = Path(__file__).parents[3] / "shared"
DATA = Path(os.environ.get("BACKROW_EVAL_DATA", BESIDE / "data"))
MODEL = Path(os.environ.get("BACKROW_YAMNET", BESIDE / "models" / "yamnet.tflite"))

needs_model = pytest.mark.skipif(not MODEL.exists(), reason="yamnet.tflite is not at hand")
needs_sounds = pytest.mark.skipif(not (DATA / "room").is_dir(), reason="no sounds of a room")


@needs_model
@needs_sounds
@pytest.mark.parametrize(
    ("clip", "kind"),
    [
        ("remember_audio_applause_mp3", "applause"),  # CC0
        ("stagefront_sounds_laughter_wav", "laughter"),  # Mixkit Free License
    ],
)
def test_a_real_sound_is_heard_as_what_it_is(clip: str, kind: str, tmp_path: Path) -> None:
    file = DATA / "room" / "clips" / f"{clip}.opus"
    sounds = yamnet.detect_sounds(decode([file], tmp_path / "clip.wav"), MODEL)
    assert kind in {sound.kind for sound in sounds}


@needs_model
@needs_sounds
def test_a_reader_is_no_room(tmp_path: Path) -> None:
    audio = decode([DATA / "real" / "jfk.wav"], tmp_path / "jfk.wav")
    told = [s.kind for s in yamnet.detect_sounds(audio, MODEL) if s.kind != "music"]
    assert told == []


@needs_model
def test_silence_and_a_scrap_of_sound_hold_nothing(tmp_path: Path) -> None:
    import media

    for seconds in (0.6, 3.0):
        silence = np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
        file = media.write(tmp_path / f"{seconds}.wav", silence)
        audio = decode([file], tmp_path / f"{seconds}.out.wav")
        assert yamnet.detect_sounds(audio, MODEL) == ()


def test_another_file_than_the_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    import media

    wrong = tmp_path / "wrong.tflite"
    wrong.write_bytes(b"no model at all")
    file = media.write(tmp_path / "a.wav", np.zeros(SAMPLE_RATE, dtype=np.float32))
    audio = decode([file], tmp_path / "a.out.wav")
    with pytest.raises(EngineError, match=r"wrong\.tflite: is no model for LiteRT"):
        yamnet.detect_sounds(audio, wrong)


class Hearing:
    """Hears one kind wherever there is any sound."""

    def __init__(self, kind: int) -> None:
        self.kind = kind

    def get_input_details(self) -> list[dict[str, object]]:
        return [{"index": 0, "shape": (yamnet.WINDOW,)}]

    def get_output_details(self) -> list[dict[str, object]]:
        return [{"index": 1}]

    def set_tensor(self, index: int, sound: np.ndarray) -> None:
        self.scores = np.zeros((1, 521), np.float32)
        self.scores[0, self.kind] = np.abs(sound).max() > 0.01

    def invoke(self) -> None:
        pass

    def get_tensor(self, index: int) -> np.ndarray:
        return self.scores


def test_each_recording_is_heard_by_itself_and_no_sound_outlasts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import media

    sound = np.concatenate([np.zeros(5 * SAMPLE_RATE, np.float32), media.speech(5.1, 30.0)])
    audio = decode([media.write(tmp_path / "a.wav", sound)], tmp_path / "a.out.wav")
    parts = (Part("a", 0.0, 5.0), Part("b", 5.0, audio.duration - 5.0))
    monkeypatch.setattr(yamnet, "load_network", lambda model: Hearing(62))
    heard = yamnet.detect_sounds(replace(audio, parts=parts), MODEL)
    assert {each.kind for each in heard} == {"applause"}
    assert heard[0].start >= 5.0
    assert heard[-1].end == audio.duration


@pytest.mark.parametrize(("people", "told"), [(15, {"laughter"}), (1, set())])
def test_one_persons_laugh_is_no_laughing_room(
    people: int, told: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import media

    talk = media.mixed(20, (1, media.speech(6, 20.0)), (13, media.laughter(3, people=people)))
    audio = decode([media.write(tmp_path / "a.wav", talk)], tmp_path / "a.out.wav")
    monkeypatch.setattr(yamnet, "load_network", lambda model: Hearing(13))
    heard = [each for each in yamnet.detect_sounds(audio, MODEL) if each.start > 10]
    assert {each.kind for each in heard} == told
