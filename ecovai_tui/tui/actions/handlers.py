"""The mapping from an action's id to the function that handles it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecovai_tui.tui.main_screen import MainScreen


Handler = Callable[["MainScreen"], Awaitable[None] | None]

HANDLERS: dict[str, Handler] = {}
"""Filled by the modules beside this one."""


def performs(action_id: str) -> Callable[[Handler], Handler]:
    """Register a function as what performs an action."""

    def register(handler: Handler) -> Handler:
        HANDLERS[action_id] = handler
        return handler

    return register
