"""What tables of the settings say: columns and saved filters of the list, commands, hooks, and quiet hours."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Mapping
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from ecovai_tui.language import sentences, tr
from ecovai_tui.store.errors import SettingsError, attempt, could_be_key, quoted, wrong_type, wrong_value
from ecovai_tui.tasks.filter import QueryError
from ecovai_tui.tasks.selection import query_of
from ecovai_tui.tasks.text import suggestion

FILTER = "filter."
"""Begins the name of the action that shows what a saved filter accepts; the filter's own name follows."""

COMMAND = "command."
"""Begins the name of the action that runs a command of the user's; the command's own name follows."""

_OWN_NAME = r"[a-z0-9][a-z0-9_-]{0,31}"


def read_filters(table: Mapping[str, object], place: str, faults: list[str]) -> dict[str, str]:
    """Read a table of saved filters; those that cannot be used are faults, and left out."""
    found = {name: attempt(partial(_read_filter, name, text, place), faults) for name, text in table.items()}
    return {name: text for name, text in found.items() if text is not None}


def read_commands(table: Mapping[str, object], place: str, faults: list[str]) -> dict[str, str]:
    """Read a table of command lines; those that cannot be run are faults, and left out."""
    found = {name: attempt(partial(_read_command, name, text, place), faults) for name, text in table.items()}
    return {name: text for name, text in found.items() if text is not None}


def _read_command(name: str, text: object, place: str) -> str:
    if not re.fullmatch(_OWN_NAME, name):
        told = tr("{place}: a command's name is of small letters, digits, - and _, as in to-phone.", place=place)
        raise SettingsError(told)
    if not isinstance(text, str):
        raise wrong_type(place, name, tr("a command line"), text)
    try:
        words = shlex.split(text)
    except ValueError:
        raise wrong_value(place, name, tr("a command line"), tr("a quotation in it is not closed")) from None
    if not (words and words[0]):
        raise wrong_value(place, name, tr("a command line"), tr("it names no program"))
    return text


def _read_filter(name: str, text: object, place: str) -> str:
    if not re.fullmatch(_OWN_NAME, name):
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
    """Return a table of keys in which what is the user's own is named alike with quotes around its name and without."""
    for prefix in (FILTER, COMMAND):
        within = table.get(prefix.removesuffix("."))
        if isinstance(within, dict):
            table = {name: keys for name, keys in table.items() if keys is not within}
            table |= {f"{prefix}{name}": keys for name, keys in within.items()}
    return table


class ColumnKey(StrEnum):
    """The name of a column, by which the settings name it as well."""

    PHASE = "phase"
    CLIPS = "clips"
    TIME = "took"
    TITLE = "title"
    LENGTH = "length"
    LABEL = "label"
    WHEN = "submitted"
    MODEL = "model"
    ID = "id"


def read_columns(value: object, place: str) -> tuple[str, ...]:
    """Return the names in a setting; raise SettingsError for what is no list of columns, or has one twice, or no title.

    ``place`` says where the setting stands.
    """
    where = tr("{place}: {name}", place=place, name="columns")
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        told = tr('{where} must be a list of names, such as ["phase", "took", "title"].', where=where)
        raise SettingsError(told)
    names = [str(name) for name in value]
    unknown = [name for name in names if name not in tuple(ColumnKey)]
    if unknown:
        told = tr("{where}: no column is called {name}.", where=where, name=quoted(unknown[0]))
        raise SettingsError(sentences(told, suggestion(unknown[0], ColumnKey)))
    if len(set(names)) < len(names):
        raise SettingsError(tr("{where} names a column twice.", where=where))
    if "title" not in names:
        told = tr('{where} has no "title", the one that takes the room that is left.', where=where)
        raise SettingsError(told)
    return tuple(names)


EVENTS = ("final", "failed", "downloaded")
"""What a hook can be run on."""

FIELDS = ("title", "id", "label", "phase", "reason", "model", "clip", "path", "event")
"""What may stand in braces in the words of a command, and in capitals behind ``ECOVAI_`` in its variables."""

MINUTES_A_DAY = 24 * 60


class Hook(NamedTuple):
    """A program, its arguments, and on what it is run."""

    on: str
    command: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.on}: {self.command[0]}"


class QuietHours(NamedTuple):
    """From when to when neither bell nor hook is wanted, in minutes from midnight; the end may be on the next day."""

    begin: int
    end: int

    def holds(self, moment: float) -> bool:
        """Return whether a moment (Unix seconds) is a quiet one, by the local time."""
        local = time.localtime(moment)
        minute = local.tm_hour * 60 + local.tm_min
        return (minute - self.begin) % MINUTES_A_DAY < (self.end - self.begin) % MINUTES_A_DAY

    def __str__(self) -> str:
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in self)


def read_hooks(value: object, place: str) -> tuple[Hook, ...]:
    """Read the tables of hooks; raises SettingsError for one that cannot be used."""
    if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
        raise SettingsError(
            tr("{place}: hooks are tables of their own: write [[hooks]] above on and command.", place=place)
        )
    return tuple(_read_hook(table, place) for table in value)


def _read_hook(table: Mapping[str, object], place: str) -> Hook:
    for name in table:
        if name not in {"on", "command"}:
            told = tr("{place} [[hooks]]: it has on and command alone.", place=place)
            raise SettingsError(sentences(told, suggestion(name, ("on", "command"))))
    on, command = table.get("on"), table.get("command")
    if on not in EVENTS:
        raise SettingsError(
            tr("{place} [[hooks]]: on must be one of {events}.", place=place, events=tr(", ").join(EVENTS))
        )
    if not (isinstance(command, list) and command and all(isinstance(word, str) for word in command) and command[0]):
        raise SettingsError(
            tr(
                '{place} [[hooks]]: command must be words, as ["notify-send", "{{title}}"]; no shell runs it.',
                place=place,
            )
        )
    return Hook(str(on), tuple(command))


def read_quiet_hours(text: str | None, place: str) -> QuietHours | None:
    """Read hours such as ``22:00-07:00``; raises SettingsError for other words."""
    if text is None:
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)", text.strip())
    if found is None:
        raise SettingsError(tr('{place}: quiet_hours must be two times of the day, as "22:00-07:00".', place=place))
    hours, minutes, until, and_minutes = map(int, found.groups())
    return QuietHours(hours * 60 + minutes, until * 60 + and_minutes)
