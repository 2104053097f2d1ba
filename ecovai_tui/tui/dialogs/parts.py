"""The parts of dialogs that the user sets or presses: buttons, one of several words, and yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

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
