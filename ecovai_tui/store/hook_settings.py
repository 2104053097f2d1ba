"""What the settings say of hooks, the user's own programs that are run when something happens, and of quiet hours."""

from __future__ import annotations

import re
import time
from typing import NamedTuple

from ecovai_tui.language import sentences, tr
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.tasks.names import suggestion

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
    if not isinstance(value, list):
        raise SettingsError(
            tr("{place}: hooks are tables of their own: write [[hooks]] above on and command.", place=place)
        )
    return tuple(_read_hook(table, place) for table in value)


def _read_hook(table: object, place: str) -> Hook:
    if not isinstance(table, dict):
        raise SettingsError(
            tr("{place}: hooks are tables of their own: write [[hooks]] above on and command.", place=place)
        )
    for name in table:
        if name not in {"on", "command"}:
            told = tr("{place} [[hooks]]: it has on and command alone.", place=place)
            raise SettingsError(sentences(told, suggestion(name, ("on", "command"))))
    on, command = table.get("on"), table.get("command")
    if on not in EVENTS:
        raise SettingsError(tr("{place} [[hooks]]: on must be one of {events}.", place=place, events=", ".join(EVENTS)))
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
