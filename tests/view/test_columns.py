from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.columns import COLUMNS, GAP, ColumnKey, columns_of, lay_out

SMALLEST = 11


def keys(width: int) -> set[ColumnKey]:
    return {placement.column.key for placement in lay_out(width)}


@given(st.integers(min_value=SMALLEST, max_value=400))
def test_the_columns_fill_the_width_exactly_with_a_gap_between_them(width: int) -> None:
    placements = lay_out(width)
    for left, right in pairwise(placements):
        assert left.x + left.width + GAP == right.x
    assert placements[0].x == 0
    assert placements[-1].x + placements[-1].width == width


@given(st.integers(min_value=SMALLEST, max_value=400))
def test_no_column_is_narrower_than_its_minimum(width: int) -> None:
    assert all(placement.width >= placement.column.minimum for placement in lay_out(width))


@given(st.integers(min_value=SMALLEST, max_value=399))
def test_a_wider_pane_never_loses_a_column(width: int) -> None:
    assert keys(width) <= keys(width + 1)


@given(st.integers(min_value=-5, max_value=SMALLEST))
def test_below_the_smallest_width_the_phase_is_left(width: int) -> None:
    assert keys(width) == {ColumnKey.PHASE}


@pytest.mark.parametrize(
    ("width", "gone"),
    [
        (117, set()),
        (77, {ColumnKey.MODEL, ColumnKey.LABEL}),
        (57, {ColumnKey.MODEL, ColumnKey.LABEL, ColumnKey.ID}),
        (37, {ColumnKey.MODEL, ColumnKey.LABEL, ColumnKey.ID, ColumnKey.WHEN}),
    ],
)
def test_what_stays_in_panes_of_120_80_60_and_40_columns(width: int, gone: set[ColumnKey]) -> None:
    assert keys(width) == set(ColumnKey) - gone


def test_no_id_of_the_usual_shapes_is_cut_where_there_is_room() -> None:
    longest = max(len(shape) for shape in ("346c5d10-a4a1-4f49-a851-66a7dae6cfaf", f"task_{'x' * 32}"))
    (place,) = (placement for placement in lay_out(160) if placement.column.key is ColumnKey.ID)
    assert place.width == longest


def test_where_no_task_has_a_label_its_column_gives_its_room_to_the_others() -> None:
    assert ColumnKey.LABEL not in {placement.column.key for placement in lay_out(160, columns_of(labelled=False))}
    assert lay_out(160, columns_of(labelled=True)) == lay_out(160)
    with_it, without = (
        {at.column.key: at.width for at in lay_out(117, columns_of(labelled=is_so))} for is_so in (True, False)
    )
    assert all(without[key] >= with_it[key] for key in without)


def test_the_phase_takes_no_room_from_the_others_for_a_mark_that_few_tasks_have() -> None:
    assert lay_out(300)[0].width == max(cell_width(f"{phase.glyph} {phase}") for phase in Phase)


def test_there_is_one_column_of_each_key_and_one_that_stretches() -> None:
    assert [column.key for column in COLUMNS] == list(ColumnKey)
    assert sum(column.stretch for column in COLUMNS) == 1
    assert len({column.priority for column in COLUMNS}) == len(COLUMNS)
