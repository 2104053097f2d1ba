"""When a task is due again, and when a request may go out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.engine.schedule import back_off, due_at, interval_of
from ecovai_tui.tasks.judging import summarise
from ecovai_tui.tasks.model import Clip, Kind, Phase, Task, TaskSummary

NOW = 1_000_000.0
HOUR = 3600.0


def summary(
    phase: Phase, *, age: float = 60.0, seen: float | None = 0.0, quiet: float = 0.0, **more: float | bool
) -> TaskSummary:
    return TaskSummary(
        "t",
        phase=phase,
        submitted_at=NOW - age,
        seen_at=None if seen is None else NOW - seen,
        quiet_since=NOW - quiet,
        changed_at=NOW - quiet,
        **more,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("task", "seconds"),
    [
        (summary(Phase.RUNNING), 5.0),
        (summary(Phase.WAITING), 5.0),
        (summary(Phase.RUNNING, age=599), 5.0),
        (summary(Phase.RUNNING, age=601), 15.0),
        (summary(Phase.STREAMING, age=601), 5.0),
        (summary(Phase.STREAMING, age=700, quiet=600), 60.0),
        (summary(Phase.RUNNING, age=700, quiet=600), 60.0),
        (summary(Phase.MISSING), 60.0),
    ],
)
def test_young_and_streaming_tasks_are_asked_for_often_and_stalled_ones_seldom(
    task: TaskSummary, seconds: float
) -> None:
    assert interval_of(task, NOW) == seconds


def test_the_users_interval_stands_in_for_the_short_one() -> None:
    assert interval_of(summary(Phase.RUNNING), NOW, 2.0) == 2.0
    assert interval_of(summary(Phase.RUNNING, age=601), NOW, 2.0) == 15.0
    assert interval_of(summary(Phase.RUNNING, age=601), NOW, 20.0) == 20.0


def test_a_task_that_a_batch_left_out_waits_its_interval() -> None:
    assert due_at(summary(Phase.WAITING, seen=None), NOW) == NOW + 5


@pytest.mark.parametrize("phase", [Phase.DONE, Phase.PARTIAL, Phase.FAILED])
def test_a_final_task_is_never_asked_for_again(phase: Phase) -> None:
    assert due_at(summary(phase, final_at=NOW), NOW) is None


def test_a_failure_of_which_only_a_live_stream_is_left_is_asked_for_once_more_and_never_again() -> None:
    live = Clip("c", Phase.STREAMING, audio_url="https://audiopipe.suno.ai/?item_id=c")
    task = Task("t", Kind.MUSIC, Phase.PARTIAL, "FAILURE", clips=(live,))
    ended = summarise(task, None, NOW, content_changed=True)
    assert due_at(ended, NOW) == NOW + 30
    assert due_at(ended, NOW + 29) == NOW + 30
    later = summarise(task, ended, NOW + 30, content_changed=False)
    assert due_at(later, NOW + 30) is None


def test_a_final_task_that_owes_a_file_is_asked_for_once_more_after_thirty_seconds() -> None:
    ended = summary(Phase.DONE, seen=10.0, final_at=NOW - 10, awaits_file=True)
    assert due_at(ended, NOW) == NOW + 20
    assert due_at(ended, NOW + 20) is None


@pytest.mark.parametrize("phase", [Phase.MISSING, Phase.UNKNOWN])
@pytest.mark.parametrize(
    ("lost_for", "wait"),
    [(0.0, 60.0), (60.0, 60.0), (120.0, 120.0), (HOUR, HOUR), (20 * HOUR, HOUR), (24 * HOUR, None)],
)
def test_lost_tasks_are_asked_for_ever_more_seldom_and_given_up_after_a_day(
    phase: Phase, lost_for: float, wait: float | None
) -> None:
    assert due_at(summary(phase, quiet=lost_for), NOW) == (None if wait is None else NOW + wait)


def test_a_lost_task_that_the_user_asks_for_starts_again() -> None:
    given_up = summary(Phase.MISSING, quiet=30 * HOUR)
    assert due_at(given_up, NOW, restarted_at=NOW) == NOW + 60


@given(st.integers(1, 1000), st.floats(0, 1, exclude_max=True))
def test_the_back_off_grows_to_a_minute_and_never_beyond(failures: int, chance: float) -> None:
    assert 0.5 <= back_off(failures, chance) <= min(60.0, 2.0 * 2 ** (failures - 1))


def test_two_instances_drift_apart_by_full_jitter() -> None:
    assert back_off(5, 0.1) == pytest.approx(3.2)
    assert back_off(5, 0.9) == pytest.approx(28.8)
