"""Each family over the real HTTP client: the route, the fallbacks, and that a wrong route is no proof of anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ecovai_tui.gateway.client import Gateway
from ecovai_tui.gateway.connection import Endpoint
from ecovai_tui.gateway.errors import GatewayError, Problem
from ecovai_tui.gateway.families.protocol import Routes, dialect_of
from ecovai_tui.simulator.replies import parse_faults
from ecovai_tui.simulator.server import Simulator
from ecovai_tui.simulator.world import Options
from ecovai_tui.tasks.model import Kind, Phase, Task

OLD = 500.0
"""Simulated seconds after which everything is over."""

Practise = Callable[..., Simulator]


@pytest.fixture
def practise() -> Iterator[Practise]:
    """Start simulators that have no tasks but those of the test."""
    running: list[Simulator] = []

    def start(faults: str = "", **options: Any) -> Simulator:
        chosen = {"arrivals": False, "population": 0, "faults": parse_faults(faults), **options}
        running.append(Simulator(Options(**chosen)).start())
        return running[-1]

    yield start
    for simulator in running:
        simulator.stop()


def gateway_of(simulator: Simulator) -> Gateway:
    return Gateway(Endpoint(simulator.base_url, simulator.key))


async def told(simulator: Simulator, *ids: str) -> tuple[Task, ...]:
    gateway = gateway_of(simulator)
    try:
        return (await gateway.fetch(ids)).tasks
    finally:
        await gateway.aclose()


async def problems(gateway: Gateway, task_id: str, times: int) -> list[Problem | Phase]:
    """Ask so many times, and return what was said each time."""
    found: list[Problem | Phase] = []
    for _ in range(times):
        try:
            found += [task.phase for task in (await gateway.fetch([task_id])).tasks]
        except GatewayError as error:
            found.append(error.problem)
    return found


SPOKEN = {
    "midjourney": Kind.PICTURE,
    "openai-video": Kind.VIDEO,
    "kling": Kind.VIDEO,
    "runway": Kind.VIDEO,
    "luma": Kind.VIDEO,
    "flux": Kind.PICTURE,
}
HELD_BY_THE_GATEWAY = frozenset({"openai-video"})
"""Families whose results need no address, since the gateway itself gives them."""

NEVER_RUNNING = frozenset({"flux"})
"""Families with one word for what waits and for what is under way."""


@pytest.mark.parametrize("family", SPOKEN)
@pytest.mark.parametrize(
    ("course", "phase"),
    [("", Phase.DONE), ("stuck", Phase.RUNNING), ("rejected", Phase.FAILED), ("no-link", Phase.DONE)],
)
async def test_a_task_of_each_family_is_told(practise: Practise, family: str, course: str, phase: Phase) -> None:
    simulator = practise()
    task_id = simulator.order(family, course, ago=OLD)
    (task,) = await told(simulator, task_id)
    assert (task.id, task.kind) == (task_id, SPOKEN[family])
    assert simulator.truth(task_id) == phase.value
    assert task.phase is (Phase.WAITING if phase is Phase.RUNNING and family in NEVER_RUNNING else phase)
    assert task.awaits_file is (course == "no-link" and family not in HELD_BY_THE_GATEWAY)
    assert bool(task.fail_reason) is (phase is Phase.FAILED)


@pytest.mark.parametrize("family", SPOKEN)
async def test_an_id_that_no_family_knows_is_left_out(practise: Practise, family: str) -> None:
    simulator = practise()
    assert await told(simulator, simulator.order(family, "lost")) == ()


@pytest.mark.parametrize("family", SPOKEN)
async def test_a_gateway_without_the_routes_says_so_and_nothing_of_the_id(practise: Practise, family: str) -> None:
    simulator = practise(without=("/mj/", "/v1/video", "/kling/", "/runway", "/luma/", "/flux/", "/dream-machine/"))
    gateway = gateway_of(simulator)
    said = await problems(gateway, simulator.order(family), 6)
    assert Problem.WRONG_ROUTE in said
    assert set(said) <= {Problem.NEXT_ROUTE, Problem.WRONG_ROUTE}
    assert await gateway.fetch_one(simulator.order(family)) is None
    await gateway.aclose()


@pytest.mark.parametrize("family", ["midjourney", "luma", "openai-video"])
async def test_many_tasks_take_one_request(practise: Practise, family: str) -> None:
    simulator = practise(without=())
    ids = [simulator.order(family, ago=10.0 * number) for number in range(50)]
    gateway = gateway_of(simulator)
    assert [task.id for task in (await gateway.fetch(ids)).tasks] == ids
    assert len(simulator.requests) == 1
    assert gateway.most_ids_of(family) == 50
    await gateway.aclose()


@pytest.mark.parametrize("family", ["luma", "openai-video"])
async def test_each_task_is_asked_for_where_the_gateway_tells_of_no_several(practise: Practise, family: str) -> None:
    simulator = practise()
    ids = [simulator.order(family, ago=OLD) for _ in range(2)]
    gateway = gateway_of(simulator)
    assert await problems(gateway, ids[0], 1) == [Phase.DONE]
    with pytest.raises(GatewayError) as refused:
        await gateway.fetch(ids)
    assert (refused.value.problem, gateway.most_ids_of(family)) == (Problem.NEXT_ROUTE, 1)
    assert [await problems(gateway, each, 1) for each in ids] == [[Phase.DONE]] * 2
    assert len(simulator.requests) == 4, "one was lost"
    await gateway.aclose()


def test_what_tells_of_several_no_more_is_given_up_for_the_single_way() -> None:
    luma, routes = dialect_of("luma"), Routes()
    routes.works("luma", luma.several)
    refused = routes.judged(luma, luma.several, GatewayError(Problem.FORBIDDEN), alone=False)
    assert (refused.problem, routes.most_ids("luma"), routes.way("luma")) == (Problem.NEXT_ROUTE, 1, 0)


async def test_what_a_list_has_no_longer_is_asked_for_alone(practise: Practise) -> None:
    simulator = practise(without=())
    old, *newer = (simulator.order("openai-video", ago=OLD) for _ in range(102))
    gateway = gateway_of(simulator)
    assert [task.id for task in (await gateway.fetch([old, newer[-1]])).tasks] == [newer[-1]]
    found = await gateway.fetch_one(old)
    assert found is not None
    assert (found.id, found.phase) == (old, Phase.DONE)
    await gateway.aclose()


async def test_midjourney_is_asked_singly_where_there_is_no_batch(practise: Practise) -> None:
    simulator = practise(without=("/mj/task/list-by-condition",))
    task_id = simulator.order("midjourney", ago=OLD)
    gateway = gateway_of(simulator)
    assert gateway.most_ids_of("midjourney") == 50
    assert await problems(gateway, task_id, 3) == [Problem.NEXT_ROUTE, Phase.DONE, Phase.DONE]
    assert gateway.most_ids_of("midjourney") == 1
    await gateway.aclose()


@pytest.mark.parametrize("dialect", ["new-api-2026", "one-hub"])
async def test_midjourney_takes_the_key_where_the_gateway_looks_for_it(practise: Practise, dialect: str) -> None:
    simulator = practise(dialect=dialect)
    (task,) = await told(simulator, simulator.order("midjourney", ago=OLD))
    assert task.phase is Phase.DONE


async def test_numbers_as_ids_are_the_ids(practise: Practise) -> None:
    simulator = practise("numeric-ids")
    task_id = simulator.order("midjourney", ago=OLD)
    assert [task.id for task in await told(simulator, task_id)] == [task_id]


@pytest.mark.parametrize(
    ("family", "kind", "missing"),
    [
        ("kling", "", "/kling/v1/videos/text2video"),
        ("kling", "image2video", ""),
        ("runway", "", "/runwayml/"),
        ("luma", "", "/luma/generations"),
    ],
)
async def test_another_way_is_taken_where_the_first_is_not_there(
    practise: Practise, family: str, kind: str, missing: str
) -> None:
    simulator = practise(without=(missing,) if missing else ())
    task_id = simulator.order(family, kind=kind, ago=OLD)
    gateway = gateway_of(simulator)
    said = await problems(gateway, task_id, 2)
    assert said == ([Problem.NEXT_ROUTE, Phase.DONE] if missing else [Phase.DONE, Phase.DONE])
    assert f"{family}/{kind}:" in task_id if kind else "/" not in task_id
    await gateway.aclose()


async def test_a_kling_task_of_a_kind_that_was_not_told_is_found_and_remembered(practise: Practise) -> None:
    simulator = practise()
    bare_id = simulator.order("kling", kind="image2video", ago=OLD).partition(":")[2]
    gateway = gateway_of(simulator)
    assert await problems(gateway, f"kling:{bare_id}", 1) == []
    found = await gateway.fetch_one(f"kling:{bare_id}")
    assert found is not None
    assert (found.id, found.phase) == (f"kling:{bare_id}", Phase.DONE)
    assert await problems(gateway, f"kling:{bare_id}", 2) == [Phase.DONE, Phase.DONE]
    await gateway.aclose()


@pytest.mark.parametrize(("course", "phase"), [("", Phase.DONE), ("rejected", Phase.FAILED), ("stuck", Phase.RUNNING)])
async def test_swapped_digits_of_the_feed_change_nothing(practise: Practise, course: str, phase: Phase) -> None:
    simulator = practise("runway-swapped", without=("/runwayml/",))
    gateway = gateway_of(simulator)
    assert (await problems(gateway, simulator.order("runway", course, ago=OLD), 2))[1] is phase
    await gateway.aclose()


async def test_one_hub_says_nothing_of_a_kling_task_before_it_has_asked_itself(practise: Practise) -> None:
    simulator = practise("kling-empty")
    (task,) = await told(simulator, simulator.order("kling", kind="text2video"))
    assert task.phase is Phase.WAITING


async def test_what_the_gateway_holds_itself_has_a_whole_address(practise: Practise) -> None:
    simulator = practise()
    (task,) = await told(simulator, simulator.order("openai-video", ago=OLD))
    assert task.clips[0].video_url.startswith(f"{simulator.base_url}/v1/videos/video_")


async def test_a_key_limited_to_models_is_no_trouble_of_the_whole_gateway(practise: Practise) -> None:
    simulator = practise("restricted")
    gateway = gateway_of(simulator)
    said = await problems(gateway, simulator.order("midjourney"), 2)
    assert said == [Problem.NEXT_ROUTE, Problem.WRONG_ROUTE]
    await gateway.aclose()


async def test_maintenance_does_not_take_a_way_away_that_has_worked(practise: Practise) -> None:
    simulator = practise("html200=2-3")
    gateway = gateway_of(simulator)
    said = await problems(gateway, simulator.order("midjourney", ago=OLD), 4)
    assert said == [Phase.DONE, Problem.WEB_PAGE, Problem.WEB_PAGE, Phase.DONE]
    await gateway.aclose()


async def test_one_request_asks_for_one_family(practise: Practise) -> None:
    simulator = practise()
    gateway = gateway_of(simulator)
    with pytest.raises(ValueError, match="one family"):
        await gateway.fetch([simulator.submit(), simulator.order("midjourney")])
    await gateway.aclose()


async def test_a_row_of_the_newest_gateways_is_told_with_its_files_by_its_next_question(practise: Practise) -> None:
    simulator = practise()
    bare_id = simulator.order("table", ago=OLD).partition(":")[2]
    gateway = gateway_of(simulator)
    for _ in range(2):  # the first two paths do not know it, or are not there
        with pytest.raises(GatewayError):
            await gateway.fetch_one(bare_id)
    found = [task for _ in range(2) if (task := await gateway.fetch_one(bare_id))]
    await gateway.aclose()
    assert [(task.phase, task.awaits_file) for task in found] == [(Phase.DONE, True), (Phase.DONE, False)]
    assert found[-1].clips[0].video_url == f"{simulator.base_url}/v1/tasks/{bare_id}/artifacts/video/content"
    assert [record.path for record in simulator.requests][-2:] == [
        f"/v1/tasks/{bare_id}",
        f"/v1/tasks/{bare_id}/artifacts",
    ]
