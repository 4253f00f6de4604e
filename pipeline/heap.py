"""Memory that engines have freed goes back to the system while they still work.

glibc keeps holes: telling voices apart in 20 minutes left 820 MB of them between 120 MB in use.
"""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Free pages of the heaps of all threads, to the system; nothing where there is no glibc."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(ctypes.c_size_t(0))
