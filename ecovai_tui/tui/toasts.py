"""What is said aloud, in the place of the footer, where it covers no text: the newest, and a warning beside it."""

from __future__ import annotations

from typing import NamedTuple

from ecovai_tui.tui.announcements import Gravity
from ecovai_tui.tui.pages.lines import Line, Span, Tone

SHOWN_FOR = 5.0
"""Seconds for which something is said at least; a warning then stays until a key is pressed."""


class Toast(NamedTuple):
    """One thing that is said."""

    text: str
    title: str = ""
    gravity: Gravity = "information"

    @property
    def line(self) -> Line:
        """All of it in one line."""
        grave = self.gravity != "information"
        text = Span("  ".join(self.text.split("\n")), Tone.ALERT if grave and not self.title else Tone.PLAIN)
        return Line((Span(f"{self.title}  ", Tone.ALERT if grave else Tone.STRONG), text) if self.title else (text,))


class Toasts:
    """What stands: no warning gives way to small talk before anybody had the time to read it, but to a newer one."""

    def __init__(self) -> None:
        self._warning: Toast | None = None
        self._small_talk: Toast | None = None
        self._old = False
        """Whether the time of all that stands is over."""

    @property
    def lines(self) -> list[Line]:
        """What is said, a line each."""
        return [toast.line for toast in (self._warning, self._small_talk) if toast]

    def add(self, toast: Toast) -> None:
        """Say this, in place of what was said last of its sort."""
        self._old = False
        if toast.gravity == "information":
            self._small_talk = toast
        else:
            self._warning = toast

    def grow_old(self) -> None:
        """Let small talk go: its time is over."""
        self._small_talk, self._old = None, True

    def take_key(self) -> bool:
        """Let a warning go that has stood long enough, as a key tells that somebody is there; return whether it did."""
        if not self._old or self._warning is None:
            return False
        self._warning = None
        return True
