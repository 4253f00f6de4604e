"""Here so that what lies beside it (media, tiny_whisper) can be imported by every test."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """A run of a profile that stays on this machine says so in the environment: put back."""
    before = dict(os.environ)
    yield
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)
