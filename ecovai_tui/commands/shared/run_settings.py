"""What the commands that ask the gateway share: settings, the key, the words for trouble and its exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from ecovai_tui.commands.shared.command_line import chosen_watch_list, find_key_rules
from ecovai_tui.commands.shared.errors import ExitCode
from ecovai_tui.commands.shared.output import on_terminal
from ecovai_tui.store.configured import Flags
from ecovai_tui.store.files import anchored
from ecovai_tui.store.settings import load_settings
from ecovai_tui.tasks.times import coarse_duration

if TYPE_CHECKING:
    from argparse import Namespace

    from ecovai_tui.gateway.errors import GatewayError
    from ecovai_tui.store.credentials import Secret
    from ecovai_tui.store.paths import Paths
    from ecovai_tui.store.settings import Settings


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
        log=anchored(arguments.log, "--log") if arguments.log else None,
    )


def read_settings(arguments: Namespace, paths: Paths) -> Settings:
    """Read the settings of this run; raises SettingsError."""
    return load_settings(flags_of(arguments), os.environ, paths, find_key_rules)


def find_key(settings: Settings) -> Secret:
    """Return the key; a command that gives it may talk to the human if one sits at the terminal."""
    from ecovai_tui.store.key_command import obtain_key  # noqa: PLC0415 - most commands need no key

    return obtain_key(settings, interactive=on_terminal(sys.stdin))


def code_of(error: GatewayError) -> ExitCode:
    """Return the exit code of trouble with the gateway."""
    from ecovai_tui.gateway.errors import KEY_PROBLEMS  # noqa: PLC0415 - needed only when something is wrong

    return ExitCode.KEY if error.problem in KEY_PROBLEMS else ExitCode.GATEWAY


def explained(error: GatewayError) -> str:
    """Return what happened, with the server's own wish and words and the request's id where there are any."""
    told = [error.message]
    if error.retry_after:
        told.append(f"It asks to be left alone for {coarse_duration(error.retry_after)}.")
    if error.detail:
        told.append(f"Details: {error.detail}")
    if error.request_id:
        told.append(f"Request id: {error.request_id}")
    return "\n  ".join(told)
