"""Which way of asking for the tasks of each family works at one gateway, as it turns out."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from ecovai_tui.gateway.errors import GatewayError, Problem

NOT_THERE = frozenset({Problem.WEB_PAGE, Problem.WRONG_PATH})
"""The errors of a gateway that has no such route."""

SINGLE = ("/suno/fetch/{}", "/v1/video/generations/{}", "/v1/tasks/{}")
"""The paths of one task of new-api's table: one-hub's first has Suno's tasks alone, the last came in September 2026.

The last two take a key that is limited to models, the last one always.
"""

OF_THE_FAMILY = NOT_THERE | {Problem.MODEL_RESTRICTED, Problem.FORBIDDEN, Problem.REJECTED}
"""The errors that say nothing about other families."""


@dataclass(slots=True)
class Routes:
    """Remembers for each family the way that is taken now, and for an id that was found elsewhere its own way."""

    _ways: dict[str, int] = field(default_factory=dict)
    _of_ids: dict[str, int] = field(default_factory=dict)
    _working: set[str] = field(default_factory=set)
    _absent: set[str] = field(default_factory=set)
    _given_up: set[str] = field(default_factory=set)

    def way(self, family: str, task_id: str = "") -> int:
        """Return the way for a family, or for one of its ids."""
        return self._of_ids.get(task_id, self._ways.get(family, 0))

    def works(self, family: str) -> None:
        """Note that the way was answered as it should be."""
        self._working.add(family)

    def found(self, task_id: str, way: int) -> None:
        """Note where a task was found that its family's way does not lead to."""
        self._of_ids[task_id] = way

    def single(self, task_id: str) -> str:
        """Return the path by which one task of new-api's table is asked for."""
        return SINGLE[self.way("", task_id)].format(quote(task_id, safe=""))

    def tries_next(self, task_id: str, *, absent: bool) -> bool:
        """Note that a task of the table was not found, and return whether another path may have it.

        ``absent`` says that the gateway has not got the path itself. No id is looked for like this a second time.
        """
        way = self.way("", task_id)
        if absent:
            self._absent.add(SINGLE[way])
        left = [each for each in range(way + 1, len(SINGLE)) if SINGLE[each] not in self._absent]
        if left and task_id not in self._given_up:
            self._of_ids[task_id] = left[0]
            return True
        self._of_ids.pop(task_id, None)
        self._given_up.add(task_id)
        return False

    def judged(self, family: str, ways: int, error: GatewayError) -> GatewayError:
        """Return what an error says about a family: that another way is to be tried, that none is left, or itself.

        A way that has worked before is not doubted for a web page, such as one that tells of maintenance.
        """
        doubted = OF_THE_FAMILY - NOT_THERE if family in self._working else OF_THE_FAMILY
        if error.problem not in doubted:
            return error
        following = self._ways.get(family, 0) + 1
        is_left = following < ways and family not in self._working
        self._ways[family] = following if is_left else 0
        problem = Problem.NEXT_ROUTE if is_left else Problem.WRONG_ROUTE
        told = error.message if error.problem not in NOT_THERE else ""
        return GatewayError(
            problem,
            about=family,
            message=f"{family}: {told}" if told and not is_left else "",
            detail=error.detail,
            request_id=error.request_id,
            status=error.status,
        )
