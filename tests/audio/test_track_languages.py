from pathlib import Path

import pytest
from faster_whisper.tokenizer import _LANGUAGE_CODES

from pipeline.captions.event import language_of
from pipeline.languages import KNOWN, code, known


@pytest.mark.parametrize(
    ("written", "meant"),
    [("deu", "de"), ("ger", "de"), ("de-AT", "de"), ("en_US", "en"), ("EN", "en"), ("zho", "zh")],
)
def test_languages_are_one_however_they_are_written(written: str, meant: str) -> None:
    assert code(written) == meant
    assert meant in KNOWN


def test_what_whisper_knows_is_known() -> None:
    assert {known(code) for code in _LANGUAGE_CODES} == KNOWN - {"ga"}
    assert known("jv") == "jw", "Whisper's own code for Javanese is no other's"


@pytest.mark.parametrize("written", ["", "Klingon", "German", "xx", "svenska"])
def test_no_language_is_guessed_at(written: str) -> None:
    with pytest.raises(ValueError, match=r'like "en"$'):
        known(written)


@pytest.mark.parametrize(
    ("name", "language"),
    [("talk.en.vtt", "en"), ("talk.pt-BR.srt", "pt-BR"), ("talk.vtt", ""), ("talk.cut.vtt", "")],
)
def test_the_language_in_a_caption_files_name(name: str, language: str) -> None:
    assert language_of(Path(name)) == language
