"""From Textual's key events to the keys of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ecovai_tui.interface.actions import Action

BY_NAME = {" ": "space", ",": "comma"}
"""Characters that the registry writes by name."""


def spelled(key: str, character: str | None) -> str:
    """Return a key as the registry writes it: its character, or the name of a key that has none."""
    if character is not None and character.isprintable() and "+" not in key[:-1]:
        return BY_NAME.get(character, character)
    return key


def keyboard_of(actions: Iterable[Action]) -> Mapping[str, str]:
    """Return the id of the action of each key."""
    return {key: action.id for action in actions for key in action.keys}
