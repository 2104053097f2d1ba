"""``--log FILE``: what happens, for whoever looks into a fault; keys are never logged."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from ecovai_tui.store.errors import store_error


def start_log(path: Path) -> None:
    """Append what the program and its libraries log to a file that the user alone may read; raises StoreError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        raise store_error("write the log", path, error) from error
    handler = logging.StreamHandler(os.fdopen(descriptor, "a", encoding="utf-8"))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("ecovai_tui").setLevel(logging.DEBUG)


def hush_log() -> None:
    """Keep what libraries log away from standard error, where Python puts it when nobody asked for a log."""
    logging.lastResort = logging.NullHandler()


def log_fault(error: Exception) -> None:
    """Log where an unexpected error came from."""
    hush_log()
    logging.getLogger("ecovai_tui").error("unexpected", exc_info=error)


def log_trouble(sentence: str) -> None:
    """Log what a command ends with."""
    hush_log()
    logging.getLogger("ecovai_tui").warning(sentence)
