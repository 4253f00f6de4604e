"""Memory that engines have freed goes back to the system while they still work.

glibc keeps holes: telling voices apart in 20 minutes left 820 MB of them between 120 MB in use.
Hearing them took 558 MB more than its engine, of which all but 353 were holes of large blocks.
"""

import ctypes
from contextlib import suppress

# mallopt's M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, bytes: unset, glibc raises the first to the
# largest block that was freed; the second keeps it from asking the system at each turn (CPU +0%)
_OPTIONS = {-3: 4 << 20, -1: 32 << 20}


def large_blocks_apart() -> None:
    """From here on blocks of 4 MB and more leave no hole; nothing where there is no glibc."""
    with suppress(AttributeError, OSError, TypeError):
        for option, value in _OPTIONS.items():
            ctypes.CDLL(None).mallopt(ctypes.c_int(option), ctypes.c_int(value))


def give_back() -> None:
    """Free pages of the heaps of all threads, to the system; nothing where there is no glibc."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(ctypes.c_size_t(0))
