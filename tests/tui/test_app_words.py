"""The status bar, the notices, the footer, the help and the toasts, as text."""

from __future__ import annotations

import pytest
from app_harness import NOON, plain
from textual.events import Key

from ecovai_tui.engine.updates import Link, Trouble
from ecovai_tui.tasks.changes import Aspect, Change
from ecovai_tui.tasks.model import Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import cell_width
from ecovai_tui.terminal.reading.key_codes import character_key
from ecovai_tui.tui.keyboard import Keyboard, footer_line, help_page
from ecovai_tui.tui.pages.status import Status, notice_lines, status_line
from ecovai_tui.tui.terminal_window import SHOWN_WIDTH, shown
from ecovai_tui.tui.textual_patches.driver import key_event
from ecovai_tui.tui.toasts import announce
from ecovai_tui.view.actions import ACTIONS, Scope, bound_actions

STATUS = Status(
    gateway="gateway.example",
    profile="work",
    counts={Phase.RUNNING: 2, Phase.DONE: 7, Phase.FAILED: 1},
    shown=10,
    total=10,
    filter="",
    marked=0,
    link=Link(next_poll=NOON + 4),
    interval=5.0,
)


def said(width: int = 120, **changes: object) -> str:
    return status_line(STATUS._replace(**changes), NOON, width).text  # type: ignore[arg-type]


def test_the_status_bar_tells_gateway_profile_counts_rhythm() -> None:
    parts = said().split("  ")
    assert parts[0].strip() == "gateway.example"
    assert [part.strip() for part in parts if part.strip()] == [
        "gateway.example", "work", "▸ 2 running", "✓ 7 done", "✗ 1 failed", "every 5 s",
    ]  # fmt: skip


@pytest.mark.parametrize("width", range(10, 130, 7))
def test_the_status_bar_fits_every_width(width: int) -> None:
    trouble = Link(trouble=Trouble("The gateway does not answer."), next_poll=NOON + 31)
    for text in (said(width), said(width, link=trouble, filter='failed, "夜明け"', marked=3, demo=True)):
        assert cell_width(text) <= width


def test_counts_stay_longest_as_it_narrows() -> None:
    assert said(18).split() == ["work", "▸2", "✓7", "✗1"]
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


def test_a_filter_tells_how_many_are_shown_of_how_many() -> None:
    assert "3 of 10: failed, 2 marked" in said(filter="failed", shown=3, marked=2)
    assert "3/10" in said(45, filter="failed, and a word of some length", shown=3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"link": Link(read_only=True)}, "no key"),
        ({"link": Link(paused=True)}, "paused"),
        ({"link": Link(trouble=Trouble("x"), next_poll=NOON + 31)}, "no answer, next try in 35s"),
        ({"link": Link(trouble=Trouble("x", kind="key refused"), next_poll=NOON + 300)}, "key refused, next try in 5m"),
        (
            {"link": Link(trouble=Trouble("x", kind="server error"), next_poll=NOON + 31)},
            "server error, next try in 35s",
        ),
        ({"link": Link(asking_since=NOON - 3.9, next_poll=NOON)}, "every 5 s"),
        ({"link": Link(asking_since=NOON - 4, next_poll=NOON)}, "no answer for 4 s"),
        ({"link": Link(asking_since=NOON - 13, next_poll=NOON), "asked_at": NOON - 13}, "no answer for 12 s"),
        ({"link": Link(asking_since=NOON - 13, paused=True)}, "no answer for 12 s"),
        ({"link": Link(asking_since=NOON - 99)}, "no answer for 96 s"),
        ({"link": Link(Trouble("x"), asking_since=NOON - 8)}, "no answer for 8 s"),
        ({"link": Link(Trouble("x", kind="server error"), asking_since=NOON - 8)}, "server error, no answer for 8 s"),
        ({"link": Link()}, "nothing due"),
        ({"link": Link(next_poll=NOON + 44)}, "next look in 45s"),
        ({"link": Link(next_poll=NOON + 9)}, "every 5 s"),
    ],
)
def test_the_link_is_told_in_words(changes: dict[str, object], words: str) -> None:
    assert words in said(**changes)


def test_it_counts_down_only_where_a_countdown_is_shown() -> None:
    assert not STATUS.counts_down(NOON)
    assert STATUS._replace(link=Link(next_poll=NOON + 60)).counts_down(NOON)
    assert not STATUS._replace(link=Link()).counts_down(NOON)


def test_all_well_needs_no_notice() -> None:
    assert notice_lines(Link(), "", "") == []


def test_trouble_is_told_with_the_servers_own_words() -> None:
    trouble = Trouble("The gateway asks to wait.", detail="Too many requests")
    assert plain(notice_lines(Link(trouble=trouble), "", "")) == ("The gateway asks to wait.  Too many requests")


def test_without_a_key_the_three_ways_to_give_one_are_told() -> None:
    text = plain(notice_lines(Link(read_only=True), "", ""))
    assert all(way in text for way in ("ECOVAI_API_KEY", "api_key_command", "api_key = "))


def test_trouble_with_the_replica_and_a_stopped_monitor_are_told() -> None:
    text = plain(notice_lines(Link(), "It works from memory.", "The monitor stopped."))
    assert text == "The monitor stopped.\nIt works from memory."


def test_the_footer_drops_from_the_right() -> None:
    wide, narrow = (footer_line(ACTIONS, Scope.TABLE, width).text.rstrip() for width in (200, 40))
    assert wide.startswith(narrow)
    assert narrow.startswith(" ? help  q quit")
    assert cell_width(narrow) <= 40


def test_the_footer_leaves_out_actions_without_a_key() -> None:
    assert "remove" not in footer_line(bound_actions({"remove": ""}), Scope.TABLE, 200).text


def test_the_help_lists_every_action_with_its_keys() -> None:
    text = plain(help_page(bound_actions({"refresh": "f5", "remove": ""})))
    assert all(action.description in text for action in ACTIONS)
    assert "  f5" in text
    assert "  no key" in text


def final(id_: str, phase: Phase) -> Change:
    return Change(NOON, id_, Aspect.PHASE, Phase.RUNNING, phase)


def find(id_: str) -> WatchedTask:
    return WatchedTask(TaskSummary(id_, phase=Phase.FAILED, title="[/] Rain", fail_reason="too loud"))


def test_one_finished_task_is_named_with_its_phase_and_reason() -> None:
    toast = announce([final("a", Phase.FAILED)], find)
    assert toast is not None
    assert (toast.title, toast.text, toast.gravity) == ("✗ failed", "[/] Rain\ntoo loud", "error")


def test_a_batch_of_finished_tasks_makes_one_toast() -> None:
    toast = announce([final("a", Phase.DONE), final("b", Phase.DONE), final("c", Phase.PARTIAL)], find)
    assert toast is not None
    assert (toast.title, toast.text, toast.gravity) == ("3 tasks are finished", "2 done, 1 partial", "warning")


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
    assert announce([change], find) is None


def test_a_task_that_is_gone_is_named_by_its_id() -> None:
    toast = announce([final("task-7", Phase.DONE)], lambda _: None)
    assert toast is not None
    assert toast.text == "task-7"


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
