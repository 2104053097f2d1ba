"""What all dialogs share: a frame with a title, the footer with their keys; a longer text; the help."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from ecovai_tui.language import later, tr
from ecovai_tui.tui.context import Context
from ecovai_tui.tui.keyboard import STEPS, binding, keys_line
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished
from ecovai_tui.tui.widgets.lines import Area, LineBar, Scrolled
from ecovai_tui.tui.widgets.panel import PageView
from ecovai_tui.view.help_page import column_width, columns_in, found, page, sections_of
from ecovai_tui.view.lines import Line, Span, Tone, edge_line, ellipsis_of, fit_parts, line, part, signs_of

Answer = TypeVar("Answer")


STYLES: list[str | PurePath] = [Path(__file__).parents[1] / "styles" / "dialogs.tcss"]
"""How dialogs look; read when the first one opens."""

WIDE, TALL = 80, 20
"""Cells from which on there is room for a frame; in less a dialog takes all between status bar and footer."""


def _fitting(breakpoints: Sequence[tuple[int, str]], cells: int) -> str:
    """Return the class of the last breakpoint that so many cells reach."""
    return [name for least, name in breakpoints if cells >= least][-1]


def dialog_bindings(*moves: str) -> list[BindingType]:
    """Return the bindings of a dialog in which nothing is typed: the keys of the table move and leave here as well.

    Escape always leaves, also where the user gave "back" another key, so that it is not bound a second time.
    """
    leaving = binding("quit", "leave"), binding("back", "leave", without=("escape",))
    return [*(binding(action_id, f"move({action_id!r})") for action_id in moves), *leaving]


class Framed(Vertical):
    """The raised ground of a dialog; its title and one fact stand in its top edge, or in its first row without one."""

    def __init__(self, title: str, fact: str, *parts: Widget, ascii_only: bool) -> None:
        """Take the part that stands in the frame, and others that lie over it."""
        self._head, self._fact, self._ascii_only = Span(title, Tone.TAG), Span(fact, Tone.MUTED), ascii_only
        self._top = LineBar(id="dialog-top")
        body, *others = parts
        super().__init__(self._top, Vertical(body, classes="dialog-inside"), *others, classes="dialog")

    def on_mount(self) -> None:
        """Lay the title out for each width of its row."""
        self._top.lay_out(self._top_line)

    def tell(self, fact: str) -> None:
        """Say another fact at the right of the title."""
        if fact != self._fact.text:
            self._fact = Span(fact, Tone.MUTED)
            self._top.lay_out(self._top_line)

    def _top_line(self, width: int) -> Line:
        if not (isinstance(self.screen, Dialog) and self.screen.framed):
            ellipsis = ellipsis_of(ascii_only=self._ascii_only)
            return fit_parts([part(0, self._head)], [part(1, self._fact, None)], width, ellipsis)
        signs = signs_of(ascii_only=self._ascii_only)
        return edge_line(self._head, self._fact, width, signs, corners=signs.top, tone=Tone.ACCENT)


class Side(Area):
    """The right edge of a dialog whose text scrolls, with the thumb that says which part is in view."""

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__(id="dialog-side")
        self._signs = signs_of(ascii_only=ascii_only)
        self._thumb = range(0)

    def show(self, covered: range) -> None:
        """Show the thumb in these lines of the screen."""
        if covered != self._thumb:
            self._thumb = covered
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Render the edge, or the thumb in it."""
        framed = isinstance(self.screen, Dialog) and self.screen.framed
        sign = self._signs.thumb if self.region.y + y in self._thumb else self._signs.upright if framed else " "
        return self._styles.strip(Line((Span(sign, Tone.ACCENT),)), self.size.width)


class Dialog(ModalScreen[Answer | None]):
    """A frame before the main screen; a subclass says what stands in it and which keys work there."""

    CSS_PATH: ClassVar[list[str | PurePath]] = STYLES
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012  # an instance variable of Textual's
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012  # as above
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, context: Context, title: str, fact: str = "") -> None:
        """Take the layout of the window's size at once, so that the first paint is the only one."""
        super().__init__()
        size = self.app.size
        self.add_class(
            _fitting(self.HORIZONTAL_BREAKPOINTS or (), size.width),
            _fitting(self.VERTICAL_BREAKPOINTS or (), size.height),
        )
        self.context = context
        self._title, self._fact = title, fact
        self._keys = LineBar(id="dialog-keys")

    def compose(self) -> ComposeResult:
        """Lay out the frame with one cell of empty ground at each side, and the footer."""
        framed = Framed(self._title, self._fact, *self.parts(), ascii_only=self.context.options.ascii)
        ground = Vertical(framed, classes="dialog-ground")
        if self.framed and self.width:
            ground.styles.width = self.width
        yield ground
        yield self._keys

    def on_mount(self) -> None:
        """Show which keys work here."""
        self.show_keys()

    def on_screen_resume(self) -> None:
        """Take the keys that were typed before the dialog stood here."""
        self.call_after_refresh(self.app.call_later, self.context.typed_ahead.hand_over)

    def body(self) -> Widget:
        """Return what stands in the frame."""
        raise NotImplementedError

    def parts(self) -> Sequence[Widget]:
        """Return what stands in the frame, and what lies over its edge."""
        return (self.body(),)

    @property
    def width(self) -> int:
        """The cells of frame and ground, 0 for those of the style sheet."""
        return 0

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """The keys that the footer shows, each with what it does, the most needed first."""
        return (("esc", tr("leave")),)

    def show_keys(self) -> None:
        """Show the keys in the footer's place."""
        keys = self.keys
        self._keys.lay_out(lambda width: keys_line(keys, width, ascii_only=self.context.options.ascii))

    @property
    def framed(self) -> bool:
        """Whether there is room for a frame."""
        size = self.app.size
        return size.width >= WIDE and size.height >= TALL

    def tell(self, fact: str) -> None:
        """Say another fact at the right of the title."""
        self.query_one(Framed).tell(fact)

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer; what is typed behind it waits for what the answer leads to."""
        self.context.typed_ahead.hold()
        return super().dismiss(result)

    @property
    def unfinished(self) -> Unfinished | None:
        """What would be lost if the dialog were left by mistake."""
        return None

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.context.typed_ahead.unfinished = self.unfinished
        self.dismiss(None)


class TextScreen(Dialog[None]):
    """Shows lines that can be scrolled with the keys of the table."""

    BINDINGS: ClassVar[list[BindingType]] = [*dialog_bindings(*STEPS), binding("help", "leave")]

    def __init__(self, context: Context, title: str, lines: Sequence[Line], fact: str = "") -> None:
        super().__init__(context, title, fact)
        self._lines = lines
        self._side = Side(ascii_only=context.options.ascii)

    def body(self) -> Widget:
        """Return the page."""
        return PageView(id="text")

    def parts(self) -> Sequence[Widget]:
        """Return the page, and the edge that says which part of it is in view."""
        return self.body(), self._side

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Those that scroll, as the user has them."""
        keyboard = self.context.keyboard
        scroll = [keyboard.key_of(name) for name in ("down", "up") if keyboard[name].keys]
        return (*([(" ".join(scroll), tr("scroll"))] if scroll else []), ("esc", tr("leave")))

    def on_mount(self) -> None:
        """Show the lines."""
        self.show_lines()

    def show_lines(self) -> None:
        """Show what there is to read."""
        self.query_one(PageView).show(self._lines)

    def on_scrolled(self, event: Scrolled) -> None:
        """Move the thumb."""
        self._side.show(event.thumb)

    def action_move(self, action_id: str) -> None:
        """Scroll as one of the moving actions does."""
        page = self.query_one(PageView)
        page.move(STEPS[action_id](page.size.height))


OWN_KEYS = later("your own keys: [keys] in config.toml")

AROUND, BESIDE = 8, 2
"""Cells around the columns: in a frame with empty ground at its sides, and without one."""

SEARCHING = "-searching"
"""The class while something is looked for."""

FRAME = 6
"""Cells that frame, inner blanks and empty ground take of a dialog's width."""


class HelpScreen(TextScreen):
    """Shows all keys, the filter's language and the signs; a search leaves what is found in its place."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("slash", "search", show=False)]

    def __init__(self, context: Context) -> None:
        super().__init__(context, tr("Help"), (), tr(OWN_KEYS))
        self._sections = sections_of(context.keyboard.actions, ascii_only=context.options.ascii)
        self._search = Input(placeholder=tr("a key, or what it does"), compact=True, id="search")
        self._search.cursor_blink = False

    def body(self) -> Widget:
        """Return the line of the search, which has its row from the start, and the page."""
        return Vertical(self._search, super().body(), id="helping")

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Those that find and scroll."""
        if self._search.has_focus:
            return (("enter", tr("keep")), ("esc", tr("all keys")))
        return (("/", tr("find a key")), *super().keys)

    @property
    def width(self) -> int:
        """As wide as its columns."""
        room = self._room
        return columns_in(room) * column_width(room) + FRAME

    @property
    def _room(self) -> int:
        return self.app.size.width - (AROUND if self.framed else BESIDE)

    def on_resize(self) -> None:
        """Lay the columns out for the window."""
        if self.framed:
            self.query_one(".dialog-ground").styles.width = self.width
        self.show_lines()

    def action_search(self) -> None:
        """Let the user type what is looked for."""
        self.add_class(SEARCHING)
        self._search.focus()

    @on(Input.Changed)
    def find_while_typing(self) -> None:
        """Show what has the words."""
        self.show_lines()

    @on(Input.Submitted)
    def keep(self) -> None:
        """Let the keys scroll again."""
        self.query_one(PageView).focus()

    def action_leave(self) -> None:
        """Show all again, or leave."""
        if self.has_class(SEARCHING):
            self._search.value = ""
            self.remove_class(SEARCHING)
            self.keep()
        else:
            super().action_leave()

    def on_descendant_focus(self) -> None:
        """Show the keys that work there."""
        self.show_keys()

    def show_lines(self) -> None:
        """Lay the columns out for the window, and show what is found in them."""
        width = self._room
        ascii_only = self.context.options.ascii
        whole = page(self._sections, width, ascii_only=ascii_only)
        hits = found(self._sections, self._search.value)
        shown = page(hits, width, ascii_only=ascii_only) if hits else [line(tr("No key does this."))]
        blank = [line()] * (len(whole) - len(shown))
        self.query_one(PageView).show([*shown, *blank], from_the_top=bool(self._search.value))
