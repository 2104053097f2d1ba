"""Tables of settings laid over each other: the highest that says anything wins, and its name is remembered."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ecovai_tui.store.settings_table import SettingsTable

DEFAULT = "default"
"""The source of a value that nobody gave."""

_Value = TypeVar("_Value")


class Layer(NamedTuple):
    """One table, the place it came from, and the names of those settings whose place has one of its own."""

    table: SettingsTable
    place: str
    names: Mapping[str, str] = MappingProxyType({})

    def source(self, setting: str) -> str:
        """Say where a setting of this layer comes from, such as `--theme` or `config.toml`."""
        return self.names.get(setting, self.place)


class Layers:
    """The layers, highest first; `sources` fills as values are picked."""

    def __init__(self, layers: tuple[Layer, ...]) -> None:
        self._layers = layers
        self.sources: dict[str, str] = {}

    def pick(self, setting: str, read: Callable[[SettingsTable], _Value | None], default: _Value) -> _Value:
        """Return the value of the highest layer that has one, else the default, and note its source."""
        for layer in self._layers:
            value = read(layer.table)
            if value is not None:
                self.sources[setting] = layer.source(setting)
                return value
        self.sources[setting] = DEFAULT
        return default

    def merged_keys(self) -> Mapping[str, str]:
        """Return the keys of all layers, those of higher ones outranking the same action's of lower ones."""
        merged: dict[str, str] = {}
        giving = [layer for layer in self._layers if layer.table.keys]
        for layer in reversed(giving):
            merged.update(layer.table.keys)
        self.sources["keys"] = ", ".join(layer.source("keys") for layer in giving) or DEFAULT
        return MappingProxyType(merged)
