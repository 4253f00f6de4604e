"""Here so that what lies beside it (media) can be imported by every test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.asr.packaged import joined


@pytest.fixture(scope="session", autouse=True)
def whisper_base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of Whisper base, which every test runs on that names no other model: what lies in
    the hub's cache of this machine is not seen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_CACHE", str(tmp_path_factory.mktemp("hub")))
        yield joined()


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """A run of a profile that stays on this machine says so in the environment: put back."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
