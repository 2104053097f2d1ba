"""Python's garbage collector and long lists: it looks at every object there is, which would hold up the keys."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Collect nothing while many objects are made that stay, and do not look at them again afterwards.

    They are still freed when nothing refers to them: only rings of objects are what the collector is for.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
