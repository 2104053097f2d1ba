"""The mapping from an action's id to the function that performs it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ecovai_tui.tui.screens.main import MainScreen

Performer = Callable[["MainScreen"], Awaitable[None] | None]

PERFORMERS: dict[str, Performer] = {}
"""Filled by the modules beside this one."""


def performs(action_id: str) -> Callable[[Performer], Performer]:
    """Register a function as what performs an action."""

    def register(performer: Performer) -> Performer:
        PERFORMERS[action_id] = performer
        return performer

    return register
