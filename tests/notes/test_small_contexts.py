"""A model that takes little in: answers shrink first, then pieces, and the post is its own."""

from pathlib import Path

import llm_faults as faults
import pytest
from cassettes import event, written
from llm_server import LlmServer
from personas import good

from pipeline.annotate import gather
from pipeline.cli.plan import limits
from pipeline.config import Run, Writer, load
from pipeline.engines.choose import choose
from pipeline.llm import server
from pipeline.llm.endpoint import endpoint
from pipeline.notes.forecast import expected, of_evening
from pipeline.progress import Watch
from pipeline.session import Settings, make_session

STEAM = Path(__file__).parents[1] / "cassettes" / "full-steam"


@pytest.fixture(autouse=True)
def nothing_is_known_of_servers() -> None:
    server.forget_servers()


@pytest.mark.parametrize(
    ("holds", "times"),
    [
        (faults.holds(4096, "llama.cpp"), 0),
        (faults.holds(4096, "vllm"), 0),
        (faults.keeps_the_end(3600), 1),
        (faults.keeps_the_end(4096, by_message=True), 1),
    ],
    ids=["llama.cpp", "vllm", "cut at the front", "Ollama"],
)
def test_every_line_is_the_models(
    holds: faults.Spoiler, times: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LlmServer(holds(good)) as it:
        article, _ = written(STEAM, it.url, tmp_path)
    told = capsys.readouterr().err
    assert not [each for each in article.warnings if "quotes" in each]
    assert article.engines["writer"].name == "llm"
    assert all(talk.notes for talk in article.written.talks)
    assert "stronger model" not in told
    assert told.count("cuts prompts silently") == times
    assert told.count("Ollama: OLLAMA_CONTEXT_LENGTH or num_ctx") == times


def test_a_context_in_which_nothing_fits_names_every_knob(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with LlmServer(good) as it:
        article, post = written(STEAM, it.url, tmp_path, context=1500)
    told = capsys.readouterr().err
    for knob in ("writer.context", "-c", "num_ctx", "--max-model-len", "writer.max_output"):
        assert told.count(knob) == 1
    text = post.read_text(encoding="utf-8")
    assert 'writer = "quotes"' in text and "test-1" not in text
    assert article.written.description == ""


def test_five_questions_of_which_as_many_tokens_were_read_are_cut() -> None:
    small = server.Server(endpoint(Writer(base_url="http://127.0.0.1:9/v1")), Run())
    same = [small.reads_no_more(4096, about) for about in (4200, 4300, 4300, 4400, 4500, 4600)]
    assert same == [False] * 5 + [True]
    assert not any(small.reads_no_more(0, about) for about in range(2000, 9000, 1000))
    assert not any(small.reads_no_more(about, about) for about in range(3000, 3010))


def test_a_plan_for_a_small_context_is_what_a_run_asks(tmp_path: Path) -> None:
    heard = event(STEAM)
    wanted = load(writer={"engine": "quotes", "base_url": "http://127.0.0.1:9/v1", "context": 4096})
    session = make_session(Settings(wanted, tmp_path, choose(wanted)))
    evening = gather(heard, session, Watch("e", lambda report: None))
    planned = expected(of_evening(evening, *limits(session)), session.prompts)
    with LlmServer(good) as it:
        article, _ = written(STEAM, it.url, tmp_path, context=4096)
    assert planned.calls == pytest.approx(article.usage.calls, rel=0.3)
    assert planned.tokens_in == pytest.approx(article.usage.tokens_in, rel=0.3)
