"""What the settings say of the list of tasks: its columns, and the table of saved filters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from ecovai_tui.language import sentences, tr
from ecovai_tui.store.errors import SettingsError, attempt, could_be_key, quoted, wrong_type
from ecovai_tui.tasks.filter import QueryError
from ecovai_tui.tasks.names import suggestion
from ecovai_tui.tasks.selection import query_of

FILTER = "filter."
"""Begins the name of the action that shows what a saved filter accepts; the filter's own name follows."""


def read_filters(table: Mapping[str, object], place: str, faults: list[str]) -> dict[str, str]:
    """Read a table of saved filters; those that cannot be used are faults, and left out."""
    found = {name: attempt(partial(_read_filter, name, text, place), faults) for name, text in table.items()}
    return {name: text for name, text in found.items() if text is not None}


def _read_filter(name: str, text: object, place: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,31}", name):
        raise SettingsError(
            tr("{place}: a filter's name is of small letters, digits, - and _, as in failed-today.", place=place)
        )
    if not isinstance(text, str):
        raise wrong_type(place, name, tr('a text such as "phase:failed age<1d"'), text)
    try:
        if query_of(text) is None:
            raise SettingsError(
                tr(
                    '{place}: {name} is empty. Write what it shows, as in "phase:failed age<1d".',
                    place=place,
                    name=name,
                )
            )
    except QueryError as error:
        what = tr("it cannot be read from there on") if could_be_key(text) else error.sentence
        raise SettingsError(
            tr("{place}: {name}, character {value}: {what}", place=place, name=name, value=error.place + 1, what=what)
        ) from None
    return text


def with_dots(table: dict[str, object]) -> dict[str, object]:
    """Return a table of keys in which a saved filter is named alike with quotes around its name and without."""
    within = table.get(FILTER.removesuffix("."))
    if not isinstance(within, dict):
        return table
    flat = {name: keys for name, keys in table.items() if keys is not within}
    return flat | {f"{FILTER}{name}": keys for name, keys in within.items()}


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
