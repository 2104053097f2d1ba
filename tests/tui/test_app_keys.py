"""Every key of the registry does what the help says, in the running app."""

from __future__ import annotations

import pytest
from app_harness import HandSession, MakeApp, MakeSession, song, until

from ecovai_tui.engine.updates import Link
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.selection import Order, SortKey
from ecovai_tui.tui.actions import HANDLERS
from ecovai_tui.tui.app import MonitorApp
from ecovai_tui.tui.pages.panel_page import Tab
from ecovai_tui.view.actions import ACTIONS
from ecovai_tui.view.columns import COLUMNS

SIZE = (120, 40)
TASKS = [
    song(number, phase)
    for number, phase in enumerate(
        [Phase.STREAMING, Phase.DONE, Phase.FAILED, Phase.DONE, Phase.PARTIAL, *[Phase.DONE] * 45]
    )
]


@pytest.fixture
def session(make_session: MakeSession) -> HandSession:
    return make_session(*TASKS)


def cursor(app: MonitorApp) -> int:
    """Return which of the lines, from 0 at the top, is under the cursor."""
    return list(app.main.task_list.shown).index(app.main.table.cursor_id or "")


def test_every_action_has_a_performer_and_every_performer_an_action() -> None:
    assert set(HANDLERS) == {action.id for action in ACTIONS}


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("j", 1),
        ("down", 1),
        ("j j k", 1),
        ("j up", 0),
        ("G", 49),
        ("end", 49),
        ("G g", 0),
        ("end home", 0),
        ("pagedown pageup", 0),
        ("ctrl+d ctrl+u", 0),
    ],
)
async def test_moving_keys_move_the_cursor(app: MonitorApp, keys: str, line: int) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys.split())
        assert cursor(app) == line


@pytest.mark.parametrize("key", ["pagedown", "ctrl+d"])
async def test_paging_keys_go_far_but_not_to_the_end(app: MonitorApp, key: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        assert 10 < cursor(app) < 45


async def test_moving_keys_scroll_the_panel_when_it_has_the_focus(session: HandSession, make_app: MakeApp) -> None:
    long = song(1, title="Long")
    session.engine.learn(song(0, clips=1))
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab", "]", "]", "]")
        page = app.main.panes.panel.page
        await until(pilot, lambda: len(page.lines) > 1, "the JSON of the task")
        page.show([*page.lines] * 100, from_the_top=True)
        await pilot.pause()
        await pilot.press("j", "j", "k")
        assert page.scroll_offset.y == 1
        assert cursor(app) == 0
        await pilot.press("G")
        assert page.scroll_offset.y == page.max_scroll_y > 0
    assert long.title == "Long"


@pytest.mark.parametrize(("keys", "clip"), [("l", 1), ("right", 1), ("l h", 0), ("right left", 0), ("h", 0)])
async def test_left_and_right_choose_the_clip(app: MonitorApp, keys: str, clip: int) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(*keys.split())
        assert app.main.table.clip_index == clip


@pytest.mark.parametrize("key", ["enter", "tab"])
async def test_enter_and_tab_go_to_the_panel_and_back(app: MonitorApp, key: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(key)
        assert app.main.panes.focused
        await pilot.press(key)
        assert app.main.table.has_focus


async def test_brackets_choose_the_tab_round_the_end(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        seen = [app.main.panes.panel.tab]
        for key in "]]]][":
            await pilot.press(key)
            seen.append(app.main.panes.panel.tab)
    assert seen == [Tab.LYRICS, Tab.DETAILS, Tab.HISTORY, Tab.JSON, Tab.LYRICS, Tab.JSON]


async def test_f_gives_the_panel_the_whole_screen_and_takes_it_back(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f")
        assert not app.main.panes.table_place.display
        assert app.main.panes.place.size.width == SIZE[0]
        await pilot.press("f")
        assert app.main.panes.table_place.display
        assert app.main.table.has_focus


async def test_d_puts_the_panel_away_and_shows_it_again(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("d")
        assert not app.main.panes.shown
        await pilot.press("d")
        assert app.main.panes.shown


async def test_slash_filters_by_the_words_that_are_typed(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"song 4", "enter")
        assert app.main.task_list.filter.text == "song 4"
        assert {app.main.task_list.find(id_).summary.title for id_ in app.main.task_list.shown} == {  # type: ignore[union-attr]
            "Song 4", *(f"Song {number}" for number in range(40, 50)),
            *(f"Song {number}4" for number in (1, 2, 3)),
        }  # fmt: skip
        assert app.main.table.has_focus


async def test_q_is_a_letter_while_typing(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", "q", "x", "question_mark")
        assert app.main.listing.filter_line.input.value == "qx?"
        assert app.is_running


async def test_editing_keys_belong_to_the_filter_while_typing(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"ab", "left", "left", "x", "home", "y", "end", "z")
        assert app.main.listing.filter_line.input.value == "yxabz"
        assert app.main.table.clip_index == 0


async def test_the_cursor_moves_while_typing(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", "down", "down")
        assert cursor(app) == 2


async def test_escape_goes_one_step_back_and_never_leaves(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "exclamation_mark", "slash", "4", "enter", "f")
        await pilot.press("escape")
        assert not app.main.panes.zoomed
        await pilot.press("escape")
        assert not app.main.task_list.filter
        assert app.main.table.marked
        await pilot.press("escape")
        assert not app.main.table.marked
        await pilot.press("escape", "escape")
        assert app.is_running


async def test_escape_in_the_filter_takes_the_words_away(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"zzz")
        assert app.main.task_list.shown == []
        await pilot.press("escape")
        assert len(app.main.task_list.shown) == len(TASKS)
        assert app.main.table.has_focus


async def test_s_sorts_by_the_next_column_and_capital_s_turns_it_round(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        under_cursor = app.main.table.cursor_id
        await pilot.press("s")
        assert app.main.task_list.order.key is SortKey.PHASE
        await pilot.press("S")
        assert app.main.task_list.order.reverse
        assert app.main.table.cursor_id == under_cursor


@pytest.mark.parametrize("width", [40, 60, 80, 160])
async def test_s_goes_round_the_columns_that_are_on_the_screen_and_the_usual_order(app: MonitorApp, width: int) -> None:
    async with app.run_test(size=(width, 30)) as pilot:
        await pilot.pause()
        drawn = set(app.main.table.line_at(0).text.split())
        found = set()
        for _ in range(len(SortKey)):
            await pilot.press("s")
            found.add(app.main.task_list.order.key)
        assert found == {Order().key} | {column.sort for column in COLUMNS if column.sort and column.header in drawn}


async def test_exclamation_mark_shows_only_failures_and_then_all_again(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("exclamation_mark")
        assert app.main.task_list.shown == ["task-2", "task-4"]
        await pilot.press("exclamation_mark")
        assert len(app.main.task_list.shown) == len(TASKS)


async def test_v_shows_only_what_is_under_way(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        assert app.main.task_list.shown == ["task-0"]


async def test_n_goes_from_failure_to_failure(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        seen = []
        for key in ("n", "n", "n", "N"):
            await pilot.press(key)
            seen.append(app.main.table.cursor_id)
    assert seen == ["task-2", "task-4", "task-2", "task-4"]


async def test_x_removes_without_a_question_and_u_brings_back(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await pilot.press("j", "x")
        await until(pilot, lambda: "task-1" not in app.main.task_list, "the removal")
        assert "task-1" not in session.watch_list.read().ids
        assert app.main.table.cursor_id == "task-2"
        await pilot.press("u")
        await until(pilot, lambda: "task-1" in app.main.task_list, "the undoing")
        assert "task-1" in session.watch_list.read().ids


async def test_marked_tasks_are_removed_together(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "space", "space", "x")
        await until(pilot, lambda: len(app.main.task_list) == len(TASKS) - 3, "the removal")
        assert not app.main.table.marked


async def test_space_marks_and_goes_on_and_capital_u_unmarks(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("space", "space")
        assert app.main.table.marked == ("task-0", "task-1")
        assert cursor(app) == 2
        await pilot.press("U")
        assert app.main.table.marked == ()


async def test_capital_v_marks_all_from_the_last_mark_to_here(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("V")
        assert app.main.table.marked == ("task-0",), "nothing was marked before"
        await pilot.press("j", "j", "V")
        assert app.main.table.marked == ("task-0", "task-1", "task-2")
        await pilot.press("U", "j", "space", "k", "k", "k", "V")
        assert app.main.table.marked == ("task-1", "task-2", "task-3")


async def test_r_asks_for_the_task_under_the_cursor_and_all_that_is_open(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r")
        assert session.engine.refreshed == [("task-0",)]


async def test_p_pauses_and_goes_on(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("p")
        assert session.engine.link == Link(paused=True)
        assert "paused" in status(app)
        await pilot.press("p")
        assert "paused" not in status(app)


async def test_capital_c_leaves_out_status_bar_and_footer(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("C")
        assert app.main.panes.table_place.size.height == SIZE[1]
        await pilot.press("C")
        assert app.main.panes.table_place.size.height == SIZE[1] - 2


async def test_plus_and_minus_change_the_interval_of_this_run(app: MonitorApp, session: HandSession) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("plus")
        assert session.engine.interval == 10
        await pilot.press("minus", "minus")
        assert session.engine.interval == 3


async def test_ctrl_z_suspends_the_process(app: MonitorApp, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(app, "action_suspend_process", lambda: called.append("suspended"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+z")
    assert called == ["suspended"]


@pytest.mark.parametrize("key", ["q", "ctrl+c", "ctrl+q"])
async def test_leaving_keys_leave_and_stop_the_monitor(app: MonitorApp, session: HandSession, key: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, session.engine.running.is_set, "the monitor")
        await pilot.press(key)
    assert app.return_value == 0
    assert session.engine.stopped


@pytest.mark.parametrize("before", ["slash", "a", "e", "question_mark", "t", "colon"])
async def test_ctrl_c_leaves_from_everywhere(app: MonitorApp, before: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press(before)
        await pilot.pause()
        await pilot.press("ctrl+c")
    assert app.return_value == 0


async def test_the_user_gives_actions_other_keys(make_session: MakeSession, make_app: MakeApp) -> None:
    session = make_session(
        *TASKS[:3], keys={"refresh": "f5", "down": "e", "label": "", "sort": "f6", "quit-anywhere": "f10"}
    )
    app = make_app(session)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("r")
        assert session.engine.refreshed == []
        await pilot.press("f5", "e")
        assert session.engine.refreshed == [("task-0",)]
        assert app.main.table.cursor_id == "task-1"
        assert "f6 sort" in footer(app)
        await pilot.press("slash", "f10")
    assert app.return_value == 0


async def test_every_action_is_a_binding_of_the_screen_or_of_the_program(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE):
        bound = {bound.binding.id for bound in app.screen.active_bindings.values()}
    assert bound == {action.id for action in ACTIONS}


async def test_the_user_may_swap_two_keys(make_session: MakeSession, make_app: MakeApp) -> None:
    app = make_app(make_session(*TASKS[:3], keys={"down": "k,up", "up": "j,down"}))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("k", "up")
        assert cursor(app) == 2
        await pilot.press("j", "down")
        assert cursor(app) == 0


async def test_the_footer_tells_the_keys_of_where_the_keyboard_is(app: MonitorApp) -> None:
    async with app.run_test(size=SIZE) as pilot:
        assert "enter read" in footer(app)
        await pilot.press("enter")
        assert "esc back to tasks" in footer(app)
        await pilot.press("escape", "slash")
        assert footer(app).startswith(" enter keep  esc clear  down to the hits  ")
        await pilot.press("escape")
        assert "enter read" in footer(app)


@pytest.mark.parametrize("place", ["#table", "#page"])
async def test_a_click_elsewhere_keeps_the_filter_and_puts_its_line_away(app: MonitorApp, place: str) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: bool(app.main.query("#page")), "the panel")
        await pilot.press("slash", *"song 4")
        await pilot.click(place, offset=(4, 4))
        await until(pilot, lambda: not app.main.listing.filter_line.display, "the line put away")
        assert app.main.task_list.filter_in_words == '"song 4"'
        assert "enter keep" not in footer(app)


async def test_space_in_the_panel_turns_the_page_and_marks_nothing(session: HandSession, make_app: MakeApp) -> None:
    app = make_app(session)
    session.engine.learn(song(0, lyrics="", clips=0))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "]")
        page = app.main.panes.panel.page
        await until(pilot, lambda: page.max_scroll_y > 0, "a page that is long enough")
        await pilot.press("space")
        await until(pilot, lambda: page.scroll_offset.y > 0, "the next page")
        assert app.main.table.marked == ()


async def test_the_keys_that_mark_turn_the_page_also_where_the_user_chose_them(
    make_session: MakeSession, make_app: MakeApp
) -> None:
    session = make_session(*TASKS[:3], keys={"mark": "m"})
    session.engine.learn(song(0, lyrics="", clips=0))
    app = make_app(session)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space")
        assert app.main.table.marked == ()
        await pilot.press("enter", "]")
        page = app.main.panes.panel.page
        await until(pilot, lambda: page.max_scroll_y > 0, "a page that is long enough")
        await pilot.press("m")
        await until(pilot, lambda: page.scroll_offset.y > 0, "the next page")
        await pilot.press("tab", "m")
        assert app.main.table.marked == ("task-0",)


def status(app: MonitorApp) -> str:
    return app.main.query_one("#status").line.text  # type: ignore[attr-defined,no-any-return]


def footer(app: MonitorApp) -> str:
    return app.main.query_one("#footer").line.text  # type: ignore[attr-defined,no-any-return]
