"""Handlers of what is submitted: a new song or lyrics, a clip to be extended, and outcomes that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ecovai_tui.engine.disk_watcher import receipt_of_row
from ecovai_tui.engine.submitting import Submissions
from ecovai_tui.engine.worker import in_thread
from ecovai_tui.gateway.submission import Kind
from ecovai_tui.language import tr
from ecovai_tui.store.receipt_file import Receipt
from ecovai_tui.tasks.model import Phase, Task
from ecovai_tui.tui.dialogs.create import CreateScreen, Start
from ecovai_tui.tui.dialogs.unknown_outcome import UnknownScreen
from ecovai_tui.tui.main_screen import MainScreen
from ecovai_tui.view.card import Subject
from ecovai_tui.view.submission_form import Entry, Form, Way, form_of_draft, form_of_fields, form_of_task, models_used


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
