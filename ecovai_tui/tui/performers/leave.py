"""Going back, and leaving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.tui.performers.registry import performs

if TYPE_CHECKING:
    from ecovai_tui.tui.screens.main import MainScreen


@performs("back")
def back(screen: MainScreen) -> None:
    """Go one step back; never leave."""
    screen.go_back()


@performs("suspend")
def suspend(screen: MainScreen) -> None:
    """Stop the process, as other programs do, until the shell continues it."""
    screen.app.action_suspend_process()


@performs("quit")
def leave(screen: MainScreen) -> None:
    """Leave the program."""
    screen.app.leave()


@performs("quit-anywhere")
def leave_from_anywhere(screen: MainScreen) -> None:
    """Leave the program, also from a dialog."""
    screen.app.leave()
