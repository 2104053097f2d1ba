"""Which keys do what once the user's own choice is applied, and how a key is written for people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from ecovai_tui.interface.actions import ACTIONS, Action
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.key import quoted
from ecovai_tui.store.settings_file import KeyRules
from ecovai_tui.store.settings_table import SETTING_NAMES
from ecovai_tui.store.suggestions import nearest, suggestion

_DEFAULTS = {action.id: action.keys for action in ACTIONS}
_EASY, _EVERYWHERE = "quit", "quit-anywhere"
_SUCH_AS = {_EASY: "q", _EVERYWHERE: "ctrl+c"}

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

SAME_KEYS = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace", "ctrl+[": "escape"}
"""Keys that are one and the same to most terminals."""

_MODIFIER = re.compile(r"(?:ctrl|shift|alt|super)\+")


def bound_actions(user_keys: Mapping[str, str]) -> tuple[Action, ...]:
    """Return all actions with the keys they have in the end: the user's, else the default ones.

    ``user_keys`` maps an action's id to its keys, separated by commas; "" takes all keys from it. Raises SettingsError
    for an unknown action, and for all that ``key_faults`` finds.
    """
    unknown = (f"[keys] {name}: {_unknown_action(name)}" for name in user_keys if name not in _DEFAULTS)
    faults = (*unknown, *(f"[keys] {fault}" for fault in key_faults(_known(user_keys))))
    if faults:
        raise SettingsError(*faults)
    return tuple(action._replace(keys=_bound(user_keys)[action.id]) for action in ACTIONS)


def key_faults(user_keys: Mapping[str, str], below: Mapping[str, str] = MappingProxyType({})) -> Iterator[str]:
    """Yield what is wrong with the keys that a user gives to actions, and not with those already that they lie over.

    That is: a key that no terminal sends, one key for two actions, a default key counting as well, and no way out.
    """
    for name, text in user_keys.items():
        yield from _spelling_faults(name, text)
    merged = {**below, **user_keys}
    known = {*_clashes(below), *_closed_ways_out(below)}
    yield from (fault for fault in (*_clashes(merged), *_closed_ways_out(merged)) if fault not in known)


def shown_key(key: str, *, ascii_only: bool = False) -> str:
    """Return a key as people read it: an arrow for ``up`` (the word in ASCII), ``^d`` for ``ctrl+d``."""
    shown = SHOWN.get(key, key.replace("ctrl+", "^") if key.startswith("ctrl+") else key)
    return key if ascii_only and not shown.isascii() else shown


def shown_keys(keys: Iterable[str], *, ascii_only: bool = False) -> str:
    """Return several keys as people read them, separated by blanks."""
    return " ".join(shown_key(key, ascii_only=ascii_only) for key in keys)


def _bound(user_keys: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the keys of each action; what is no key is left out."""
    chosen = {name: tuple(filter(_is_key, _split(text))) for name, text in user_keys.items()}
    return {**_DEFAULTS, **chosen}


def _known(user_keys: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in user_keys.items() if name in _DEFAULTS}


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_as_sent(part) for part in map(str.strip, text.split(",")) if part))


def _as_sent(key: str) -> str:
    """Return a key as terminals send it: shift with a letter is a capital, and ctrl knows small letters alone."""
    if len(key) == len("shift+x") and key.startswith("shift+") and key[-1].isalpha():
        return key[-1].upper()
    return key.lower() if len(key) == len("ctrl+x") and key.startswith("ctrl+") else key


def _is_key(key: str) -> bool:
    plain = _MODIFIER.sub("", key)
    return (len(plain) == 1 and plain.isprintable()) or plain in NAMED_KEYS


def _spelling_faults(name: str, text: str) -> Iterator[str]:
    keys = _split(text)
    if text and not keys:
        yield f'{name} = "{text}": there is no key in it. Write comma for ",", space for " ", and "" for no key.'
    for key in keys:
        if not _is_key(key):
            yield f"{name} = {quoted(key)}: there is no key of this name. {_remedy(name, key)}"
        elif name == _EVERYWHERE and (len(key) == 1 or key in {"space", "comma", "backspace"}):
            yield f'{name} = "{key}": it works while typing too, where this key is needed. Take one such as ctrl+x.'


def _remedy(name: str, key: str) -> str:
    if name in SETTING_NAMES:
        return f"{name} is a setting as well: did it mean to stand above the tables?"
    near = nearest(_MODIFIER.sub("", key), NAMED_KEYS)
    guess = "" if near is None else f"Did you mean {near}? "
    return f"{guess}Write a character, or a name such as f5, pagedown or ctrl+d, and commas between several."


def _unknown_action(name: str) -> str:
    return f"there is no action of this name. {suggestion(name, _DEFAULTS)}"


def _clashes(user_keys: Mapping[str, str]) -> Iterator[str]:
    owners: dict[str, list[str]] = {}
    bound = _bound(user_keys)
    for name in (*user_keys, *(name for name in bound if name not in user_keys)):
        for key in bound[name]:
            owners.setdefault(SAME_KEYS.get(key, key), []).append(name)
    for key, names in owners.items():
        if len(names) > 1:
            others, last = ", ".join(names[:-1]), names[-1]
            by_default = "" if last in user_keys else " (by default)"
            yield f'"{key}" is given to both {others} and {last}{by_default}. {_way_to_part(last, user_keys)}'


def _way_to_part(last: str, user_keys: Mapping[str, str]) -> str:
    if last in user_keys:
        return "Take it from one of them."
    none = "" if last in _SUCH_AS else f', or {last} = "" for none'
    return f'Write {last} = "..." with another key as well{none}.'


def _closed_ways_out(user_keys: Mapping[str, str]) -> Iterator[str]:
    """Yield a fault for each way to leave the program without a key: there is to be one while typing, and one else."""
    bound = _bound(user_keys)
    for name, other in (_EASY, _EVERYWHERE), (_EVERYWHERE, _EASY):
        if user_keys.get(name) == "":
            left = f"only {other} ({shown_keys(bound[other])})" if bound[other] else f"neither it nor {other}"
            yield f'{name} = "": {left} would be left to leave the program by. Give it a key, such as {_SUCH_AS[name]}.'


KEY_RULES = KeyRules(_DEFAULTS.keys(), key_faults)
"""What the reader of the settings file is told of the tables of keys."""
