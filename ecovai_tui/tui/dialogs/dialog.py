"""What all dialogs share: one plain box in the middle, a title, and a hint; esc leaves without doing anything."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from ecovai_tui.tui.keyboard import binding
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished

if TYPE_CHECKING:
    from ecovai_tui.tui.context import Context


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
