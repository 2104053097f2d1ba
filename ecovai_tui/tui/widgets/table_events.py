"""What the table tells the screen: where its cursor is, and what was clicked."""

from __future__ import annotations

from textual.message import Message

from ecovai_tui.tasks.selection import SortKey


class CursorMoved(Message):
    """Another task or another clip is under the cursor; the id is None in an empty table."""

    def __init__(self, id_: str | None, clip_index: int) -> None:
        super().__init__()
        self.id = id_
        self.clip_index = clip_index


class Activated(Message):
    """The task was chosen by a double click."""

    def __init__(self, id_: str) -> None:
        super().__init__()
        self.id = id_


class SortRequested(Message):
    """The header of a column was clicked."""

    def __init__(self, key: SortKey) -> None:
        super().__init__()
        self.key = key
