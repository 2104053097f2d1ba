"""The settings file: found, parsed and checked, every table of it, used or not."""

from __future__ import annotations

import os
import re
import tomllib
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.store.errors import SettingsError, shown_path, store_error
from ecovai_tui.store.paths import check_profile
from ecovai_tui.store.settings_table import SETTING_NAMES, SettingsTable, read_table
from ecovai_tui.store.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_OTHERS = 0o077
_TOML_PLACE = re.compile(r"(?P<what>.*) \(at (?P<where>.*)\)")
_QUOTED_NAME = re.compile(r"""\((?:["'][^"'\\]*["'],? ?)+\)|["'][^"'\\]{3,}["']""")
_A_NAME_LIKE_OURS = re.compile(r"(?!sk-)[A-Za-z_-]{1,32}")


class SettingsFile(NamedTuple):
    """The file's top level and its profiles; empty where there is no file."""

    path: Path
    top: SettingsTable = SettingsTable()
    profiles: Mapping[str, SettingsTable] = MappingProxyType({})

    def place(self, profile: str | None = None) -> str:
        """Say where a value stands, such as `config.toml [profiles.work]`."""
        return self.path.name if profile is None else f"{self.path.name} [profiles.{profile}]"


def read_settings_file(path: Path) -> SettingsFile:
    """Read and check the settings file; a file that does not exist is an empty one.

    Raises SettingsError for a file that cannot be read, TOML that is none, unknown names, values of the wrong
    type, and a key in a file that others may read.
    """
    try:
        with path.open("rb") as file:
            data = file.read()
            mode = os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        return SettingsFile(path)
    except OSError as error:
        raise SettingsError(str(store_error("read", path, error))) from None
    settings_file = _checked(path, _parse(path, data))
    _check_mode(settings_file, mode)
    return settings_file


def _parse(path: Path, data: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{shown_path(path)}, line {line}: this is not UTF-8 text.") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(_explain_toml(path, str(error))) from None


def _explain_toml(path: Path, text: str) -> str:
    found = _TOML_PLACE.fullmatch(text)
    what, where = (found["what"], found["where"]) if found else (text, "somewhere")
    what = _QUOTED_NAME.sub("a name", what)
    return f"{shown_path(path)}, {where}: this is not TOML: {what[:1].lower()}{what[1:]}."


def _checked(path: Path, document: Mapping[str, object]) -> SettingsFile:
    place = shown_path(path)
    _refuse_unknown(document, (*SETTING_NAMES, "profiles"), place)
    profiles = document.get("profiles", {})
    if not isinstance(profiles, dict):
        raise SettingsError(f"{place}: profiles must be tables such as [profiles.work].")
    tables = {name: _profile(path, name, table) for name, table in profiles.items()}
    return SettingsFile(path, read_table(document, place, path.parent), MappingProxyType(tables))


def _profile(path: Path, name: str, table: object) -> SettingsTable:
    place = f"{shown_path(path)} [profiles.{shown_path(name)}]"
    if not isinstance(table, dict):
        raise SettingsError(f"{shown_path(path)}: what stands under [profiles] must be tables such as [profiles.work].")
    check_profile(name)
    _refuse_unknown(table, SETTING_NAMES, place)
    return read_table(table, place, path.parent)


def _refuse_unknown(table: Mapping[str, object], known: tuple[str, ...], place: str) -> None:
    for name in table:
        if name not in known:
            raise SettingsError(f"{place}: {_unknown(name)}. {suggestion(name, known)}")


def _unknown(name: str) -> str:
    """Spell a name that is not known, unless it could be a key that stands in the wrong place."""
    if _A_NAME_LIKE_OURS.fullmatch(name):
        return f'there is no setting "{name}"'
    return "a name in it is no setting, and is not repeated here because it could be a key"


def _check_mode(settings_file: SettingsFile, mode: int) -> None:
    tables = (settings_file.top, *settings_file.profiles.values())
    if mode & _OTHERS == 0 or all(table.api_key is None for table in tables):
        return
    import shlex  # noqa: PLC0415 - needed only when something is wrong

    path = shown_path(settings_file.path)
    raise SettingsError(
        f"{path} contains api_key, but others may read it (mode {mode & 0o777:04o}). Run: chmod 600 {shlex.quote(path)}"
    )
