"""What all dialogs share: a box in the middle, a title and a hint; and the dialog that shows a longer text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from ecovai_tui.tui.context import Context
from ecovai_tui.tui.keyboard import binding
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished
from ecovai_tui.tui.widgets.panel import PageView
from ecovai_tui.view.actions import STEPS, Action, shown_keys
from ecovai_tui.view.lines import Line

Answer = TypeVar("Answer")


STYLES: list[str | PurePath] = [Path(__file__).parents[1] / "styles" / "dialogs.tcss"]
"""How dialogs look; read when the first one opens."""

TALL = 18
"""Lines from which on there is room for blank lines around the parts."""


def dialog_bindings(*moves: str) -> list[BindingType]:
    """Return the bindings of a dialog in which nothing is typed: the keys of the table move and leave here as well.

    Escape always leaves, also where the user gave "back" another key, so that it is not bound a second time.
    """
    leaving = binding("quit", "leave"), binding("back", "leave", without=("escape",))
    return [*(binding(action_id, f"move({action_id!r})") for action_id in moves), *leaving]


class Dialog(ModalScreen[Answer | None]):
    """A box before the main screen; a subclass says what stands in it."""

    CSS_PATH: ClassVar[list[str | PurePath]] = STYLES
    VERTICAL_BREAKPOINTS = [(0, "-short"), (TALL, "-tall")]  # noqa: RUF012  # an instance variable of Textual's
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", show=False)]

    def __init__(self, context: Context, title: str, hint: str) -> None:
        super().__init__()
        self.context = context
        self._title = title
        self._hint = hint

    def compose(self) -> ComposeResult:
        """Lay out title, body and hint."""
        with Vertical(classes="dialog"):
            yield Static(self._title, classes="dialog-title", markup=False)
            yield self.body()
            yield Static(self._hint, classes="dialog-hint", markup=False)

    def on_screen_resume(self) -> None:
        """Take the keys that were typed before the dialog stood here."""
        self.call_after_refresh(self.app.call_later, self.context.typed_ahead.hand_over)

    def body(self) -> Widget:
        """Return what stands between title and hint."""
        raise NotImplementedError

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

    def __init__(self, context: Context, title: str, lines: Sequence[Line]) -> None:
        super().__init__(context, title, _hint(context.keyboard.actions, ascii_only=context.options.ascii))
        self._lines = lines

    def body(self) -> Widget:
        """Return the page."""
        return PageView(id="text")

    def on_mount(self) -> None:
        """Show the lines."""
        self.query_one(PageView).show(self._lines)

    def action_move(self, action_id: str) -> None:
        """Scroll as one of the moving actions does."""
        page = self.query_one(PageView)
        page.move(STEPS[action_id](page.size.height))


def _hint(actions: Sequence[Action], *, ascii_only: bool) -> str:
    keys = {action.id: shown_keys(action.keys[:1], ascii_only=ascii_only) for action in actions}
    scroll = " ".join(filter(None, (keys["down"], keys["up"])))
    return f"{scroll} scroll  esc leaves" if scroll else "esc leaves"
