"""The lines of the tasks that were lately in view: built when asked for, and again only where something differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from textual.cache import LRUCache

from ecovai_tui.interface.rows import RowContext, build_row
from ecovai_tui.tasks.model import TaskSummary, WatchedTask
from ecovai_tui.tui.widgets.table.lines import Composer, Line, RowState

KEPT = 500
"""Lines kept at most; a viewport has about 50."""

Lookup: TypeAlias = Callable[[str], WatchedTask | None]


class _Entry(NamedTuple):
    watched: WatchedTask | None
    context: RowContext
    state: RowState
    composer: Composer
    line: Line


class LineCache:
    """Keeps the line of each id with all that it was made from; those are compared by identity, which costs nothing."""

    def __init__(self) -> None:
        self._entries: LRUCache[str, _Entry] = LRUCache(KEPT)

    def line(
        self, id_: str, watched: WatchedTask | None, context: RowContext, state: RowState, composer: Composer
    ) -> Line:
        """Return the line of a task, or of an id of which nothing is known."""
        entry = self._entries.get(id_)
        if entry is not None and self._holds(entry, watched, context, composer) and entry.state == state:
            return entry.line
        line = composer.row(build_row(watched or WatchedTask(TaskSummary(id_)), context), state)
        self._entries.discard(id_)  # Textual's cache never puts another value in the place of one
        self._entries[id_] = _Entry(watched, context, state, composer, line)
        return line

    @staticmethod
    def _holds(entry: _Entry, watched: WatchedTask | None, context: RowContext, composer: Composer) -> bool:
        return entry.watched is watched and entry.context is context and entry.composer is composer
