"""What the monitor tells its listeners: what changed, how the link is, who asks, and when it looks again."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from ecovai_tui.tasks.changes import Change


class Role(StrEnum):
    """What this instance does among all that are open on the same profile."""

    LEADING = "leading"
    FOLLOWING = "following"
    READ_ONLY = "read-only"
    """No key: it shows what is known and asks nobody."""


class Trouble(NamedTuple):
    """Why the last request did not bring an answer, in words for people."""

    message: str
    """One sentence: what happened and what to do."""
    detail: str = ""
    """The server's own words, clean, and the request id."""
    since: float = 0.0
    """When the first of the unbroken row of failures came."""
    key_refused: bool = False
    """The key was refused, or its quota is used up."""
    kind: str = "no answer"
    """Two or three words for it, such as "server error"."""


class Link(NamedTuple):
    """How things stand between us and the gateway."""

    trouble: Trouble | None = None
    """None while all is well."""
    in_flight: bool = False
    paused: bool = False
    next_look: float | None = None
    """When the gateway is asked again; None when nothing is due."""
    last_reply: float | None = None
    """When the last good reply came."""
    skew: float = 0.0
    """The gateway's clock minus ours, in seconds."""
    unattended: bool = False
    """Nobody looks at the instance that asks, so it asks more seldom."""

    @property
    def key_refused(self) -> bool:
        """Tell whether the key of the instance that asks was refused, or its quota is used up."""
        return self.trouble is not None and self.trouble.key_refused


class Standing(NamedTuple):
    """How things stand with an engine, as front ends show it for as long as it is so."""

    link: Link
    role: Role
    pace: float
    """Seconds between two looks at a young task as things stand."""
    problem: str = ""
    """Why the watch list cannot be read or the replica works from memory, or ""."""


class Update(NamedTuple):
    """One step of the monitor, as front ends hear of it; the states themselves stand in the replica."""

    link: Link
    role: Role
    changes: tuple[Change, ...] = ()
    """New entries of the ledger."""
    changed: frozenset[str] = frozenset()
    """Ids whose line may read differently from before."""
    seen: frozenset[str] = frozenset()
    """Ids of which the gateway told us again, changed or not."""
    added: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    notice: str = ""
    """A sentence that the user must see once, such as a watch list that cannot be read."""
