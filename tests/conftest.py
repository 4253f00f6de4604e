"""Here so that what lies beside it (media) can be imported by every test."""

import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import httpx2
import pytest
from filelock import FileLock

from pipeline.asr.packaged import assemble

# The processes of the tests share the cores: a thread of Whisper or torch that waits for another
# gives its core away and does not spin, which made a hearing beside others four times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")


def pytest_configure(config: pytest.Config) -> None:
    """Modules are compiled once: where an environment keeps no bytecode, each process of the tests
    would compile torch and scipy anew. It goes into the cache of pytest, not beside the sources."""
    if sys.dont_write_bytecode and config.pluginmanager.hasplugin("cacheprovider"):
        sys.dont_write_bytecode = False
        sys.pycache_prefix = str(config.cache.mkdir("bytecode"))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """The tests of a file run in one process, which makes what they share once; None: as asked."""
    from xdist.scheduler import LoadFileScheduling

    return LoadFileScheduling(config, log) if config.getvalue("dist") == "load" else None


@pytest.fixture(scope="session", autouse=True)
def whisper_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of Whisper base, which every test runs on that names no other model: what lies in
    the hub's cache of this machine is not seen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_CACHE", str(tmp_path_factory.mktemp("hub")))
        yield assemble()


@pytest.fixture(scope="session")
def evening_posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the README's command makes of the sample, without a hub or a key: a minute of
    listening, once for all tests of all workers."""
    place = tmp_path_factory.getbasetemp()
    place = place.parent if "PYTEST_XDIST_WORKER" in os.environ else place
    posts, begun = place / "evening-posts", place / "evening-posts.begun"
    with FileLock(place / "evening-posts.lock"):
        if not posts.exists():
            bare = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "OPENAI_"))}
            done = subprocess.run(
                [sys.executable, "-m", "pipeline.cli", "run", "samples/full-steam", "-o", begun],
                cwd=Path(__file__).parents[1],
                env={**bare, "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(place / "hf")},
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            begun.rename(posts)  # a failed run is none for the other workers either
    return posts


@pytest.fixture(scope="session", autouse=True)
def certificates() -> Iterator[None]:
    """The machine's certificates are read once, and not by each client of a loopback server."""
    read = httpx2.create_ssl_context
    made = cache(lambda file: read())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx2, "create_ssl_context", lambda: made(os.environ.get("SSL_CERT_FILE")))
        yield


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """A run of a profile that stays on this machine says so in the environment: put back."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
