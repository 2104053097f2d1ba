"""What a run has from its arguments: its settings, its key, and the log file, in which keys never stand."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from ecovai_tui.commands.shared.command_line import PROGRAM, chosen_watch_list, find_key_rules
from ecovai_tui.commands.shared.output import on_terminal, say
from ecovai_tui.language import tr
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.errors import store_error, words_of_system
from ecovai_tui.store.files import Paths, anchored
from ecovai_tui.store.key_command import obtain_key
from ecovai_tui.store.settings import Flags, Settings, load_settings

if TYPE_CHECKING:
    from argparse import Namespace


def flags_of(arguments: Namespace) -> Flags:
    """Return the shared options as the settings take them."""
    return Flags(
        profile=arguments.profile,
        base_url=arguments.base_url,
        interval=arguments.interval,
        theme=arguments.theme,
        watchlist=chosen_watch_list(arguments),
        ascii=arguments.ascii,
        no_mouse=arguments.no_mouse,
        slow_link=arguments.slow_link,
        readonly=arguments.readonly,
        log=anchored(arguments.log, "--log") if arguments.log else None,
    )


def read_settings(arguments: Namespace, paths: Paths) -> Settings:
    """Read the settings of this run; raises SettingsError."""
    return load_settings(flags_of(arguments), os.environ, paths, find_key_rules)


def find_key(settings: Settings) -> Secret:
    """Return the key; a command that gives it may talk to the human if one sits at the terminal."""
    return obtain_key(settings, interactive=on_terminal(sys.stdin))


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
