"""A real Ray cluster of two nodes on this machine, one of which is killed while it works."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jiwer
import media
import pytest

from pipeline import config
from pipeline.audio.inputs import EventInput
from pipeline.engines.choose import choose
from pipeline.errors import CacheError, EngineError
from pipeline.event import EventInfo
from pipeline.executors.batch import run
from pipeline.executors.cluster import load_ray, needed
from pipeline.progress import Progress
from pipeline.render.report import EventReport
from pipeline.session import Settings

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
]
STARTS = (1.0, 5.0, 15.0, 22.0)  # in the sample, seconds


@pytest.fixture(scope="module", autouse=True)
def ray() -> Any:
    """Ray, which takes half a second to import: only for those who run these tests."""
    try:
        return load_ray()
    except EngineError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[EventInput]:
    folder = tmp_path_factory.mktemp("media")
    files = [media.write(folder / f"t{at:.0f}.wav", media.speech(3.0, at)) for at in STARTS]
    return [EventInput(file.stem, EventInfo(), (file,)) for file in files]


@pytest.fixture(scope="module")
def cluster(ray: Any) -> Iterator[Any]:
    """A head node of one core, to which a test may add another."""
    from ray.cluster_utils import Cluster

    with pytest.MonkeyPatch.context() as patch:
        # the nodes' processes import the program from where this one does
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
        try:
            yield made
        finally:
            ray.shutdown()
            made.shutdown()


def settings(cluster: Any, output: Path) -> Settings:
    options = config.load(profile="offline")
    return Settings(options, output, choose(options), ray=cluster.address)


def published(output: Path) -> dict[str, bytes]:
    return {
        path.relative_to(output).as_posix(): path.read_bytes()
        for path in output.rglob("*")
        if path.is_file() and ".backrow" not in path.parts
    }


def test_all_that_a_node_needs_is_looked_for_under_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("there.wav", "talk.vtt", "yamnet.tflite", "seg.bin", "whisper/config.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "more").mkdir()
    (tmp_path / "talk.wav").symlink_to("there.wav")
    told = ("asr.model=whisper", "room.model=yamnet.tflite", "diarize.segmentation=seg.bin")
    options = config.load(None, told)
    given = Settings(options, Path("out"), choose(options))
    event = EventInput(
        *("talk", EventInfo(), (Path("talk.wav"),)),
        captions=(Path("talk.vtt"),),
        beyond=(Path("more"),),
    )
    seen = ("talk.wav", "talk.vtt", "more", "whisper", "yamnet.tflite", "seg.bin")
    assert needed(given, [event]) == [str(tmp_path / name) for name in seen]


def test_what_a_node_does_not_see_is_refused_at_the_start(
    cluster: Any, events: list[EventInput], tmp_path: Path
) -> None:
    given = replace(settings(cluster, tmp_path / "out"), voices=tmp_path / "gone.json")
    with pytest.raises(CacheError, match=r"node [0-9.]+: does not see .*gone\.json"):
        list(run(events, given, lambda told: None))


def test_nodes_run_what_is_installed_there_although_uv_started_the_program(
    cluster: Any, ray: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray._private.runtime_env import uv_runtime_env_hook

    monkeypatch.setattr(uv_runtime_env_hook, "_get_uv_run_cmdline", lambda: ["gone/uv", "run"])
    with ray.init(cluster.address, log_to_driver=False, include_dashboard=False):
        assert not ray.get_runtime_context().runtime_env
        program = ray.remote(num_cpus=0)(lambda: sys.executable)
        assert ray.get(program.remote(), timeout=60.0) == sys.executable


def test_a_node_that_dies_costs_no_recording(
    cluster: Any, events: list[EventInput], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where the nodes find what is told without a whole path
    second = cluster.add_node(num_cpus=1)
    begun: list[str] = []
    done: dict[str, EventReport] = {}
    nodes = [second]

    def kill_a_busy_node(told: Progress) -> None:
        begun.extend([told.event] if told.state == "begun" else [])
        if nodes and len(begun) - len(done) == 2:  # both nodes are at work
            time.sleep(1.0)
            cluster.remove_node(nodes.pop(), allow_graceful=False)

    for each in run(events, settings(cluster, Path("there")), kill_a_busy_node):
        done[each.slug] = each
    assert nodes == []
    assert {slug: (each.state, each.message) for slug, each in done.items()} == {
        event.slug: ("done", "") for event in events
    }
    assert len(begun) == len(events) + 1  # one was begun twice

    alone = config.load(profile="offline")
    here = Settings(alone, tmp_path / "here", choose(alone))
    assert {each.state for each in run(events, here, lambda told: None)} == {"done"}
    there, here_too = published(tmp_path / "there"), published(tmp_path / "here")
    assert there.keys() == here_too.keys()
    # Ray gives a node's processes other threads, and sums of floats differ: how sure a word is, and
    # on some processors a word that a recording's end cuts
    one, two = (said(files) for files in (there, here_too))
    assert jiwer.wer(list(one.values()), list(two.values())) < 0.05
    same = {event for event in one if one[event] == two[event]}
    assert len(same) >= len(events) - 1
    texts = [k for k in there if k.partition("/")[0] in same and not k.endswith(".json")]
    assert {k: there[k] for k in texts} == {k: here_too[k] for k in texts}


def said(files: Mapping[str, bytes]) -> dict[str, str]:
    """What was said at each event."""
    heard = {k: json.loads(v) for k, v in files.items() if k.endswith("/transcript.json")}
    return {
        k.partition("/")[0]: " ".join(each["text"] for each in told["utterances"])
        for k, told in heard.items()
    }


@pytest.mark.parametrize("address", ["127.0.0.1:1", "127.0.0.1:99999", "127.0.0.1:head"])
def test_a_cluster_that_is_not_there_is_one_sentence(
    events: list[EventInput], tmp_path: Path, address: str
) -> None:
    options = config.load(profile="offline")
    nowhere = Settings(options, tmp_path, choose(options), ray=address)
    with pytest.raises(EngineError, match="no Ray cluster answers"):
        list(run(events, nowhere, lambda told: None))
