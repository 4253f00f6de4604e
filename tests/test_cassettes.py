"""What recorded answers of a strong model give: a check that changes it shows in the posts' diff.

After a change that is meant: BACKROW_RENEW=1 uv run --group dev pytest tests/test_cassettes.py
writes the posts anew; read what changed before it is committed.
"""

import os
import warnings
from pathlib import Path

import pytest
from cassettes import Cassette, event, step, written
from llm_server import LlmServer

from pipeline.annotate import gather
from pipeline.cli.plan import limits
from pipeline.cli.prompts import by_talk
from pipeline.config import Run, load
from pipeline.data import Usage
from pipeline.engines.choose import choose
from pipeline.llm.conversation import Message, with_cost
from pipeline.notes.forecast import expected, of_evening
from pipeline.notes.lint import lint
from pipeline.progress import Watch
from pipeline.prompts import Prompts
from pipeline.session import Settings, make_session

HERE = Path(__file__).parent / "cassettes"
PRICES = Run(price_in=1.25, price_out=10, price_cached=0.125)
CASSETTES = sorted(file.parent for file in HERE.glob("*/post.md"))


def test_each_talk_has_its_question(tmp_path: Path) -> None:
    folder = HERE / "full-steam"
    with LlmServer(Cassette(folder)) as server:
        article, _ = written(folder, server.url, tmp_path)
    sent = [
        (Message(role="user", content=request.material),)
        for request in server.requests
        if step(request.system) == "write"
    ]
    found = by_talk("write", sent)
    assert len(found) == len(article.written.talks) > len(sent) - 1
    for noted, (message,) in zip(article.written.talks, found, strict=True):
        assert f". “{noted.talk.title}” (" in message["content"]


@pytest.mark.parametrize("folder", CASSETTES, ids=lambda folder: folder.name)
def test_a_recorded_run_gives_the_post_that_it_gave(folder: Path, tmp_path: Path) -> None:
    played = Cassette(folder)
    with LlmServer(played) as server:
        article, post = written(folder, server.url, tmp_path)
    text = post.read_text(encoding="utf-8")
    if os.environ.get("BACKROW_RENEW"):
        (folder / "post.md").write_text(text, encoding="utf-8")
    assert server.problems == []
    if played.stale or played.missing:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            told = ", ".join(sorted(played.stale | played.missing))
            warnings.warn(f"{folder.name}: recorded on another prompt: {told}", stacklevel=1)
    assert text == (folder / "post.md").read_text(encoding="utf-8")
    assert lint(text, Prompts()) == ()
    paid, planned = (with_cost(usage, PRICES).cost for usage in (article.usage, foreseen(folder)))
    assert planned == pytest.approx(paid, rel=0.2)


def foreseen(folder: Path) -> Usage:
    """What `plan` says of an event that was heard."""
    options = load(writer={"engine": "quotes"})
    session = make_session(Settings(options, folder, choose(options)))
    evening = gather(event(folder), session, Watch(folder.name, lambda report: None))
    return expected(of_evening(evening, *limits(session)), session.prompts)
