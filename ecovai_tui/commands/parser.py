"""argparse in our manner: errors are exceptions with one sentence, help has examples, nothing is abbreviated."""

from __future__ import annotations

import argparse
from typing import NoReturn

from ecovai_tui.commands.options import add_options

PROGRAM = "ecovai-tui"


class UsageError(Exception):
    """The command line cannot be meant; the text says why and what to write instead."""


class Parser(argparse.ArgumentParser):
    """A parser of one command with the shared options."""

    def __init__(self, command: str, *, usage: str | None = None, description: str, examples: str) -> None:
        name = f"{PROGRAM} {command}".strip()
        super().__init__(
            prog=name,
            usage=usage,
            description=description,
            epilog=examples.strip("\n"),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        add_options(self)

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        raise UsageError(f'{message[:1].upper()}{message[1:]}. Try "{self.prog} --help".')
