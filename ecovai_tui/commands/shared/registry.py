"""The table of commands: what each is for in one line, and its module, which is imported only when it is named."""

from __future__ import annotations

from argparse import Namespace
from importlib import import_module
from typing import Protocol, cast

from ecovai_tui.commands.shared.command_line import Parser
from ecovai_tui.commands.shared.errors import ExitCode

COMMANDS = {
    "add": "put ids on the watch list, also those found in what is piped in",
    "rm": "take ids off the watch list",
    "ls": "list what is watched, without asking the gateway",
    "fetch": "ask the gateway once, now",
    "follow": "print a line for every change",
    "wait": "wait until tasks are final; the exit code tells how they ended",
    "status": "the counts by phase, without asking the gateway; for status lines",
    "prune": "take finished, missing or old tasks off the watch list",
    "export": "write out all that is known as JSON, CSV or Markdown",
    "simulate": "serve a practice gateway on this machine",
    "config": "where the settings are, what they say, and whether they are sound",
    "doctor": "look for what could be wrong: settings, files, terminal, gateway",
    "themes": "list the colour themes",
    "keys": "list the keys of the monitor",
    "completion": "print the completion for bash, zsh or fish",
}
"""What each command is for, in the order in which ``--help`` lists them."""


class Command(Protocol):
    """What the module of a command offers."""

    EXAMPLES: str

    def configure(self, parser: Parser) -> None:
        """Declare the arguments."""

    def run(self, arguments: Namespace) -> ExitCode:
        """Do it."""


def find_command(name: str) -> Command:
    """Import the module of a command."""
    return cast("Command", import_module(f"ecovai_tui.commands.{name}"))
