"""Which way of asking for the tasks of each family works at one gateway, as it turns out."""

from __future__ import annotations

from dataclasses import dataclass, field

from ecovai_tui.gateway.errors import GatewayError, Problem

NOT_THERE = frozenset({Problem.WEB_PAGE, Problem.WRONG_PATH})
"""The errors of a gateway that has no such route."""

OF_THE_FAMILY = NOT_THERE | {Problem.MODEL_RESTRICTED, Problem.FORBIDDEN, Problem.REJECTED}
"""The errors that say nothing about other families."""


@dataclass(slots=True)
class Routes:
    """Remembers for each family the way that is taken now, and for an id that was found elsewhere its own way."""

    _ways: dict[str, int] = field(default_factory=dict)
    _of_ids: dict[str, int] = field(default_factory=dict)
    _working: set[str] = field(default_factory=set)

    def way(self, family: str, task_id: str = "") -> int:
        """Return the way for a family, or for one of its ids."""
        return self._of_ids.get(task_id, self._ways.get(family, 0))

    def works(self, family: str) -> None:
        """Note that the way was answered as it should be."""
        self._working.add(family)

    def found(self, task_id: str, way: int) -> None:
        """Note where a task was found that its family's way does not lead to."""
        self._of_ids[task_id] = way

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
