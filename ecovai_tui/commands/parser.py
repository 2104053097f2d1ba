"""argparse in our manner: errors are exceptions with one sentence, help has examples, nothing is abbreviated."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, NoReturn

from ecovai_tui.commands.options import add_options, option_flags, unknown_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from _typeshed import SupportsWrite

PROGRAM = "ecovai-tui"
_WIDEST = 100
_LONGEST_NAME = 80
LONGEST_COMPLAINT = 4_000
"""Characters of a complaint, with what was typed in it."""


class UsageError(Exception):
    """The command line cannot be meant; the text says why and what to write instead."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, up to a width that is pleasant to read."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=min(_terminal_width(), _WIDEST))

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        """Leave out of the usage what every command takes; it is told below."""
        shared = {*option_flags(), "--help", "--version"}
        own = [action for action in actions if shared.isdisjoint(action.option_strings)]
        super().add_usage(usage, own, groups, prefix)


def _terminal_width() -> int:
    """Return the terminal's cells in a line; argparse itself imports a slow module to ask for them."""
    told = os.environ.get("COLUMNS", "")
    if told.isdecimal() and int(told) > 0:
        return int(told)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return _WIDEST


class Parser(argparse.ArgumentParser):
    """A parser of one command with the shared options."""

    def __init__(self, command: str, *, usage: str | None = None, description: str, examples: str) -> None:
        name = f"{PROGRAM} {command}".strip()
        super().__init__(
            prog=name,
            usage=usage,
            description=description,
            epilog=examples.strip("\n"),
            formatter_class=_Formatter,
            allow_abbrev=False,
            add_help=False,
        )
        self._positionals.title = "arguments"
        self.add_argument("-h", "--help", action="help", help="show this help")
        self.add_argument("--version", action="store_true", help="show the version")
        add_options(self)

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Write the help; argparse says nothing when it cannot be written."""
        (file or sys.stdout).write(self.format_help())

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Return the arguments; raises UsageError, which names an unknown option and not the word behind it."""
        self.refuse_unknown_option(words)
        return self.parse_intermixed_args(words)

    def refuse_unknown_option(self, words: Sequence[str]) -> None:
        """Raise UsageError for an option that is none here; its value is not repeated, which could be a key."""
        known = list(self._option_string_actions)
        option = unknown_option(words, known)
        if option is None:
            return
        from ecovai_tui.store.key import quoted  # noqa: PLC0415 - needed only when something is wrong
        from ecovai_tui.store.suggestions import nearest  # noqa: PLC0415 - as above

        names = [flag.removeprefix("--") for flag in known if flag.startswith("--")]
        begun = [name for name in names if name.startswith(option.removeprefix("--"))]
        near = begun[0] if len(begun) == 1 else nearest(option.lstrip("-"), names)
        guess = "" if near is None else f"Did you mean --{near}? "
        behind = "" if self.prog != PROGRAM else "An option of one command alone stands behind its name. "
        told = f"There is no option {quoted(option[:_LONGEST_NAME])} here."
        raise UsageError(f'{told} {guess}{behind}Try "{self.prog} --help".')

    def error(self, message: str) -> NoReturn:
        """Raise UsageError; argparse quotes what was typed as it is, control characters included."""
        from ecovai_tui.tasks.text import clean_line  # noqa: PLC0415 - needed only when something is wrong

        message = clean_line(message, LONGEST_COMPLAINT)
        raise UsageError(f'{message[:1].upper()}{message[1:]}. Try "{self.prog} --help".')
