"""One table of the settings file, top level or profile, read into typed values."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from ecovai_tui.store.base_url import clean_base_url
from ecovai_tui.store.errors import SettingsError, attempt
from ecovai_tui.store.files import expand_home
from ecovai_tui.store.key import Secret, clean_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

Notify = Literal["off", "bell", "desktop"]
NOTIFY_WAYS: tuple[Notify, ...] = ("off", "bell", "desktop")
SHORTEST_INTERVAL = 2.0
LONGEST_INTERVAL = 3600.0
MOST_REQUESTS_PER_MINUTE = 30

_Value = TypeVar("_Value")
_TOML_WORDS: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    list: "a list",
    dict: "a table",
}


class SettingsTable(NamedTuple):
    """What one table of the file says; None where it says nothing. The field names are the names in the file."""

    base_url: str | None = None
    api_key: Secret | None = None
    api_key_command: tuple[str, ...] | None = None
    interval: float | None = None
    max_requests_per_minute: int | None = None
    theme: str | None = None
    ca_file: Path | None = None
    allow_http: bool | None = None
    notify: Notify | None = None
    mouse: bool | None = None
    ascii: bool | None = None
    slow_link: bool | None = None
    keys: Mapping[str, str] = MappingProxyType({})


SETTING_NAMES = SettingsTable._fields


def read_table(table: Mapping[str, object], place: str, directory: Path, faults: list[str]) -> SettingsTable:
    """Read a parsed table, and add to the faults each value of the wrong type or range, which then counts as not given.

    `place` says in faults where it stands, `directory` is where relative paths begin. Names that it does not know, and
    its table of keys, are left to the caller.
    """
    reader = _Reader(table, place, faults)
    if "api_key" in table and "api_key_command" in table:
        faults.append(f"{place}: api_key and api_key_command exclude each other; keep one of them.")
    return SettingsTable(
        base_url=reader.read("base_url", reader.base_url),
        api_key=reader.read("api_key", reader.key),
        api_key_command=reader.read("api_key_command", reader.command),
        interval=reader.read("interval", reader.interval),
        max_requests_per_minute=reader.read("max_requests_per_minute", reader.requests),
        theme=reader.read("theme", reader.text),
        ca_file=reader.read("ca_file", lambda name: reader.path(name, directory)),
        allow_http=reader.read("allow_http", reader.switch, instead=True),  # so that http is no second fault
        notify=reader.read("notify", reader.notify),
        mouse=reader.read("mouse", reader.switch),
        ascii=reader.read("ascii", reader.switch),
        slow_link=reader.read("slow_link", reader.switch),
    )


def read_keys(table: Mapping[str, object], place: str, faults: list[str]) -> dict[str, str]:
    """Read a table of keys: the name of an action, and its keys as a text; an empty text takes all keys away."""
    reader = _Reader(table, place, faults)
    texts = {name: reader.read(name, reader.key_names) for name in table}
    return {name: text for name, text in texts.items() if text is not None}


def check_interval(seconds: float, place: str) -> float:
    """Return the seconds between two looks, or raise SettingsError; gateways look no more often themselves."""
    if SHORTEST_INTERVAL <= seconds <= LONGEST_INTERVAL:
        return float(seconds)
    raise SettingsError(
        f"{place} must be a number of seconds from {SHORTEST_INTERVAL:g} to {LONGEST_INTERVAL:g}; "
        "what stands there is not."
    )


def wrong_type(place: str, name: str, expected: str, value: object) -> SettingsError:
    """Return what to raise for a value of another type than was expected."""
    return SettingsError(
        f"{place}: {name} must be {expected}; it is {_TOML_WORDS.get(type(value), 'a date or a time')}."
    )


class _Reader:
    """Takes values of a certain type out of a parsed table."""

    def __init__(self, table: Mapping[str, object], place: str, faults: list[str]) -> None:
        self._table = table
        self._place = place
        self._faults = faults

    def read(self, name: str, read: Callable[[str], _Value | None], *, instead: _Value | None = None) -> _Value | None:
        """Return what one of the readers below returns; where it finds a fault, which is kept, something instead."""
        if name not in self._table:
            return None
        value = attempt(lambda: read(name), self._faults)
        return instead if value is None else value

    def text(self, name: str) -> str | None:
        """Return a text that is more than blanks; a path or a command of nothing would be a mistake."""
        text = self._typed(name, str, "a text in quotes")
        if text is None or text.strip():
            return text
        raise self._wrong(name, "a text in quotes", "it is empty")

    def switch(self, name: str) -> bool | None:
        """Return true or false; a number or a word is not taken for either."""
        return self._typed(name, bool, "true or false")

    def base_url(self, name: str) -> str | None:
        """Return the address of a gateway, checked and trimmed, as other settings are kept under it."""
        text = self.text(name)
        return None if text is None else clean_base_url(text, self._place)

    def key(self, name: str) -> Secret | None:
        """Return the key, hidden so that no message can hold it."""
        text = self._typed(name, str, "a text in quotes")
        return None if text is None else clean_key(text, f"{name} in {self._place}")

    def command(self, name: str) -> tuple[str, ...] | None:
        """Return the words of a command line, split as a shell does, since no shell will run it."""
        text = self.text(name)
        if text is None:
            return None
        import shlex  # noqa: PLC0415 few settings have a command

        try:
            words = tuple(shlex.split(text))
        except ValueError:
            raise self._wrong(name, "a command line", "a quotation in it is not closed") from None
        if words and words[0]:
            return words
        raise self._wrong(name, "a command line", "it names no program")

    def interval(self, name: str) -> float | None:
        """Return the seconds between two looks, within the bounds that spare the gateway."""
        value = self._table.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return check_interval(value, f"{self._place}: {name}")
        return self._typed(name, float, "a number of seconds")

    def requests(self, name: str) -> int | None:
        """Return how many requests may go in a minute, which no setting raises above what the gateway bears."""
        expected = f"a whole number from 1 to {MOST_REQUESTS_PER_MINUTE}"
        number = self._typed(name, int, expected)
        if number is None or 1 <= number <= MOST_REQUESTS_PER_MINUTE:
            return number
        raise self._wrong(name, expected, "it is out of this range")

    def notify(self, name: str) -> Notify | None:
        """Return the way to tell of a final task, one of those that there are."""
        expected = "one of " + ", ".join(f'"{way}"' for way in NOTIFY_WAYS)
        word = self._typed(name, str, expected)
        for way in NOTIFY_WAYS:
            if word == way:
                return way
        if word is None:
            return None
        raise self._wrong(name, expected, "it is another text")

    def path(self, name: str, directory: Path) -> Path | None:
        """Return a path; a relative one starts from the directory given, wherever the program was started."""
        text = self.text(name)
        return None if text is None else directory / expand_home(text)

    def key_names(self, name: str) -> str | None:
        """Return the keys of an action; an empty text takes all away, so it is allowed here."""
        return self._typed(name, str, 'a text such as "r,f5"')

    def _typed(self, name: str, kind: type[_Value], expected: str) -> _Value | None:
        value = self._table.get(name)
        if value is None or type(value) is kind:
            return value
        raise wrong_type(self._place, name, expected, value)

    def _wrong(self, name: str, expected: str, found: str) -> SettingsError:
        return SettingsError(f"{self._place}: {name} must be {expected}; {found}.")
