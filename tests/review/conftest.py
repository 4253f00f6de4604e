"""An evening of captions that a model wrote up: run once, and the model is gone after."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from llm_server import LlmServer
from served import CAPTIONS, Served, apart, quotes, serving

from pipeline.cli import main


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The event and where it was run into, by a model whose server has stopped since."""
    place = tmp_path_factory.mktemp("written")
    folder = place / "cold-water"
    folder.mkdir()
    (folder / "event.toml").write_text('title = "Cold Water"\n', encoding="utf-8")
    (folder / "talk.vtt").write_text(CAPTIONS, encoding="utf-8")
    with LlmServer(quotes) as server:
        asked = ("--set", f"writer.base_url={server.url}", "--name", "SPEAKER_01=Benjamin Stone")
        told = ["run", str(folder), "-o", str(place / "posts"), *asked]
        assert apart(lambda: main(told)) == 0
    return place


@pytest.fixture
def event(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written / "cold-water", tmp_path / "cold-water"))


@pytest.fixture
def out(written: Path, event: Path) -> Path:
    return Path(shutil.copytree(written / "posts", event.parent / "posts"))


@pytest.fixture
def served(event: Path, out: Path) -> Iterator[Served]:
    yield from serving(event, out)
