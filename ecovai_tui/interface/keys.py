"""Which keys do what once the user's own choice is applied, and how a key is written for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ecovai_tui.interface.actions import ACTIONS, Action
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.suggestions import suggestion

NAMED_KEYS = (
    "up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete", "backspace", "tab",
    "enter", "escape", "space", "comma", *(f"f{number}" for number in range(1, 25)),
)  # fmt: skip
"""Keys that are written by name; every other key is its character."""

SHOWN = {
    "up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "PgUp", "pagedown": "PgDn", "home": "Home",
    "end": "End", "escape": "esc", "comma": ",",
}  # fmt: skip
"""How a key is written where it is read rather than typed."""

_MODIFIER = re.compile(r"(?:ctrl|shift|alt|super)\+")


def bound_actions(user_keys: Mapping[str, str]) -> tuple[Action, ...]:
    """Return all actions with the keys they have in the end: the user's, else the default ones.

    ``user_keys`` maps an action's id to its keys, separated by commas; "" takes all keys from it. A key that the user
    gives to one action is no longer another's default. Raises SettingsError for an unknown action, a key that no
    terminal sends, and a key that the user gives to two actions.
    """
    chosen = {name: _read_keys(name, text) for name, text in user_keys.items()}
    _refuse_unknown_actions(chosen)
    _refuse_clashes(chosen)
    taken = {key for keys in chosen.values() for key in keys}
    return tuple(action._replace(keys=_keys_left(action, chosen, taken)) for action in ACTIONS)


def shown_key(key: str, *, ascii_only: bool = False) -> str:
    """Return a key as people read it: an arrow for ``up`` (the word in ASCII), ``^d`` for ``ctrl+d``."""
    shown = SHOWN.get(key, key.replace("ctrl+", "^") if key.startswith("ctrl+") else key)
    return key if ascii_only and not shown.isascii() else shown


def shown_keys(keys: Iterable[str], *, ascii_only: bool = False) -> str:
    """Return several keys as people read them, separated by blanks."""
    return " ".join(shown_key(key, ascii_only=ascii_only) for key in keys)


def _keys_left(action: Action, chosen: Mapping[str, tuple[str, ...]], taken: set[str]) -> tuple[str, ...]:
    if action.id in chosen:
        return chosen[action.id]
    return tuple(key for key in action.keys if key not in taken)


def _read_keys(name: str, text: str) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(filter(None, (part.strip() for part in text.split(",")))))
    for key in keys:
        _refuse_unknown_key(name, key)
    return keys


def _refuse_unknown_key(name: str, key: str) -> None:
    plain = _MODIFIER.sub("", key)
    if len(plain) == 1 or plain in NAMED_KEYS:
        return
    raise SettingsError(
        f'[keys] {name} = "{key}": there is no key of this name. {suggestion(plain, NAMED_KEYS)} '
        "Write a character, or a name such as f5 or ctrl+d, and commas between several."
    )


def _refuse_unknown_actions(chosen: Iterable[str]) -> None:
    known = [action.id for action in ACTIONS]
    for name in chosen:
        if name not in known:
            raise SettingsError(f"[keys] {name}: there is no action of this name. {suggestion(name, known)}")


def _refuse_clashes(chosen: Mapping[str, tuple[str, ...]]) -> None:
    owners: dict[str, str] = {}
    for name, keys in chosen.items():
        for key in keys:
            if key in owners:
                raise SettingsError(
                    f'[keys] "{key}" is given to both {owners[key]} and {name}. Take it from one of them.'
                )
            owners[key] = name
