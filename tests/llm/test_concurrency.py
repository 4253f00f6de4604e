"""One limit on calls for all that share a folder, however many clients there are."""

import asyncio
import subprocess
import sys
from pathlib import Path

from pipeline.config import Run
from pipeline.llm.concurrency import acquire_slot


def test_no_more_calls_than_places_over_all_events(tmp_path: Path) -> None:
    inside, most = 0, 0

    async def call(run: Run) -> None:
        nonlocal inside, most
        async with acquire_slot(run, run.llm_concurrency):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    async def all_calls() -> None:
        runs = [Run(llm_concurrency=2, llm_places=tmp_path / "locks") for _ in range(3)]
        await asyncio.gather(*(call(run) for run in runs * 3))

    asyncio.run(all_calls())
    assert (inside, most) == (0, 2)


def test_the_place_of_a_killed_process_is_free(tmp_path: Path) -> None:
    code = (
        "import asyncio, os, signal\n"
        "from pathlib import Path\n"
        "from pipeline.config import Run\n"
        "from pipeline.llm.concurrency import acquire_slot\n"
        "async def main():\n"
        f"    run = Run(llm_concurrency=1, llm_places=Path({str(tmp_path)!r}))\n"
        "    async with acquire_slot(run, run.llm_concurrency):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9

    async def call() -> str:
        async with acquire_slot(Run(llm_concurrency=1, llm_places=tmp_path), 1):
            return "in"

    assert asyncio.run(asyncio.wait_for(call(), 30)) == "in"
