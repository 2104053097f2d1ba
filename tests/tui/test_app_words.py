"""The status bar, the notices, the footer, the help and the toasts, as text."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import pytest
from app_harness import NOON
from textual.events import Key

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.judging import Aspect, Change
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.tasks.times import clock_time, time_of_day
from ecovai_tui.terminal.reading.key_codes import character_key
from ecovai_tui.tui.keyboard import Keyboard, footer_line
from ecovai_tui.tui.pages.status import Status, faults_in_words, level_of, status_line, steady_median
from ecovai_tui.tui.terminal_window import SHOWN_WIDTH, shown
from ecovai_tui.tui.textual_patches.driver import key_event
from ecovai_tui.tui.toasts import Ends, Toast
from ecovai_tui.view.actions import ACTIONS, FOOTERS, Place, bound_actions

AGAIN = f"Asked again at {time_of_day(NOON + 31)}"
IN_44_SECONDS, IN_FIVE_MINUTES = time_of_day(NOON + 44), clock_time(NOON + 300, NOON)

STATUS = Status(
    gateway="gateway.example",
    profile="work",
    counts={Phase.RUNNING: 2, Phase.DONE: 7, Phase.FAILED: 1},
    link=Link(next_poll=NOON + 4),
    interval=5.0,
)


def said(width: int = 120, **changes: object) -> str:
    return status_line(STATUS._replace(**changes), NOON, width).text  # type: ignore[arg-type]


def test_the_status_bar_tells_gateway_profile_counts_rhythm() -> None:
    parts = said().split("  ")
    assert parts[0].strip() == "gateway.example"
    assert [part.strip() for part in parts if part.strip()] == [
        "gateway.example", "work", "▸ 2", "✓ 7", "✗ 1", "every 5 s",
    ]  # fmt: skip


@pytest.mark.parametrize("width", range(10, 130, 7))
def test_the_status_bar_fits_every_width(width: int) -> None:
    trouble = Link(trouble=Trouble("The gateway does not answer."), next_poll=NOON + 31)
    for text in (said(width), said(width, link=trouble, filter='3 of 10: failed, "夜明け"', demo=True)):
        assert cell_width(text) <= width


def test_counts_stay_longest_as_it_narrows() -> None:
    assert said(21).split() == ["gateway", "▸2", "✓7", "✗1"]
    assert said(12).split() == ["▸2", "✓7", "✗1"]


def test_in_forty_columns_all_phases_and_the_word_demo_are_there() -> None:
    bar = said(40, demo=True, counts=dict.fromkeys(Phase, 9))
    assert bar.split()[0] == "DEMO"
    assert bar.count("9") == len(Phase)


@pytest.mark.parametrize("width", range(40, 200, 9))
def test_that_no_answer_comes_is_told_in_every_width(width: int) -> None:
    hanging = {"link": Link(asking_since=NOON - 12), "counts": dict.fromkeys(Phase, 9)}
    assert said(width, **hanging).count("no answer") == 1
    assert cell_width(said(width, **hanging)) <= width


@pytest.mark.parametrize("width", range(10, 60))
def test_no_two_parts_touch(width: int) -> None:
    trouble = Link(trouble=Trouble("The gateway does not answer."), next_poll=NOON + 31)
    assert "no answer" not in said(width, link=trouble).replace("  no answer", "")


def test_a_demo_says_so() -> None:
    assert said(demo=True).startswith(" DEMO")
    assert "DEMO" in said(40, demo=True)


def test_glyphs_are_ascii_where_the_terminal_is() -> None:
    assert said(ascii=True, filter="").isascii()


def test_the_bar_tells_more_as_it_becomes_wider() -> None:
    link = Link(next_poll=NOON + 4, latencies=(0.1, 0.2, 5.0, inf, *[0.2] * 20))
    assert said(80, link=link, median=0.2).rstrip().endswith("0.2 s  every 5 s")
    assert "gateway" in said(99)
    assert "gateway.example" not in said(99)
    assert "work" not in said(119)
    assert "  ▂▂▂▂▂ 0.2 s  every 5 s" in said(120, link=link, median=0.2)
    assert "answers ▂▂▂▂▂▂▂▂ 0.2 s" in said(140, link=link, median=0.2)
    assert "▸ 2 running  ✓ 7 done  ✗ 1 failed" in said(176)
    assert "12.40 left" in said(140, quota="12.40 left")


def test_latencies_are_bars_in_powers_of_two_and_the_figure_stays_on_its_bar() -> None:
    assert [level_of(seconds) for seconds in (0.1, 0.125, 0.2, 0.5, 0.6, 1.5, 3, 8, 9, inf)] == [
        0, 0, 1, 2, 3, 4, 5, 6, 7, 7,
    ]  # fmt: skip
    assert steady_median((), None) is None
    assert steady_median((inf,), 0.2) is None
    assert steady_median((0.2, 0.3, 0.21), 0.24) == 0.24
    assert steady_median((0.2, 0.3, 0.31), 0.2) == 0.3


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"link": Link(read_only=True)}, "no key"),
        ({"link": Link(paused=True)}, "paused"),
        ({"link": Link(Trouble("It broke: wait."), next_poll=NOON + 31)}, f"✗ It broke: wait.  {AGAIN}, or press r."),
        ({"link": Link(Trouble("x", kind="key refused"), next_poll=NOON + 300)}, f"Asked again at {IN_FIVE_MINUTES}"),
        ({"link": Link(Trouble("x")), "heard_at": NOON}, "r asks again.  What you see is of "),
        ({"link": Link(Trouble("x", "Too many requests"))}, "x  r asks again.  Too many requests"),
        ({"link": Link(Trouble("x"), paused=True)}, "Paused."),
        ({"link": Link(Trouble("x"), asking_since=NOON)}, "Asking again now."),
        ({"link": Link(asking_since=NOON - 3.9, next_poll=NOON)}, "every 5 s"),
        ({"link": Link(asking_since=NOON - 4, next_poll=NOON)}, "no answer for 4 s"),
        ({"link": Link(asking_since=NOON - 13, next_poll=NOON), "asked_at": NOON - 13}, "no answer for 12 s"),
        ({"link": Link(asking_since=NOON - 13, paused=True)}, "no answer for 12 s"),
        ({"link": Link(asking_since=NOON - 99)}, "no answer for 96 s"),
        ({"link": Link(Trouble("x"), asking_since=NOON - 8)}, "No answer for 8 s."),
        ({"link": Link()}, "nothing due"),
        ({"link": Link(next_poll=NOON + 44)}, f"next look at {IN_44_SECONDS}"),
        ({"link": Link(next_poll=NOON + 9)}, "every 5 s"),
    ],
)
def test_the_link_is_told_in_words(changes: dict[str, object], words: str) -> None:
    assert words in said(**changes)


def test_trouble_gives_way_to_what_is_left_of_the_room() -> None:
    trouble = Trouble("No computer of the name x was found: check base_url and your network.", kind="name not found")
    link = Link(trouble, next_poll=NOON + 31)
    assert said(160, link=link).startswith(f" ✗ {trouble.message}  {AGAIN}, or press r.")
    assert said(160, link=link).endswith("▸2 ✓7 ✗1")
    assert said(90, link=link).startswith(" ✗ No computer of the name x was found.  Asked again")
    assert said(55, link=link).startswith(" ✗ No computer of the name x was…  Again at")
    assert said(40, link=link).startswith(" ✗ Name not found.  Again at")


BROKEN = "watchlist.toml, line 3: this is not TOML. What you see is the list as it was read last. Mend it by hand."


def test_what_our_files_are_in_is_told_as_trouble_and_cut_at_a_word() -> None:
    assert said(160, problem=BROKEN).split("  ")[0] == f" ✗ {BROKEN}"
    assert said(120, problem=BROKEN).startswith(" ✗ watchlist.toml, line 3: this is not TOML. What you see is the")
    assert said(80, problem=BROKEN).startswith(" ✗ watchlist.toml, line 3: this is not TOML. What you…  i reads on  ")
    assert said(40, problem=BROKEN) == " ✗ watchlist.toml, line 3:…  i reads on"


def test_a_second_thing_that_is_wrong_is_not_kept_back() -> None:
    trouble = Link(Trouble("x"), next_poll=NOON + 31)
    assert "i reads on" in said(problem="One.\nTwo.")
    assert "i reads on" in said(failure="It stopped.", problem="One.")
    assert said(failure="It stopped.", link=trouble).startswith(" ✗ It stopped.")
    assert "  i more" in said(link=trouble, problem="One.")


def test_nothing_is_wrong_while_all_is_well() -> None:
    assert faults_in_words(Link(), "", "") == []


def test_without_a_key_the_three_ways_to_give_one_are_told() -> None:
    [text] = faults_in_words(Link(read_only=True), "", "")
    assert all(way in text for way in ("ECOVAI_API_KEY", "api_key_command", "api_key = "))


def test_trouble_with_the_replica_and_a_stopped_monitor_are_told() -> None:
    told = faults_in_words(Link(), "It works from memory.", "The monitor stopped.")
    assert told == ["The monitor stopped.", "It works from memory."]


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_the_footer_drops_from_the_right_but_for_help_and_quit(place: Place, width: int) -> None:
    narrow = footer_line(ACTIONS, place, width).text
    assert narrow.rstrip().endswith("? help  q quit")
    assert cell_width(narrow) <= width


def test_the_footer_leaves_out_actions_without_a_key_and_what_cannot_be_done() -> None:
    assert "remove" not in footer_line(bound_actions({"remove": ""}), Place.TABLE, 200).text
    assert "remove" not in footer_line(ACTIONS, Place.TABLE, 200, hidden={"remove"}).text


def test_the_footer_tells_how_many_are_marked() -> None:
    assert footer_line(ACTIONS, Place.MARKS, 120, marked=3).text.startswith(" 3 marked  ")


def test_footers_name_actions() -> None:
    coming = {"create", "download", "play"}
    names = {name for hints in FOOTERS.values() for hint in hints for name in hint.actions}
    assert names <= {action.id for action in ACTIONS} | coming


def final(id_: str, phase: Phase) -> Change:
    return Change(NOON, id_, Aspect.PHASE, Phase.RUNNING, phase)


def find(id_: str) -> WatchedTask:
    return WatchedTask(TaskSummary(id_, phase=Phase.FAILED, title="[/] Rain", fail_reason="too loud"))


def told(*changes: Change, find: Callable[[str], WatchedTask | None] = find) -> Toast:
    ends = Ends()
    assert ends.note(changes, 0.0)
    return ends.toast(find)


def test_one_finished_task_is_named_with_its_phase_and_reason() -> None:
    toast = told(final("a", Phase.FAILED))
    assert (toast.line.text, toast.gravity) == ("✗ [/] Rain failed: too loud", "error")


def test_a_song_that_is_done_is_told_with_the_time_it_took_and_its_name_gives_way() -> None:
    summary = TaskSummary("a", phase=Phase.DONE, title="A Slow Ascent", submitted_at=NOON, finished_at=NOON + 116)
    toast = told(final("a", Phase.DONE), find=lambda _: WatchedTask(summary))
    assert toast.line.text == "✓ A Slow Ascent is done after 1:56"
    assert toast.within(30).text == "✓ A Slow As… is done after 1:56"


def test_a_batch_of_finished_tasks_makes_one_toast() -> None:
    toast = told(final("a", Phase.DONE), final("b", Phase.DONE), final("c", Phase.PARTIAL))
    assert (toast.line.text, toast.gravity) == ("2 done, 1 partial", "warning")


def test_ends_within_two_seconds_are_one_burst_that_rings_once() -> None:
    ends = Ends()
    assert ends.note([final("a", Phase.DONE)], 10.0) is True
    assert ends.only("a")
    assert ends.note([final("b", Phase.FAILED)], 12.0) is False
    assert ends.toast(find).line.text == "1 done, 1 failed"
    assert not ends.only("a")
    assert ends.note([], 13.0) is None
    assert ends.note([final("c", Phase.FAILED)], 14.1) is True
    assert ends.only("c")


def test_a_task_that_waits_for_the_user_is_told_and_rung_for_once() -> None:
    asks = Change(NOON, "a", Aspect.STATUS, "SUBMITTED", "MODAL")
    toast = told(asks)
    assert (toast.line.text, toast.gravity) == ("◌ [/] Rain needs you: answer it in the gateway", "warning")
    assert told(asks, final("b", Phase.DONE)).line.text == "1 need you, 1 done"


@pytest.mark.parametrize(
    "change",
    [
        Change(NOON, "a", Aspect.APPEARED, "", Phase.DONE),
        Change(NOON, "a", Aspect.PHASE, Phase.WAITING, Phase.RUNNING),
        Change(NOON, "a", Aspect.PHASE, Phase.PARTIAL, Phase.DONE),
        Change(NOON, "a", Aspect.TITLE, "", "Rain"),
    ],
)
def test_nothing_else_is_announced(change: Change) -> None:
    assert Ends().note([change], 0.0) is None


def test_a_task_that_is_gone_is_named_by_its_id() -> None:
    assert told(final("task-7", Phase.DONE), find=lambda _: None).line.text == "✓ task-7 is done"


@pytest.mark.parametrize("key", ["j", "G", "?", "+", "é", "comma", "space", "down", "ctrl+d", "enter", "tab", "escape"])
def test_a_key_as_the_settings_write_it_is_the_one_that_the_terminal_sends(key: str) -> None:
    action = next(action for action in ACTIONS if action.id == "refresh")._replace(keys=(key,))
    typed = {"comma": ",", "space": " "}.get(key, key)
    event = key_event(character_key(typed)) if len(typed) == 1 else Key(key, None)
    assert Keyboard([action]).action_of(event) is action


def test_every_key_leads_to_its_action() -> None:
    keyboard = Keyboard(ACTIONS)
    for action in ACTIONS:
        for key in action.keys:
            event = key_event(character_key(key)) if len(key) == 1 else Key(key, None)
            assert event.key in keyboard
            assert keyboard.action_of(event) is action


def test_a_toast_shows_a_copied_text_in_part() -> None:
    assert shown("a") == "a"
    assert shown("\n".join("abcdefgh")) == "a  8 lines"
    assert shown("a\nb", "1 task has none yet") == "a  2 lines  1 task has none yet"
    assert cell_width(shown("夜" * 99)) <= SHOWN_WIDTH
    assert shown("x" * 99, ascii_only=True).isascii()
