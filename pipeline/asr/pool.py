"""Sphinx decoders in processes of their own: one answer for each piece, or an error, never a hang.

Plain processes and pipes rather than an executor: a child sees at once that its parent was killed
(its pipe ends), and the parent that a child was.
"""

import contextlib
import multiprocessing
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from pipeline.asr.sphinx_child import Heard, serve
from pipeline.errors import EngineError


class Decoders:
    """`count` processes, each with a decoder of its own; a context manager that ends them."""

    def __init__(self, count: int) -> None:
        self.processes: dict[Connection, BaseProcess] = {}
        self.grow(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def grow(self, count: int) -> None:
        """Have `count` processes at least."""
        for _ in range(count - len(self.processes)):
            connection, process = _start()
            self.processes[connection] = process

    def close(self) -> None:
        """End the processes, whatever they do."""
        for connection, process in self.processes.items():
            connection.close()
            process.terminate()
        for process in self.processes.values():
            process.join()
        self.processes = {}

    def hear(self, pieces: Sequence[bytes]) -> Iterator[tuple[int, Heard]]:
        """(place of the piece, its words) as they are done; raises EngineError for a dead child."""
        waiting = list(enumerate(pieces))[::-1]
        busy: dict[Connection, int] = {}
        for connection in self.processes:
            self._feed(connection, waiting, busy)
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                place = busy.pop(ready)
                yield place, self._answer(ready)
                self._feed(ready, waiting, busy)

    def _feed(
        self,
        connection: Connection,
        waiting: list[tuple[int, bytes]],
        busy: dict[Connection, int],
    ) -> None:
        if waiting:
            place, sound = waiting.pop()
            # a child that is gone is told by its answer, which then ends at once
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.send_bytes(sound)
            busy[connection] = place

    def _answer(self, connection: Connection) -> Heard:
        try:
            heard: Heard = connection.recv()
        except (EOFError, ConnectionResetError):
            process = self.processes[connection]
            process.join(5)
            raise EngineError(
                f"a sphinx process died (exit code {process.exitcode}), most likely for want of "
                "memory: run again with --set run.processes=1"
            ) from None
        return heard


def _start() -> tuple[Connection, BaseProcess]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs,), daemon=True, name="backrow-sphinx")
    process.start()
    theirs.close()
    return ours, process
