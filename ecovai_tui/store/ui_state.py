"""What the program remembers by itself of how it was left: one small file, lost without harm."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from ecovai_tui.store.files import replace_file
from ecovai_tui.tasks.selection import Order, SortKey

MOST_BYTES = 65_536
"""A longer file is not one of ours."""

MOST_KINDS = 3
"""Kinds of ignored input that are remembered."""

LAST_MOMENT = 253_402_300_799
"""The last second of the year 9999, in Unix seconds: later ones have no date."""

_Value = TypeVar("_Value")


class IgnoredInput(NamedTuple):
    """What the terminal sent in one run that is no key."""

    number: int = 0
    such_as: tuple[str, ...] = ()
    """Some kinds of it, each once."""
    at: float = 0.0
    """When the last of it came (Unix seconds)."""

    def with_one(self, kind: str, now: float) -> IgnoredInput:
        """Return the count and examples with one more."""
        fresh = kind not in self.such_as and len(self.such_as) < MOST_KINDS
        return IgnoredInput(self.number + 1, (*self.such_as, kind) if fresh else self.such_as, now)


class UiState(NamedTuple):
    """How the user left the screen."""

    themes: Mapping[str, str] = MappingProxyType({})
    """The theme picked on terminals of each depth of colours: what suits one is unreadable on another."""
    order: Order = Order()
    panel: bool = True
    """Whether the panel is shown."""
    tab: str = ""
    """The page of the panel, "" for the first."""
    ignored: IgnoredInput = IgnoredInput()
    """That of the last run which had any."""

    def with_theme(self, depth: str, theme: str) -> UiState:
        """Return the same state with another theme for a depth of colours."""
        return self._replace(themes={**self.themes, depth: theme})


def read_ui_state(path: Path | None) -> UiState:
    """Return what was remembered; whatever cannot be read, or was never ours, counts as nothing remembered."""
    found = _read(path) if path is not None else {}
    themes = found.get("themes")
    return UiState(
        themes={name: theme for name, theme in themes.items() if isinstance(theme, str)}
        if isinstance(themes, dict)
        else {},
        order=Order(_sort_key(found.get("sort")), _typed(found.get("reverse"), bool, default=False)),
        panel=_typed(found.get("panel"), bool, default=True),
        tab=_typed(found.get("tab"), str, default=""),
        ignored=_read_ignored(found.get("ignored")),
    )


def remember(path: Path, before: UiState, after: UiState) -> None:
    """Write down what became different since ``before``; what other panes wrote of the rest stays. Raises StoreError.

    Nothing is written where nothing differs.
    """
    news = {name: value for name, value in _told(after).items() if value != _told(before)[name]}
    if not news:
        return
    found = _read(path)
    if "themes" in news:
        old = found.get("themes")
        news["themes"] = {**(old if isinstance(old, dict) else {}), **after.themes}
    replace_file(path, json.dumps({**found, **news}, indent=2).encode() + b"\n")


def _told(state: UiState) -> dict[str, object]:
    return {
        "themes": dict(state.themes),
        "sort": state.order.key.value,
        "reverse": state.order.reverse,
        "panel": state.panel,
        "tab": state.tab,
        "ignored": {"number": state.ignored.number, "such_as": [*state.ignored.such_as], "at": round(state.ignored.at)},
    }


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            found: object = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _read_ignored(found: object) -> IgnoredInput:
    if not isinstance(found, dict):
        return IgnoredInput()
    kinds = _typed(found.get("such_as"), list, default=[])
    return IgnoredInput(
        max(_typed(found.get("number"), int, default=0), 0),
        tuple(kind for kind in kinds[:MOST_KINDS] if isinstance(kind, str)),
        float(min(max(_typed(found.get("at"), int, default=0), 0), LAST_MOMENT)),
    )


def _sort_key(found: object) -> SortKey:
    return next((key for key in SortKey if key == found), SortKey.WHEN)


def _typed(found: object, kind: type[_Value], *, default: _Value) -> _Value:
    return found if isinstance(found, kind) else default
