"""Those who hear what the engine found out: front ends, each told of every step."""

from __future__ import annotations

from collections.abc import Callable

from ecovai_tui.monitor.observer import Observed
from ecovai_tui.monitor.update import Link, Role, Update
from ecovai_tui.store.replica import Recorded

Listener = Callable[[Update], None]


class Listeners:
    """Calls everyone who subscribed, in the order in which they did."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with every Update from now on; the function returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, link: Link, role: Role, recorded: Recorded, observed: Observed) -> None:
        """Tell of one step: how things stand, what a reply brought, and what was seen in the files."""
        update = Update(
            link=link,
            role=role,
            changes=recorded.changes + observed.changes,
            changed=observed.changed.union(change.id for change in recorded.changes),
            seen=recorded.seen | observed.seen,
            added=observed.added,
            removed=observed.removed,
            notice=observed.notice,
        )
        for listener in tuple(self._listeners):
            listener(update)
