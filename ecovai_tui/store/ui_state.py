"""What the program remembers by itself of how it was left: one small file, lost without harm."""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from ecovai_tui.store.files import replace_file
from ecovai_tui.tasks.selection import Order, SortKey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_BYTES = 65_536
"""A longer file is not one of ours."""

_Value = TypeVar("_Value")


class UiState(NamedTuple):
    """How the user left the screen."""

    themes: Mapping[str, str] = MappingProxyType({})
    """The theme picked on terminals of each depth of colours: what suits one is unreadable on another."""
    order: Order = Order()
    panel: bool = True
    """Whether the panel is shown."""
    tab: str = ""
    """The page of the panel, "" for the first."""

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
    }


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            found: object = json.loads(file.read(MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _sort_key(found: object) -> SortKey:
    return next((key for key in SortKey if key == found), SortKey.WHEN)


def _typed(found: object, kind: type[_Value], *, default: _Value) -> _Value:
    return found if isinstance(found, kind) else default
