"""What dialogs are filled in with: buttons, switches and fields of text; and the dialogs of one field."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events, on
from textual.binding import Binding, BindingType
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
from ecovai_tui.tui.textual_patches.type_ahead import Unfinished
from ecovai_tui.tui.widgets.lines import LineBar
from ecovai_tui.view.lines import Line, Span, Tone, glyph_of

if TYPE_CHECKING:
    from textual._types import WatchCallbackType
    from textual.dom import DOMNode

    from ecovai_tui.tui.context import Context


_BESIDE = 2
"""Cells between two of several words."""


class Part(Static, can_focus=True):
    """One line of a dialog that has the keyboard in its turn."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "Part { width: auto; height: 1; }"

    def __init__(self, text: str = "", *, id: str | None = None, classes: str = "") -> None:  # noqa: A002  # Textual's
        super().__init__(text, markup=False, id=id, classes=classes)


class Button(Part):
    """A word to press: with enter or space while it has the keyboard, or with the mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "press", show=False)]

    class Pressed(Message):
        """The button was pressed."""

        def __init__(self, button: Button) -> None:
            super().__init__()
            self.button = button

        @property
        def control(self) -> Button:
            """The widget that tells, by which ``on`` finds the handler."""
            return self.button

    def __init__(self, text: str, *, first: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's
        """``first`` is the one that enter presses wherever the keyboard is, so that it looks like that."""
        super().__init__(f" {text} ", id=id, classes="button -first" if first else "button")

    def say(self, text: str) -> None:
        """Show another word."""
        self.update(f" {text} ")

    def action_press(self) -> None:
        """Tell the dialog."""
        self.post_message(self.Pressed(self))

    def on_click(self) -> None:
        """Press it with the mouse."""
        self.action_press()


class Buttons(Horizontal):
    """The last row of a dialog."""

    DEFAULT_CSS = "Buttons { height: 1; }"


class OneOf(Part):
    """Words in a row, one of them chosen: left and right choose another, as does a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", show=False),
        Binding("right", "step(1)", show=False),
    ]

    class Changed(Message):
        """Another word was chosen."""

        def __init__(self, one_of: OneOf, chosen: int) -> None:
            super().__init__()
            self.one_of = one_of
            self.chosen = chosen

        @property
        def control(self) -> OneOf:
            """The widget that tells, by which ``on`` finds the handler."""
            return self.one_of

    def __init__(
        self,
        words: Sequence[str],
        chosen: int = 0,
        *,
        tabs: bool = False,
        id: str | None = None,  # noqa: A002  # Textual's own word
    ) -> None:
        """``tabs`` shows the chosen word in the colours of a tab; else it is bold and underlined."""
        super().__init__(id=id)
        self._words, self._tabs = words, tabs
        self.chosen = chosen
        """Which word is chosen, from 0."""

    def on_mount(self) -> None:
        """Show the words."""
        self._show()

    def choose(self, chosen: int) -> None:
        """Choose a word by its place, and tell the dialog if that is another."""
        if chosen != self.chosen:
            self.chosen = chosen
            self._show()
            self.post_message(self.Changed(self, chosen))

    def offer(self, words: Sequence[str], chosen: int = 0) -> None:
        """Offer other words; nobody is told, as it is the dialog itself that changes them."""
        self._words, self.chosen = words, chosen
        self._show()

    def action_step(self, step: int) -> None:
        """Choose the word beside, the first one behind the last."""
        self.choose((self.chosen + step) % len(self._words))

    def on_click(self, event: events.Click) -> None:
        """Choose the word under the pointer."""
        at = 0
        for place, word in enumerate(self._words):
            width = Content(word).cell_length + _BESIDE
            if at <= event.x < at + width:
                self.choose(place)
            at += width

    def _show(self) -> None:
        tab = "bold reverse" if self.app.native_ansi_color else "bold $input-cursor-foreground on $text-accent"
        chosen = tab if self._tabs else "bold underline"
        around = " " if self._tabs else ""
        gap = " " * (_BESIDE - 2 * len(around))
        words = [f"{around}{word}{around}" for word in self._words]
        styled = [(word, chosen if place == self.chosen else "") for place, word in enumerate(words)]
        self.update(Content(gap).join(Content.styled(word, style) for word, style in styled))


class Tick(Part):
    """A yes or no: space or enter turns it, as does a click."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,space", "turn", show=False)]

    class Changed(Message):
        """It was turned."""

        def __init__(self, tick: Tick) -> None:
            super().__init__()
            self.tick = tick

        @property
        def control(self) -> Tick:
            """The widget that tells, by which ``on`` finds the handler."""
            return self.tick

    def __init__(self, text: str, *, on: bool = False, id: str | None = None) -> None:  # noqa: A002  # Textual's
        super().__init__(id=id)
        self._text = text
        self.on = on
        """Whether it says yes."""

    def on_mount(self) -> None:
        """Show it."""
        self._show()

    def action_turn(self) -> None:
        """Turn it, and tell the dialog."""
        self.on = not self.on
        self._show()
        self.post_message(self.Changed(self))

    def on_click(self) -> None:
        """Turn it with the mouse."""
        self.action_turn()

    def _show(self) -> None:
        self.update(f"[{'x' if self.on else ' '}] {self._text}")


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
