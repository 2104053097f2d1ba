"""Where the panel stands, by the window's size and the user's wish, and what it shows: the clip under the cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import Region, Size

from ecovai_tui.engine.worker import in_thread
from ecovai_tui.language import tr
from ecovai_tui.store.replica import FileEntry, FileLedger
from ecovai_tui.tasks.model import Kind
from ecovai_tui.terminal import graphics
from ecovai_tui.tui.textual_patches.screen_buffer import FramedApp
from ecovai_tui.tui.widgets.lines import Frame, Sides
from ecovai_tui.view.card import Subject, clip_place, kind_word
from ecovai_tui.view.lines import Line, signs_of
from ecovai_tui.view.pictures import lines_of_parts, picture_lines

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from ecovai_tui.tasks.model import WatchedTask
    from ecovai_tui.tui.context import Context
    from ecovai_tui.tui.file_controller import FileController
    from ecovai_tui.tui.task_list import TaskList
    from ecovai_tui.tui.widgets.panel import Panel
    from ecovai_tui.tui.widgets.task_table import TaskTable
    from ecovai_tui.view.rows import RowContext


LEAST_WIDTH, LEAST_HEIGHT = 40, 10
"""Cells; in less than that only a sentence is shown."""

WIDE = 100
"""Cells from which on the panel stands beside the table and not below it."""

TALL = 16
"""Lines from which on there is room for it below the table."""

LOW = 22
"""Lines from which on it is of its full height there."""

FRAMED_WIDTH, FRAMED_HEIGHT = 120, 30
"""Cells from which on there is room for frames on all sides."""

PICTURE_ROWS = 16
"""Rows of a saved picture in the card."""

RESTED_AFTER = 0.1
"""Seconds after which the panel follows the cursor."""

FILLING = "filling"
"""The group of the one worker that reads what the panel shows."""


class Room(NamedTuple):
    """What a window of some size has room for."""

    wide: bool
    """The panel may stand beside the table."""
    tall: bool
    """It may stand below the table."""
    low: bool
    """There it has fewer lines."""
    framed: bool
    """Table and panel may have frames on all sides."""
    too_small: str
    """The sentence that is all there is room for, or ""."""

    @property
    def classes(self) -> Mapping[str, bool]:
        """How the style sheet is told."""
        return {
            "-wide": self.wide,
            "-narrow": not self.wide,
            "-tall": self.tall,
            "-short": not self.tall,
            "-low": self.low,
            "-framed": self.framed,
        }

    @property
    def cramped(self) -> bool:
        """Whether there is room for the panel neither beside the table nor below it."""
        return not (self.wide or self.tall)

    @property
    def panel_sides(self) -> Sides:
        """The edges of the panel."""
        if self.cramped:
            return Sides.NONE
        return Sides.ALL if self.framed else Sides.TOP

    def table_sides(self, *, beside_panel: bool) -> Sides:
        """Return the edges of the table."""
        if self.framed:
            return Sides.ALL
        return Sides.NONE if not self.wide else Sides.BRANCH if beside_panel else Sides.TOP


def room_of(size: Size) -> Room:
    """Return what a window of this size has room for."""
    width, height = size
    tiny = width < LEAST_WIDTH or height < LEAST_HEIGHT
    sentence = tr(
        "This needs {least_width} x {least_height}. It is {width} x {height}.",
        least_width=LEAST_WIDTH,
        least_height=LEAST_HEIGHT,
        width=width,
        height=height,
    )
    framed = width >= FRAMED_WIDTH and height >= FRAMED_HEIGHT
    return Room(width >= WIDE, height >= TALL, height < LOW, framed, sentence if tiny else "")


class PanelController:
    """Shows the panel beside or below the table, alone, or not at all; classes of the screen tell the style sheet."""

    def __init__(
        self, screen: Screen[None], context: Context, task_list: TaskList, table: TaskTable, files: FileController
    ) -> None:
        self._screen = screen
        self._context = context
        self._task_list = task_list
        self._table = table
        self._files = files
        ascii_only = context.options.ascii
        self.table_place = Frame(tr("Tasks"), ascii_only=ascii_only, id="tasks")
        """Where the table stands."""
        self.place = Frame("", ascii_only=ascii_only, id="panel")
        """Where the panel stands; there from the start, so that the table has its own width at once."""
        self._panel: Panel | None = None
        self._resting: Timer | None = None

    @property
    def panel(self) -> Panel:
        """The panel of the selected clip; made when it is first needed, so that the first rows need not wait for it."""
        if self._panel is None:
            from ecovai_tui.tui.widgets.panel import Panel  # noqa: PLC0415  # not needed for the first paint

            self._panel = panel = Panel(self._table.choose_clip, tab=self.tab_name, create_key=self._create_key)
            self.place.follow(lambda: panel.page.covered)
            self.place.mount(self._panel)
        return self._panel

    @property
    def _create_key(self) -> str:
        """The key that makes a new task of what was asked for, "" where nothing can be sent."""
        keyboard = self._context.keyboard
        return (
            keyboard.key_of("create")
            if any(action.id == "create" and action.keys for action in keyboard.actions)
            else ""
        )

    @property
    def tab_name(self) -> str:
        """The name of the tab that is shown, or was last."""
        return self._context.ui_state.state.tab if self._panel is None else self._panel.tab_name

    @property
    def focused(self) -> bool:
        """Whether the keyboard moves the panel's page."""
        return self._panel is not None and self._screen.focused is self._panel.page

    @property
    def shown(self) -> bool:
        """Whether the panel is on the screen."""
        return bool(self.place.display)

    @property
    def wanted(self) -> bool:
        """Whether the user has not put the panel away."""
        return not self._screen.has_class("-panel-off")

    @property
    def cramped(self) -> bool:
        """Whether there is room for the panel neither beside the table nor below it."""
        return room_of(self._screen.size).cramped

    @property
    def zoomed(self) -> bool:
        """Whether the panel has the whole screen."""
        return self._screen.has_class("-zoomed")

    @property
    def wide(self) -> bool:
        """Whether the panel stands beside the table, where there is one."""
        return room_of(self._screen.size).wide

    @property
    def filter_place(self) -> Region:
        """What the words of a filter may cover: the title in the table's edge, its heads, or the status bar."""
        room, place = room_of(self._screen.size), self.table_place.region
        if room.cramped:
            compact = self._screen.has_class("-compact")  # there it has no bar, and the last row is kept for it
            return Region(0, self._screen.size.height - 1 if compact else 0, place.width, 1)
        corner = 2 if room.framed else 1 if room.wide else 0
        return Region(place.x + corner, place.y, max(1, place.width - 2 * corner), 1)

    @property
    def filter_edge(self) -> str:
        """The sign of the edge that goes on behind the words of a filter, "" where they stand in none."""
        return signs_of(ascii_only=self._context.options.ascii).flat if self.wide else ""

    def show_focus(self) -> None:
        """Show in the edges where the keyboard is."""
        alone = self._screen.app.screen is self._screen
        self.table_place.show_focus(focused=alone and not self.focused)
        self.place.show_focus(focused=alone and self.focused)

    def focus_table(self) -> None:
        """Give the keyboard to the table."""
        if self.zoomed:
            self._screen.remove_class("-zoomed")
            self._screen.call_after_refresh(self.fill)  # a picture that was read meanwhile is too wide
        self._screen.set_focus(self._table)
        self._tell_subject()

    def show_panel(self, *, on: bool) -> None:
        """Have the panel beside the table, or not."""
        self._screen.set_class(not on, "-panel-off")
        self.take_room(room_of(self._screen.size))

    def focus_panel(self) -> None:
        """Give the keyboard to the panel; a small screen has room for it only when it is zoomed."""
        if self.zoomed or self.cramped:
            self.zoom(on=True)
        else:
            self.show_panel(on=True)
            self._enter()

    def zoom(self, *, on: bool) -> None:
        """Give the panel the whole screen, or take it back: a panel that was put away is away again then."""
        if on:
            self._screen.add_class("-zoomed")
            self._tell_subject()
            self._enter()
        else:
            self.focus_table()

    def show(self, *, on: bool) -> None:
        """Put the panel beside the table, or away."""
        self.show_panel(on=on)
        if on:
            self._screen.call_after_refresh(self.fill)
        else:
            self.focus_table()

    def take_room(self, room: Room) -> None:
        """Have the edges for which there is room; zoom the panel where it has the keyboard and no other room."""
        if room.cramped and self.focused:
            self._screen.add_class("-zoomed")
        if (pictures := self._context.options.pictures).way is graphics.Way.SIXEL:
            pictures.measure()
            self._context.send_to_terminal(graphics.CELL_QUESTION)
        sides = room.table_sides(beside_panel=self.wanted)
        self.table_place.take(sides)
        self.place.take(room.panel_sides)
        self._table.take_room(heads=not room.cramped, edged=sides in {Sides.ALL, Sides.BRANCH})

    async def read_subject(self) -> Subject | None:
        """Read all that is known of the task under the cursor."""
        watched = self._watched
        if watched is None:
            return None
        task, history, files = await self._context.session.worker.run(
            lambda replica: (
                replica.task(watched.id),
                replica.history(watched.id),
                FileLedger(replica).of_tasks([watched.id]) if watched.files else [],
            )
        )
        subject = Subject(watched, task, self._table.clip_index, tuple(history))
        return subject._replace(
            file=self._files.spans_of(subject.clip, files), picture=await self._picture(subject, files)
        )

    async def _picture(self, subject: Subject, files: Sequence[FileEntry]) -> tuple[Line, ...]:
        """Return the saved picture of the clip in cells, where pictures are shown."""
        clip, shown = subject.clip, self._context.options.pictures
        if clip is None or clip.kind is not Kind.PICTURE or shown.way is graphics.Way.OFF:
            return ()
        path = next((Path(entry.path) for entry in files if entry.path and entry.clip == clip.id), None)
        app = self._screen.app
        width = (self.panel.size.width or self.place.size.width - 2) - 2  # the place is laid out before the panel
        if path is None or width <= 0:
            return ()
        if shown.way is graphics.Way.BLOCKS or not isinstance(app, FramedApp):
            return tuple(picture_lines(await in_thread(graphics.thumbnail, path, width, PICTURE_ROWS)))
        room = width, PICTURE_ROWS
        made = await in_thread(graphics.drawing, path, shown, shown.cell or graphics.USUAL_CELL, *room)
        app.overlay.show(made)
        return tuple(lines_of_parts(map(made.row, range(made.rows)), made.id)) if made else ()

    @property
    def moment(self) -> RowContext:
        """What the words about the times of the task under the cursor depend on."""
        session = self._context.session
        return self._table.cursor_context._replace(now=session.clock.now(), skew=session.state.link.skew)

    @property
    def _watched(self) -> WatchedTask | None:
        cursor = self._table.cursor_id
        return self._task_list.find(cursor) if cursor else None

    def fill(self) -> None:
        """Show what is under the cursor; a panel that is away is not kept up."""
        if self.shown:
            self._screen.run_worker(self._read_and_show, group=FILLING, exclusive=True)  # type: ignore[arg-type]  # a union of callables

    def follow_cursor(self) -> None:
        """Show what is under the cursor once that rests."""
        if self._resting is not None:
            self._resting.stop()
        if self._panel is None or not self._panel.is_about(self._table.cursor_id, self._table.clip_index):
            self._resting = self._screen.set_timer(RESTED_AFTER, self.fill)

    def pass_time(self) -> None:
        """Tell the times as they are now."""
        if self._panel is not None and self.shown:
            self._panel.pass_time(self.moment)

    async def _read_and_show(self) -> None:
        subject = await self.read_subject()
        if self.shown:
            self.panel.show(subject, self.moment, vacant=not len(self._task_list))
            self._tell_subject()

    def _tell_subject(self) -> None:
        """Tell in the edge what the panel is about: its title where the card is one row for the whole screen."""
        subject = self._panel.subject if self._panel is not None else None
        kind = self._panel.title if self._panel is not None else kind_word(subject)
        title = subject.title if subject and self.zoomed else kind
        self.place.tell(title, clip_place(subject))

    def _enter(self) -> None:
        self._screen.call_after_refresh(self.fill)
        self._screen.set_focus(self.panel.page)
