"""Which ids go into the next request."""

from __future__ import annotations

from ecovai_tui.engine.plan import Plan
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask

NOW = 1_000_000.0


def watched(task_id: str, phase: Phase = Phase.RUNNING, seen: float | None = 0.0, added: float = 300.0) -> WatchedTask:
    seen_at = None if seen is None else NOW - seen
    summary = TaskSummary(
        task_id, phase=phase, submitted_at=NOW - 60, seen_at=seen_at, changed_at=seen_at, quiet_since=NOW
    )
    return WatchedTask(summary, added_at=NOW - added)


def plan_of(*tasks: WatchedTask) -> Plan:
    plan = Plan()
    for task in tasks:
        plan.put(task, NOW)
    return plan


def test_nothing_due_means_no_batch() -> None:
    assert plan_of(watched("a")).batch(NOW) == ()
    assert plan_of(watched("a", Phase.DONE)).next_due() is None


def test_those_who_waited_longest_go_first() -> None:
    assert plan_of(watched("a", seen=6), watched("b", seen=20), watched("c", seen=9)).batch(NOW) == ("b", "c", "a")


def test_a_request_takes_along_what_falls_due_within_half_an_interval() -> None:
    plan = plan_of(watched("due", seen=5), watched("soon", seen=2.5), watched("later", seen=2.4))
    assert plan.batch(NOW) == ("due", "soon")


def test_a_batch_holds_fifty_ids_at_most() -> None:
    plan = plan_of(*(watched(f"id{number}", seen=10) for number in range(120)))
    assert len(plan.batch(NOW)) == 50
    assert len(plan.batch(NOW, 7)) == 7


def test_up_to_fifty_active_tasks_cost_twelve_requests_a_minute() -> None:
    plan = plan_of(*(watched(f"id{number}", seen=number / 10) for number in range(50)))
    now, requests = NOW, 0
    while now < NOW + 60:
        if ids := plan.batch(now):
            requests += 1
            for task_id in ids:
                summary = TaskSummary(task_id, phase=Phase.RUNNING, submitted_at=NOW, seen_at=now, quiet_since=now)
                plan.answered(WatchedTask(summary), now)
        now += 0.1
    assert requests <= 14


def test_an_id_that_is_left_out_twice_after_its_grace_is_lost() -> None:
    plan = plan_of(
        watched("new", Phase.WAITING, seen=None, added=10), watched("old", Phase.WAITING, seen=None, added=60)
    )
    plan.asked(("new", "old"), NOW)
    assert plan.lost(("new", "old"), NOW) == ()
    plan.asked(("new", "old"), NOW)
    assert plan.lost(("new", "old"), NOW) == ("old",)


def test_an_answer_forgives_the_misses() -> None:
    plan = plan_of(watched("a", seen=None))
    plan.asked(("a",), NOW)
    plan.answered(watched("a"), NOW)
    plan.asked(("a",), NOW)
    assert plan.lost(("a",), NOW) == ()


def test_a_task_that_is_hurried_is_due_even_if_it_was_settled() -> None:
    plan = plan_of(watched("done", Phase.DONE), watched("a"))
    plan.hurry(watched("done", Phase.DONE), NOW)
    assert plan.batch(NOW) == ("done",)
    plan.asked(("done",), NOW)
    assert plan.next_due() == NOW + 5


def test_an_id_set_apart_is_asked_for_alone() -> None:
    plan = plan_of(watched("poison", seen=9), watched("a", seen=8))
    plan.set_apart("poison", NOW)
    assert plan.is_apart("poison")
    assert plan.batch(NOW) == ("a",)
    assert plan.batch(NOW + 60)[0] == "a"
    plan.drop(["a"])
    assert plan.batch(NOW + 60) == ("poison",)


def test_what_is_no_longer_watched_is_forgotten() -> None:
    plan = plan_of(watched("a"))
    plan.drop(["a", "never there"])
    assert len(plan) == 0
