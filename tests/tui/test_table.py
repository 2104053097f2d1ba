from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest
from app_harness import until
from table_app import NOW, TableApp, one_task, tasks_of_all_phases
from textual.events import MouseScrollDown
from textual.geometry import Region
from textual.pilot import Pilot

from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tui.textual_patches import screen_buffer
from ecovai_tui.tui.textual_patches.ansi_writer import AnsiWriter, Cell, Piece
from ecovai_tui.tui.widgets.table_parts import Activated, CursorMoved, SortRequested
from ecovai_tui.view.first_start import Emptiness, sentence_page

Running = tuple[TableApp, Pilot[int]]


class PaintingApp(TableApp):
    """Paints as in earnest, although no terminal is there to take it."""

    is_headless = False


@asynccontextmanager
async def running(count: int = 100, size: tuple[int, int] = (120, 40), **options: bool) -> AsyncIterator[Running]:
    app = PaintingApp(tasks_of_all_phases(count), **options)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def screen(app: TableApp) -> list[str]:
    return [strip.text for strip in app.screen._compositor.render_strips()]


def line_of(app: TableApp, number: int) -> str:
    place = next(y for y, id_ in enumerate(app.table.ids_in_view, 1) if id_.startswith(f"{number:08x}"))
    return screen(app)[place]


def in_view(app: TableApp) -> list[str]:
    return list(app.table.ids_in_view)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[Region]:
    """Return the cells that are sent to the terminal, run by run."""
    regions: list[Region] = []

    class Recording(AnsiWriter):
        """Records what it draws."""

        def draw(self, line: Sequence[Cell | None], y: int, pieces: Sequence[Piece]) -> None:
            regions.extend(Region(piece.x, y, piece.width, 1) for piece in pieces)
            super().draw(line, y, pieces)

    monkeypatch.setattr(screen_buffer, "AnsiWriter", Recording)
    return regions


async def press(pilot: Pilot[int], keys: Iterable[str]) -> None:
    await pilot.press(*keys)
    await pilot.pause()


def where_the_cursor_is(app: TableApp) -> tuple[str | None, int]:
    """Return what the table told last of its cursor: the task and the clip."""
    told = app.heard[-1]
    assert isinstance(told, CursorMoved)
    return told.id, told.clip_index


async def test_only_the_rows_in_view_are_asked_for() -> None:
    asked: set[str] = set()
    async with running(10_000) as (app, pilot):
        app.table.show(list(app.tasks), lambda id_: (asked.add(id_), app.tasks[id_])[1])
        await pilot.pause()
        assert asked == set(in_view(app))


async def test_a_changed_task_sends_its_cells_and_no_other_line(painted: list[Region]) -> None:
    async with running() as (app, pilot):
        painted.clear()
        app.tasks[in_view(app)[3]] = one_task(3, phase=Phase.PARTIAL)
        app.table.update_tasks(list(app.tasks))
        await pilot.pause()
        assert {region.y for region in painted} == {4}
        assert sum(region.width for region in painted) < 40
        assert "◒ partial" in line_of(app, 3)


async def test_what_is_the_same_or_out_of_view_sends_nothing(painted: list[Region]) -> None:
    async with running() as (app, pilot):
        painted.clear()
        app.tasks = tasks_of_all_phases(100)
        app.tasks[list(app.tasks)[99]] = one_task(99, phase=Phase.FAILED)
        app.table.show(list(app.tasks), app.tasks.get)
        app.table.update_tasks(list(app.tasks))
        await pilot.pause()
        assert painted == []


async def test_time_sends_the_cells_of_active_tasks_alone(painted: list[Region]) -> None:
    async with running(size=(120, 10)) as (app, pilot):
        painted.clear()
        app.table.tick(NOW + 10)
        await pilot.pause()
        active = {y for y, id_ in enumerate(in_view(app), 1) if app.tasks[id_].summary.phase.active}
        assert {region.y for region in painted} == active
        assert all(region.width <= 10 for region in painted)
        assert "1:50" in line_of(app, 1)


async def test_final_tasks_never_change_by_themselves(painted: list[Region]) -> None:
    async with running() as (app, pilot):
        app.tasks = {id_: one_task(number, phase=Phase.DONE) for number, id_ in enumerate(app.tasks)}
        app.table.show(list(app.tasks), app.tasks.get)
        await pilot.pause()
        painted.clear()
        app.table.tick(NOW + 600)
        await pilot.pause()
        assert painted == []


async def test_the_row_under_the_cursor_ticks_closer_than_the_others() -> None:
    async with running() as (app, pilot):
        app.table.tick(NOW + 5)
        await pilot.pause()
        assert "1:10" in line_of(app, 0)
        assert "1:40" in line_of(app, 1)


async def test_a_task_that_was_not_looked_at_in_time_says_so() -> None:
    async with running() as (app, pilot):
        app.table.tick(NOW + 11)
        await pilot.pause()
        assert "running stale" in line_of(app, 1) or "▸ stale" in line_of(app, 1)
        assert "stale" not in line_of(app, 3)


@pytest.mark.parametrize("sorted_by", [SortKey.TITLE, SortKey.ID])
async def test_the_cursor_stays_on_its_task_and_its_line_when_rows_are_sorted(sorted_by: SortKey) -> None:
    async with running() as (app, pilot):
        app.table.move_to(list(app.tasks)[60])
        line = in_view(app).index(list(app.tasks)[60])
        order = sorted(app.tasks, key=lambda id_: app.tasks[id_].summary.title)
        app.table.show(order, app.tasks.get, sorted_by=Order(sorted_by))
        await pilot.pause()
        assert app.table.cursor_id == list(app.tasks)[60]
        here = order.index(list(app.tasks)[60])
        expected = min(max(here - line, 0), len(order) - app.table.page_rows)
        assert app.table.top == expected


async def test_rows_that_come_above_the_view_do_not_move_it(painted: list[Region]) -> None:
    async with running() as (app, pilot):
        app.table.move_to(list(app.tasks)[60])
        await pilot.pause()
        before = in_view(app)
        painted.clear()
        app.table.show(["new-1", "new-2", *app.tasks], app.tasks.get)
        await pilot.pause()
        assert in_view(app) == before
        assert len(painted) <= 4  # where the thumb of the scroll bar moved


async def test_at_the_top_what_is_new_comes_into_view() -> None:
    async with running() as (app, _pilot):
        app.table.show(["new-1", *app.tasks], app.tasks.get)
        assert in_view(app)[0] == "new-1"
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_what_is_in_view_stays_though_the_cursor_is_elsewhere() -> None:
    async with running() as (app, _pilot):
        app.table.scroll_rows(50)
        before = in_view(app)
        app.table.show(["new-1", *app.tasks], app.tasks.get)
        assert in_view(app) == before
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_what_is_in_view_stays_when_its_top_row_goes_and_the_cursor_is_elsewhere() -> None:
    async with running() as (app, _pilot):
        app.table.scroll_rows(50)
        top, *below = in_view(app)
        app.table.show([id_ for id_ in app.tasks if id_ != top], app.tasks.get)
        assert in_view(app)[:-1] == below
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_removing_the_task_under_the_cursor_leads_to_the_next() -> None:
    async with running() as (app, pilot):
        await press(pilot, "jj")
        ids = list(app.tasks)
        app.table.show([id_ for id_ in ids if id_ != ids[2]], app.tasks.get)
        await pilot.pause()
        assert app.table.cursor_id == ids[3]
        assert where_the_cursor_is(app) == (ids[3], 0)


async def test_moving_sends_two_lines(painted: list[Region]) -> None:
    async with running() as (_app, pilot):
        painted.clear()
        await press(pilot, "j")
        assert {region.y for region in painted} == {1, 2}


async def test_at_the_edge_the_view_moves_by_five_rows() -> None:
    async with running(size=(120, 21)) as (app, _pilot):
        app.table.move(19)
        assert app.table.top == 0
        app.table.move(1)
        assert app.table.top == 5
        app.table.move(4)
        assert app.table.top == 5
        app.table.move(-20)
        assert app.table.top == 0


async def test_pages_halves_and_ends() -> None:
    async with running(size=(120, 21)) as (app, _pilot):
        ids, table = list(app.tasks), app.table
        app.action_step("page-down")
        assert table.cursor_id == ids[19]
        app.action_step("half-up")
        assert table.cursor_id == ids[9]
        app.action_step("last")
        assert table.cursor_id == ids[99]
        assert in_view(app)[-1] == ids[99]
        table.move(1)
        assert table.cursor_id == ids[99]
        app.action_step("first")
        assert table.cursor_id == ids[0]
        assert in_view(app)[0] == ids[0]


async def test_moving_to_an_id_that_is_not_shown_moves_nothing() -> None:
    async with running() as (app, _pilot):
        assert not app.table.move_to("nowhere")
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_the_chosen_clip_is_bracketed_and_kept_from_row_to_row() -> None:
    async with running() as (app, pilot):
        await press(pilot, "jl")
        assert app.table.clip_index == 1
        assert "▸[◌]" in line_of(app, 1)
        await press(pilot, "j")
        assert "►[✓]" in line_of(app, 2)
        await press(pilot, "hh")
        assert app.table.clip_index == 0
        assert where_the_cursor_is(app) == (list(app.tasks)[2], 0)


async def test_a_task_without_clips_has_none_to_choose() -> None:
    async with running() as (app, pilot):
        await press(pilot, "l")
        assert app.table.clip_index == 0


async def test_marks_are_told_in_the_order_shown_and_only_those_shown() -> None:
    async with running() as (app, pilot):
        ids = list(app.tasks)
        await press(pilot, ["j", "space", "j", "space", "j", "space", "space"])
        assert app.table.marked == (ids[1], ids[2])
        assert line_of(app, 1).startswith(" ✱ ")
        app.table.show(ids[2:], app.tasks.get)
        assert app.table.marked == (ids[2],)
        app.table.unmark_all()
        app.table.show(ids, app.tasks.get)
        assert app.table.marked == ()


async def test_what_changed_just_now_shows_until_it_is_ended(painted: list[Region]) -> None:
    async with running() as (app, pilot):
        app.table.flash([list(app.tasks)[2]])
        await pilot.pause()
        assert line_of(app, 2).startswith(" ∆ ")
        painted.clear()
        app.table.end_flash([list(app.tasks)[2]])
        await pilot.pause()
        assert painted == [Region(1, 3, 1, 1)]


async def test_a_click_moves_the_cursor_and_chooses_a_clip() -> None:
    async with running() as (app, pilot):
        x = line_of(app, 4).index("✗")
        await pilot.click(app.table, offset=(x, 5))
        await pilot.pause()
        assert app.table.cursor_id == list(app.tasks)[4]
        assert app.table.clip_index == 1


@pytest.mark.parametrize("clip", [0, 1, 2])
async def test_a_click_chooses_the_clip_that_stood_there(clip: int) -> None:
    async with running() as (app, pilot):
        id_ = list(app.tasks)[4]
        phases = (Phase.DONE, Phase.STREAMING, Phase.FAILED)
        app.tasks[id_] = one_task(4, phase=Phase.RUNNING, clip_phases=phases)
        app.table.update_tasks({id_})
        await pilot.pause()
        x = line_of(app, 4).index("✓ ► ✗") + 2 * clip
        await pilot.click(app.table, offset=(x, 5), times=2)
        await pilot.pause()
        assert (app.table.cursor_id, app.table.clip_index) == (id_, clip)


async def test_a_click_on_the_scroll_bar_is_none_on_a_row() -> None:
    async with running() as (app, pilot):
        await pilot.click(app.table, offset=(119, 1), times=2)
        await pilot.click(app.table, offset=(119, 5))
        await pilot.pause()
        assert app.table.cursor_id == next(iter(app.tasks))
        assert not [heard for heard in app.heard if isinstance(heard, Activated)]


async def test_a_double_click_opens_the_task() -> None:
    async with running() as (app, pilot):
        await pilot.click(app.table, offset=(30, 3), times=2)
        await pilot.pause()
        assert [heard.id for heard in app.heard if isinstance(heard, Activated)] == [list(app.tasks)[2]]


async def test_a_click_on_a_header_asks_for_that_order_and_on_clips_for_none() -> None:
    async with running() as (app, pilot):
        header = screen(app)[0]
        await pilot.click(app.table, offset=(header.index("Title"), 0))
        await pilot.click(app.table, offset=(header.index("Clips"), 0))
        await pilot.pause()
        assert [heard.key for heard in app.heard if isinstance(heard, SortRequested)] == [SortKey.TITLE]
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_a_click_below_the_last_row_does_nothing() -> None:
    async with running(3) as (app, pilot):
        await pilot.click(app.table, offset=(30, 20))
        await pilot.pause()
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_the_wheel_moves_the_view_and_not_the_cursor() -> None:
    async with running() as (app, pilot):
        await pilot._post_mouse_events([MouseScrollDown], app.table, offset=(10, 10))
        await pilot.pause()
        assert app.table.top == 3
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_the_scroll_bar_can_be_dragged_to_the_end_and_back() -> None:
    async with running() as (app, pilot):
        await pilot.mouse_down(app.table, offset=(119, 39))
        await pilot.pause()
        assert in_view(app)[-1] == list(app.tasks)[99]
        await pilot.hover(app.table, offset=(119, 1))
        await pilot.mouse_up(app.table, offset=(119, 1))
        await pilot.pause()
        assert app.table.top == 0
        assert app.table.cursor_id == next(iter(app.tasks))


async def test_an_empty_table_says_how_to_fill_it() -> None:
    async with running(0, (30, 12)) as (app, pilot):
        said = "\n".join(line.strip() for line in screen(app))
        assert "No tasks yet." in said
        assert "run:  ecovai-tui" in said
        await press(pilot, ["j", "k", "l", "space", "pagedown", "G"])
        assert app.table.cursor_id is None
        app.table.emptiness = Emptiness(partial(sentence_page, "Nothing matches."))
        app.table.refresh()
        await pilot.pause()
        assert "Nothing matches." in screen(app)[2]


async def test_focus_costs_the_line_under_the_cursor_alone(painted: list[Region]) -> None:
    async with running() as (app, pilot):
        for change_focus in (lambda: app.screen.set_focus(None), app.table.focus):
            painted.clear()
            change_focus()
            await until(pilot, lambda: bool(painted), "the line")
            assert {region.y for region in painted} == {1}


async def test_the_cursor_stays_in_view_when_the_pane_shrinks() -> None:
    async with running() as (app, pilot):
        app.table.move(35)
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        assert app.table.cursor_id in in_view(app)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (60, 20), (40, 10), (12, 3), (1, 1)])
async def test_every_line_is_as_wide_as_the_pane(size: tuple[int, int]) -> None:
    async with running(size=size) as (app, pilot):
        await press(pilot, "jjl")
        strips = app.screen._compositor.render_strips()
        assert [strip.cell_length for strip in strips] == [size[0]] * size[1]


async def test_the_next_failed_task_is_found_around_the_end() -> None:
    async with running() as (app, _pilot):
        ids = list(app.tasks)
        failed = app.table.next_id(lambda task: task.summary.phase is Phase.FAILED)
        assert failed == ids[5]
        assert app.table.next_id(lambda task: task.summary.phase is Phase.FAILED, -1) == ids[93]
        assert app.table.next_id(lambda task: task.label == "of nobody") is None


async def test_another_theme_recolours_everything() -> None:
    async with running() as (app, pilot):
        before = [strip._segments[0].style for strip in app.screen._compositor.render_strips()]
        app.theme = "textual-light"
        await pilot.pause()
        after = [strip._segments[0].style for strip in app.screen._compositor.render_strips()]
        assert all(old != new for old, new in zip(before, after, strict=True))


async def test_on_the_sixteen_colours_of_a_terminal_the_cursor_is_one_reversed_line() -> None:
    async with running() as (app, pilot):
        app.theme = "ansi-dark"
        await pilot.pause()
        row = app.screen._compositor.render_strips()[1].crop(0, 119)
        assert [style.reverse for style in {segment.style for segment in row} if style] == [True]


@pytest.mark.parametrize("width", [50, 120, 160])
async def test_an_id_stands_in_place_of_a_title_that_there_is_none_of(width: int) -> None:
    async with running(size=(width, 40)) as (app, _pilot):
        row = line_of(app, 11)
        assert row[screen(app)[0].index("Title") :].startswith("0000000b")
