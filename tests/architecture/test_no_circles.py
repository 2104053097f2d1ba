"""Messages go up and calls go down: no module of the TUI is reached again from what it imports."""

from __future__ import annotations

import house

CHECKED = "ecovai_tui.tui"


def test_no_circles() -> None:
    assert [group for group in house.circles() if any(name.startswith(CHECKED) for name in group)] == []
