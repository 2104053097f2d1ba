"""``ecovai-tui config``: where the settings are, what they say, and whether they are sound."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext

from ecovai_tui.commands.shared.errors import ExitCode
from ecovai_tui.commands.shared.output import say, write, write_json, write_table
from ecovai_tui.commands.shared.run_settings import read_settings
from ecovai_tui.language import in_english, later, tr
from ecovai_tui.store.errors import SettingsError, quoted, shown_path
from ecovai_tui.store.files import is_there
from ecovai_tui.store.paths import Paths, find_paths
from ecovai_tui.store.settings import SettingLine, Settings, describe_settings
from ecovai_tui.store.settings_template import write_template
from ecovai_tui.view.theme_choice import find_themes

EXAMPLES = later("""
examples:
  ecovai-tui config init
  $EDITOR "$(ecovai-tui config path)"
  ecovai-tui config check && echo sound
  ecovai-tui --profile work config show
""")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    words = tr(
        "write a commented file where none is · where it is · every value and where it comes from · what is wrong"
    )
    parser.add_argument("what", choices=("init", "path", "show", "check"), help=words)
    parser.add_argument("--json", action="store_true", help=tr("show as JSON"))


def run(arguments: Namespace) -> ExitCode:
    """Print what was asked for."""
    paths = find_paths(os.environ)
    if arguments.what in {"init", "path"}:
        if arguments.what == "init":
            write_template(paths.config_file)
        _print_path(str(paths.config_file), as_json=arguments.json)
    elif arguments.what == "show":
        settings = read_settings(arguments, paths)
        with in_english() if arguments.json else nullcontext():
            _show(describe_settings(settings), as_json=arguments.json)
    elif arguments.json:
        return _check_as_json(arguments, paths)
    else:
        for sentence in _checked(arguments, paths):
            say(sentence)
    return ExitCode.WELL


def _print_path(path: str, *, as_json: bool) -> None:
    if as_json:
        write_json({"path": path})
    else:
        write(path)


def _check_as_json(arguments: Namespace, paths: Paths) -> ExitCode:
    try:
        with in_english():
            sentences = _checked(arguments, paths)
    except SettingsError as error:
        write_json({"sound": False, "told": list(error.faults)})
        return ExitCode.USAGE
    write_json({"sound": True, "told": sentences})
    return ExitCode.WELL


def _checked(arguments: Namespace, paths: Paths) -> list[str]:
    """Return what is to be said of sound settings; raises SettingsError for others."""
    settings = read_settings(arguments, paths)
    remarks = check_settings(settings, paths)
    file = shown_path(settings.config_file)
    there = is_there(settings.config_file)
    told = [
        tr("The settings are sound: {file}", file=file)
        if there
        else tr("There is no {file}; the defaults apply.", file=file),
        *remarks,
    ]
    if not settings.has_key:
        told.append(
            tr("No key is set for {base_url}: only what is already known can be shown.", base_url=settings.base_url)
        )
    return told


def check_settings(settings: Settings, paths: Paths) -> tuple[str, ...]:
    """Check the theme, and return what cannot be checked here; raises SettingsError if its file has faults."""
    if settings.theme is None:
        return ()
    found = find_themes(paths.theme_dir)
    if problem := found.problem_of(settings.theme):
        raise SettingsError(*(f"{shown_path(problem.file or '')}: {fault}" for fault in problem.faults))
    if settings.theme in found.themes:
        return ()
    remark = tr(
        "The theme {theme} is none of those that ecovai-tui themes lists. If Textual has one of this "
        "name, the monitor takes it; if not, it says so and does not start.",
        theme=quoted(settings.theme),
    )
    return (remark,)


def _show(lines: tuple[SettingLine, ...], *, as_json: bool) -> None:
    if as_json:
        write_json({line.name: {"value": line.value, "source": line.source} for line in lines})
        return
    write_table((tr("Setting"), tr("Value"), tr("From")), [(line.name, line.value, tr(line.source)) for line in lines])
