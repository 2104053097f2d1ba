"""What a command still has to ask for, in portions that the gateway can answer."""

from __future__ import annotations

from collections.abc import Sequence

from ecovai_tui.gateway.errors import SIZE_PROBLEMS, GatewayError, Problem
from ecovai_tui.monitor.schedule import BATCH_MOST, fewer, more

SPLIT = SIZE_PROBLEMS | {Problem.SERVER_ERROR}
"""Told at once, and one of the ids can be the cause; to try again after a timeout would take minutes."""


class Portions:
    """The ids that are left, and those that the gateway refuses to tell of while it tells of others."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._left = list(ids)
        self._most = self._limit = BATCH_MOST
        self._answered = False
        self.refused: dict[str, GatewayError] = {}
        """Ids that fail also when they are asked for alone, each with what the gateway says."""

    @property
    def left(self) -> int:
        """How many ids are still to be asked for."""
        return len(self._left)

    @property
    def next(self) -> Sequence[str]:
        """The ids of the next request."""
        return self._left[: self._most]

    def answered(self) -> None:
        """Go on behind the portion that was answered, with a larger one."""
        del self._left[: self._most]
        self._most = min(self._limit, more(self._most))
        self._answered = True

    def narrow(self, most: int) -> bool:
        """Name no more ids in a request from now on; return whether these are fewer than before."""
        narrower = most < self._limit
        self._most, self._limit = min(self._most, most), min(self._limit, most)
        return narrower

    def failed(self, error: GatewayError) -> None:
        """Take half of the portion, or leave its only id out; raise the error where the ids are not its cause."""
        portion = self.next
        if error.problem not in SPLIT:
            raise error
        if len(portion) == 1:
            self._leave_out(portion[0], error)
            return
        self._most = fewer(len(portion))
        if error.problem is Problem.REQUEST_TOO_LARGE:
            self._limit = self._most

    def _leave_out(self, task_id: str, error: GatewayError) -> None:
        """Go on without an id; raise the error where it seems to be the gateway's: two fail, and none was answered."""
        del self._left[:1]
        if not self._answered and (self.refused or not self._left):
            raise error
        self.refused[task_id] = error
