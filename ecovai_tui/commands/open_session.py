"""Opening the session of the bare command: all that must be right before the terminal is taken over."""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.output import on_terminal
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.store.key_command import require_key
from ecovai_tui.store.paths import Paths, find_paths


@contextmanager
def opened(arguments: Namespace) -> Iterator[Session]:
    """Open the session that the command line asks for, and close it at the end.

    Raises SettingsError and StoreError while the terminal is still the shell's.
    """
    paths = find_paths(os.environ)
    if arguments.demo:
        if arguments.ids:
            raise UsageError("--demo shows tasks of its own and takes no ids.")
        from ecovai_tui.commands.demo import opened_demo  # noqa: PLC0415 - brings a whole gateway along

        with opened_demo(arguments, paths) as session:
            yield session
        return
    session = _open(arguments, paths)
    try:
        yield session
    finally:
        session.close()


def _open(arguments: Namespace, paths: Paths) -> Session:
    settings = read_settings(arguments, paths)
    must_ask_now = bool(settings.api_key_command) and on_terminal(sys.stdin)
    session = open_session(settings, paths, key=find_key(settings) if must_ask_now else None)
    if arguments.ids:
        session.watch_list.add(arguments.ids, now=time.time())
    if not settings.has_key and not session.replica.watched(limit=1):
        session.close()
        require_key(settings)
    return session
