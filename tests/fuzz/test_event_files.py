"""event.toml and config files: an event, or one sentence."""

import re
import tempfile
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import media
import tally
import tomli_w
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import JSON, TEXT, about, mutated
from tally import attempt, fails, fuzzed, write

from pipeline import config
from pipeline.audio.inputs import find_events
from pipeline.errors import Unexpected
from pipeline.event import EventInfo
from pipeline.render.escape import markdown

SAMPLE = (Path(__file__).parents[2] / "samples" / "full-steam" / "event.toml").read_bytes()
TEXTS = st.lists(TEXT, max_size=3)
EVENT = about(
    {
        "title": TEXT,
        "date": st.one_of(TEXT, st.dates(), st.datetimes(), st.times()),
        "place": TEXT,
        "links": st.one_of(TEXTS, st.lists(about({"url": TEXT, "note": TEXT}), max_size=2)),
        "agenda": st.lists(about({"title": TEXT, "time": TEXT, "speakers": TEXTS}), max_size=2),
        "people": st.lists(about({"name": TEXT, "role": TEXT}), max_size=2),
        "glossary": TEXTS,
        "speakers": st.one_of(st.integers(), about({"count": st.integers(), "min": st.integers()})),
        "names": st.dictionaries(TEXT, TEXT, max_size=2),
        "language": TEXT,
        "slug": TEXT,
        "files": TEXTS,
        "intro": TEXT,
    }
)


@cache
def recording() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return media.write(Path(folder) / "a.wav", media.speech(0.6)).read_bytes()


def taken(data: bytes) -> None:
    """One event with a slug that leads nowhere, or one refusal in a sentence."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root, "evening")
        folder.mkdir()
        write(folder, "a.wav", recording())
        write(folder, "event.toml", data)
        found = attempt("event.toml", find_events, [folder])
        assert found is not None
        events, refused = found
        assert len(events) + len(refused) == 1
        for bad in refused:
            tally.refused["event.toml"] += 1
            assert not isinstance(bad.error, Unexpected), bad.error.trace
            assert "\n" not in str(bad.error)
        for event in events:
            assert re.fullmatch(r"[^\W_]+(-[^\W_]+)*", event.slug), event.slug
            assert len(event.slug.encode()) <= 120
            markdown(event.title)
            EventInfo.model_validate(event.info.model_dump())


def without_none(value: Any) -> Any:
    """As TOML can say it."""
    if isinstance(value, dict):
        return {str(k): without_none(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [without_none(item) for item in value if item is not None]
    return value


@fuzzed(125)
@given(EVENT)
@example({"speakers": {"\r\n": ""}})
@example({"\x1b[2J": 1, "files": ["a\nb"]})
def test_a_table_of_anything(details: dict[str, Any]) -> None:
    try:
        data = tomli_w.dumps(without_none(details)).encode(errors="replace")
        tomllib.loads(data.decode())
    except (ValueError, TypeError):
        return  # no TOML: the other test's
    taken(data)


@fuzzed(125)
@given(mutated(SAMPLE))
@example(b"agenda = " + b"[" * 5000 + b"]" * 5000)
@example(b"a." * 5000 + b"b = 1")
@example(b'title = "\\U000E0041"\nslug = "../../x"')
@example(b"date = 0001-01-01")
@example(b"date = 2025-05-15T10:00:00+99:99")
@example(b"\xff\xfet\x00")
def test_a_file_of_anything(data: bytes) -> None:
    taken(data)


@fuzzed(100)
@given(st.dictionaries(st.sampled_from(["asr", "diarize", "writer", "post", "run", "x"]), JSON))
def test_a_config_of_anything(values: dict[str, Any]) -> None:
    def loaded() -> config.Config:
        return config.load(None, (), **values)

    found = attempt("config", loaded)
    fails("config", found is None or isinstance(found, config.Config))
