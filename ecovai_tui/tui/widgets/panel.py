"""The panel of the selected clip: a card, tabs, and a page that scrolls; only the lines in view are rendered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ecovai_tui.language import tr
from ecovai_tui.tui.keyboard import binding, performing
from ecovai_tui.tui.pages.panel_page import Tab, first_tab, panel_page, tabs_line, zoomed_lyrics
from ecovai_tui.tui.widget_colours import LineStyles
from ecovai_tui.tui.widgets.lines import Area, Frame, LineBar, Scrolled, action_at
from ecovai_tui.tui.widgets.table_parts import thumb
from ecovai_tui.view.card import CLIP_PRESS, Subject, card_lines, card_row, kind_word
from ecovai_tui.view.folding import fold, pushed_down, shortened
from ecovai_tui.view.help_page import SIGNS_TITLE, signs_page
from ecovai_tui.view.lines import MARGIN, Line
from ecovai_tui.view.rows import RowContext

MOST_SHOWN = 60_000
"""Characters of a page: as many are folded within one paint."""


class PageView(ScrollView, can_focus=True, inherit_bindings=False):
    """Lines folded to the width; text from outside is only ever shown, never read as markup."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    PageView { height: 1fr; overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 0; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._page: Callable[[Size], Sequence[Line]] = lambda _room: ()
        self._room = Size(0, 0)
        """For what it was laid out last."""
        self._lines: Sequence[Line] = ()
        self._folded: Sequence[Line] = ()
        self._styles = LineStyles(self)

    @property
    def lines(self) -> Sequence[Line]:
        """The page before folding."""
        return self._lines

    def show(self, lines: Sequence[Line], *, from_the_top: bool = False) -> None:
        """Show a page; what is read stays in place unless told otherwise."""
        self.lay_out(lambda _room: lines, from_the_top=from_the_top)

    def lay_out(self, page: Callable[[Size], Sequence[Line]], *, from_the_top: bool = False) -> None:
        """Show the page that the function returns for the cells there are, now and whenever these are others."""
        if from_the_top:
            self._scroll(0)
        self._page = page
        shown = shortened(page(self.size), MOST_SHOWN)
        if shown != self._lines:
            before, self._lines = self._folded, shown
            self._fold()
            if self.styles.auto_dimensions:
                self.refresh(layout=True)
            place = self.scroll_offset.y
            if not from_the_top and (lower := pushed_down(before, self._folded, place)):
                self._scroll(place + lower)

    def on_resize(self) -> None:
        """Take the new width; what stands there was laid out for it as it was painted."""
        self._take_room()
        self._fold()

    def notify_style_update(self) -> None:
        """Forget the styles of the former theme."""
        super().notify_style_update()
        self._styles.forget()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's
        """Take as many lines as the page needs at this width, where the style sheet leaves the height to it."""
        return len(fold(self._lines, width))

    def render_line(self, y: int) -> Strip:
        """Render one line of the window."""
        self._take_room()
        at = y + self.scroll_offset.y
        shown = self._folded[at] if at < len(self._folded) else Line()
        return self._styles.strip(shown, self.size.width)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell which part is in view."""
        super().watch_scroll_y(old_value, new_value)
        self._tell_place()

    def move(self, lines: int) -> None:
        """Scroll by so many lines, upwards if negative."""
        self._scroll(self.scroll_offset.y + lines)

    def _scroll(self, place: int) -> None:
        self.scroll_to(y=place, animate=False, force=True)

    def _take_room(self) -> None:
        """Lay the page out for other cells before it is painted in them for the first time."""
        if self.size != self._room:
            self._room = self.size
            self._lines = shortened(self._page(self.size), MOST_SHOWN)
            self._folded = fold(self._lines, self.size.width) if self.size.width else ()

    def _fold(self) -> None:
        width = self.size.width
        self._folded = fold(self._lines, width) if width else ()
        self.virtual_size = Size(width, max(len(self._folded), self.size.height))
        self.refresh()
        self._tell_place()

    @property
    def covered(self) -> range:
        """The lines of the screen that a thumb beside the page covers, none where all of it is in view."""
        self._take_room()
        height, first = self.size.height, self.region.y
        shown = thumb(self.scroll_offset.y, max(1, height), len(self._folded)) if height else range(0)
        return range(first + shown.start, first + shown.stop) if shown else range(0)

    def _tell_place(self) -> None:
        frame = next((node for node in self.ancestors if isinstance(node, Frame)), None)
        if frame is not None:
            frame.refresh_thumb()  # at once, so that it shares the paint of the page
        else:
            self.post_message(Scrolled(self.covered))


LOW = 16
"""Rows of the panel below which the card is one row, so that there is room for a page."""

LEAST_PAGE = 12
"""Rows that a picture in the card leaves to the tabs and the page."""

MARGINS = 2
"""Cells left and right of the card."""


class CardView(Area):
    """The card above the tabs: as high as what it says, and never scrolled."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "CardView { height: auto; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  # Textual's own word
        super().__init__(id=id)
        self._lay_out: Callable[[Size], list[Line]] = lambda _room: []
        self._room = Size(0, 0)
        self._lines: list[Line] = []

    @property
    def lines(self) -> Sequence[Line]:
        """What it says, laid out last."""
        return self._lines

    def lay_out(self, lay_out: Callable[[Size], list[Line]]) -> None:
        """Show what the function returns for the room of the whole panel, now and whenever that differs."""
        self._lay_out = lay_out
        lines = lay_out(self._room)
        if lines != self._lines:
            higher = len(lines) != len(self._lines)
            self._lines = lines
            self.refresh(layout=higher)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  # Textual's
        """Lay the card out for the room there is, and take as many rows as it needs."""
        self._room = Size(width, container.height)
        self._lines = self._lay_out(self._room)
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        """Render one row of the card."""
        return self._styles.strip(self._lines[y] if y < len(self._lines) else Line(), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Press the span under the pointer."""
        shown = self._lines[event.y] if event.y < len(self._lines) else Line()
        if action := action_at(shown, event.x):
            self.post_message(LineBar.Pressed(action))


TAB_PRESS = "tab "
"""Begins the action of a span of the line of tabs."""


class Panel(Area):
    """Shows one subject; what has not changed is not painted again, and the place in a page stays."""

    BINDINGS: ClassVar[list[BindingType]] = [binding("mark", performing("page-down"))]
    DEFAULT_CSS = "Panel { width: 1fr; height: 1fr; overflow: hidden; }"

    def __init__(self, choose_clip: Callable[[int], None], *, tab: str = "", create_key: str = "") -> None:
        """``choose_clip`` is called with the place of a clip that is clicked, from 0.

        ``tab`` is the one to begin with, by its name; the first of all if there is none of that name. ``create_key``
        opens a form with what was asked for, "" where nothing can be sent.
        """
        self._choose_clip, self._create_key = choose_clip, create_key
        self._card, self._tabs_bar = CardView(id="panel-card"), LineBar(id="panel-tabs")
        self.page = PageView(id="page")
        """The page, which has the keyboard's focus when the panel has it."""
        super().__init__(self._card, self._tabs_bar, self.page)
        self.tab = next((known for known in Tab if known == tab), Tab.LYRICS)
        self.subject: Subject | None = None
        self._vacant = False
        """Whether there is no task at all, so that it tells what the signs mean."""
        self._row_context = RowContext(0.0, lambda _summary, _now: 0.0)

    def on_mount(self) -> None:
        """Show that there is nothing yet."""
        self._show_tabs()

    @property
    def tab_name(self) -> str:
        """The name of the tab that is shown, "" for the first."""
        return "" if self.tab is Tab.LYRICS else self.tab.value

    @property
    def title(self) -> str:
        """What it is about, as its edge is titled."""
        return tr(SIGNS_TITLE) if self._vacant else kind_word(self.subject)

    @property
    def card_lines(self) -> Sequence[Line]:
        """The card as it is shown."""
        return self._card.lines

    def is_about(self, id_: str | None, clip_index: int) -> bool:
        """Return whether it shows this clip of this task already."""
        return self.subject is not None and self.subject.place == (id_, clip_index)

    def show(self, subject: Subject | None, context: RowContext, *, vacant: bool = False) -> None:
        """Show a subject as things stand, another one from the top; ``vacant`` says that there is no task at all."""
        new = self.subject is None or subject is None or subject.place != self.subject.place
        renamed = first_tab(subject) != first_tab(self.subject)
        self.subject, self._row_context, self._vacant = subject, context, vacant
        self._tabs_bar.display = not vacant
        if renamed:
            self._show_tabs()
        self._show_card()
        self._show_page(from_the_top=new)

    def pass_time(self, context: RowContext) -> None:
        """Show the same subject as things stand later."""
        self._row_context = context
        self._show_card()
        self._show_page(from_the_top=False)

    def choose_tab(self, tab: Tab) -> None:
        """Show another page of the same subject, from its top."""
        if tab is not self.tab:
            self.tab = tab
            self._show_tabs()
            self._show_page(from_the_top=True)

    def on_line_bar_pressed(self, event: LineBar.Pressed) -> None:
        """Choose the tab or the clip that was clicked."""
        event.stop()
        if event.action.startswith(TAB_PRESS):
            self.choose_tab(Tab(event.action.removeprefix(TAB_PRESS)))
        elif event.action.startswith(CLIP_PRESS):
            self._choose_clip(int(event.action.removeprefix(CLIP_PRESS)))

    def _show_page(self, *, from_the_top: bool) -> None:
        self.page.lay_out(self._page_in, from_the_top=from_the_top)

    def _page_in(self, room: Size) -> list[Line]:
        context, key = self._row_context, self._create_key
        if self._vacant:
            return signs_page(room.width, ascii_only=context.ascii_only)
        if self.subject is not None and self.tab is Tab.LYRICS and self._screen_is("-zoomed"):
            return zoomed_lyrics(self.subject, context, room.width, room.height, create_key=key)
        return panel_page(self.tab, self.subject, context, room.width, reasoned=self._low, create_key=key)

    def _show_card(self) -> None:
        self._card.lay_out(self._card_in)

    def _show_tabs(self) -> None:
        self._tabs_bar.lay_out(lambda width: tabs_line(self.tab, width, first_tab(self.subject)))

    def _card_in(self, room: Size) -> list[Line]:
        """Return the card and a blank row under it, or one row where the panel is low or has the whole screen."""
        if self.subject is None:
            return []
        zoomed = self._screen_is("-zoomed")
        if zoomed or room.height < LOW:
            alone = zoomed and self._screen_is("-narrow", "-short")  # elsewhere an edge has the title, or the clip
            titled = alone or not zoomed
            return [card_row(self.subject, room.width, self._row_context, titled=titled, placed=alone)]
        lines = card_lines(self.subject, room.width - MARGINS, self._row_context)
        if self.subject.picture and len(lines) + len(self.subject.picture) + LEAST_PAGE <= room.height:
            lines = [*lines, Line(), *self.subject.picture]
        return [*(Line((MARGIN, *shown.spans)) for shown in lines), Line()]

    @property
    def _low(self) -> bool:
        """Whether the card is one row, without the reason of a failure."""
        return self._screen_is("-zoomed") or self.size.height < LOW

    def _screen_is(self, *classes: str) -> bool:
        return self.is_attached and self.screen.has_class(*classes)
