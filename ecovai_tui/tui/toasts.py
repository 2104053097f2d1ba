"""Toasts: tasks that become final, one toast for a batch, and one toast at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, TypeAlias

from ecovai_tui.tasks.changes import Change
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.view.lines import Line, Span, Tone

Gravity: TypeAlias = Literal["information", "warning", "error"]
"""How bad the news are, in Textual's words."""


def announce(
    changes: Iterable[Change], find: Callable[[str], WatchedTask | None], *, ascii_only: bool = False
) -> Toast | None:
    """Return what to say of the tasks that became final by these changes, None if there are none."""
    final = {change.id: Phase(change.after) for change in changes if change.makes_final}
    if not final:
        return None
    gravity = _gravity(set(final.values()))
    if len(final) > 1:
        counted = Counter(final.values())
        told = ", ".join(f"{counted[phase]} {phase}" for phase in Phase if counted[phase])
        return Toast(told, f"{len(final)} tasks are finished", gravity)
    [(id_, phase)] = final.items()
    watched = find(id_)
    glyph = phase.ascii_glyph if ascii_only else phase.glyph
    reason = watched.summary.fail_reason if watched and phase is not Phase.DONE else ""
    return Toast("\n".join(filter(None, (_name(watched, id_), reason))), f"{glyph} {phase}", gravity)


def _gravity(phases: set[Phase]) -> Gravity:
    if Phase.FAILED in phases:
        return "error"
    return "warning" if Phase.PARTIAL in phases else "information"


def _name(watched: WatchedTask | None, id_: str) -> str:
    return (watched and (watched.summary.title or watched.label)) or id_


SHOWN_FOR = 5.0
"""Seconds for which something is said at least; a warning then stays until a key is pressed."""


class Toast(NamedTuple):
    """One thing that is said."""

    text: str
    title: str = ""
    gravity: Gravity = "information"

    @property
    def line(self) -> Line:
        """All of it in one line."""
        grave = self.gravity != "information"
        text = Span("  ".join(self.text.split("\n")), Tone.ALERT if grave and not self.title else Tone.PLAIN)
        return Line((Span(f"{self.title}  ", Tone.ALERT if grave else Tone.STRONG), text) if self.title else (text,))


class Toasts:
    """What stands: no warning gives way to small talk before anybody had the time to read it, but to a newer one."""

    def __init__(self) -> None:
        self._warning: Toast | None = None
        self._small_talk: Toast | None = None
        self._old = False
        """Whether the time of all that stands is over."""

    @property
    def lines(self) -> list[Line]:
        """What is said, a line each."""
        return [toast.line for toast in (self._warning, self._small_talk) if toast]

    def add(self, toast: Toast) -> None:
        """Say this, in place of what was said last of its sort."""
        self._old = False
        if toast.gravity == "information":
            self._small_talk = toast
        else:
            self._warning = toast

    def grow_old(self) -> None:
        """Let small talk go: its time is over."""
        self._small_talk, self._old = None, True

    def take_key(self) -> bool:
        """Let a warning go that has stood long enough, as a key tells that somebody is there; return whether it did."""
        if not self._old or self._warning is None:
            return False
        self._warning = None
        return True
