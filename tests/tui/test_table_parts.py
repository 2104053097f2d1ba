from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_app import NOW, one_task

from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tui.widget_colours import Ground
from ecovai_tui.tui.widgets.table_parts import Composer, Listing, RowState, thumb, top_at
from ecovai_tui.view.lines import Line
from ecovai_tui.view.rows import RowContext, build_row

HERE = RowContext(NOW, lambda _summary, _now: 5.0, step=10)
WIDTHS = st.integers(min_value=14, max_value=200)


def listing(ids: str, cursor: int) -> Listing:
    made = Listing()
    made.replace(list(ids))
    made.move_to(cursor)
    return made


def line(number: int = 1, width: int = 120, state: RowState = RowState(), **changes: object) -> Line:  # noqa: B008 frozen
    return Composer(width).row(build_row(one_task(number, **changes), HERE), state)


@pytest.mark.parametrize(
    ("before", "cursor", "after", "under_cursor"),
    [
        ("abcde", 2, "edcba", "c"),
        ("abcde", 2, "xxabcde", "c"),
        ("abcde", 2, "abde", "d"),
        ("abcde", 2, "ab", "b"),
        ("abcde", 2, "vwxyz", "x"),
        ("abcde", 4, "xy", "y"),
        ("abcde", 2, "", None),
        ("", 0, "ab", "a"),
    ],
)
def test_the_cursor_stays_on_its_id_or_goes_to_the_nearest_that_is_left(
    before: str, cursor: int, after: str, under_cursor: str | None
) -> None:
    ids = listing(before, cursor)
    ids.replace(list(after))
    assert ids.cursor_id == under_cursor


@given(st.lists(st.integers(), unique=True, min_size=1), st.randoms(use_true_random=False), st.data())
def test_no_order_moves_the_cursor_off_its_id(ids: list[int], chance: object, data: st.DataObject) -> None:
    names = [str(number) for number in ids]
    made = Listing()
    made.replace(names)
    made.move_to(data.draw(st.integers(min_value=0, max_value=len(names) - 1)))
    kept = made.cursor_id
    made.replace(data.draw(st.permutations(names)))
    assert made.cursor_id == kept


@given(WIDTHS, st.sampled_from(list(Phase)), st.text(max_size=60), st.booleans())
def test_every_line_fills_the_width_exactly(width: int, phase: Phase, title: str, marked: bool) -> None:
    state = RowState(Ground.CURSOR, marked=marked, chosen_clip=1)
    assert cell_width(line(1, width, state, phase=phase).text) == width
    assert cell_width(Composer(width).header(Order()).text) == width
    assert cell_width(Composer(width).text(title.replace("\n", "")).text) >= width - 3


@pytest.mark.parametrize(
    ("state", "gutter"),
    [
        (RowState(), "   "),
        (RowState(Ground.CURSOR), "❯  "),
        (RowState(Ground.CURSOR_BLURRED), "❯  "),
        (RowState(marked=True), " ✱ "),
        (RowState(Ground.CURSOR, marked=True), "❯✱ "),
        (RowState(changed=True), " ∆ "),
        (RowState(marked=True, changed=True), " ✱ "),
    ],
)
def test_the_state_of_a_row_is_readable_without_colour(state: RowState, gutter: str) -> None:
    assert line(state=state).text[:3] == gutter


def test_ascii_lines_send_nothing_else() -> None:
    plain = RowContext(NOW, lambda _summary, _now: 5.0, ascii_only=True)
    composer = Composer(120, ascii_only=True)
    row = build_row(one_task(1, title="A title as long as they come, and longer than any pane"), plain)
    state = RowState(Ground.CURSOR, marked=True, chosen_clip=0)
    lines = (composer.row(row, state), composer.header(Order()), composer.text("x" * 200))
    assert all(each.text.isascii() for each in lines)
    assert all(composer.edge(in_thumb=is_so, edged=True).text.isascii() for is_so in (True, False))


@pytest.mark.parametrize(("reverse", "arrow"), [(False, "▾"), (True, "▴")])
def test_the_header_shows_what_is_sorted_by_and_which_way(reverse: bool, arrow: str) -> None:
    header = Composer(120).header(Order(SortKey.TITLE, reverse)).text
    assert f"Title {arrow}" in header
    assert header.count(arrow) == 1


def test_the_user_chooses_the_columns() -> None:
    composer = Composer(60, chosen=["took", "title", "phase"])
    assert composer.header(Order(SortKey.TITLE)).text.split() == ["Took", "Title", "▾", "Phase"]
    assert composer.row(build_row(one_task(1), HERE), RowState()).text.rstrip().endswith("▸ running")


def test_an_id_of_which_nothing_is_known_has_a_line() -> None:
    row = build_row(WatchedTask(TaskSummary("only-id")), HERE)
    assert "◌ waiting" in Composer(120).row(row, RowState()).text
    assert "only-id" in Composer(120).row(row, RowState()).text


def test_there_is_no_thumb_where_everything_is_in_view() -> None:
    assert not thumb(0, 40, 40)


@given(st.integers(min_value=1, max_value=60), st.integers(min_value=1, max_value=100_000), st.data())
def test_the_thumb_touches_an_end_only_where_the_view_does(page: int, more: int, data: st.DataObject) -> None:
    total = page + more
    top = data.draw(st.integers(min_value=0, max_value=more))
    covered = thumb(top, page, total)
    assert 1 <= len(covered) <= page
    assert covered.start >= 0
    assert covered.stop <= page
    if page - len(covered) > 1:
        assert (covered.start == 0) == (top == 0)
        assert (covered.stop == page) == (top == more)


@given(st.integers(min_value=3, max_value=60), st.integers(min_value=1, max_value=100_000))
def test_dragging_the_thumb_to_an_end_goes_there(page: int, more: int) -> None:
    assert top_at(0, page, page + more) <= 0
    assert top_at(page - 1, page, page + more) >= more * (page - 2) // page
