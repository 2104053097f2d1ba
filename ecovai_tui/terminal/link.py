"""How quick the way to the terminal is, from what it takes to answer: pure, the asking is done by the front end."""

from __future__ import annotations

from collections.abc import Sequence

SLOW_ROUND_TRIP = 0.15
"""Seconds; a terminal that takes longer to answer stands at the end of a slow link."""

QUERIES = 3
"""Questions at most: one answer can be late because either end was busy, so that the quickest of them counts."""

WHERE_IS_THE_CURSOR = "\x1b[6n"
"""A question that every terminal answers and that changes nothing (DSR 6; the answer is ``CSI row ; column R``)."""

UNMEASURED_ROUND_TRIP = 0.1
"""Seconds that an answer is taken to need over a line that nobody has measured."""

LONGEST_ESCAPE_DELAY = 1.0
"""Seconds."""


def escape_delay(usual: float, *, ssh: bool, round_trip: float | None) -> float:
    """Return how long an escape waits for the rest of a sequence, in seconds, before it counts as the escape key.

    ``usual`` is what suffices where nothing lies between. What a line splits comes with the next packet: one that was
    lost is sent again after more than a round trip.
    """
    if not ssh and round_trip is None:
        return usual
    slow = usual + 2 * (UNMEASURED_ROUND_TRIP if round_trip is None else round_trip)
    return max(usual, min(slow, LONGEST_ESCAPE_DELAY))


def is_to_be_measured(wish: bool | None, *, ssh: bool) -> bool:
    """Tell whether the terminal is to be asked; ``wish`` is the user's own word on the link, None for none."""
    return wish is None and ssh


def is_another_query_needed(round_trips: Sequence[float]) -> bool:
    """Tell whether the answers so far (in seconds) leave it open that the link is quick after all."""
    return len(round_trips) < QUERIES and is_slow(round_trips)


def is_slow(round_trips: Sequence[float]) -> bool:
    """Tell whether even the quickest answer came late, in seconds; where there was none yet, nothing is known."""
    return not round_trips or min(round_trips) > SLOW_ROUND_TRIP
