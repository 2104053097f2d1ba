"""The setting of columns: which ones the list of tasks has, and in which order."""

from __future__ import annotations

from ecovai_tui.store.errors import SettingsError, quoted
from ecovai_tui.tasks.names import suggestion

COLUMN_NAMES = ("phase", "clips", "took", "title", "length", "label", "submitted", "model", "id")


def read_columns(value: object, place: str) -> tuple[str, ...]:
    """Return the names in a setting; raise SettingsError for what is no list of columns, or has one twice, or no title.

    ``place`` says where the setting stands.
    """
    where = f"{place}: columns"
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise SettingsError(f'{where} must be a list of names, such as ["phase", "took", "title"].')
    names = [str(name) for name in value]
    unknown = [name for name in names if name not in COLUMN_NAMES]
    if unknown:
        raise SettingsError(
            f"{where}: no column is called {quoted(unknown[0])}. {suggestion(unknown[0], COLUMN_NAMES)}"
        )
    if len(set(names)) < len(names):
        raise SettingsError(f"{where} names a column twice.")
    if "title" not in names:
        raise SettingsError(f'{where} has no "title", the one that takes the room that is left.')
    return tuple(names)
