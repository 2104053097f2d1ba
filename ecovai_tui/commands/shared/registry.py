"""The commands: what each is for, its module, which is imported only when it is named, and the bare command."""

from __future__ import annotations

from argparse import Namespace
from importlib import import_module
from typing import Protocol, cast

from ecovai_tui.commands.shared.command_line import PROGRAM, Parser
from ecovai_tui.commands.shared.errors import ExitCode
from ecovai_tui.language import later, tr

COMMANDS = {
    "submit": later("make something with one paid request, and watch it"),
    "receipts": later("list what was submitted and what became of it"),
    "add": later("put ids on the watch list, also those found in what is piped in"),
    "rm": later("take ids off the watch list"),
    "ls": later("list what is watched, without asking the gateway"),
    "fetch": later("ask the gateway once, now"),
    "follow": later("print a line for every change"),
    "wait": later("wait until tasks are final; the exit code tells how they ended"),
    "download": later("keep the files of finished tasks, whole, tagged and never twice"),
    "status": later("the counts by phase, without asking the gateway; for status lines"),
    "prune": later("take finished, missing or old tasks off the watch list"),
    "export": later("write out all that is known as JSON, CSV or Markdown"),
    "simulate": later("serve a practice gateway on this machine"),
    "config": later("where the settings are, what they say, and whether they are sound"),
    "doctor": later("look for what could be wrong: settings, files, terminal, gateway"),
    "themes": later("list the colour themes"),
    "keys": later("list the keys of the monitor"),
    "completion": later("print the completion for bash, zsh or fish"),
}
"""What each command is for, in the order in which ``--help`` lists them."""

CHANGING = frozenset({"add", "rm", "prune"})
"""The commands that do nothing but change the watch list."""


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


_USAGE = f"{PROGRAM} [OPTIONS] [ID ...]\n       {PROGRAM} [OPTIONS] COMMAND ..."
_EXAMPLES = later("""
commands:
{commands}
  Each has a --help of its own.

examples:
  ecovai-tui --demo
  ecovai-tui 346c5d10-a4a1-4f49-a851-66a7dae6cfaf
  curl ... /suno/submit/music ... | ecovai-tui add -
  ecovai-tui --profile work

exit codes:
  0 well · 1 a task that was waited for failed · 2 usage, settings or files
  3 network or gateway · 4 time ran out · 5 key refused or used up
  6 an id is not known to the gateway · 7 nobody knows what became of a
  submission, which may have been charged · 130 interrupted
  70 a fault of the program · 141 the reader of the output has gone
""")


def make_parser() -> Parser:
    """Return the parser of the bare command."""
    commands = "\n".join(f"  {name:<12}{tr(meaning)}" for name, meaning in COMMANDS.items())
    description = tr("Watch asynchronous Suno tasks on Ecovai and gateways of its kind.")
    parser = Parser("", usage=_USAGE, description=description, examples=tr(_EXAMPLES, commands=commands))
    parser.add_argument("ids", metavar="ID", nargs="*", help=tr("put this task on the watch list first"))
    parser.add_argument("--demo", action="store_true", help=tr("show a practice gateway: no key, no network needed"))
    return parser
