"""What is made of a test's source once, kept for all workers and the next run; to be imported before any other.

To have ``assert`` tell what it saw costs half of all collecting, and each of the workers collects all tests.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import suppress
from pathlib import Path

sys.dont_write_bytecode = False  # whatever the variable says; what pytest makes of a source needs it


def import_share(folder: Path, share: int, shares: int) -> None:
    """Import every so manyth module of tests: as many workers, each with a share of its own, do none twice.

    What cannot be imported is left to be told of when it is collected.
    """
    modules = sorted(folder.rglob("test_*.py"))
    for module in modules[share::shares]:
        if str(module.parent) not in sys.path:
            sys.path.insert(0, str(module.parent))
        with suppress(Exception):
            importlib.import_module(module.stem)
