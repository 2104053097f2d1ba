"""The bare command: its options, and whether a screen can be drawn at all."""

from __future__ import annotations

import os
import sys

from ecovai_tui.commands.shared.command_line import PROGRAM, Parser, UsageError
from ecovai_tui.commands.shared.output import on_terminal
from ecovai_tui.commands.shared.registry import COMMANDS
from ecovai_tui.terminal.capabilities import Capabilities, read_capabilities

_USAGE = f"{PROGRAM} [OPTIONS] [ID ...]\n       {PROGRAM} [OPTIONS] COMMAND ..."
_EXAMPLES = """
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
  6 an id is not known to the gateway · 130 interrupted
  70 a fault of the program · 141 the reader of the output has gone
"""


def make_parser() -> Parser:
    """Return the parser of the bare command."""
    commands = "\n".join(f"  {name:<12}{meaning}" for name, meaning in COMMANDS.items())
    description = "Watch asynchronous Suno tasks on Ecovai and gateways of its kind."
    parser = Parser("", usage=_USAGE, description=description, examples=_EXAMPLES.format(commands=commands))
    parser.add_argument("ids", metavar="ID", nargs="*", help="put this task on the watch list first")
    parser.add_argument("--demo", action="store_true", help="show a practice gateway: no key, no network needed")
    return parser


def check_terminal() -> Capabilities:
    """Return what the terminal can do; raises UsageError if no screen can be drawn there."""
    instead = (
        "To use it in scripts and pipes: ecovai-tui ls, ecovai-tui fetch, or ecovai-tui follow; "
        "to add ids from a pipe: ecovai-tui add -"
    )
    for stream, name in ((sys.stdout, "output"), (sys.stdin, "input"), (sys.stderr, "error, on which it draws,")):
        if not on_terminal(stream):
            raise UsageError(f"The monitor needs a terminal, and standard {name} is none. {instead}")
    capabilities = read_capabilities(os.environ, is_terminal=True, encoding=sys.stdout.encoding or "ascii")
    if capabilities.dumb:
        name = os.environ.get("TERM", "")
        raise UsageError(f'The monitor cannot draw on a terminal of TERM="{name}". {instead}')
    return capabilities
