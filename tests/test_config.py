"""Options: the later over the earlier, and an error that names the nearest key."""

import re
import tomllib
from pathlib import Path

import pytest

from pipeline import config
from pipeline.errors import ConfigError
from pipeline.event import EventInfo
from pipeline.toml import validate

DOCS = Path(__file__).parents[1] / "docs" / "options.md"


def test_the_later_wins(tmp_path: Path) -> None:
    file = tmp_path / "backrow.toml"
    file.write_text('[writer]\nmodel = "a"\ntemperature = 0.1\n[post]\nflavor = "hugo"\n')
    found = config.load(file, ("writer.model=b", "run.workers=3"), post={"flavor": "jekyll"})
    assert (found.writer.model, found.writer.temperature) == ("b", 0.1)
    assert (found.run.workers, found.post.flavor) == (3, "jekyll")


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("asr.modle=x", "did you mean model"),
        ("ars.model=x", "did you mean asr"),
        ("asr.x=1", "there are batch_size, beam_size"),
        ("asr", "section.key=value"),
        ("run.workers=0", "run.workers should be greater than or equal to 1, not 0"),
        ("run.workers=many", "run.workers"),
        ("post.flavor=wordpress", "post.flavor"),
    ],
)
def test_a_wrong_setting_is_one_sentence(setting: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        config.load(None, (setting,))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("a = = b")
    with pytest.raises(ConfigError, match=r"x\.toml: is not valid TOML"):
        config.load(file)
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path / "none.toml")


def test_a_setting_may_be_text_without_quotes() -> None:
    assert config.load(None, ("asr.model=../models/whisper-mini",)).asr.model.endswith("mini")


def test_the_documented_event_file_shows_every_key_and_can_be_read() -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    values = tomllib.loads(block)
    assert set(values) == set(EventInfo.model_fields)
    event = validate(EventInfo, values | {"date": "2026-05-14"}, "docs")
    assert event.people[0].role and event.speakers.count == 8
