"""What each action of the registry does: one function per action, in one module per group."""

from __future__ import annotations

from ecovai_tui.tui.performers import act, find, leave, move, panel, take, view
from ecovai_tui.tui.performers.registry import PERFORMERS

__all__ = ["PERFORMERS", "act", "find", "leave", "move", "panel", "take", "view"]
