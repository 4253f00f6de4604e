"""YAMNet on real sounds, where its weights and the sounds are at hand."""

import os
from pathlib import Path

import numpy as np
import pytest

from pipeline.audio import decode, yamnet
from pipeline.audio.wav import SAMPLE_RATE
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
    sounds = yamnet.hear(decode([file], tmp_path / "clip.wav"), MODEL)
    assert kind in {sound.kind for sound in sounds}


@needs_model
@needs_sounds
def test_a_reader_is_no_room(tmp_path: Path) -> None:
    audio = decode([DATA / "real" / "jfk.wav"], tmp_path / "jfk.wav")
    told = [s.kind for s in yamnet.hear(audio, MODEL) if s.kind != "music"]
    assert told == []


@needs_model
def test_silence_and_a_scrap_of_sound_hold_nothing(tmp_path: Path) -> None:
    import media

    for seconds in (0.6, 3.0):
        silence = np.zeros(int(seconds * SAMPLE_RATE), dtype=np.float32)
        file = media.write(tmp_path / f"{seconds}.wav", silence)
        audio = decode([file], tmp_path / f"{seconds}.out.wav")
        assert yamnet.hear(audio, MODEL) == ()


def test_another_file_than_the_model_is_refused_in_a_sentence(tmp_path: Path) -> None:
    import media

    wrong = tmp_path / "wrong.tflite"
    wrong.write_bytes(b"no model at all")
    file = media.write(tmp_path / "a.wav", np.zeros(SAMPLE_RATE, dtype=np.float32))
    audio = decode([file], tmp_path / "a.out.wav")
    with pytest.raises(EngineError, match=r"wrong\.tflite: is no model for LiteRT"):
        yamnet.hear(audio, wrong)
