"""When each of very many is due: the earliest are at hand without a look at all the others."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import count
from typing import NamedTuple

SPARE = 100
"""Outdated items that are kept in any case before all of them are cleared away."""


class _Item(NamedTuple):
    due: float
    number: int
    """Of two that are due at once, the one that was put in first comes first."""
    name: str


class Agenda:
    """Names by the moment at which they are due; a name that is put in again leaves its old item to be skipped."""

    def __init__(self) -> None:
        self._current: dict[str, _Item] = {}
        self._heap: list[_Item] = []
        self._numbers = count()

    def put(self, name: str, due: float) -> None:
        """Make a name due at a moment, whenever it was due before."""
        known = self._current.get(name)
        if known is not None and known.due == due:
            return
        item = _Item(due, next(self._numbers) if known is None else known.number, name)
        self._current[name] = item
        heappush(self._heap, item)
        self._tidy_if_crowded()

    def drop(self, name: str) -> None:
        """Forget a name."""
        self._current.pop(name, None)
        self._tidy_if_crowded()

    def hurry(self, now: float) -> None:
        """Make everything due that is not yet."""
        self._current = {
            name: item if item.due <= now else item._replace(due=now) for name, item in self._current.items()
        }
        self._tidy()

    def first(self) -> float | None:
        """Return the earliest moment at which a name is due; None where there is none."""
        while self._heap and self._outdated(self._heap[0]):
            heappop(self._heap)
        return self._heap[0].due if self._heap else None

    def earliest(self, until: float, most: int) -> list[str]:
        """Return at most so many of the names that are due until a moment, those first that wait longest."""
        found: dict[str, _Item] = {}
        while len(found) < most and (due := self.first()) is not None and due <= until:
            item = heappop(self._heap)
            found[item.name] = item
        for item in found.values():
            heappush(self._heap, item)
        return list(found)

    def _outdated(self, item: _Item) -> bool:
        return self._current.get(item.name) != item

    def _tidy_if_crowded(self) -> None:
        if len(self._heap) > 2 * len(self._current) + SPARE:
            self._tidy()

    def _tidy(self) -> None:
        self._heap = list(self._current.values())
        heapify(self._heap)
