"""What each action of the registry does: one function per action."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from ecovai_tui.tui.actions import screen, tasks

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


Handler: TypeAlias = "Callable[[MainScreen], Awaitable[None] | None]"

HANDLERS: Mapping[str, Handler] = {**screen.HANDLERS, **tasks.HANDLERS}
"""By the id of the action."""
