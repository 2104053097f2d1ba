"""Calling the user who looks elsewhere: the bell, and notifications of the desktop through the terminal."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ecovai_tui.terminal.sequences import BELL, clean_field, command, through

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ecovai_tui.store.settings_table import Notify
    from ecovai_tui.terminal.capabilities import Capabilities

__all__ = ["BELL", "Notification", "call_user", "notification", "notification_way"]


class Notification(StrEnum):
    """How terminals take notifications."""

    OSC9 = "osc9"
    """iTerm2, WezTerm, Ghostty, kitty, Windows Terminal."""
    OSC777 = "osc777"
    """Ghostty, foot, WezTerm, urxvt, VTE of some distributions."""


def call_user(wish: Notify, title: str, body: str, capabilities: Capabilities, environment: Mapping[str, str]) -> bytes:
    """Return the bytes that call the user as they wish it: nothing, the bell, or the bell and a notification.

    A notification never goes without the bell, as nobody can tell whether it arrives: tmux drops it unless
    ``allow-passthrough`` is on, and many terminals know none.
    """
    if wish == "off" or not capabilities.terminal:
        return b""
    if wish == "bell":
        return BELL
    return BELL + notification(notification_way(environment), title, body, capabilities)


def notification_way(environment: Mapping[str, str]) -> Notification:
    """Tell which form the terminal takes; OSC 9 where it is not known, as the more widespread one."""
    term = environment.get("TERM", "").lower()
    takes_777 = term.startswith(("foot", "rxvt")) or bool(environment.get("VTE_VERSION"))
    return Notification.OSC777 if takes_777 else Notification.OSC9


def notification(way: Notification, title: str, body: str, capabilities: Capabilities) -> bytes:
    """Return the bytes that show a notification; empty where the terminal has none."""
    if capabilities.console or capabilities.dumb or not capabilities.terminal:
        return b""
    heading, text = (_field(part, capabilities) for part in (title, body))
    if way is Notification.OSC9:
        sequence = command(9, heading + b": " + text)
    else:
        sequence = command(777, b"notify", heading, text)
    return through(sequence, tmux=capabilities.tmux, screen=capabilities.screen)


def _field(text: str, capabilities: Capabilities) -> bytes:
    """Return a clean field without semicolons: they part fields, and OSC 9 reads ``4;…`` as a progress bar."""
    return clean_field(text.replace(";", ","), unicode=capabilities.encoding == "utf-8")
