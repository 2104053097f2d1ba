"""``ecovai-tui config``: where the settings are, what they say, whether they are sound, and a first file of them."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from contextlib import nullcontext
from pathlib import Path

from ecovai_tui.commands.shared.output import ExitCode, say, write, write_json, write_table
from ecovai_tui.commands.shared.run_settings import read_settings
from ecovai_tui.language import in_english, later, tr
from ecovai_tui.store.errors import SettingsError, quoted, shown_path, store_error
from ecovai_tui.store.files import Paths, find_paths, is_there, make_directory
from ecovai_tui.store.settings import SettingLine, Settings, describe_settings
from ecovai_tui.view.theme_choice import find_themes

TEMPLATE = later("""\
# The settings of ecovai-tui. The program reads this file and never writes it.
# A line that begins with "#" is not in force: take the sign away to use it. What stands behind it is the default,
# unless it is an example. ecovai-tui config check says what is wrong, ecovai-tui config show what is in force.

# The gateway, and the key that belongs to it: one of the two ways to give it, or ECOVAI_API_KEY in the environment.
#base_url = "https://api.ecovai.cn"
#api_key_command = "pass show ecovai"      # an example; the first line that it prints is the key
#api_key = "sk-..."                        # only in a file of mode 0600

# How often the gateway is asked.
#interval = 5                              # seconds between two polls of a young task, 2 to 3600
#max_requests_per_minute = 30              # 1 to 30, however many panes are open

# What you see and hear.
#theme = "ecovai-dark"                     # ecovai-tui themes lists them; without it, the one picked with t
#columns = ["phase", "took", "title"]      # an example; also clips, length, label, submitted, model, id
#notify = "bell"                           # when a task becomes final: "bell", "desktop" or "off"
#quiet_hours = "22:00-07:00"               # an example; neither a bell nor a hook then
#language = "auto"                         # "en", "zh-CN", or as the locale says
#mouse = true
#ascii = false                             # signs and lines in plain ASCII; without it, as the terminal can
#slow_link = false                         # times by the minute, fewer paints
#pictures = "auto"                         # or "blocks", "kitty", "sixel", "off"; without it "auto", over SSH "off"
#readonly = false                          # change nothing: no key adds, removes or labels
#quota = true                              # what is left to the key in the status bar, asked every ten minutes at most

# What is kept of finished songs: with D, ecovai-tui download and wait --download.
#download_dir = "~/Music/ecovai-tui"       # without it: ecovai-tui in $XDG_MUSIC_DIR or ~/Music
#download_name = "{title}-{clip}"          # {title} {clip} {task} {label} {model} {date} {n}
#artist = "Ada"                            # an example; the name that stands in the tags
#auto_download = false                     # keep each song as soon as it is done
#player = "mpv --no-video"                 # what P plays with; without it mpv, ffplay or vlc, whichever is there

# How the gateway is reached.
#ca_file = "company-ca.pem"                # an example; certificates beside those of the system
#allow_http = false                        # a gateway without encryption that is not on this machine

# Programs of yours that are run when something happens: on "final", "failed" or "downloaded". No shell runs them.
#[[hooks]]
#on = "downloaded"
#command = ["notify-send", "{title}"]      # an example; {id} {label} {phase} {reason} {model} {clip} {path} {event}

# Keys: the names of the actions are told by ecovai-tui keys.
#[keys]
#refresh = "r,f5"
#"filter.failed-today" = "F"               # an example; the key of a filter of yours

# Filters of your own, shown among all actions: what is typed behind /, with a name.
#[filters]
#failed-today = "phase:failed age<1d"      # an example

# Commands of your own on keys, run without a shell for each marked task; what stands in braces is as in hooks.
#[commands]
#to-phone = "scp {path} phone:Music/"      # an example; its key is "command.to-phone" above

# A profile is a gateway with its own key, its own watch list and its own settings: ecovai-tui --profile work
#[profiles.work]
#base_url = "https://gateway.example"
#api_key_command = "pass show work"
""")


def write_template(path: Path) -> None:
    """Write the template where no file is yet, for the user alone (mode 0600).

    Raises SettingsError where there is one, which stays as it is, or where none can be written.
    """
    try:
        make_directory(path.parent)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SettingsError(tr("{path} is there already, and stays as it is.", path=shown_path(path))) from None
    except OSError as error:
        raise SettingsError(str(store_error("write", path, error))) from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(tr(TEMPLATE))


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
