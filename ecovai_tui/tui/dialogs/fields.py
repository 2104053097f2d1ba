"""The dialogs with a text field: ids to add, pasted from anywhere, and a label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from textual import events, on
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from ecovai_tui.language import later, tr, tr_n
from ecovai_tui.tasks.families import DEFAULT_FAMILY, families_resembling, family_of, undecided_in
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import TITLE_LIMIT, clean_line
from ecovai_tui.tui.dialogs.dialog import Dialog
from ecovai_tui.tui.dialogs.parts import Button, Buttons
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished
from ecovai_tui.tui.widgets.lines import LineBar
from ecovai_tui.view.lines import Line, Span, Tone, glyph_of

if TYPE_CHECKING:
    from textual._types import WatchCallbackType
    from textual.dom import DOMNode

    from ecovai_tui.tui.context import Context


class LabelScreen(Dialog[str]):
    """Asks for a label; answers with it, or with "" to take it away."""

    def __init__(self, context: Context, name: str, label: str) -> None:
        super().__init__(context, tr("Label of {name}", name=name), tr("empty takes it away"))
        self._label = label

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter answers."""
        return (("enter", tr("keep")), ("esc", tr("cancel")))

    def body(self) -> Widget:
        """Return the line to type in."""
        line = Input(self._label, placeholder=tr("a few words of your own"), compact=True, max_length=TITLE_LIMIT)
        line.cursor_blink = False
        return line

    @property
    def unfinished(self) -> Unfinished | None:
        """The label as it is typed so far."""
        return Unfinished("label", self.query_one(Input).value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        self.dismiss(clean_line(event.value))


NOTHING = later("No id in this yet")

PASTE_PAUSE = 0.05
"""Seconds within which nobody types another key: enter is then a line end of a text that was pasted as if typed."""


class PlainArea(TextArea):
    """A text area without lines around it, whose cursor does not blink."""

    def __init__(self, text: str, placeholder: str = "") -> None:
        super().__init__(text, compact=True, placeholder=placeholder)
        self.cursor_blink = False
        self.highlight_cursor_line = False

    def watch(self, obj: DOMNode, attribute_name: str, callback: WatchCallbackType, init: bool = True) -> None:
        """Watch nothing of the app: it would keep this area, gone or not, until the theme changes."""
        if obj is not self.app:
            super().watch(obj, attribute_name, callback, init=init)


class IdsArea(PlainArea):
    """A text area in which enter means done, unless it comes in the middle of a pasted text."""

    @dataclass
    class Done(Message):
        """Enter was pressed."""

    def __init__(self, text: str, more_is_typed: Callable[[], bool]) -> None:
        """``more_is_typed`` tells whether there are keys that wait to be handled."""
        super().__init__(text)
        self._more_is_typed = more_is_typed
        self._ending: Timer | None = None

    async def _on_key(self, event: events.Key) -> None:
        """Hold enter back for a moment; Textual calls its own handler after this one."""
        if self._ending is not None:
            self._ending.stop()
            self._ending = None
            self.insert("\n")
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._ending = self.set_timer(PASTE_PAUSE, self._end)

    def _end(self) -> None:
        self._ending = None
        if self._more_is_typed():
            self.insert("\n")
            return
        self.post_message(self.Done())


def understood(
    ids: Sequence[str], is_watched: Callable[[str], bool], text: str = "", *, ascii_only: bool = False
) -> Line:
    """Return in words what was found in a text: how many ids, how many are new, and what one was guessed to be."""
    if not ids:
        return Line((_sign(Phase.FAILED, ascii_only), Span(tr(NOTHING))))
    new = sum(not is_watched(name) for name in ids)
    told = [Span(tr_n("{n} new id", "{n} new ids", new), Tone.STRONG)] if new else []
    if already := len(ids) - new:
        words = tr_n("{n} is on the list already", "{n} are on the list already", already)
        told.append(Span(f"{'   ' if new else ''}{words}", Tone.MUTED))
    if families := [name for name in dict.fromkeys(map(family_of, ids)) if name != DEFAULT_FAMILY]:
        told.append(Span(f"   {', '.join(families)}", Tone.MUTED))
    if guessed := undecided_in((name for name in ids if not is_watched(name)), text):
        guess = families_resembling(guessed)[0]
        words = tr("taken for {family}, else write {guess}:ID", family=DEFAULT_FAMILY, guess=guess)
        told.append(Span(f"   {words}", Tone.MUTED))
    return Line((_sign(Phase.DONE, ascii_only), *told))


def _sign(phase: Phase, ascii_only: bool) -> Span:
    return Span(f"{glyph_of(phase, ascii_only=ascii_only)} ", phase)


class Wanted(NamedTuple):
    """What is to be added: ids, and the label that all of them get."""

    ids: Sequence[str]
    label: str


class AddScreen(Dialog[Wanted]):
    """Asks for ids and a label; answers with the ids that were found in the text."""

    def __init__(self, context: Context, is_watched: Callable[[str], bool]) -> None:
        """Begin with a text that was left unfinished."""
        super().__init__(context, tr("Add tasks"), tr("they stay on the watch list"))
        self._text = context.typed_ahead.take_up()
        self._is_watched = is_watched
        self._found = LineBar(id="found")
        self._ids: Sequence[str] = ()

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter answers."""
        return (("enter", tr("add")), ("tab", tr("label")), ("esc", tr("cancel")))

    def body(self) -> Widget:
        """Return the area to paste into, the line that says what was understood of it, and the label."""
        area = IdsArea(self._text, lambda: self.context.typed_ahead.waiting)
        area.move_cursor(area.document.end)
        label = Input(placeholder=tr("none"), compact=True, max_length=TITLE_LIMIT, id="label")
        label.cursor_blink = False
        words = Content.assemble(
            (tr("Ids, links, JSON or log lines"), "bold"),
            (f"  {tr('songs by id alone, others as luma:ID')}", "$text-muted"),
        )
        return Vertical(
            Static(words, classes="explained"),
            area,
            self._found,
            Horizontal(
                Static(tr("Label"), markup=False, classes="named"),
                label,
                Static(tr("for all of them"), markup=False, classes="beside"),
                id="label-row",
            ),
            Buttons(Button(tr("Add"), first=True, id="add"), Button(tr("Cancel"), id="cancel")),
            id="adding",
        )

    def on_mount(self) -> None:
        """Tell what there is in a text that was left unfinished."""
        self._understand(self._text)

    @property
    def unfinished(self) -> Unfinished | None:
        """The text, if there is any."""
        text = self.query_one(IdsArea).text
        return Unfinished("add", text) if text else None

    @on(IdsArea.Done)
    @on(Input.Submitted, "#label")
    @on(Button.Pressed, "#add")
    def answer(self) -> None:
        """Answer with the ids, unless there is none."""
        self._ids = self.context.options.find_ids(self.query_one(IdsArea).text)
        if self._ids:
            self.dismiss(Wanted(self._ids, clean_line(self.query_one("#label", Input).value)))
        else:
            self._tell()

    @on(Button.Pressed, "#cancel")
    def cancel(self) -> None:
        """Leave, as escape does."""
        self.action_leave()

    @on(TextArea.Changed)
    def tell_what_was_found(self, event: TextArea.Changed) -> None:
        """Say how many ids there are so far; nothing of an empty field."""
        self._understand(event.text_area.text)

    def _understand(self, text: str) -> None:
        self._ids = self.context.options.find_ids(text)
        self.query_one("#add", Button).say(tr("Add {n}", n=len(self._ids)) if self._ids else tr("Add"))
        if text.strip():
            self._tell()
        else:
            self._found.lay_out(lambda _width: Line())

    def _tell(self) -> None:
        text, ascii_only = self.query_one(IdsArea).text, self.context.options.ascii
        line = understood(self._ids, self._is_watched, text, ascii_only=ascii_only)
        self._found.lay_out(lambda _width: line)
