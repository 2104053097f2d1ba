"""The settings file: found, parsed and checked, every table of it, used or not."""

from __future__ import annotations

import os
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.errors import SettingsError, attempt, shown_path, store_error
from ecovai_tui.store.key import shown_name
from ecovai_tui.store.paths import check_profile
from ecovai_tui.store.settings_table import SETTING_NAMES, SettingsTable, read_keys, read_table, wrong_type
from ecovai_tui.store.toml import TomlError, parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

_OTHERS = 0o077
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
    return settings_file._replace(faults=(*settings_file.faults, *_faults_of_mode(path, mode, document)))


def _parse(path: Path, data: bytes) -> dict[str, object]:
    try:
        return parse_toml(data)
    except TomlError as error:
        raise SettingsError(f"{shown_path(path)}, {error.where}: this is {error.what}.") from None


class _Header(NamedTuple):
    """Which table of the file is meant."""

    profile: str = ""
    of_keys: bool = False

    def __str__(self) -> str:
        parts = ("profiles." + self.profile if self.profile else "", "keys" if self.of_keys else "")
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
        top = self._table(document, _TOP, _TOP_NAMES, {})
        profiles = document.get("profiles", {})
        if not isinstance(profiles, dict):
            self._faults.append(f"{self._place(_TOP)}: profiles must be tables such as [profiles.work].")
            profiles = {}
        tables = {name: self._profile(name, table, top.keys) for name, table in profiles.items()}
        return SettingsFile(self._path, top, MappingProxyType(tables), tuple(self._faults))

    def _profile(self, name: str, table: object, keys: Mapping[str, str]) -> SettingsTable:
        attempt(lambda: check_profile(name), self._faults)
        if isinstance(table, dict):
            return self._table(table, _Header(shown_name(name)), SETTING_NAMES, keys)
        self._faults.append(
            f"{self._place(_TOP)}: what stands under [profiles] must be tables such as [profiles.work]."
        )
        return SettingsTable()

    def _table(
        self, table: Mapping[str, object], header: _Header, known: Collection[str], keys: Mapping[str, str]
    ) -> SettingsTable:
        """Read a table; ``keys`` are those of the top level, which its own are laid over."""
        for name in table:
            if name not in known:
                self._refuse(name, header, known)
        read = read_table(table, self._place(header), self._path.parent, self._faults)
        return read._replace(keys=MappingProxyType(self._keys(table.get("keys", {}), header, keys)))

    def _keys(self, table: object, header: _Header, below: Mapping[str, str]) -> dict[str, str]:
        if not isinstance(table, dict):
            self._faults.append(str(wrong_type(self._place(header), "keys", "a table", table)))
            return {}
        rules = self._find_key_rules() if table and self._find_key_rules else None
        header = header._replace(of_keys=True)
        known = rules.actions if rules else table.keys()
        for name in table:
            if name not in known:
                self._refuse(name, header, known)
        place = self._place(header)
        own = read_keys({name: keys for name, keys in table.items() if name in known}, place, self._faults)
        if rules:
            self._faults.extend(f"{place}: {fault}" for fault in rules.faults(own, below))
        return own

    def _refuse(self, name: str, header: _Header, known: Collection[str]) -> None:
        import re  # noqa: PLC0415 - needed only when something is wrong

        noun = "action" if header.of_keys else "setting"
        if re.fullmatch(r"(?!sk-)[A-Za-z_-]{1,32}", name):
            told = f'there is no {noun} "{name}"'
        else:
            told = f"a name in it is no {noun}, and is not repeated here because it could be a key"
        self._faults.append(f"{self._place(header)}: {told}. {self._remedy(name, header, known)}")

    def _remedy(self, name: str, header: _Header, known: Collection[str]) -> str:
        """Say where an unknown name belongs if it is one of another table; else what it may have been meant to be."""
        from ecovai_tui.store.suggestions import nearest, suggestion  # noqa: PLC0415 - as above

        if header.of_keys:
            near = nearest(name, (*known, *_TOP_NAMES))
            if near is not None and near not in known:
                outside = header._replace(of_keys=False)
                where = f"under [{outside}], above [{header}]" if header.profile else "above the tables"
                meant = f"It is a setting: did it mean to stand {where}?"
                return meant if name == near else f"Did you mean {near}, and to stand {where}?"
        elif name in _TOP_NAMES:
            return f"Did it mean to stand outside of [{header}]?"
        elif self._find_key_rules and name in self._find_key_rules().actions:
            return f"It is an action: did it mean to stand under [{header._replace(of_keys=True)}]?"
        return suggestion(name, known)

    def _place(self, header: _Header) -> str:
        return f"{shown_path(self._path)} [{header}]" if str(header) else shown_path(self._path)


def _faults_of_mode(path: Path, mode: int, document: Mapping[str, object]) -> Iterable[str]:
    """Yield what is wrong where others may read a file with a key in any of its tables."""
    if mode & _OTHERS and _holds_key(document):
        import shlex  # noqa: PLC0415 - needed only when something is wrong

        shown = shown_path(path)
        yield (
            f"{shown} contains api_key, but others may read it (mode {mode & 0o777:04o}). "
            f"Run: chmod 600 {shlex.quote(shown)}"
        )


def _holds_key(table: Mapping[str, object]) -> bool:
    return "api_key" in table or any(isinstance(value, dict) and _holds_key(value) for value in table.values())
