"""Calling the user who looks elsewhere: the bell, and notifications of the desktop through the terminal."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ecovai_tui.terminal.sequences import BELL, clean_field, command, through

if TYPE_CHECKING:
    from ecovai_tui.terminal.capabilities import Capabilities

__all__ = ["BELL", "Notification", "notification"]


class Notification(StrEnum):
    """How terminals take notifications."""

    OFF = "off"
    OSC9 = "osc9"
    """iTerm2, WezTerm, Ghostty, kitty, Windows Terminal."""
    OSC777 = "osc777"
    """Ghostty, foot, WezTerm, urxvt, VTE of some distributions."""


def notification(way: Notification, title: str, body: str, capabilities: Capabilities) -> bytes:
    """Return the bytes that show a notification; empty where the terminal has none.

    tmux drops it unless ``allow-passthrough`` is on, so ring the bell as well.
    """
    if way is Notification.OFF or capabilities.console or capabilities.dumb or not capabilities.terminal:
        return b""
    heading, text = (_field(part, capabilities) for part in (title, body))
    if way is Notification.OSC9:
        sequence = command(9, heading + b": " + text)
    else:
        sequence = command(777, b"notify", heading, text)
    return through(sequence, tmux=capabilities.tmux, screen=capabilities.screen)


def _field(text: str, capabilities: Capabilities) -> bytes:
    """Return a clean field without semicolons: they part fields, and OSC 9 reads ``4;…`` as a progress bar."""
    return clean_field(text.replace(";", ","), unicode=capabilities.unicode)
