"""The dialog of a submission of which nobody knows what became: how to find out, and what was found out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from ecovai_tui.engine.submitting import Submissions
from ecovai_tui.gateway.errors import GatewayError
from ecovai_tui.language import later, sentences, tr
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.receipt_file import Receipt
from ecovai_tui.tasks.model import Phase, is_id
from ecovai_tui.tasks.times import full_time
from ecovai_tui.tui.context import Context
from ecovai_tui.tui.dialogs.dialog import Dialog
from ecovai_tui.tui.dialogs.fields import Button, Buttons
from ecovai_tui.tui.widgets.lines import Notice
from ecovai_tui.view.lines import Line, Span, Tone, glyph_of, line
from ecovai_tui.view.submission_form import charges_about, used_in_words, what_of

NOT_TOLD = later("This gateway does not tell by key what was charged.")


class UnknownScreen(Dialog[str]):
    """Shows what is known of a submission; answers with the id that was found, or with "" where nothing came of it."""

    def __init__(self, context: Context, submissions: Submissions, receipt: Receipt) -> None:
        super().__init__(context, tr("What became of it?"), tr("receipt {n}", n=receipt.number))
        self._submissions, self._receipt = submissions, receipt
        self._known, self._found = Notice(id="unknown-known"), Notice(id="unknown-found")
        self._field = Input(placeholder=tr("the id, once you have found it"), compact=True)
        self._field.cursor_blink = False
        self._ask, self._nothing = Button(tr("Ask for the charges")), Button(tr("Nothing came of it"))
        self._watch = Button(tr("Watch this id"), first=True)

    def body(self) -> Widget:
        """Return what is known, how to find out more, and what to say then."""
        buttons = Buttons(self._watch, self._nothing, self._ask)
        return Vertical(self._known, self._field, self._found, buttons, id="unknown")

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Enter takes the id."""
        return (("enter", tr("watch this id")), ("tab", tr("next")), ("esc", tr("leave it open")))

    def on_mount(self) -> None:
        """Say what is known, and begin where the id is to be written."""
        super().on_mount()
        self._known.show([*self._lines()])
        self._field.focus()

    @on(Input.Submitted)
    def take_id(self) -> None:
        """Answer with the id."""
        name = self._field.value.strip()
        if is_id(name):
            self.dismiss(name)
        else:
            told = tr('"{name}" cannot be an id.', name=name) if name else tr("Write the id first.")
            self._say([told], Phase.FAILED)

    @on(Button.Pressed)
    def press(self, event: Button.Pressed) -> None:
        """Answer, or ask for the charges."""
        if event.button is self._watch:
            self.take_id()
        elif event.button is self._nothing:
            self.dismiss("")
        else:
            self.run_worker(self._ask_for_charges(), exclusive=True)

    def _lines(self) -> Iterator[Line]:
        receipt, request = self._receipt, self._receipt.request
        yield line(receipt.title or what_of(receipt), Tone.STRONG)
        told = tr(
            "{what}, sent {moment} to {gateway}.",
            what=what_of(receipt),
            moment=full_time(receipt.at),
            gateway=request.gateway,
        )
        yield line(sentences(told, receipt.told))
        yield line()
        if receipt.used_before is not None and receipt.used_after is not None:
            yield line(used_in_words(receipt.used_before, receipt.used_after))
        yield line(
            tr(
                "Newer gateways tell what a key was charged: ask below. The website of the gateway lists the tasks of "
                "the account with their ids."
            )
        )
        yield line()

    async def _ask_for_charges(self) -> None:
        self._say([tr("Asking ...")], Phase.WAITING)
        try:
            charges = await self._submissions.charges()
        except (GatewayError, SettingsError) as error:
            self._say([str(error)], Phase.FAILED)
            return
        if charges is None:
            self._say([tr(NOT_TOLD)], Phase.UNKNOWN)
        elif told := [*charges_about(self._receipt, charges)]:
            self._say(told, Phase.UNKNOWN)
        else:
            self._say([tr("No charge about then.")], Phase.DONE)

    def _say(self, sentences: Sequence[str], phase: Phase) -> None:
        sign = glyph_of(phase, ascii_only=self.context.options.ascii)
        self._found.show([Line((Span(f"{sign} ", phase), Span(sentence))) for sentence in sentences])
