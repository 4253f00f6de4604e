from pathlib import Path

import pytest

from pipeline.captions.files import language_of
from pipeline.languages import KNOWN, code


@pytest.mark.parametrize(
    ("written", "meant"),
    [("deu", "de"), ("ger", "de"), ("de-AT", "de"), ("en_US", "en"), ("EN", "en"), ("zho", "zh")],
)
def test_languages_are_one_however_they_are_written(written: str, meant: str) -> None:
    assert code(written) == meant
    assert meant in KNOWN


@pytest.mark.parametrize(
    ("name", "language"),
    [("talk.en.vtt", "en"), ("talk.pt-BR.srt", "pt-BR"), ("talk.vtt", ""), ("talk.cut.vtt", "")],
)
def test_the_language_in_a_caption_files_name(name: str, language: str) -> None:
    assert language_of(Path(name)) == language
