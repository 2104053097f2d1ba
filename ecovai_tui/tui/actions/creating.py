"""Handlers of what is submitted: a new song or lyrics, a clip to be extended; and the dialog of unknown outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from textual import on
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Input

from ecovai_tui.engine.disk_watcher import receipt_of_row
from ecovai_tui.engine.submitting import Submissions
from ecovai_tui.engine.worker import in_thread
from ecovai_tui.gateway.errors import GatewayError
from ecovai_tui.gateway.submission import Kind
from ecovai_tui.language import later, sentences, tr
from ecovai_tui.store.errors import SettingsError
from ecovai_tui.store.receipt_file import Receipt
from ecovai_tui.tasks.model import Phase, Task, is_id
from ecovai_tui.tasks.times import full_time
from ecovai_tui.tui.context import Context
from ecovai_tui.tui.dialogs.create import CreateScreen, Start
from ecovai_tui.tui.dialogs.dialog import Dialog
from ecovai_tui.tui.dialogs.fields import Button, Buttons
from ecovai_tui.tui.main_screen import MainScreen
from ecovai_tui.tui.widgets.lines import Notice
from ecovai_tui.view.card import Subject
from ecovai_tui.view.lines import Line, Span, Tone, glyph_of, line
from ecovai_tui.view.submission_form import (
    Entry,
    Form,
    Way,
    charges_about,
    form_of_draft,
    form_of_fields,
    form_of_task,
    models_used,
    used_in_words,
    what_of,
)

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


async def create(screen: MainScreen) -> None:
    """Open the form: with the texts of the failed task under the cursor, or with the draft that was left."""
    subject = await screen.panes.read_subject()
    failed = subject is not None and subject.watched.summary.phase is Phase.FAILED
    await _open(screen, subject if failed else None)


async def extend(screen: MainScreen) -> None:
    """Open the form to extend the clip under the cursor."""
    subject = await screen.panes.read_subject()
    if subject is None or subject.clip is None:
        screen.context.say(tr("There is no clip here to extend"))
    else:
        await _open(screen, subject, extending=True)


async def _open(screen: MainScreen, subject: Subject | None, *, extending: bool = False) -> None:
    submissions = screen.context.session.submissions
    receipts = await submissions.read_receipts()
    newest = sorted(screen.task_list.all_tasks(), key=lambda task: -(task.summary.submitted_at or 0.0))
    models = [task.summary.model for task in newest]
    start = await in_thread(_start_of, submissions, receipts, models, subject, extending)
    start = start._replace(keep_files=screen.files.keep_once_done)
    accepted = await screen.app.push_screen_wait(CreateScreen(screen.context, start, screen.size, screen.run_worker))
    if accepted:
        screen.table.move_to(accepted)


async def settle(screen: MainScreen) -> None:
    """Show how to find out what became of the submission under the cursor, and take what was found out."""
    context, row_id = screen.context, screen.table.cursor_id or ""
    submissions, number = context.session.submissions, receipt_of_row(row_id)
    receipt = next((each for each in await submissions.read_receipts() if each.number == number), None)
    if receipt is None:
        return
    found = await screen.app.push_screen_wait(UnknownScreen(context, submissions, receipt))
    if found is None:
        return
    if context.session.settings.readonly:
        context.say(tr("This run is read-only: nothing is changed."))
        return
    await in_thread(submissions.receipts.settle, receipt.number, context.session.clock.now(), found)
    screen.task_list.unsettled = {name: row for name, row in screen.task_list.unsettled.items() if name != row_id}
    screen.listing.show()
    if found:
        await context.session.engine.add([found], receipt.request.label)
        screen.table.move_to(found)
    context.say(tr("{id} is watched", id=found) if found else tr("Nothing came of it: that is written down"))


def _start_of(
    submissions: Submissions,
    receipts: Sequence[Receipt],
    models: Iterable[str],
    subject: Subject | None,
    extending: bool,
) -> Start:
    """Return what the dialog begins with: the texts of a task, or the draft of a song; this reads a file."""
    offered = models_used([receipt for receipt in receipts if receipt.request.gateway == submissions.gateway], models)
    model = next(iter(offered), "")
    if subject is None:
        form = form_of_draft(Kind.MUSIC, submissions.drafts.read(Kind.MUSIC))
        form = form if form.draft else form._replace(model=model)
        return Start(form, submissions, receipts, offered)
    clip = subject.clip
    if extending and clip is not None:
        form = Form(way=Way.EXTEND, clip=clip.id, title=clip.title, style=clip.tags, model=clip.model or model)
        source, first = clip.id, Entry.SECOND
    else:
        form, source, first = _asked_for(subject, receipts), subject.watched.id, None
    start = Start(form, submissions, receipts, offered, source, first=first)
    draft = submissions.drafts.read(start.draft_name(form.kind))
    return start._replace(form=form_of_draft(form.kind, draft)) if draft.get("of") == source else start


def _asked_for(subject: Subject, receipts: Sequence[Receipt]) -> Form:
    """Return the form of what a task was asked for: as its receipt says, or else as far as its reply tells."""
    watched = subject.watched
    receipt = next((receipt for receipt in receipts if watched.id in receipt.ids), None)
    if receipt is not None:
        return form_of_fields(receipt.request.kind, receipt.fields, watched.label)
    return form_of_task(
        subject.task or Task(watched.id, watched.summary.kind, watched.summary.phase), subject.clip_index, watched.label
    )


HANDLERS = {"create": create, "extend": extend, "settle": settle}
"""By the id of the action, or by what it is called for."""
