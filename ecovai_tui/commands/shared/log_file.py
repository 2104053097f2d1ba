"""``--log FILE``: what happens, to look into a fault; keys are never logged."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from pathlib import Path
from typing import TextIO

from ecovai_tui.commands.shared.command_line import PROGRAM
from ecovai_tui.commands.shared.output import say
from ecovai_tui.language import tr
from ecovai_tui.store.errors import store_error, words_of_system


class _Handler(logging.StreamHandler[TextIO]):
    """Writes the log; where that fails, as on a full disk, the work goes on, and the end reports it.

    Python would print a traceback for each line, in the monitor into the middle of its screen.
    """

    def __init__(self, path: Path, stream: TextIO) -> None:
        super().__init__(stream)
        self._path = path
        self._trouble: BaseException | None = None

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - Python calls it so
        """Remember what is wrong."""
        self._trouble = sys.exc_info()[1]

    def say_what_is_lost(self) -> None:
        """Say that the log is not whole, if so."""
        if self._trouble is not None:
            trouble = self._trouble
            why = words_of_system(trouble) if isinstance(trouble, OSError) else trouble
            say(
                tr(
                    "{program}: The log is not whole, since {path} cannot be written: {why}.",
                    program=PROGRAM,
                    path=self._path,
                    why=why,
                )
            )


def start_log(path: Path) -> None:
    """Append what the program and its libraries log to a file that the user alone may read; raises StoreError."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError as error:
        raise store_error("write the log", path, error) from error
    handler = _Handler(path, os.fdopen(descriptor, "a", encoding="utf-8"))
    atexit.register(handler.say_what_is_lost)
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
