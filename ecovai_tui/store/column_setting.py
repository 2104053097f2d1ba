"""The setting of columns: which ones the list of tasks has, and in which order."""

from __future__ import annotations

from ecovai_tui.language import sentences, tr
from ecovai_tui.store.errors import SettingsError, quoted
from ecovai_tui.tasks.names import suggestion

COLUMN_NAMES = ("phase", "clips", "took", "title", "length", "label", "submitted", "model", "id")


def read_columns(value: object, place: str) -> tuple[str, ...]:
    """Return the names in a setting; raise SettingsError for what is no list of columns, or has one twice, or no title.

    ``place`` says where the setting stands.
    """
    where = tr("{place}: columns", place=place)
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        told = tr('{where} must be a list of names, such as ["phase", "took", "title"].', where=where)
        raise SettingsError(told)
    names = [str(name) for name in value]
    unknown = [name for name in names if name not in COLUMN_NAMES]
    if unknown:
        told = tr("{where}: no column is called {name}.", where=where, name=quoted(unknown[0]))
        raise SettingsError(sentences(told, suggestion(unknown[0], COLUMN_NAMES)))
    if len(set(names)) < len(names):
        raise SettingsError(tr("{where} names a column twice.", where=where))
    if "title" not in names:
        told = tr('{where} has no "title", the one that takes the room that is left.', where=where)
        raise SettingsError(told)
    return tuple(names)
