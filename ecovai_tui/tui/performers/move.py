"""Moving: the cursor of the table, or the page of the panel when that has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ecovai_tui.tui.pages.travel import STEPS
from ecovai_tui.tui.performers.registry import Performer, performs

if TYPE_CHECKING:
    from ecovai_tui.tui.screens.main import MainScreen


def mover(action_id: str) -> Performer:
    """Return what performs one of the moving actions."""
    step = STEPS[action_id]

    def move(screen: MainScreen) -> None:
        if screen.panel_focused:
            screen.panel.page.move(step(screen.panel.page.size.height))
        else:
            screen.table.move(step(screen.table.page_rows))

    return move


for moving_id in STEPS:
    performs(moving_id)(mover(moving_id))
