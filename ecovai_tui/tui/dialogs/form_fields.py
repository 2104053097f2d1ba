"""The fields of a form that makes a song or lyrics: what is typed becomes a Form, and each text shows its count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from ecovai_tui.language import later, tr
from ecovai_tui.tasks.text import TITLE_LIMIT
from ecovai_tui.tui.dialogs.fields import OneOf, PlainArea, Tick
from ecovai_tui.view.submission_form import (
    DOWNLOAD,
    FORM_KINDS,
    INSTRUMENTAL,
    SUNG,
    Entry,
    Form,
    Way,
    count_of,
    length_of,
)

_NAMES = {
    Entry.ABOUT: later("About"),
    Entry.LYRICS: later("Lyrics"),
    Entry.CLIP: later("Clip"),
    Entry.SECOND: later("Starts at"),
    Entry.ADDRESS: later("Address"),
    Entry.TITLE: later("Title"),
    Entry.STYLE: later("Style"),
    Entry.MODEL: later("Model"),
    Entry.VOICE: later("Voice"),
    Entry.LABEL: later("Label"),
    Entry.THEN: later("Then"),
}
_PLACEHOLDERS = {
    Entry.ABOUT: later("what it is about"),
    Entry.LYRICS: later("the words, verse by verse"),
    Entry.CLIP: later("the id of the clip"),
    Entry.SECOND: later("the second from which it goes on, as 80 or 1:20"),
    Entry.ADDRESS: later("https://... of a file of music, which the gateway fetches"),
    Entry.STYLE: later("as sea shanty, warm accordion, slow"),
    Entry.MODEL: later("as chirp-v5"),
    Entry.LABEL: later("a note of your own on the task"),
}
_ABOVE, _BELOW = (Entry.CLIP, Entry.SECOND, Entry.ADDRESS), (Entry.TITLE, Entry.STYLE, Entry.MODEL)
"""The fields of one line above the text and below it."""

MOST_APART = 7
"""Fields for which there is room with a blank row between them."""

LONGEST = 5000
"""Characters that any field of one line takes; limits of models are warned of, not imposed."""


class FormArea(PlainArea):
    """The field of several lines."""

    tab_leads_on = True


class FormLine(Input):
    """A field of one line."""

    tab_leads_on = True


class FormFields(VerticalScroll):
    """The fields of one form, those that its way does not have hidden."""

    DEFAULT_CLASSES = "form-fields"
    SIGNS: ClassVar[dict[bool, tuple[str, str]]] = {False: ("♫", "✎"), True: ("S", "L")}
    """The signs of the kinds, with and without ASCII alone."""

    class Changed(Message):
        """Something else is typed or chosen now."""

    class KindChosen(Message):
        """Another kind is wanted, which has a draft of its own."""

    def __init__(self, form: Form, *, ascii_only: bool) -> None:
        self._form = form
        self._text = form.text
        """What the area of several lines holds."""
        signs = self.SIGNS[ascii_only]
        self._kinds = OneOf(
            [f"{signs[0]} {tr('Song')}", f"{signs[1]} {tr('Lyrics')}"], FORM_KINDS.index(form.kind), tabs=True
        )
        self._ways = OneOf([*map(tr, Way)], list(Way).index(form.way))
        self._area = FormArea("")
        self._lines = {entry: _line_of(entry) for entry in (*_ABOVE, *_BELOW, Entry.LABEL)}
        self._voice = Tick(tr(SUNG), on=form.voice == SUNG)
        self._then = Tick(tr("download the files when they are done"), on=form.then == DOWNLOAD)
        self._heading, self._count = (
            Static(classes="form-name", markup=False),
            Static(classes="form-count", markup=False),
        )
        self._length = Static(classes="form-hint", markup=False)
        super().__init__(*self._rows(), can_focus=False)

    @property
    def form(self) -> Form:
        """What is typed and chosen so far."""
        return self._form

    def on_mount(self) -> None:
        """Show the form that it began with."""
        self.show(self._form)

    def show(self, form: Form) -> None:
        """Put the values of a form into the fields; nobody is told of that."""
        self._form = form
        with self.prevent(Input.Changed, TextArea.Changed, OneOf.Changed, Tick.Changed):
            self._kinds.choose(FORM_KINDS.index(form.kind))
            self._ways.choose(list(Way).index(form.way))
            for entry, line in self._lines.items():
                line.value = form.value(entry)
            for tick, on in ((self._voice, form.voice == SUNG), (self._then, form.then == DOWNLOAD)):
                if tick.on is not on:
                    tick.action_turn()
        self._lay_out()

    def choose_kind(self, step: int) -> None:
        """Choose the kind beside, and go there: not every field is one of each kind."""
        self._kinds.focus()
        self._kinds.action_step(step)

    def put_model(self, model: str) -> None:
        """Write another model into its field."""
        self._lines[Entry.MODEL].value = model

    def go_to(self, entry: Entry) -> None:
        """Give the keyboard to a field."""
        field: Widget = self._lines.get(entry) or self._area
        field.focus()

    def on_resize(self) -> None:
        """Let the count stand where there is room for it."""
        self._show_counts()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _show_place(self) -> None:
        """Show by its name which field has the keyboard."""
        rows = self.screen.focused.ancestors_with_self if self.screen.focused else []
        for name in self.query(".form-name").results(Static):
            name.set_class(name.parent in rows, "-here")

    @on(TextArea.Changed)
    def _take_text(self, event: TextArea.Changed) -> None:
        event.stop()
        if self._text is not None:
            self._put(self._text, event.text_area.text)

    @on(Input.Changed)
    def _take_line(self, event: Input.Changed) -> None:
        event.stop()
        entry = next(entry for entry, line in self._lines.items() if line is event.input)
        self._put(entry, event.value)

    @on(Input.Submitted)
    def _go_on(self, event: Input.Submitted) -> None:
        """Take enter for the end of a field: nothing is sent by it."""
        event.stop()
        self.screen.focus_next()

    @on(Tick.Changed)
    def _take_tick(self, event: Tick.Changed) -> None:
        event.stop()
        if event.tick is self._voice:
            self._put(Entry.VOICE, SUNG if event.tick.on else INSTRUMENTAL)
        else:
            self._put(Entry.THEN, DOWNLOAD if event.tick.on else "")

    @on(OneOf.Changed)
    def _take_choice(self, event: OneOf.Changed) -> None:
        event.stop()
        if event.one_of is self._kinds:
            self._form = self._form._replace(kind=FORM_KINDS[event.chosen])
            self.post_message(self.KindChosen())
        else:
            self._form = self._form._replace(way=list(Way)[event.chosen])
            self._lay_out()
            self.post_message(self.Changed())

    def _put(self, entry: Entry, value: str) -> None:
        if value != self._form.value(entry):
            self._form = self._form.put(entry, value)
            self._show_counts()
            self.post_message(self.Changed())

    def _lay_out(self) -> None:
        """Show the fields that the form has, and in the area the text that it has."""
        shown = {f"form-{entry}" for entry in self._form.entries} | {"form-text" if self._form.text else ""}
        for row in self.query(".form-row").results(Widget):
            row.display = row.id in shown or (row.id == "form-how" and self._form.kind is FORM_KINDS[0])
        self.set_class(len(self._form.entries) > MOST_APART, "-many")
        text = self._form.text
        if text is not None:
            self._area.placeholder = tr(_PLACEHOLDERS[text])
            if text is not self._text or self._area.text != self._form.value(text):
                self._text = text
                with self.prevent(TextArea.Changed):
                    self._area.load_text(self._form.value(text))
                    self._area.move_cursor(self._area.document.end)
        self._show_counts()

    def _show_counts(self) -> None:
        text, model = self._form.text, self._form.model.strip()
        count = count_of(self._form, text) if text else None
        beside = self.screen.has_class("-roomy") if self.is_attached else False
        name = tr(_NAMES[text]) if text else ""
        _say(self._heading, name if beside or count is None else f"{name}\n{count.short_text}")
        _say(self._count, count.text if count else "")
        for static in (self._heading, self._count):
            static.set_class(count is not None and count.over, "-over")
        _say(self._length, f"{length_of(model)}  {tr('ctrl+n the next one')}")

    def _rows(self) -> Iterator[Widget]:
        yield self._kinds
        yield _row(tr("How"), self._ways, name="how")
        for entry in _ABOVE:
            yield _row(tr(_NAMES[entry]), self._lines[entry], name=entry)
        text = Vertical(self._area, self._count, classes="form-area")
        yield Horizontal(self._heading, text, classes="form-row", id="form-text")
        for entry in _BELOW:
            beside = (self._length,) if entry is Entry.MODEL else ()
            yield _row(tr(_NAMES[entry]), self._lines[entry], *beside, name=entry)
        yield _row(tr(_NAMES[Entry.VOICE]), self._voice, name=Entry.VOICE)
        yield _row(tr(_NAMES[Entry.LABEL]), self._lines[Entry.LABEL], name=Entry.LABEL)
        yield _row(tr(_NAMES[Entry.THEN]), self._then, name=Entry.THEN)


def _line_of(entry: Entry) -> FormLine:
    most = TITLE_LIMIT if entry is Entry.LABEL else LONGEST
    line = FormLine(placeholder=tr(_PLACEHOLDERS.get(entry, "")), compact=True, max_length=most, select_on_focus=False)
    line.cursor_blink = False
    return line


def _row(title: str, *fields: Widget, name: str) -> Widget:
    return Horizontal(Static(title, classes="form-name", markup=False), *fields, classes="form-row", id=f"form-{name}")


def _say(static: Static, text: str) -> None:
    if static.content != text:
        static.update(text, layout=False)
