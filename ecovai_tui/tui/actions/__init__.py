"""What each action of the registry does: one function per action, in one module per group."""

from __future__ import annotations

from ecovai_tui.tui.actions import act, navigation, take, view
from ecovai_tui.tui.actions.handlers import HANDLERS

__all__ = ["HANDLERS", "act", "navigation", "take", "view"]
