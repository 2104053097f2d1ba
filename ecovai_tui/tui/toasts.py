"""Toasts, one at a time: Textual lets them pile up, and leaves the places of those that it takes away as gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets._toast import ToastHolder, ToastRack

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen


def end_small_talk(app: App[int]) -> None:
    """Take away what was said only for information; warnings and errors stay for their time."""
    for said in [said for said in app._notifications if said.severity == "information"]:  # noqa: SLF001  # no public way
        app._unnotify(said, refresh=False)  # noqa: SLF001  # as above
    standing = {ToastRack._toast_id(said) for said in app._notifications}  # noqa: SLF001  # as above
    for holder in app.screen.query(ToastHolder):
        if holder.id not in standing:
            holder.remove()


def take_down(screen: Screen[None]) -> None:
    """Take all toasts off a screen; another may show those whose time is not over."""
    screen.query(ToastHolder).remove()
