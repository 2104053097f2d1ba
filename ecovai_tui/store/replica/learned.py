"""How long tasks take, learned from those that were seen to end; nothing is told where too little is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from ecovai_tui.tasks.model import Kind

ENOUGH_FOR_AN_ESTIMATE = 5
ENOUGH_TO_CALL_SLOW = 20
MOST_EXAMPLES = 200
"""Tasks of one model that are learned from, the newest, so that an old habit of the gateway does not linger."""

_EXAMPLES = """
    SELECT submitted_at, ended_at FROM (
        SELECT submitted_at, coalesce(finished_at, (
            SELECT max(at) FROM change WHERE origin = :origin AND change.id = newest.id AND what = 'phase'
            AND after = phase AND before IN ('waiting', 'running', 'streaming')
        )) AS ended_at
        FROM (
            SELECT id, model, phase, submitted_at, finished_at FROM task
            WHERE origin = :origin AND kind = :kind AND final_at IS NOT NULL ORDER BY final_at DESC LIMIT 2000
        ) AS newest
        WHERE phase IN ('done', 'partial') AND submitted_at IS NOT NULL AND :model IN ('', model)
    )
    WHERE ended_at >= submitted_at LIMIT :most
"""


class Learned(NamedTuple):
    """How long tasks of one kind and model took from submit to final, in seconds."""

    median: float
    ninetieth: float
    """Nine of ten took no longer."""
    examples: int

    def seconds_left(self, elapsed: float) -> float | None:
        """Return how long an active task will take yet; None with too few examples, and beyond the median."""
        left = self.median - elapsed
        return left if self.examples >= ENOUGH_FOR_AN_ESTIMATE and left > 0 else None

    def is_slow(self, elapsed: float) -> bool:
        """Tell whether an active task is slower than nine of ten; never with too few examples."""
        return self.examples >= ENOUGH_TO_CALL_SLOW and elapsed > self.ninetieth


def learn(durations: Iterable[float]) -> Learned | None:
    """Return what durations (seconds) teach, or None if there are none."""
    ordered = sorted(durations)
    if not ordered:
        return None
    return Learned(_quantile(ordered, 0.5), _quantile(ordered, 0.9), len(ordered))


def durations(connection: sqlite3.Connection, origin: str, kind: Kind, model: str) -> Learned | None:
    """Return what the tasks of a kind that ended well teach; of any model if ``model`` is empty.

    The gateway's own times are taken where it gives both; else the end is when the ledger saw it.
    """
    asked = {"origin": origin, "kind": kind.value, "model": model, "most": MOST_EXAMPLES}
    rows = connection.execute(_EXAMPLES, asked)
    return learn(end - submitted for submitted, end in rows)


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of the ordered values lies, between two of them where it must be."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
