"""The table of tasks: an own widget on Textual's Line API, made for slow links."""

from ecovai_tui.tui.widgets.table.messages import Activated, CursorMoved, SortRequested
from ecovai_tui.tui.widgets.table.table import TaskTable

__all__ = ["Activated", "CursorMoved", "SortRequested", "TaskTable"]
