"""The keys of one run: the registry's actions as Textual's bindings, and what the user changed as Textual's keymap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingsMap

from ecovai_tui.view.actions import ACTIONS, Action, Scope, shown_keys

if TYPE_CHECKING:
    from textual.binding import BindingType, Keymap
    from textual.events import Key


NO_KEY = "no_key"
"""A key that no terminal sends, for actions without any: Textual takes an empty entry of a keymap for none at all."""


def binding(action_id: str, does: str, *, without: Iterable[str] = (), priority: bool = False) -> Binding:
    """Return the default keys of an action, but for those ``without``, bound to what Textual performs for them.

    The user gives it other keys by the action's id.
    """
    keys = [key for action in ACTIONS if action.id == action_id for key in action.keys if key not in without]
    return Binding(",".join(keys) or NO_KEY, does, show=False, priority=priority, id=action_id)


def performing(action_id: str) -> str:
    """Return what Textual calls the performing of an action of the registry."""
    return f"app.perform({action_id!r})"


SCREEN_BINDINGS: list[BindingType] = [
    binding(action.id, performing(action.id)) for action in ACTIONS if action.scope is not Scope.EVERYWHERE
]
"""Those of the main screen."""


class Keyboard:
    """The actions with their keys in this run."""

    def __init__(self, actions: Sequence[Action], *, ascii_only: bool = False) -> None:
        self.actions = actions
        self._ascii_only = ascii_only
        self._by_id = {action.id: action for action in actions}
        bound = BindingsMap(Binding(",".join(action.keys), action.id) for action in actions if action.keys)
        self._by_key = {key: self._by_id[binding.action] for key, binding in bound}

    def __contains__(self, key: str) -> bool:
        return key in self._by_key

    def __getitem__(self, action_id: str) -> Action:
        return self._by_id[action_id]

    @property
    def keymap(self) -> Keymap:
        """The keys of each action that the user gave others than the default ones."""
        return {action.id: ",".join(action.keys) or NO_KEY for action in self.actions if action not in ACTIONS}

    def action_of(self, event: Key) -> Action | None:
        """Return the action of a key, None for a key that has none."""
        return self._by_key.get(event.key)

    def key_of(self, action_id: str) -> str:
        """Return the first key of an action as people read it, the action's id where it has none."""
        return shown_keys(self._by_id[action_id].keys[:1], ascii_only=self._ascii_only) or action_id
