"""Files half written by a process that was killed, removed by the next run."""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from filelock import FileLock

from pipeline.cache import HOST

_OURS = re.compile(r"\.tmp-(?P<host>[0-9a-f]+)-(?P<pid>\d+)-")
_SOUND = ".wav.part"  # of a recording that is being decoded; the lock beside it is held meanwhile


def remove(output: Path) -> None:
    """Remove what no living process of this machine is writing, anywhere below `output`."""
    for folder, _, names in os.walk(output):
        for file in (Path(folder, name) for name in names if name.startswith(".")):
            match = _OURS.match(file.name)
            # a disk that can only be read, or another run at work, keeps them
            with suppress(OSError):
                if match and match["host"] == HOST and not _lives(int(match["pid"])):
                    file.unlink(missing_ok=True)
                elif file.name.endswith(_SOUND):
                    with FileLock(file.with_suffix(".lock"), timeout=0):
                        file.unlink(missing_ok=True)
                        shutil.rmtree(file.with_suffix(".lanes"), ignore_errors=True)


def _lives(pid: int) -> bool:
    if os.name != "posix":
        return True  # asking would send it a signal: leave the file
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
