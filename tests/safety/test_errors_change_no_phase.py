"""No row of network and auth errors, in any order, changes what the program says of a task."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from support.theatre import Stage, Theatre, a_task

from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.tasks.model import Phase

MINUTE = 60.0
KNOWN = tuple(phase for phase in Phase if phase is not Phase.MISSING)
"""One task in each phase that a gateway tells of."""

ERRORS = some.builds(
    GatewayError,
    some.sampled_from(Problem),
    detail=some.sampled_from(["", "无效的令牌"]),
    retry_after=some.none() | some.floats(0, 600),
    status=some.none() | some.sampled_from([200, 302, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504]),
)
STEPS = some.lists(some.tuples(ERRORS, some.floats(0, 6 * MINUTE), some.booleans()), min_size=1, max_size=5)
"""An error that every request meets, how long it lasts, and whether the user asks for all tasks meanwhile."""


async def _phases_before_and_after(
    folder: Path, steps: Sequence[tuple[GatewayError, float, bool]]
) -> tuple[object, object]:
    theatre = Theatre(folder)
    gateway, clock = theatre.gateway, theatre.clock
    for phase in KNOWN:
        gateway.tasks[phase.value] = a_task(phase.value, phase)
    theatre.watch(*(phase.value for phase in KNOWN), "nobody-knows-it", "never-seen")
    stage = theatre.stage()
    async with theatre.running(stage):
        await clock.advance(3 * MINUTE)
        before = _told(stage)
        for error, seconds, hurried in steps:
            gateway.failing = lambda _ids, error=error: error
            if hurried:
                await stage.engine.refresh([phase.value for phase in KNOWN])
            await clock.advance(seconds)
        return before, _told(stage)


def _told(stage: Stage) -> dict[str, tuple[Phase, int]]:
    """Return for each task its phase and how many changes of it are on record."""
    return {task.id: (task.summary.phase, len(stage.replica.history(task.id))) for task in stage.replica.watched()}


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_no_row_of_errors_changes_any_phase(steps: list[tuple[GatewayError, float, bool]]) -> None:
    with TemporaryDirectory() as folder:
        before, after = asyncio.run(_phases_before_and_after(Path(folder), steps))
    assert after == before


@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_a_task_that_was_never_told_of_stays_waiting(steps: list[tuple[GatewayError, float, bool]]) -> None:
    async def watched_through_errors(folder: Path) -> set[Phase]:
        theatre = Theatre(folder)
        theatre.watch("new")
        stage = theatre.stage()
        theatre.gateway.failing = lambda _ids: steps[0][0]
        async with theatre.running(stage):
            for error, seconds, _hurried in steps:
                theatre.gateway.failing = lambda _ids, error=error: error
                await theatre.clock.advance(seconds)
            return {task.summary.phase for task in stage.replica.watched()}

    with TemporaryDirectory() as folder:
        assert asyncio.run(watched_through_errors(Path(folder))) == {Phase.WAITING}
