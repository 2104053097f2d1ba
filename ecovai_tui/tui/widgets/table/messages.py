"""What the table tells the app."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from ecovai_tui.tasks.selection import SortKey


@dataclass
class CursorMoved(Message):
    """Another task or another clip is under the cursor; the id is None in an empty table."""

    id: str | None
    clip_index: int


@dataclass
class Activated(Message):
    """The task was chosen by a double click."""

    id: str


@dataclass
class SortRequested(Message):
    """The header of a column was clicked."""

    key: SortKey
