"""``ecovai-tui keys``: list the keys of the monitor, those of the settings included."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext

from ecovai_tui.commands.shared.output import ExitCode, write_json, write_table
from ecovai_tui.commands.shared.run_settings import read_settings
from ecovai_tui.language import in_english, later, tr
from ecovai_tui.store.files import find_paths
from ecovai_tui.view.actions import bound_actions

EXAMPLES = later("""
examples:
  ecovai-tui keys
  ecovai-tui keys --json | jq -r '.[] | select(.keys == []) | .action'

To bind a key, name the action in config.toml:
  [keys]
  refresh = "r,f5"
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=tr("list as JSON"))


def run(arguments: Namespace) -> ExitCode:
    """List every action with its keys."""
    settings = read_settings(arguments, find_paths(os.environ))
    with in_english() if arguments.json else nullcontext():
        actions = bound_actions(settings.keys, settings.filters, settings.commands, readonly=settings.readonly)
    if arguments.json:
        write_json([{"action": each.id, "keys": list(each.keys), "description": each.description} for each in actions])
        return ExitCode.WELL
    rows = [(" ".join(each.keys), each.id, tr(each.description)) for each in actions]
    write_table((tr("Keys"), tr("Action"), tr("What it does")), rows)
    return ExitCode.WELL
