"""The ordered ids of the table and the cursor, which stays on its id whatever is sorted, filtered or removed."""

from __future__ import annotations

from collections.abc import Sequence


class Listing:
    """Ids in their order, and the index of the one under the cursor."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.cursor = 0
        self._former: Sequence[str] = ()
        """The ids from before the list became empty, in which the cursor still has its place."""
        self._held: str | None = None
        """The id to which the cursor comes back whenever it is there."""

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def cursor_id(self) -> str | None:
        """The id under the cursor, None in an empty list."""
        return self.ids[self.cursor] if self.ids else None

    def id_at(self, index: int) -> str | None:
        """Return the id at an index, None where there is none."""
        return self.ids[index] if 0 <= index < len(self.ids) else None

    def index_of(self, id_: str) -> int | None:
        """Return where an id stands, None where it does not."""
        try:
            return self.ids.index(id_)
        except ValueError:
            return None

    def move_to(self, index: int) -> None:
        """Put the cursor on an index, or on the nearest one that there is, and hold no other id any more."""
        if self.ids:
            self._held = None
            self.cursor = self._nearest(index)

    def hold(self) -> None:
        """Let the cursor come back to its id whenever that is there, until it is moved or let go."""
        self._held = self.cursor_id or self._held

    def let_go(self) -> None:
        """Let the cursor stay wherever it is."""
        self._held = None

    def replace(self, order: Sequence[str]) -> None:
        """Take new ids; the cursor stays on its id, else it goes to the next one below that is left, else above.

        Its place outlasts an empty list.
        """
        before = self.ids or self._former
        self.ids = list(order)
        if not self.ids:
            self._former = before
            return
        held = None if self._held is None else self.index_of(self._held)
        self.cursor = self._nearest(self.heir(before, self.cursor) if held is None else held)

    def heir(self, before: Sequence[str], index: int) -> int:
        """Return where the id at an index of a former order is now, or the next one below it that is left, or above."""
        if not before or before[index] == self.id_at(index):
            return index
        if (kept := self.index_of(before[index])) is not None:
            return kept
        places = {id_: place for place, id_ in enumerate(self.ids)}
        candidates = (*before[index:], *reversed(before[:index]))
        return next((places[id_] for id_ in candidates if id_ in places), index)

    def _nearest(self, index: int) -> int:
        return max(0, min(index, len(self.ids) - 1))
