"""What is said of a task under way, from how long others took."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.store.ledger import Learned
from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.times import floored_duration
from ecovai_tui.view.rows import SLOW, RowContext, build_row, outlook_in_full, outlook_of

NOW = 1_780_000_000.0
MANY = Learned(median=100.0, ninetieth=200.0, examples=20)


def words(learned: Learned | None, elapsed: float | None, step: int = 1) -> str:
    outlook = outlook_of(learned, elapsed, step)
    return outlook.text if outlook else ""


@pytest.mark.parametrize(
    ("learned", "elapsed", "said"),
    [
        (None, 10.0, ""),
        (MANY, None, ""),
        (MANY, 20.0, "~1:20 left"),
        (MANY, 21.0, "~1:20 left"),
        (MANY, 55.0, "~0:50 left"),
        (MANY, 100.0, ""),
        (MANY, 200.0, ""),
        (MANY, 200.5, SLOW),
        (MANY._replace(examples=4), 20.0, ""),
        (MANY._replace(examples=5), 20.0, "~1:20 left"),
        (MANY._replace(examples=19), 500.0, ""),
        (MANY._replace(median=3000.0), 10.0, "~50m left"),
    ],
)
def test_nothing_is_said_where_too_little_is_known(learned: Learned | None, elapsed: float | None, said: str) -> None:
    assert words(learned, elapsed) == said


@given(st.integers(0, 3000), st.integers(1, 4000), st.sampled_from([1, 5, 10, 60]))
def test_the_time_left_changes_only_when_the_running_time_does(elapsed: int, median: int, step: int) -> None:
    learned = Learned(median=float(median), ninetieth=1e9, examples=50)
    if floored_duration(elapsed, step) == floored_duration(elapsed + 1, step):
        before, after = words(learned, elapsed, step), words(learned, elapsed + 1, step)
        assert before == after


def test_the_sentence_says_what_it_rests_on() -> None:
    assert outlook_in_full(MANY, 20.0) == "~1:20 left: of the last 20 like it, half took up to 1:40"
    assert outlook_in_full(MANY, 300.0) == f"{SLOW}: of the last 20 like it, nine of ten took up to 3:20"
    assert outlook_in_full(None, 20.0) == ""


@pytest.mark.parametrize("title", ["A song", ""])
def test_the_outlook_stands_behind_the_title_of_a_task_under_way(title: str) -> None:
    context = RowContext(NOW, lambda _summary, _now: 5.0, learned_of=lambda _summary: MANY)
    known = {"id": "id-1", "kind": Kind.MUSIC, "title": title, "submitted_at": NOW - 20, "seen_at": NOW}
    running = WatchedTask(TaskSummary(**known, phase=Phase.RUNNING))  # type: ignore[arg-type]
    assert build_row(running, context).cell(ColumnKey.TITLE).text == "  ".join(filter(None, (title, "~1:20 left")))
    done = WatchedTask(TaskSummary(**known, phase=Phase.DONE))  # type: ignore[arg-type]
    assert build_row(done, context).cell(ColumnKey.TITLE).text == (title or running.id)
