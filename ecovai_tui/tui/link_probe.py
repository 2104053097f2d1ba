"""Asks the terminal how long an answer takes, after the first paint, and judges from that whether the link is slow."""

from __future__ import annotations

from collections.abc import Callable

from ecovai_tui.terminal.link import WHERE_IS_THE_CURSOR, is_another_query_needed, is_slow


class LinkProbe:
    """One question after the other until the link has proved quick, or often enough slow."""

    def __init__(self, send: Callable[[str], None], clock: Callable[[], float]) -> None:
        """``send`` takes what goes to the terminal; ``clock`` tells the seconds that answers are stamped with."""
        self._send = send
        self._clock = clock
        self._asked_at: float | None = None
        self._round_trips: list[float] = []

    def ask(self) -> None:
        """Send the question."""
        self._asked_at = self._clock()
        self._send(WHERE_IS_THE_CURSOR)

    @property
    def quickest(self) -> float:
        """The seconds that the quickest answer took."""
        return min(self._round_trips, default=0.0)

    def answered(self, at: float) -> bool | None:
        """Take an answer that came at a moment; tell whether the link is slow, None while that is not known."""
        if self._asked_at is None:
            return None
        self._round_trips.append(at - self._asked_at)
        self._asked_at = None
        if is_another_query_needed(self._round_trips):
            self.ask()
            return None
        return is_slow(self._round_trips)
