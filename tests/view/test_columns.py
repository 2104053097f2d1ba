from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecovai_tui.store.settings_tables import ColumnKey
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.view.columns import COLUMNS, columns_of, heading_spans, lay_out, row_spans
from ecovai_tui.view.lines import Span, text_of
from ecovai_tui.view.rows import RowContext, build_row

SMALLEST = 20
NOW = 1_780_000_000.0
HERE = RowContext(NOW, lambda _summary, _now: 5.0)
REASON = "Song Description contained artist name: metallica"


def keys(width: int) -> set[ColumnKey]:
    return {placement.column.key for placement in lay_out(width)}


def shown(width: int, label: str = "", **facts: object) -> str:
    """Return a row as it stands in so many cells."""
    summary = TaskSummary("task_HFMWzztNQIVLLziB", **{"seen_at": NOW, **facts})  # type: ignore[arg-type]  # named facts
    placements = lay_out(width, columns_of(labelled=False))
    return text_of(row_spans(build_row(WatchedTask(summary, label), HERE), placements))


@given(st.integers(min_value=SMALLEST, max_value=400))
def test_the_columns_fill_the_width_exactly_with_a_gap_between_them(width: int) -> None:
    placements = lay_out(width)
    for left, right in pairwise(placements):
        assert left.end + left.column.gap == right.x
    assert placements[0].x == 0
    assert placements[-1].end == width


@given(st.integers(min_value=SMALLEST, max_value=399))
def test_a_wider_pane_never_loses_a_column(width: int) -> None:
    assert keys(width) <= keys(width + 1)


@given(st.integers(min_value=-5, max_value=11))
def test_below_the_smallest_width_the_phase_is_left(width: int) -> None:
    assert keys(width) == {ColumnKey.PHASE}


_ALWAYS = {ColumnKey.PHASE, ColumnKey.TIME, ColumnKey.TITLE}


@pytest.mark.parametrize(
    ("width", "there"),
    [
        (36, _ALWAYS),
        (55, {*_ALWAYS, ColumnKey.CLIPS}),
        (75, {*_ALWAYS, ColumnKey.CLIPS, ColumnKey.WHEN}),
        (82, {*_ALWAYS, ColumnKey.CLIPS, ColumnKey.WHEN, ColumnKey.LENGTH}),
        (126, set(ColumnKey)),
    ],
)
def test_what_is_there_in_panes_of_40_60_80_140_and_200_columns(width: int, there: set[ColumnKey]) -> None:
    assert keys(width) == there


def test_an_id_is_whole_where_the_title_has_room_enough() -> None:
    widths = {place.column.key: place.width for place in lay_out(166)}
    assert widths[ColumnKey.ID] == 32
    assert widths[ColumnKey.TITLE] >= 56


def test_the_user_chooses_columns_and_their_order() -> None:
    chosen = columns_of(labelled=True, chosen=["id", "title", "phase"])
    assert [place.column.key.value for place in lay_out(100, chosen)] == ["id", "title", "phase"]
    assert columns_of(labelled=True, chosen=["nonsense"]) == COLUMNS


@given(st.integers(min_value=SMALLEST, max_value=200), st.text(max_size=60), st.text(max_size=20), st.text(max_size=60))
def test_a_row_fills_its_width_whatever_it_says(width: int, title: str, label: str, reason: str) -> None:
    title, label, reason = (text.replace("\n", " ") for text in (title, label, reason))
    placements = lay_out(width)
    heads = heading_spans(placements, [Span(place.column.header) for place in placements])
    assert cell_width(text_of(heads)) == width
    if all(text.isprintable() for text in (title, label, reason)):
        assert cell_width(shown(width, label, title=title, fail_reason=reason, phase=Phase.FAILED)) == width


def test_title_label_and_note_share_their_room_in_this_order() -> None:
    assert "Harbour Lights  #rain take 2 " in shown(75, "rain take 2", title="Harbour Lights", note="~0:25 left")
    assert "A Slow Ascent of…  cancelled " in shown(55, title="A Slow Ascent of the North Face", note="cancelled")
    assert "喵星摇滚  Song Description c…" in shown(55, title="喵星摇滚", fail_reason=REASON, phase=Phase.FAILED)
    assert "Für Elise, ab…  clip 2: audi…" in shown(55, title="Für Elise, aber schneller", note="clip 2: audio error")


def test_an_id_in_place_of_a_title_is_whole_where_there_is_room_and_the_note_gives_way() -> None:
    unseen = {"seen_at": None, "phase": Phase.WAITING}
    assert "task_HFMWzztNQIVLLziB  not seen by the gateway yet" in shown(120, **unseen)
    assert "task_HFMWzztNQIVLLziB  not seen by the gateway…" in shown(74, **unseen)
    assert shown(56, **unseen).rstrip().endswith("task_HFMWzztNQIVLLziB")


def test_a_note_runs_on_over_empty_cells() -> None:
    assert REASON in shown(160, title="喵星摇滚", fail_reason=REASON, phase=Phase.FAILED)
    longer = f"{REASON}, and more than the room for the title"
    without, beside = (
        shown(126, title="Rain", fail_reason=longer, phase=Phase.FAILED, length=length) for length in (None, 178.0)
    )
    assert len(without.partition("…")[0]) > len(beside.partition("…")[0])
    assert "2:58" in beside
