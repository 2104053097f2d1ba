"""The settings file: found, parsed and checked, every table of it, used or not."""

import os
import re
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from ecovai_tui.language import LANGUAGES, later, sentences, tr
from ecovai_tui.store import settings_tables as tables
from ecovai_tui.store.credentials import Secret, clean_base_url, clean_key, faults_of_mode
from ecovai_tui.store.errors import SettingsError, attempt, shown_name, shown_path, store_error, wrong_type, wrong_value
from ecovai_tui.store.files import check_profile, expand_home
from ecovai_tui.store.toml import TomlError, parse_toml
from ecovai_tui.tasks.file_names import faults_of
from ecovai_tui.tasks.text import nearest, suggestion

Notify = Literal["off", "bell", "desktop"]
NOTIFY_WAYS: tuple[Notify, ...] = ("off", "bell", "desktop")
Pictures = Literal["auto", "blocks", "kitty", "sixel", "off"]
PICTURE_WAYS: tuple[Pictures, ...] = ("auto", "blocks", "kitty", "sixel", "off")
SHORTEST_INTERVAL, LONGEST_INTERVAL = 2.0, 3600.0
MOST_REQUESTS_PER_MINUTE = 30

_Value = TypeVar("_Value")


class SettingsTable(NamedTuple):
    """What one table of the file says; None where it says nothing. The field names are the names in the file."""

    base_url: str | None = None
    api_key: Secret | None = None
    api_key_command: tuple[str, ...] | None = None
    interval: float | None = None
    max_requests_per_minute: int | None = None
    theme: str | None = None
    columns: tuple[str, ...] | None = None
    ca_file: Path | None = None
    allow_http: bool | None = None
    notify: Notify | None = None
    language: str | None = None
    mouse: bool | None = None
    ascii: bool | None = None
    slow_link: bool | None = None
    pictures: Pictures | None = None
    readonly: bool | None = None
    quota: bool | None = None
    download_dir: Path | None = None
    download_name: str | None = None
    artist: str | None = None
    auto_download: bool | None = None
    player: tuple[str, ...] | None = None
    hooks: tuple[tables.Hook, ...] | None = None
    quiet_hours: tables.QuietHours | None = None
    keys: Mapping[str, str] = MappingProxyType({})
    filters: Mapping[str, str] = MappingProxyType({})
    commands: Mapping[str, str] = MappingProxyType({})
    """What saved filters ask for, and the user's own command lines, by their names."""


SETTING_NAMES = SettingsTable._fields


def read_table(table: Mapping[str, object], place: str, directory: Path, faults: list[str]) -> SettingsTable:
    """Read a parsed table, and add to the faults each value of the wrong type or range, which then counts as not given.

    `place` says in faults where it stands, `directory` is where relative paths begin. Names that it does not know, and
    its tables of keys, filters and commands, are left to the caller.
    """
    reader = _Reader(table, place, faults)
    if "api_key" in table and "api_key_command" in table:
        faults.append(tr("{place}: api_key and api_key_command exclude each other; keep one of them.", place=place))
    return SettingsTable(
        base_url=reader.read("base_url", reader.base_url),
        api_key=reader.read("api_key", reader.key),
        api_key_command=reader.read("api_key_command", reader.command),
        interval=reader.read("interval", reader.interval),
        max_requests_per_minute=reader.read("max_requests_per_minute", reader.requests),
        theme=reader.read("theme", reader.text),
        columns=reader.read("columns", lambda name: tables.read_columns(table[name], place)),
        ca_file=reader.read("ca_file", lambda name: reader.path(name, directory)),
        allow_http=reader.read("allow_http", reader.switch, instead=True),  # so that http is no second fault
        notify=reader.read("notify", lambda name: reader.one_of(name, NOTIFY_WAYS)),
        language=reader.read("language", lambda name: reader.one_of(name, LANGUAGES)),
        mouse=reader.read("mouse", reader.switch),
        ascii=reader.read("ascii", reader.switch),
        slow_link=reader.read("slow_link", reader.switch),
        pictures=reader.read("pictures", lambda name: reader.one_of(name, PICTURE_WAYS)),
        readonly=reader.read("readonly", reader.switch),
        quota=reader.read("quota", reader.switch),
        download_dir=reader.read("download_dir", lambda name: reader.path(name, directory)),
        download_name=reader.read("download_name", reader.file_name),
        artist=reader.read("artist", reader.text),
        auto_download=reader.read("auto_download", reader.switch),
        player=reader.read("player", reader.command),
        hooks=reader.read("hooks", lambda name: tables.read_hooks(table[name], place)),
        quiet_hours=reader.read("quiet_hours", lambda name: tables.read_quiet_hours(reader.text(name), place)),
    )


def check_interval(seconds: float, place: str) -> float:
    """Return the seconds between two looks, or raise SettingsError; gateways look no more often themselves."""
    if SHORTEST_INTERVAL <= seconds <= LONGEST_INTERVAL:
        return float(seconds)
    raise SettingsError(
        tr(
            "{place} must be a number of seconds from {shortest_interval:g} to {longest_interval:g}; what "
            "stands there is not.",
            place=place,
            shortest_interval=SHORTEST_INTERVAL,
            longest_interval=LONGEST_INTERVAL,
        )
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
        text = self._typed(name, str, tr("a text in quotes"))
        if text is None or text.strip():
            return text
        raise self._wrong(name, tr("a text in quotes"), tr("it is empty"))

    def switch(self, name: str) -> bool | None:
        """Return true or false; a number or a word is not taken for either."""
        return self._typed(name, bool, tr("true or false"))

    def base_url(self, name: str) -> str | None:
        """Return the address of a gateway, checked and trimmed, as other settings are kept under it."""
        text = self.text(name)
        return None if text is None else clean_base_url(text, self._place)

    def key(self, name: str) -> Secret | None:
        """Return the key, hidden so that no message can hold it."""
        text = self._typed(name, str, tr("a text in quotes"))
        return None if text is None else clean_key(text, tr("{name} in {place}", name=name, place=self._place))

    def command(self, name: str) -> tuple[str, ...] | None:
        """Return the words of a command line, split as a shell does, since no shell will run it."""
        text = self.text(name)
        if text is None:
            return None
        try:
            words = tuple(shlex.split(text))
        except ValueError:
            raise self._wrong(name, tr("a command line"), tr("a quotation in it is not closed")) from None
        if words and words[0]:
            return words
        raise self._wrong(name, tr("a command line"), tr("it names no program"))

    def interval(self, name: str) -> float | None:
        """Return the seconds between two looks, within the bounds that spare the gateway."""
        value = self._table.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return check_interval(value, tr("{place}: {name}", place=self._place, name=name))
        return self._typed(name, float, tr("a number of seconds"))

    def requests(self, name: str) -> int | None:
        """Return how many requests may go in a minute, which no setting raises above what the gateway bears."""
        expected = tr(
            "a whole number from 1 to {most_requests_per_minute}", most_requests_per_minute=MOST_REQUESTS_PER_MINUTE
        )
        number = self._typed(name, int, expected)
        if number is None or 1 <= number <= MOST_REQUESTS_PER_MINUTE:
            return number
        raise self._wrong(name, expected, tr("it is out of this range"))

    def one_of(self, name: str, words: Iterable[_Value]) -> _Value | None:
        """Return one of certain words."""
        expected = tr("one of {words}", words=tr(", ").join(f'"{word}"' for word in words))
        given = self._typed(name, str, expected)
        known = next((word for word in words if word == given), None)
        if given is not None and known is None:
            raise self._wrong(name, expected, tr("it is another text"))
        return known

    def path(self, name: str, directory: Path) -> Path | None:
        """Return a path; a relative one starts from the directory given, wherever the program was started."""
        text = self.text(name)
        return None if text is None else directory / expand_home(text)

    def file_name(self, name: str) -> str | None:
        """Return the template of the names of files."""
        text = self.text(name)
        fault = faults_of(text) if text else ""
        if fault:
            raise self._wrong(name, tr("a template of names"), fault)
        return text

    def key_names(self, name: str) -> str | None:
        """Return the keys of an action; an empty text takes all away, so it is allowed here."""
        return self._typed(name, str, tr('a text such as "r,f5"'))

    def _typed(self, name: str, kind: type[_Value], expected: str) -> _Value | None:
        value = self._table.get(name)
        if value is None or type(value) is kind:
            return value
        raise wrong_type(self._place, name, expected, value)

    def _wrong(self, name: str, expected: str, found: str) -> SettingsError:
        return wrong_value(self._place, name, expected, found)


_TOP_NAMES = (*SETTING_NAMES, "profiles")


class KeyRules(NamedTuple):
    """What the front ends know of the tables of keys, and the store does not."""

    actions: Collection[str]
    """The names that may stand in such a table."""
    faults: Callable[[Mapping[str, str], Mapping[str, str]], Iterable[str]]
    """Takes a table, and the one that it is laid over, and returns what is wrong with it."""


class SettingsFile(NamedTuple):
    """The file's top level and its profiles; empty where there is no file. A value with a fault counts as not given."""

    path: Path
    top: SettingsTable = SettingsTable()
    profiles: Mapping[str, SettingsTable] = MappingProxyType({})
    faults: tuple[str, ...] = ()

    def place(self, profile: str | None = None) -> str:
        """Say where a value stands, such as `config.toml [profiles.work]`."""
        return self.path.name if profile is None else f"{self.path.name} [profiles.{shown_name(profile)}]"


def read_settings_file(path: Path, find_key_rules: Callable[[], KeyRules] | None = None) -> SettingsFile:
    """Read and check the settings file; a file that does not exist is an empty one.

    Its faults are all unknown names, values of the wrong type, and a key in a file that others may read. The key rules
    are found only where there are keys; without them any name and key will do there. Raises SettingsError for a file
    that cannot be read, and for TOML that is none.
    """
    try:
        with path.open("rb") as file:
            data = file.read()
            mode = os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        return SettingsFile(path)
    except OSError as error:
        raise SettingsError(str(store_error("read", path, error))) from None
    document = _parse(path, data)
    settings_file = _Check(path, find_key_rules).read(document)
    return settings_file._replace(faults=(*settings_file.faults, *faults_of_mode(path, mode, document)))


def _parse(path: Path, data: bytes) -> dict[str, object]:
    try:
        return parse_toml(data)
    except TomlError as error:
        raise SettingsError(
            tr("{path}, {where}: this is {what}.", path=shown_path(path), where=error.where, what=error.what)
        ) from None


class _Header(NamedTuple):
    """Which table of the file is meant."""

    profile: str = ""
    part: str = ""
    """The table within it: "keys", "filters" or "commands"."""

    def of(self, part: str) -> "_Header":
        """Return another table within the same one."""
        return self._replace(part=part)

    @property
    def of_keys(self) -> bool:
        """Whether it holds keys."""
        return self.part == "keys"

    def __str__(self) -> str:
        parts = ("profiles." + self.profile if self.profile else "", self.part)
        return ".".join(filter(None, parts))


_TOP = _Header()


class _Check:
    """Reads one file, and collects what is wrong with it."""

    def __init__(self, path: Path, find_key_rules: Callable[[], KeyRules] | None) -> None:
        self._path = path
        self._find_key_rules = find_key_rules
        self._faults: list[str] = []

    def read(self, document: Mapping[str, object]) -> SettingsFile:
        """Return the file as it is read, with its faults."""
        top = self._table(document, _TOP, _TOP_NAMES, SettingsTable())
        profiles = document.get("profiles", {})
        if not isinstance(profiles, dict):
            self._faults.append(
                tr("{place}: profiles must be tables such as [profiles.work].", place=self._place(_TOP))
            )
            profiles = {}
        tables = {name: self._profile(name, table, top) for name, table in profiles.items()}
        return SettingsFile(self._path, top, MappingProxyType(tables), tuple(self._faults))

    def _profile(self, name: str, table: object, top: SettingsTable) -> SettingsTable:
        attempt(lambda: check_profile(name), self._faults)
        if isinstance(table, dict):
            return self._table(table, _Header(shown_name(name)), SETTING_NAMES, top)
        self._faults.append(
            tr("{place}: what stands under [profiles] must be tables such as [profiles.work].", place=self._place(_TOP))
        )
        return SettingsTable()

    def _table(
        self, table: Mapping[str, object], header: _Header, known: Collection[str], below: SettingsTable
    ) -> SettingsTable:
        """Read a table; its keys, filters and commands are laid over those ``below``, of the top level."""
        for name in table:
            if name not in known:
                self._refuse(name, header, known)
        read = read_table(table, self._place(header), self._path.parent, self._faults)
        filters, commands = self._part(table, header, "filters"), self._part(table, header, "commands")
        own = {f"{tables.FILTER}{name}" for name in (*below.filters, *filters)}
        own |= {f"{tables.COMMAND}{name}" for name in (*below.commands, *commands)}
        keys = self._keys(self._part(table, header, "keys"), header, below.keys, own)
        return read._replace(
            keys=MappingProxyType(keys),
            filters=MappingProxyType(tables.read_filters(filters, self._place(header.of("filters")), self._faults)),
            commands=MappingProxyType(tables.read_commands(commands, self._place(header.of("commands")), self._faults)),
        )

    def _part(self, table: Mapping[str, object], header: _Header, name: str) -> dict[str, object]:
        """Return a table within another, an empty one where there is none."""
        found = table.get(name, {})
        if isinstance(found, dict):
            return found
        self._faults.append(str(wrong_type(self._place(header), name, tr("a table"), found)))
        return {}

    def _keys(
        self, table: dict[str, object], header: _Header, below: Mapping[str, str], own: set[str]
    ) -> dict[str, str]:
        rules = self._find_key_rules() if table and self._find_key_rules else None
        header = header.of("keys")
        table = tables.with_dots(table)
        known = {*rules.actions, *own} if rules else table.keys()
        for name in table:
            if name not in known:
                self._refuse(name, header, known)
        place = self._place(header)
        reader = _Reader(table, place, self._faults)
        texts = ((name, reader.read(name, reader.key_names)) for name in table if name in known)
        read = {name: text for name, text in texts if text is not None}
        if rules:
            self._faults.extend(f"{place}: {fault}" for fault in rules.faults(read, below))
        return read

    def _refuse(self, name: str, header: _Header, known: Collection[str]) -> None:
        if not re.fullmatch(r"(?!sk-)[A-Za-z_.-]{1,32}", name):
            told = later("a name in it is no setting, and is not repeated here because it could be a key")
            of_keys = later("a name in it is no action, and is not repeated here because it could be a key")
        else:
            told, of_keys = later('there is no setting "{name}"'), later('there is no action "{name}"')
        told = tr(
            "{place}: {told}.", place=self._place(header), told=tr(of_keys if header.of_keys else told, name=name)
        )
        self._faults.append(sentences(told, self._remedy(name, header, known)))

    def _remedy(self, name: str, header: _Header, known: Collection[str]) -> str:
        """Say where an unknown name belongs if it is one of another table; else what it may have been meant to be."""
        if header.of_keys:
            near = nearest(name, (*known, *_TOP_NAMES))
            if near is not None and near not in known:
                where = tr("above the tables")
                if header.profile:
                    where = tr("under [{outside}], above [{header}]", outside=header.of(""), header=header)
                if name == near:
                    return tr("It is a setting: did it mean to stand {where}?", where=where)
                return tr("Did you mean {near}, and to stand {where}?", near=near, where=where)
        elif name in _TOP_NAMES:
            return tr("Did it mean to stand outside of [{header}]?", header=header)
        elif self._find_key_rules and name in self._find_key_rules().actions:
            return tr("It is an action: did it mean to stand under [{header}]?", header=header._replace(part="keys"))
        return suggestion(name, known)

    def _place(self, header: _Header) -> str:
        return f"{shown_path(self._path)} [{header}]" if str(header) else shown_path(self._path)
