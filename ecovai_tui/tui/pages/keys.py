"""The footer and the help, both from the registry of actions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecovai_tui.interface.actions import Action, Group, Scope
from ecovai_tui.interface.keys import shown_key, shown_keys
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.pages.lines import Line, Span, Tone, line
from ecovai_tui.tui.pages.parts import fit_parts, part

WIDEST_KEYS = 16
"""Cells that the help's column of keys has at most."""


def footer_line(actions: Iterable[Action], scope: Scope, width: int) -> Line:
    """Return the actions of the footer that work here, those further to the right dropped when it is narrow."""
    shown = sorted((action for action in actions if _fits(action, scope)), key=lambda action: action.footer)
    return fit_parts([part(action.footer, _entry(action), None) for action in shown], [], width)


def help_page(actions: Sequence[Action], *, ascii_only: bool = False) -> list[Line]:
    """Return every action by group with its keys and what it does."""
    keys = {action.id: f"  {shown_keys(action.keys, ascii_only=ascii_only) or 'no key'}  " for action in actions}
    width = min(WIDEST_KEYS, max(map(cell_width, keys.values())))
    lines: list[Line] = []
    for group in Group:
        lines += [line(), line(group.value, Tone.HEADING)] if lines else [line(group.value, Tone.HEADING)]
        lines += [_help_line(keys[action.id], action, width) for action in actions if action.group is group]
    return lines


def _fits(action: Action, scope: Scope) -> bool:
    return bool(action.footer and action.keys) and action.scope in {scope, Scope.BOTH}


def _entry(action: Action) -> tuple[Span, ...]:
    return (
        Span(shown_key(action.keys[0]), Tone.STRONG, action.id),
        Span(" " + action.label, Tone.MUTED, action.id),
    )


def _help_line(keys: str, action: Action, width: int) -> Line:
    return Line((Span(keys.ljust(width), Tone.STRONG), Span(action.description)), width)
