"""The command line: find the command, run it, and turn whatever happens into a sentence and an exit code."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ecovai_tui import __version__
from ecovai_tui.commands.shared.command_line import CHANGING, COMMANDS, PROGRAM, UsageError, first_word, no_arguments
from ecovai_tui.commands.shared.output import (
    ExitCode,
    guarded,
    let_go_of_lost_terminal,
    prepare_streams,
    quiet_log,
    write,
)
from ecovai_tui.language import ENGLISH, choose_language, sentences, set_language, tr
from ecovai_tui.store.errors import SettingsError, shown_name
from ecovai_tui.store.files import anchored, find_paths
from ecovai_tui.tasks.text import nearest

if TYPE_CHECKING:
    from ecovai_tui.commands.shared.command_parser import Parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit code; ``argv`` is without the program's name."""
    prepare_streams()
    set_language(_language())
    words = list(sys.argv[1:] if argv is None else argv)
    code = guarded(lambda: _dispatch(words))
    let_go_of_lost_terminal()
    return int(code)


def _language() -> str:
    """Return the language of the settings, else of the locale; English where standard error could not show it."""
    setting = "auto"
    with suppress(SettingsError, OSError):  # what is wrong with the settings is told by whoever reads them
        top = find_paths(os.environ).config_file.read_bytes().partition(b"\n[")[0]
        if found := re.search(rb"^language *= *[\"']([\w-]+)", top, re.MULTILINE):
            setting = found[1].decode("ascii", "replace")
    language = choose_language(setting, os.environ)
    try:
        "中文".encode(sys.stderr.encoding)
    except UnicodeEncodeError:
        return ENGLISH
    return language


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
    arguments = _parser(name).read(words)
    if arguments.readonly and name in CHANGING:
        raise UsageError(tr("{name} changes the watch list, which --readonly forbids.", name=name))
    _start_log(arguments.log)
    code: ExitCode = arguments.run(arguments)
    return code


def _parser(name: str = "") -> Parser:
    """Return the parser of a command, or of the bare one."""
    from ecovai_tui.commands.shared import command_parser  # noqa: PLC0415 - slow to import, and most monitors have no options

    return command_parser.parser_of(name) if name else command_parser.make_parser()


def _start_log(path: str | None) -> None:
    if "logging" in sys.modules or path:
        quiet_log()
    if path:
        from ecovai_tui.commands.shared.run_settings import start_log  # noqa: PLC0415 - slow to import

        start_log(anchored(path, "--log"))


def _open_monitor(words: Sequence[str]) -> ExitCode:
    """Open it with the collector of cyclic garbage off: the app switches it on at its first paint."""
    gc.disable()
    try:
        return _start_monitor(words)
    finally:
        gc.enable()


def _start_monitor(words: Sequence[str]) -> ExitCode:
    arguments = _parser().read(words) if words else no_arguments()
    arguments.ids = [found for word in arguments.ids for found in _ids_of(word)]
    _start_log(arguments.log)
    import_asyncio_alone()
    from ecovai_tui import monitor  # noqa: PLC0415 - not needed for the help

    return monitor.run_monitor(arguments)


def import_asyncio_alone() -> None:
    """Import asyncio as on a Python without ``ssl``, which would be a fortieth of the first paint.

    The client of the gateway imports it later; its TLS is anyio's and not asyncio's.
    """
    if "ssl" not in sys.modules:
        sys.modules.update({"ssl": None})  # type: ignore[dict-item]  # the documented way to have an import fail
        try:
            import asyncio  # noqa: F401, PLC0415 - it alone is meant
        finally:
            del sys.modules["ssl"]


def _refuse_unknown_option(words: Sequence[str]) -> None:
    """Refuse what stands before a word: where an option is unknown, the word may be no command but its value."""
    if words:
        _parser().refuse_unknown_option(words)


def _ids_of(word: str) -> Sequence[str]:
    """Return the ids that a word in the place of a command names; all of them must be of a known shape."""
    from ecovai_tui.commands.shared import id_shapes, target_ids  # noqa: PLC0415 - commands do without their patterns

    if id_shapes.looks_like_id(word):
        return [word]
    try:
        ids = target_ids.ids_of_word(word)
    except UsageError:
        ids = []
    if ids and all(map(id_shapes.looks_like_id, ids)):
        return ids
    raise UsageError(_no_such_command(word))


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
    near = _OTHER_WORDS.get(word.lower()) or nearest(word, COMMANDS)
    shown = shown_name(word)
    if near:
        told = tr('"{word}" is no such command; did you mean {near}?', word=shown, near=near)
    else:
        told = tr('"{word}" is no such command; ecovai-tui --help lists them.', word=shown)
    return sentences(told, tr("An id of an unusual shape goes in by: ecovai-tui add ID"))
