"""Opening the monitor: all that must be right before the terminal is taken over, then the screen itself."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ecovai_tui.commands.shared.command_line import UsageError
from ecovai_tui.commands.shared.output import ExitCode, on_terminal
from ecovai_tui.commands.shared.run_settings import find_key, read_settings
from ecovai_tui.engine.session import Session, open_session
from ecovai_tui.language import later, sentences, tr
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.files import Paths, find_paths
from ecovai_tui.terminal.capabilities import Capabilities, ColourDepth, read_capabilities, textual_environment
from ecovai_tui.terminal.graphics import Graphics

if TYPE_CHECKING:
    from argparse import Namespace

    from ecovai_tui.store.settings import Settings
    from ecovai_tui.store.settings_file import Pictures

LAST_WAIT = 1.5
"""Seconds that the monitor's last change of the watch list has for being saved, once the terminal is the shell's."""


def run_monitor(arguments: Namespace) -> ExitCode:
    """Open the session that the command line asks for, and show it until the user leaves.

    Raises UsageError, SettingsError and StoreError while the terminal is still the shell's.
    """
    capabilities = check_terminal()
    paths = find_paths(os.environ)
    with opened(arguments, paths) as session:
        return _show(session, paths, capabilities, demo=arguments.demo)


def check_terminal() -> Capabilities:
    """Return what the terminal can do; raises UsageError if no screen can be drawn there."""
    instead = tr(
        "To use it in scripts and pipes: ecovai-tui ls, ecovai-tui fetch, or ecovai-tui follow; "
        "to add ids from a pipe: ecovai-tui add -"
    )
    needed = (
        (sys.stdout, later("The monitor needs a terminal, and standard output is none.")),
        (sys.stdin, later("The monitor needs a terminal, and standard input is none.")),
        (sys.stderr, later("The monitor needs a terminal, and standard error, on which it draws, is none.")),
    )
    for stream, told in needed:
        if not on_terminal(stream):
            raise UsageError(sentences(tr(told), instead))
    capabilities = read_capabilities(os.environ, is_terminal=True, encoding=sys.stdout.encoding or "ascii")
    if capabilities.dumb:
        name = os.environ.get("TERM", "")
        told = tr('The monitor cannot draw on a terminal of TERM="{name}".', name=name)
        raise UsageError(sentences(told, instead))
    return capabilities


@contextmanager
def opened(arguments: Namespace, paths: Paths) -> Iterator[Session]:
    """Open the session that the command line asks for, and close it at the end."""
    if arguments.demo:
        if arguments.ids:
            raise UsageError(tr("--demo shows tasks of its own and takes no ids."))
        from ecovai_tui.commands.simulate import opened_demo  # noqa: PLC0415 - brings a whole gateway along

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
    if arguments.ids and settings.readonly:
        raise UsageError(tr("A read-only run (--readonly, or readonly = true in the settings) takes no ids."))
    must_ask_now = bool(settings.api_key_command) and on_terminal(sys.stdin)
    session = open_session(settings, paths, key=find_key(settings) if must_ask_now else None, reads_quota=True)
    if arguments.ids:
        session.watch_list.add(arguments.ids, now=time.time())
    with suppress(StoreError):  # then the engine's first look does it
        _take_in_watch_list(session, added=bool(arguments.ids))
    return session


def _take_in_watch_list(session: Session, *, added: bool) -> None:
    """Have the first screen know what is watched where the replica does not yet, so that it shows no empty list."""
    file = session.settings.watchlist
    if added or (file.exists() and not session.replica.watched(1)):
        session.replica.mirror(session.watch_list.read(), time.time())


def _show(session: Session, paths: Paths, capabilities: Capabilities, *, demo: bool) -> ExitCode:
    os.environ.update(textual_environment(capabilities, os.environ))
    for name in ("COLUMNS", "LINES"):  # Textual and Rich would heed them in place of the terminal's own size
        os.environ.pop(name, None)
    from ecovai_tui.tui import app, context  # noqa: PLC0415 - Textual is imported only when it is to be seen

    settings = session.settings
    options = context.Options(
        capabilities=capabilities,
        environment=os.environ,
        themes_folder=paths.theme_dir,
        ui_state=paths.ui_state,
        theme=settings.theme,
        demo=demo,
        mouse=settings.mouse,
        ascii=not capabilities.unicode if settings.ascii is None else settings.ascii,
        slow_link=settings.slow_link,
        pictures=Graphics(_pictures(settings, capabilities)),
        find_ids=_find_ids,
    )
    code = ExitCode(app.run_monitor(session, options))
    if problem := session.unsaved(LAST_WAIT):
        raise StoreError(problem)
    return code


def _pictures(settings: Settings, capabilities: Capabilities) -> Pictures:
    """Return how saved pictures are drawn: where nothing else is set, not over SSH, and never where it is dear."""
    if not capabilities.unicode or capabilities.depth < ColourDepth.MANY or settings.slow_link:
        return "off"
    wish: Pictures = settings.pictures or ("off" if capabilities.ssh else "auto")
    exact = wish == "sixel" or capabilities.depth is ColourDepth.TRUE  # kitty reads names from colours
    return wish if wish == "off" or (exact and not capabilities.screen) else "blocks"


def _find_ids(text: str) -> Sequence[str]:
    from ecovai_tui.commands.shared.ids import find_ids  # noqa: PLC0415 - only when something is pasted

    return find_ids(text)
