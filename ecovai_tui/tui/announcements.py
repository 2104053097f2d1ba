"""What is said aloud by a toast: tasks that become final, one toast for a batch, and a link that is slow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple, TypeAlias

from ecovai_tui.tasks.changes import Change
from ecovai_tui.tasks.model import Phase, WatchedTask

Gravity: TypeAlias = Literal["information", "warning", "error"]
"""How bad the news are, in Textual's words."""


class Announcement(NamedTuple):
    """A toast."""

    title: str
    text: str
    gravity: Gravity = "information"


def announce(
    changes: Iterable[Change], find: Callable[[str], WatchedTask | None], *, ascii_only: bool = False
) -> Announcement | None:
    """Return what to say of the tasks that became final by these changes, None if there are none."""
    final = {change.id: Phase(change.after) for change in changes if change.makes_final}
    if not final:
        return None
    gravity = _gravity(set(final.values()))
    if len(final) > 1:
        counted = Counter(final.values())
        told = ", ".join(f"{counted[phase]} {phase}" for phase in Phase if counted[phase])
        return Announcement(f"{len(final)} tasks are finished", told, gravity)
    [(id_, phase)] = final.items()
    watched = find(id_)
    glyph = phase.ascii_glyph if ascii_only else phase.glyph
    reason = watched.summary.fail_reason if watched and phase is not Phase.DONE else ""
    return Announcement(f"{glyph} {phase}", "\n".join(filter(None, (_name(watched, id_), reason))), gravity)


def slow_link(seconds: float) -> Announcement:
    """Return what to say of a link on which the terminal takes so long to answer."""
    return Announcement(
        f"A slow link: {seconds * 1000:.0f} ms",
        "Times are told by the minute, and paints are fewer. To have it as usual: slow_link = false in config.toml",
    )


def _gravity(phases: set[Phase]) -> Gravity:
    if Phase.FAILED in phases:
        return "error"
    return "warning" if Phase.PARTIAL in phases else "information"


def _name(watched: WatchedTask | None, id_: str) -> str:
    return (watched and (watched.summary.title or watched.label)) or id_
