"""An evening of captions that a model wrote up: run in a second, and the model is gone after."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from llm_server import LlmServer
from served import CAPTIONS, Served, apart, quotes, serving

from pipeline.cli import main


@pytest.fixture
def event(tmp_path: Path) -> Path:
    folder = tmp_path / "cold-water"
    folder.mkdir()
    (folder / "event.toml").write_text('title = "Cold Water"\n', encoding="utf-8")
    (folder / "talk.vtt").write_text(CAPTIONS, encoding="utf-8")
    return folder


@pytest.fixture
def out(event: Path) -> Path:
    """Where the event was run into, by a model whose server has stopped since."""
    posts = event.parent / "posts"
    with LlmServer(quotes) as server:
        asked = ("--set", f"writer.base_url={server.url}", "--name", "SPEAKER_01=Benjamin Stone")
        assert apart(lambda: main(["run", str(event), "-o", str(posts), *asked])) == 0
    return posts


@pytest.fixture
def served(event: Path, out: Path) -> Iterator[Served]:
    yield from serving(event, out)
