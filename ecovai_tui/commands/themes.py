"""``ecovai-tui themes``: list the colour themes."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from ecovai_tui.commands.shared.errors import ExitCode
from ecovai_tui.commands.shared.output import say, write_json, write_table
from ecovai_tui.store.paths import find_paths
from ecovai_tui.view.theme_choice import find_themes
from ecovai_tui.view.theme_file import ThemeFile

EXAMPLES = """
examples:
  ecovai-tui themes
  ecovai-tui --theme ecovai-light

A theme of your own is a TOML file in the folder themes beside config.toml,
whose place ecovai-tui config path prints. The themes of Textual can be named as
well; in the monitor, t lists all of them.
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="list as JSON")


def run(arguments: Namespace) -> ExitCode:
    """List the themes, and report files that are none."""
    found = find_themes(find_paths(os.environ).theme_dir)
    themes = sorted(found.themes.values(), key=lambda theme: theme.name)
    if arguments.json:
        write_json([{"name": theme.name, "dark": theme.dark, "ansi": theme.ansi} for theme in themes])
    else:
        write_table(("Name", "For"), [(theme.name, _background(theme)) for theme in themes])
    for problem in found.problems:
        say(str(problem))
    return ExitCode.USAGE if found.problems else ExitCode.WELL


def _background(theme: ThemeFile) -> str:
    if theme.ansi:
        return "the terminal's own 16 colours"
    return "a dark background" if theme.dark else "a light background"
