"""How far each moving action goes, for the table and for any page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

FAR = 1_000_000_000
"""More lines than there are."""

STEPS: Mapping[str, Callable[[int], int]] = {
    "down": lambda _height: 1,
    "up": lambda _height: -1,
    "first": lambda _height: -FAR,
    "last": lambda _height: FAR,
    "half-down": lambda height: max(1, height // 2),
    "half-up": lambda height: -max(1, height // 2),
    "page-down": lambda height: max(1, height - 1),
    "page-up": lambda height: -max(1, height - 1),
}
"""By the id of the action: lines downwards, given the height of the window in lines."""
