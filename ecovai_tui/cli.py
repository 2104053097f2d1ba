"""The command line: find the command, run it, and turn whatever happens into a sentence and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ecovai_tui import __version__
from ecovai_tui.commands.shared.command_line import PROGRAM, Parser, UsageError, first_word
from ecovai_tui.commands.shared.errors import ExitCode, guarded, let_go_of_lost_terminal
from ecovai_tui.commands.shared.output import prepare_streams, write
from ecovai_tui.commands.shared.registry import COMMANDS, find_command
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.files import anchored
from ecovai_tui.store.paths import find_paths

if TYPE_CHECKING:
    from ecovai_tui.engine.session import Session
    from ecovai_tui.terminal.capabilities import Capabilities


LAST_WAIT = 1.5
"""Seconds that the monitor's last change of the watch list has for being saved, once the terminal is the shell's."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; ``argv`` is without the program's name."""
    prepare_streams()
    words = list(sys.argv[1:] if argv is None else argv)
    code = guarded(lambda: _dispatch(words))
    let_go_of_lost_terminal()
    return int(code)


def _dispatch(words: Sequence[str]) -> ExitCode:
    if "--version" in words:
        write(f"{PROGRAM} {__version__}")
        return ExitCode.WELL
    place = first_word(words)
    word = "" if place is None else words[place]
    if place is not None and word in COMMANDS:
        return _run_command(word, [*words[:place], *words[place + 1 :]])
    if word:
        _refuse_unknown_option(words[:place])
        _ids_of(word)
    return _open_monitor(words)


def _run_command(name: str, words: Sequence[str]) -> ExitCode:
    command = find_command(name)
    summary = COMMANDS[name]
    parser = Parser(name, description=f"{summary[0].upper()}{summary[1:]}.", examples=command.EXAMPLES)
    command.configure(parser)
    arguments = parser.read(words)
    _start_log(arguments.log)
    return command.run(arguments)


def _start_log(path: str | None) -> None:
    if "logging" in sys.modules or path:
        from ecovai_tui.commands.shared.log_file import hush_log  # noqa: PLC0415 - slow to import

        hush_log()
    if path:
        from ecovai_tui.commands.shared.log_file import start_log  # noqa: PLC0415 - nearly nobody wants one

        start_log(anchored(path, "--log"))


def _open_monitor(words: Sequence[str]) -> ExitCode:
    from ecovai_tui.tui.collector import collector_off  # noqa: PLC0415 - no other command needs it

    with collector_off():  # the app switches it on at its first paint
        return _start_monitor(words)


def _start_monitor(words: Sequence[str]) -> ExitCode:
    from ecovai_tui.commands import monitor_command  # noqa: PLC0415 - no other command needs it

    parser = monitor_command.make_parser()
    arguments = parser.read(words)
    arguments.ids = [found for word in arguments.ids for found in _ids_of(word)]
    _start_log(arguments.log)
    capabilities = monitor_command.check_terminal()
    from ecovai_tui.commands import open_session  # noqa: PLC0415 - not needed for the help

    with open_session.opened(arguments) as session:
        return _run_monitor(session, capabilities, demo=arguments.demo)


def _run_monitor(session: Session, capabilities: Capabilities, *, demo: bool) -> ExitCode:
    from ecovai_tui.terminal.capabilities import textual_environment  # noqa: PLC0415 - only the monitor needs it

    os.environ.update(textual_environment(capabilities, os.environ))
    for name in ("COLUMNS", "LINES"):  # Textual and Rich would heed them in place of the terminal's own size
        os.environ.pop(name, None)
    from ecovai_tui.tui.app import run_monitor  # noqa: PLC0415 - Textual is imported only when it is to be seen
    from ecovai_tui.tui.context import Options  # noqa: PLC0415 - as above

    settings, paths = session.settings, find_paths(os.environ)
    options = Options(
        capabilities=capabilities,
        environment=os.environ,
        themes_folder=paths.theme_dir,
        ui_state=paths.ui_state,
        theme=settings.theme,
        demo=demo,
        mouse=settings.mouse,
        ascii=not capabilities.unicode if settings.ascii is None else settings.ascii,
        slow_link=settings.slow_link,
        find_ids=_find_ids,
    )
    code = ExitCode(run_monitor(session, options))
    if problem := session.unsaved(LAST_WAIT):
        raise StoreError(problem)
    return code


def _refuse_unknown_option(words: Sequence[str]) -> None:
    """Refuse what stands before a word: where an option is unknown, the word may be no command but its value."""
    if words:
        from ecovai_tui.commands import monitor_command  # noqa: PLC0415 - no command needs it

        monitor_command.make_parser().refuse_unknown_option(words)


def _ids_of(word: str) -> Sequence[str]:
    """Return the ids that a word in the place of a command names; all of them must be of a known shape."""
    from ecovai_tui.commands.shared.id_shapes import looks_like_id  # noqa: PLC0415 - commands do without its patterns

    if looks_like_id(word):
        return [word]
    from ecovai_tui.commands.shared.target_ids import ids_of_word  # noqa: PLC0415 - most ids stand alone

    try:
        ids = ids_of_word(word)
    except UsageError:
        ids = []
    if ids and all(map(looks_like_id, ids)):
        return ids
    raise UsageError(_no_such_command(word))


def _find_ids(text: str) -> Sequence[str]:
    from ecovai_tui.commands.shared.ids import find_ids  # noqa: PLC0415 - only when something is pasted

    return find_ids(text)


_OTHER_WORDS = {
    "delete": "rm",
    "remove": "rm",
    "list": "ls",
    "tail": "follow",
    "watch": "follow",
    "get": "fetch",
    "serve": "simulate",
    "demo": "--demo",
    "help": "--help",
    "version": "--version",
}
"""What people type who come from other programs."""


def _no_such_command(word: str) -> str:
    from ecovai_tui.store.credentials import shown_name  # noqa: PLC0415 - needed only when something is wrong
    from ecovai_tui.store.errors import nearest  # noqa: PLC0415 - as above

    near = _OTHER_WORDS.get(word.lower()) or nearest(word, COMMANDS)
    guess = f"did you mean {near}?" if near else "ecovai-tui --help lists them."
    return f'"{shown_name(word)}" is no such command; {guess} An id of an unusual shape goes in by: ecovai-tui add ID'
