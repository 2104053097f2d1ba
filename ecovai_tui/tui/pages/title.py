"""The window's title: what is worth knowing of a pane in a list of windows, in as few words as possible."""

from __future__ import annotations

from collections.abc import Mapping

from ecovai_tui.monitor.update import Link, Role
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import ACTIVE_PHASES, FAILED_PHASES

PROGRAM = "ecovai-tui"


def title_text(name: str, counts: Mapping[Phase, int], link: Link, role: Role) -> str:
    """Return the title; ``name`` tells the pane from others, such as the profile, "" if there is none."""
    active = sum(counts.get(phase, 0) for phase in ACTIVE_PHASES)
    said = [_hindrance(link, role), f"{active} active" if active else ""]
    said += [f"{number} {phase}" for phase, number in counts.items() if phase in FAILED_PHASES]
    words = ", ".join(filter(None, said)) or _all_well(sum(counts.values()))
    return f"{PROGRAM} {name}: {words}" if name else f"{PROGRAM}: {words}"


def _hindrance(link: Link, role: Role) -> str:
    if role is Role.READ_ONLY:
        return "no key"
    if link.paused:
        return "paused"
    if link.trouble is None:
        return ""
    return link.trouble.kind


def _all_well(number: int) -> str:
    return f"{number} done" if number else "no tasks"
