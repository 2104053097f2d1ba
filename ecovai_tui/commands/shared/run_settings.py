"""The settings and the key of one run, from its arguments."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ecovai_tui.commands.shared.command_line import chosen_watch_list, find_key_rules
from ecovai_tui.commands.shared.output import on_terminal
from ecovai_tui.store.credentials import Secret
from ecovai_tui.store.files import anchored
from ecovai_tui.store.key_command import obtain_key
from ecovai_tui.store.paths import Paths
from ecovai_tui.store.settings import Flags, Settings, load_settings

if TYPE_CHECKING:
    from argparse import Namespace


def flags_of(arguments: Namespace) -> Flags:
    """Return the shared options as the settings take them."""
    return Flags(
        profile=arguments.profile,
        base_url=arguments.base_url,
        interval=arguments.interval,
        theme=arguments.theme,
        watchlist=chosen_watch_list(arguments),
        ascii=arguments.ascii,
        no_mouse=arguments.no_mouse,
        slow_link=arguments.slow_link,
        readonly=arguments.readonly,
        log=anchored(arguments.log, "--log") if arguments.log else None,
    )


def read_settings(arguments: Namespace, paths: Paths) -> Settings:
    """Read the settings of this run; raises SettingsError."""
    return load_settings(flags_of(arguments), os.environ, paths, find_key_rules)


def find_key(settings: Settings) -> Secret:
    """Return the key; a command that gives it may talk to the human if one sits at the terminal."""
    return obtain_key(settings, interactive=on_terminal(sys.stdin))


def settings_and_ids(arguments: Namespace, paths: Paths) -> tuple[Settings, tuple[str, ...]]:
    """Return what a command that asks begins with: how to ask, and for which tasks; raises what reading these does."""
    from ecovai_tui.commands.shared.target_ids import chosen_ids  # noqa: PLC0415 - the monitor needs no patterns

    settings = read_settings(arguments, paths)
    return settings, chosen_ids(arguments.ids, settings.watchlist)
