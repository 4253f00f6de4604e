"""Sphinx decoders in processes of their own: one answer for each piece, or an error, never a hang.

Plain processes and pipes rather than an executor: a child sees at once that its parent was killed
(its pipe ends), and the parent that a child was.
"""

import contextlib
import multiprocessing
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from weakref import finalize

from pipeline.asr.sphinx_child import Heard, serve
from pipeline.errors import EngineError


class Decoders:
    """Processes with a decoder each, kept between calls and ended with this object."""

    def __init__(self) -> None:
        self.processes: dict[Connection, BaseProcess] = {}
        self.close = finalize(self, _end, self.processes)

    def grow(self, count: int) -> None:
        """Have at least `count` processes."""
        for _ in range(count - len(self.processes)):
            connection, process = _start()
            self.processes[connection] = process

    def hear(self, pieces: Sequence[bytes]) -> Iterator[tuple[int, Heard]]:
        """(place of the piece, its words) as they are done; raises EngineError for a dead child.

        Whoever stops before the end must `close`: a process would answer the next caller late.
        """
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


def _end(processes: dict[Connection, BaseProcess]) -> None:
    """End the processes, whatever they do."""
    for connection, process in processes.items():
        connection.close()
        process.terminate()
    for process in processes.values():
        process.join()
    processes.clear()


def _start() -> tuple[Connection, BaseProcess]:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(theirs,), daemon=True, name="backrow-sphinx")
    process.start()
    theirs.close()
    return ours, process
