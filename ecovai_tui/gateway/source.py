"""The gateway's own object as clean JSON text, for the eyes of people and for the replica."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import takewhile

from ecovai_tui.tasks.text import clean_text

DEEPEST = 24
LARGEST = 400_000
"""Characters kept of one object; a task with two songs has about 6,000."""

LEFT_OUT = "…"
"""Stands where something was too deep or too much."""


def source_of(raw: object) -> str:
    """Return the object as JSON text of one line, every string in it clean, its depth and size bounded."""
    return json.dumps(_Cleaner().clean(raw), ensure_ascii=False, allow_nan=False)


class _Cleaner:
    """Copies JSON values until its allowance of characters is used up."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = LARGEST

    def clean(self, value: object, depth: int = 0) -> object:
        """Return a copy that is safe to show; what goes too deep or beyond the allowance is left out of it."""
        self._left -= 4
        if isinstance(value, str):
            return self._text(value)
        if value is None or isinstance(value, bool | int | float):
            return value
        if depth >= DEEPEST or not isinstance(value, Mapping | list):
            return LEFT_OUT
        if isinstance(value, Mapping):
            pairs = takewhile(self._has_room, value.items())
            return {self._text(str(name)): self.clean(item, depth + 1) for name, item in pairs}
        return [self.clean(item, depth + 1) for item in takewhile(self._has_room, value)]

    def _text(self, value: str) -> str:
        text = clean_text(value)[: max(0, self._left)]
        self._left -= len(text)
        return text

    def _has_room(self, _item: object) -> bool:
        return self._left > 0
