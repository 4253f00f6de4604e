"""Holes in the heap go back to the system, and elsewhere than on glibc nothing happens."""

import ctypes
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import heap

LARGE = 8 << 20  # bytes
BLOCK, BLOCKS, PINNED = 64 * 1024, 2048, 64  # bytes; of the heap, as they are below 128 kB


def resident() -> int:
    """Bytes of this process that are in memory."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="malloc_trim is glibc's")
def test_what_lies_between_blocks_in_use_is_given_back() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    blocks = [libc.malloc(ctypes.c_size_t(BLOCK)) for _ in range(BLOCKS)]
    for block in blocks:
        ctypes.memset(block, 1, BLOCK)
    for number, block in enumerate(blocks):
        if number % PINNED:
            libc.free(block)
    before = resident()
    heap.give_back()
    given = before - resident()
    for block in blocks[::PINNED]:
        libc.free(block)
    assert given > BLOCK * BLOCKS / 2


def given_of_large_blocks() -> int:
    """Bytes that go back to the system when all but the last of some large blocks are freed."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    blocks = [libc.malloc(ctypes.c_size_t(LARGE)) for _ in range(8)]
    libc.free(blocks.pop())  # after which glibc would keep such blocks in its heap
    blocks += [libc.malloc(ctypes.c_size_t(LARGE)) for _ in range(8)]
    for block in blocks:
        ctypes.memset(block, 1, LARGE)
    before = resident()
    for block in blocks[:-1]:
        libc.free(block)
    return before - resident()


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
@pytest.mark.parametrize("apart", [True, False])
def test_large_blocks_leave_no_holes(apart: bool) -> None:
    script = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
import test_heap
if {apart}:
    test_heap.heap.large_blocks_apart()
print(test_heap.given_of_large_blocks())
"""
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, check=True)
    assert (int(done.stdout) > 13 * LARGE) == apart  # of 14 in a process that has no holes yet


@pytest.mark.parametrize("missing", [AttributeError, OSError, TypeError])
def test_without_glibc_nothing_happens(
    missing: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_library(name: None) -> None:
        raise missing

    monkeypatch.setattr(ctypes, "CDLL", no_library)
    heap.give_back()
    heap.large_blocks_apart()
