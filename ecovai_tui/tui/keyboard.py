"""The keys of one run: the registry's actions as Textual's bindings and keymap, in the footer and in the help."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from textual.binding import Binding, BindingsMap, BindingType, Keymap
from textual.events import Key

from ecovai_tui.language import later, tr
from ecovai_tui.tasks.model import Phase
from ecovai_tui.view.actions import ACTIONS, FOOTERS, LAST_HINTS, Action, Hint, Place, Scope, shown_key, shown_keys
from ecovai_tui.view.lines import GAP, Line, Span, Tone, ellipsis_of, fit_parts, glyph_of, part

NO_KEY = "no_key"
"""A key that no terminal sends, for actions without any: Textual takes an empty entry of a keymap for none at all."""


KEPT_FOOTERS = 16

FAR = 1_000_000_000
"""More lines than there are."""

STEPS: Mapping[str, Callable[[int], int]] = {
    "down": lambda _height: 1,
    "up": lambda _height: -1,
    "first": lambda _height: -FAR,
    "last": lambda _height: FAR,
    "half-down": lambda height: max(1, height // 2),
    "half-up": lambda height: -max(1, height // 2),
    "page-down": lambda height: max(1, height - 1),
    "page-up": lambda height: -max(1, height - 1),
}
"""By the id of the action: lines downwards, given the height of the window in lines."""

DEFAULT_KEYS = {action.id: action.keys for action in ACTIONS}
"""By the id of the action."""


def binding(action_id: str, does: str, *, without: Iterable[str] = (), priority: bool = False) -> Binding:
    """Return the default keys of an action, but for those ``without``, bound to what Textual performs for them.

    The user gives it other keys by the action's id.
    """
    keys = [key for key in DEFAULT_KEYS[action_id] if key not in without]
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
        self.footer = lru_cache(KEPT_FOOTERS)(self._footer)
        """Lays the keys out that work in a place; asked for at each move of the cursor."""

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

    def _footer(self, place: Place, width: int, marked: int = 0, hidden: tuple[str, ...] = ()) -> Line:
        return footer_line(self.actions, place, width, marked=marked, hidden=hidden, ascii_only=self._ascii_only)

    def key_of(self, action_id: str) -> str:
        """Return the first key of an action as people read it, the action's id where it has none."""
        return shown_keys(self._by_id[action_id].keys[:1], ascii_only=self._ascii_only) or action_id


def footer_line(
    actions: Iterable[Action],
    place: Place,
    width: int,
    *,
    marked: int = 0,
    hidden: Collection[str] = (),
    ascii_only: bool = False,
) -> Line:
    """Return the keys that work where the keyboard is, those further to the right dropped when it is narrow.

    ``hidden`` are the ids of actions that cannot be done now.
    """
    keys = {action.id: action.keys[0] for action in actions if action.keys and action.id not in hidden}
    told = [Span(tr("{n} marked", n=marked), Tone.TAG)] if marked else []
    entries = [_entry(hint, keys, ascii_only) for hint in FOOTERS[place]]
    last = tuple(span for hint in LAST_HINTS for span in (GAP, *_entry(hint, keys, ascii_only)))[1:]
    left = [part(1, *told, None), *(part(rank, entry, None) for rank, entry in enumerate(entries, 2) if entry)]
    return fit_parts(left, [part(0, last, None)], width, ellipsis_of(ascii_only=ascii_only))


LANGUAGE = (
    later("!not"), later("~regex"), later("phase:"), later("label:"), later("model:"), later("tag:"), later("id:"),
    later("lyrics:"), later("age>10m"), later("took>2m"),
)  # fmt: skip
"""What else than words can be typed in a filter, as the footer shows it."""


def typing_line(back_key: str, width: int, *, looking: bool = False, ascii_only: bool = False) -> Line:
    """Return the footer for while a filter is typed; ``looking`` says that its tasks are still being looked for."""
    helps = (("enter", tr("keep")), (back_key, tr("clear")), ("down", tr("to the hits")))
    words = (tr("looking ..."),) if looking else tuple(map(tr, LANGUAGE))
    right = [part(rank, Span(word, Tone.MUTED), None) for rank, word in enumerate(words, len(helps))]
    return fit_parts(
        [part(rank, _key(*entry), None) for rank, entry in enumerate(helps)],
        right,
        width,
        ellipsis_of(ascii_only=ascii_only),
    )


def fault_line(fault: str, shown: str, width: int, *, ascii_only: bool = False) -> Line:
    """Return the footer for while a filter cannot be read: what to write, and which filter is in force meanwhile."""
    sign = glyph_of(Phase.FAILED, ascii_only=ascii_only)
    told = part(0, (Span(f"{sign} ", Phase.FAILED), Span(fault)))
    meanwhile = part(1, Span(tr("Shown meanwhile: {shown}", shown=shown or tr("all")), Tone.MUTED), None)
    return fit_parts([told, meanwhile], [], width, ellipsis_of(ascii_only=ascii_only))


def keys_line(entries: Iterable[tuple[str, str]], width: int, *, ascii_only: bool = False) -> Line:
    """Return the footer of a dialog: its keys, each with what it does, those further to the right dropped first."""
    shown = [part(rank, _key(*entry), None) for rank, entry in enumerate(entries)]
    return fit_parts(shown, [], width, ellipsis_of(ascii_only=ascii_only))


def _entry(hint: Hint, keys: Mapping[str, str], ascii_only: bool) -> tuple[Span, ...]:
    """Return a hint with its keys, () where an action of it has none."""
    if not all(name in keys for name in hint.actions):
        return ()
    shown = hint.between.join(shown_key(keys[name], ascii_only=ascii_only) for name in hint.actions)
    return _key(shown, tr(hint.words), hint.actions[0])


def _key(key: str, does: str, action_id: str = "") -> tuple[Span, ...]:
    return Span(key, Tone.TAG, action_id), Span(f" {does}", Tone.MUTED, action_id)
