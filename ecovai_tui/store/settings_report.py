"""The settings as lines for `config show`: each name, its value, and where the value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ecovai_tui.store.errors import shown_path
from ecovai_tui.store.pair import NO_KEY
from ecovai_tui.store.settings import Settings

_NOT_SHOWN_AS_THEY_ARE = frozenset({"api_key", "api_key_command", "sources", "config_file"})
_CHOSEN_BY_THE_PROGRAM = frozenset({"theme", "ascii", "slow_link"})


@dataclass(frozen=True, slots=True)
class SettingLine:
    """One setting in words; `source` is "default" where nobody set it."""

    name: str
    value: str
    source: str


def describe_settings(settings: Settings) -> tuple[SettingLine, ...]:
    """Describe every setting; of the key, only whether it is set and from where."""
    names = (name for name in Settings._fields if name not in _NOT_SHOWN_AS_THEY_ARE)
    plain = (SettingLine(name, _in_words(name, getattr(settings, name)), settings.sources[name]) for name in names)
    return (SettingLine("api_key", describe_key(settings), settings.sources["api_key"]), *plain)


def describe_key(settings: Settings) -> str:
    """Say whether there is a key and where it comes from, such as "set (from ECOVAI_API_KEY)"."""
    source = settings.sources["api_key"]
    return "not set" if source == NO_KEY else f"set (from {source})"


def _in_words(name: str, value: object) -> str:
    if value is None:
        return "automatic" if name in _CHOSEN_BY_THE_PROGRAM else "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{action} = {keys}" for action, keys in value.items()) or "none"
    return shown_path(str(value))
