"""``ecovai-tui themes``: list the colour themes, or print one to begin an own one with."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace

from ecovai_tui.commands.shared.output import ExitCode, say, write, write_json, write_table
from ecovai_tui.language import later, tr
from ecovai_tui.store.files import find_paths
from ecovai_tui.view.theme_choice import find_themes, theme_text
from ecovai_tui.view.theme_file import ThemeFile

EXAMPLES = later("""
examples:
  ecovai-tui themes
  ecovai-tui --theme ecovai-light
  ecovai-tui themes --print ecovai-dark > ~/.config/ecovai-tui/themes/mine.toml

A theme of your own is a TOML file in the folder themes beside config.toml,
whose place ecovai-tui config path prints. The themes of Textual can be named as
well; in the monitor, t lists all of them.
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=tr("list as JSON"))
    parser.add_argument("--print", metavar="NAME", dest="name", help=tr("print the file of one theme"))


def run(arguments: Namespace) -> ExitCode:
    """List the themes, and report files that are none; or print one of them."""
    folder = find_paths(os.environ).theme_dir
    if arguments.name is not None:
        write(theme_text(arguments.name, folder).rstrip("\n"))
        return ExitCode.WELL
    found = find_themes(folder)
    themes = sorted(found.themes.values(), key=lambda theme: theme.name)
    if arguments.json:
        write_json([{"name": theme.name, "dark": theme.dark, "ansi": theme.ansi} for theme in themes])
    else:
        write_table((tr("Name"), tr("For")), [(theme.name, _background(theme)) for theme in themes])
    for problem in found.problems:
        say(str(problem))
    return ExitCode.USAGE if found.problems else ExitCode.WELL


def _background(theme: ThemeFile) -> str:
    if theme.ansi:
        return tr("the terminal's own 16 colours")
    return tr("a dark background") if theme.dark else tr("a light background")
