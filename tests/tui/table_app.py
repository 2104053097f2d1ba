"""A small app around the table alone, for tests, budgets and pictures."""

from __future__ import annotations

import argparse
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Footer

from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tui.keyboard import STEPS
from ecovai_tui.tui.textual_patches.screen_buffer import FramedApp
from ecovai_tui.tui.widgets.table_parts import Activated, CursorMoved, SortRequested
from ecovai_tui.tui.widgets.task_table import TaskTable
from ecovai_tui.view.first_start import Emptiness, sentence_page

NOW = 1_780_000_000.0

TITLES = (
    "Midnight Rain over the Harbour",
    "春の歌 — 桜が散る前に",
    "A very long title that no pane of any width in this world is ever going to show as a whole, and then some more",
    "夜曲",
    "Ode an die Freude (Remix) [Verse] ✨",
    "",
)


def tasks_of_all_phases(count: int) -> dict[str, WatchedTask]:
    """Return tasks that go through the phases in turn, with titles of all kinds."""
    return {task.id: task for task in map(one_task, range(count))}


def one_task(number: int, *, phase: Phase | None = None, **changes: object) -> WatchedTask:
    """Return the task of a number, of the phase whose turn it is."""
    phase = phase or list(Phase)[number % len(Phase)]
    clips = {
        Phase.WAITING: (),
        Phase.RUNNING: (Phase.RUNNING, Phase.WAITING),
        Phase.STREAMING: (Phase.STREAMING, Phase.DONE),
        Phase.DONE: (Phase.DONE, Phase.DONE),
        Phase.PARTIAL: (Phase.DONE, Phase.FAILED),
        Phase.FAILED: (Phase.FAILED, Phase.FAILED),
    }.get(phase, ())
    submitted = NOW - 65 - 37 * number
    values: dict[str, object] = {
        "id": f"{number:08x}-a4a1-4f49-a851-66a7dae6cfaf",
        "kind": Kind.MUSIC,
        "phase": phase,
        "status": "MODERATING" if phase is Phase.UNKNOWN else "",
        "title": TITLES[number % len(TITLES)],
        "model": "chirp-v3-5",
        "clip_phases": clips,
        "fail_reason": "content policy: the lyrics name a living artist" if phase is Phase.FAILED else "",
        "submitted_at": submitted,
        "finished_at": submitted + 109 if phase.final else None,
        "quiet_since": NOW,
        "seen_at": NOW,
    }
    summary = TaskSummary(**{**values, **changes})  # type: ignore[arg-type] # a table of mixed values on purpose
    return WatchedTask(summary, label="edm test" if number % 5 == 0 else "", added_at=submitted, position=number)


class TableApp(FramedApp):
    """The table with the keys that the program gives it, in an app that sends only what differs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "table('move', 1)", "down"),
        Binding("k,up", "table('move', -1)", "up"),
        Binding("pagedown", "step('page-down')"),
        Binding("pageup", "step('page-up')"),
        Binding("g", "step('first')"),
        Binding("G", "step('last')"),
        Binding("h,left", "table('move_clip', -1)"),
        Binding("l,right", "table('move_clip', 1)"),
        Binding("space", "table('toggle_mark')"),
        Binding("F", "flash"),
        Binding("c", "change"),
        Binding("t", "later"),
    ]

    def __init__(self, tasks: dict[str, WatchedTask], *, ascii_only: bool = False, footer: bool = False) -> None:
        super().__init__()
        self.tasks = tasks
        self.now = NOW
        self.footer = footer
        self.table = TaskTable(lambda _summary, _now: 5.0, now=NOW, ascii_only=ascii_only)
        self.table.emptiness = Emptiness(partial(sentence_page, EMPTY))
        self.animation_level = "none"
        self.heard: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.table
        if self.footer:
            yield Footer()

    def on_mount(self) -> None:
        self.table.show(list(self.tasks), self.tasks.get)
        self.table.focus()

    def action_table(self, name: str, *arguments: int) -> None:
        getattr(self.table, name)(*arguments)

    def action_step(self, name: str) -> None:
        self.table.move(STEPS[name](self.table.page_rows))

    def action_flash(self) -> None:
        self.table.flash(list(self.tasks)[3:6])

    def action_change(self) -> None:
        id_ = list(self.tasks)[3]
        self.tasks[id_] = one_task(3, phase=Phase.STREAMING)
        self.table.update_tasks({id_})

    def action_later(self) -> None:
        self.now += 10
        self.table.tick(self.now)

    def on_cursor_moved(self, message: CursorMoved) -> None:
        self.heard.append(message)

    def on_activated(self, message: Activated) -> None:
        self.heard.append(message)

    def on_sort_requested(self, message: SortRequested) -> None:
        self.heard.append(message)


EMPTY = """No tasks yet.

Press a and paste ids, links, JSON or log lines,
or run:  ecovai-tui add ID"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--theme", default="textual-dark")
    parser.add_argument("--phase", default="")
    parser.add_argument("--footer", action="store_true")
    chosen = parser.parse_args()
    shown = tasks_of_all_phases(chosen.count)
    if chosen.phase:
        shown = {task.id: task for task in (one_task(n, phase=Phase(chosen.phase)) for n in range(chosen.count))}
    app = TableApp(shown, ascii_only=chosen.ascii, footer=chosen.footer)
    app.theme = chosen.theme
    app.run()
