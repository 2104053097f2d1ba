"""What the engine reports to its listeners: what changed, how the link is, and when it polls again."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from ecovai_tui.language import later
from ecovai_tui.tasks.judging import Change
from ecovai_tui.tasks.model import Phase, WatchedTask
from ecovai_tui.tasks.text import packed, unpacked

if TYPE_CHECKING:
    from ecovai_tui.engine.disk_watcher import Observed

LATENCIES_KEPT = 20

NO_ANSWER_STEP = 4.0
"""Seconds from which on it is said that no answer comes, and steps in which it is told for how long."""


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
    kind: str = later("no answer")
    """Two or three words for it, such as "server error"."""

    @property
    def text(self) -> str:
        """All of it as text, for other instances, which may speak another language."""
        return json.dumps(self._replace(message=packed(self.message)), ensure_ascii=False)


def read_trouble(text: str) -> Trouble | None:
    """Return the trouble in a text, None where there is none, or none that this version can read."""
    with suppress(ValueError, TypeError):
        trouble = Trouble(*json.loads(text))
        return trouble._replace(message=unpacked(trouble.message))
    return None


class Link(NamedTuple):
    """How things stand between us and the gateway."""

    trouble: Trouble | None = None
    """None while all is well."""
    asking_since: float | None = None
    """When the request went out that is under way, None while there is none."""
    paused: bool = False
    next_poll: float | None = None
    """When the gateway is asked again; None when nothing is due."""
    last_reply: float | None = None
    """When the last good reply came."""
    skew: float = 0.0
    """The gateway's clock minus ours, in seconds."""
    unattended: bool = False
    """Nobody looks at this instance, so it asks less often."""
    read_only: bool = False
    """There is no key: this instance shows what is known and asks nobody."""
    quota_left: float | None = None
    """What was left to the key when it was last read, in units of the site; None where that is not known."""

    latencies: tuple[float, ...] = ()
    """Seconds that the last replies took, the newest one last; infinite where none came."""

    @property
    def in_flight(self) -> bool:
        """Whether a request is under way."""
        return self.asking_since is not None

    def unanswered(self, now: float) -> int:
        """Return for how many seconds the request under way has had no answer, in steps; 0 while that is usual."""
        waited = 0.0 if self.asking_since is None else now - self.asking_since
        return max(0, int(waited // NO_ANSWER_STEP * NO_ANSWER_STEP))

    def next_step(self, now: float) -> float | None:
        """Return the seconds until ``unanswered`` tells more, also of the next request; None where none is expected."""
        if self.asking_since is not None:
            return NO_ANSWER_STEP - (now - self.asking_since) % NO_ANSWER_STEP
        left = 0.0 if self.next_poll is None else self.next_poll + NO_ANSWER_STEP - now
        return left if left > 0 else None

    @property
    def key_refused(self) -> bool:
        """Whether the key of this instance was refused, or its quota is used up."""
        return self.trouble is not None and self.trouble.key_refused


class EngineState(NamedTuple):
    """How things stand with an engine, as front ends show it for as long as it is so."""

    link: Link
    pace: float
    """Seconds between two looks at a young task as things stand."""
    problem: str = ""
    """Why the watch list cannot be read or the replica works from memory, or ""."""


class Update(NamedTuple):
    """One step of the engine, as front ends hear of it."""

    link: Link
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
    tasks: tuple[WatchedTask, ...] = ()
    """How those of all these that are watched stand now."""
    unknown: tuple[WatchedTask, ...] | None = None
    """Rows of the submissions of which nobody knows what became, where they are others than before."""

    @property
    def finished(self) -> frozenset[str]:
        """Ids of the tasks that ended just now with something that can be had."""
        usable = {Phase.DONE, Phase.PARTIAL}
        return frozenset(change.id for change in self.changes if change.makes_final and change.after in usable)


Listener = Callable[[Update], None]


class Listeners:
    """Calls everyone who subscribed, in the order in which they did."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with every Update from now on; the function returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def report(self, link: Link, observed: Observed) -> None:
        """Report one step: how things stand, and what was seen in the files."""
        update = Update(
            link=link,
            changes=observed.changes,
            changed=observed.changed,
            seen=observed.seen,
            added=observed.added,
            removed=observed.removed,
            notice=observed.notice,
            tasks=observed.tasks,
            unknown=observed.unknown,
        )
        for listener in tuple(self._listeners):
            listener(update)
