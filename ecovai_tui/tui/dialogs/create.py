"""The dialog in which a song or lyrics are made: one paid request, sent once, and only when Send is pressed."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.timer import Timer
from textual.widget import Widget

from ecovai_tui.engine.submitting import Draft, Sent, Submissions
from ecovai_tui.engine.updates import Update
from ecovai_tui.engine.worker import in_thread
from ecovai_tui.gateway.billing import Price
from ecovai_tui.gateway.submission import Kind, Submission, clip_of_unknown_task, with_task
from ecovai_tui.gateway.submit import Verdict
from ecovai_tui.language import later, sentences, tr
from ecovai_tui.store.errors import SettingsError, StoreError
from ecovai_tui.store.receipt_file import DraftFile, Receipt, RepeatedError
from ecovai_tui.tasks.model import Phase
from ecovai_tui.tasks.text import clean_line
from ecovai_tui.tui.context import Context
from ecovai_tui.tui.dialogs.dialog import Dialog, TextScreen
from ecovai_tui.tui.dialogs.fields import Button, Buttons
from ecovai_tui.tui.dialogs.form_fields import FormFields
from ecovai_tui.tui.widgets.lines import Area, LineBar, Notice
from ecovai_tui.view.lines import Line, Span, Tone, glyph_of, line
from ecovai_tui.view.submission_form import (
    DOWNLOAD,
    Entry,
    Form,
    FormError,
    Repetition,
    cost_line,
    form_of_draft,
    model_beside,
    repetition_of,
    submission_of,
    warnings_before,
)

SAVED_AFTER = 0.5
"""Seconds without a key after which the draft is written down."""

NOTHING_SENT = later("nothing is sent before you press Send")
SENDING = later("Sending. Leaving now would not stop it.")
LOOK_AT_ROW = later("It may have been taken and charged: its row at the top of the list tells how to find out.")
MEANT = later("If that is meant, press Send again: it will be paid again.")


class Start(NamedTuple):
    """What the dialog begins with."""

    form: Form
    submissions: Submissions
    receipts: Sequence[Receipt] = ()
    models: Sequence[str] = ()
    """Those to offer."""
    source: str = ""
    """The task or clip from which the texts were taken, which then have a draft of their own; else ""."""
    keep_files: Callable[[str], None] = lambda _task_id: None
    """Has the files of a task kept once they are there."""
    first: Entry | None = None
    """Where the keyboard is to begin, None for the first text."""

    def draft_name(self, kind: Kind) -> str:
        """Return the name under which the draft of a kind is kept."""
        return f"{kind} again" if self.source and kind is self.form.kind else str(kind)


class CreateScreen(Dialog[str]):
    """Takes what is to be made and sends it; answers with the id of what was accepted."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (80, "-wide"), (96, "-broad")]  # noqa: RUF012  # Textual's variable
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall"), (33, "-roomy")]  # noqa: RUF012  # as above
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "show_request", show=False, priority=True),
        Binding("ctrl+n", "next_model", show=False, priority=True),
        Binding("left_square_bracket", "step_kind(-1)", show=False),
        Binding("right_square_bracket", "step_kind(1)", show=False),
    ]

    def __init__(
        self, context: Context, start: Start, size: Size, run: Callable[[Coroutine[None, None, None]], object]
    ) -> None:
        """Take the layout of the window's size at once, and let ``run`` run what goes on where the dialog is left."""
        super().__init__(context, tr("Create"), tr(NOTHING_SENT))
        self.add_class(
            _fitting(self.HORIZONTAL_BREAKPOINTS, size.width), _fitting(self.VERTICAL_BREAKPOINTS, size.height)
        )
        self._start, self._run = start, run
        self._fields = FormFields(start.form, ascii_only=context.options.ascii)
        self._send = Button(tr("Send"), first=True)
        self._keep = Button(tr("Keep as draft"))
        self._costs, self._told = LineBar(id="create-cost"), Notice()
        self._kind = start.form.kind
        self._price: Price | None = None
        self._left: float | None = None
        self._priced: Kind | None = None
        """What the price is of."""
        self._receipts = start.receipts
        self._makers: dict[str, str | None] = {}
        """The tasks that made clips, None for those that are not known."""
        self._confirmed = ""
        """The digest of the repetition of which it was asked whether it is meant."""
        self._accepted: str | None = None
        """The id of what was accepted, "" where only clips were named; None before that."""
        self._under_way = False
        self._saved = start.form.draft
        self._saving: Timer | None = None
        self._deaf: Callable[[], None] = lambda: None
        """Ends that the engine is listened to."""

    def body(self) -> Widget:
        """Return the fields, and below them the buttons and what is to be known before they are pressed."""
        buttons = Buttons(self._send, self._keep, self._costs)
        return Vertical(
            self._fields, LineBar(id="create-rule"), buttons, Area(self._told, id="create-told"), id="create"
        )

    @property
    def keys(self) -> Sequence[tuple[str, str]]:
        """Those that work while something is typed."""
        over = self._accepted is not None or self._under_way
        leave = tr("leave") if over else tr("keep as a draft and leave")
        return (("tab", tr("next field")), ("[ ]", tr("kind")), ("ctrl+r", tr("show the request")), ("esc", leave))

    def on_mount(self) -> None:
        """Begin in the first text, and ask what it costs."""
        super().on_mount()
        rule = "-" if self.context.options.ascii else "─"
        self.query_one("#create-rule", LineBar).lay_out(lambda width: line(rule * width, Tone.MUTED))
        self._fields.go_to(self._start.first or self._form.text or self._form.entries[0])
        self._show_standing()
        self._ask_price()
        self._deaf = self.context.session.engine.subscribe(self._hear)

    def on_unmount(self) -> None:
        """Keep the draft, also where the program is left with the dialog open."""
        self._deaf()
        with suppress(StoreError):
            self._keep_now()

    def action_leave(self) -> None:
        """Keep what is written as a draft and leave; what is under way goes on."""
        try:
            self._keep_now()
        except StoreError as error:
            self.context.say(str(error), gravity="error")
        self.dismiss(self._accepted)

    def action_step_kind(self, step: int) -> None:
        """Choose the kind beside."""
        self._fields.choose_kind(step)

    def action_next_model(self) -> None:
        """Offer the next model that was used at this gateway."""
        if Entry.MODEL in self._form.entries:
            self._fields.put_model(model_beside(self._start.models, self._form.model.strip()))

    async def action_show_request(self) -> None:
        """Show what Send would send."""
        try:
            submission = await self._submission()
        except FormError as error:
            self._complain(error)
            return
        url = f"POST {self.context.session.settings.base_url}{submission.path}"
        body = json.dumps(submission.fields, ensure_ascii=False, indent=2)
        lines = [line(url, Tone.STRONG), line(), *(line(text) for text in body.split("\n"))]
        self.app.push_screen(TextScreen(self.context, tr("The request"), lines))

    @on(FormFields.KindChosen)
    async def _change_kind(self) -> None:
        """Put this kind's text away as a draft, and take up that of the other."""
        wanted = self._form.kind
        self._fields.show(self._form._replace(kind=self._kind))
        await in_thread(self._keep_now)
        draft = await in_thread(self._drafts.read, self._start.draft_name(wanted))
        self._kind = wanted
        fresh = Form(wanted, model=self._start.form.model)
        self._fields.show(form_of_draft(wanted, draft) if draft else fresh)
        self._saved = self._draft
        self._show_standing()
        self._ask_price()

    @on(FormFields.Changed)
    def _follow(self) -> None:
        """Say what is to be known of the form as it is now, and write the draft down once nobody types."""
        if self._form.makes is not self._priced:
            self._ask_price()
        self._show_standing()
        if self._saving is not None:
            self._saving.stop()
        self._saving = self.set_timer(SAVED_AFTER, self._keep_soon)

    @on(Button.Pressed)
    def _press(self, event: Button.Pressed) -> None:
        if event.button is self._keep or self._accepted is not None:
            self.action_leave()
        elif not self._under_way:
            self._under_way = True
            self._run(self._send_form())

    @property
    def _drafts(self) -> DraftFile:
        return self._start.submissions.drafts

    @property
    def _form(self) -> Form:
        return self._fields.form

    @property
    def _draft(self) -> Mapping[str, str]:
        draft = self._form._replace(kind=self._kind).draft
        own = self._start.draft_name(self._kind) != str(self._kind)
        return {**draft, "of": self._start.source} if draft and own else draft

    async def _keep_soon(self) -> None:
        try:
            await in_thread(self._keep_now)
        except StoreError as error:
            self._say(str(error), Phase.FAILED)

    def _keep_now(self) -> None:
        if self._accepted is None and self._draft != self._saved:
            self._drafts.keep(self._start.draft_name(self._kind), self._draft)
            self._saved = self._draft

    def _ask_price(self) -> None:
        self._price, self._priced = None, self._form.makes
        self.run_worker(self._learn_price(), group="price", exclusive=True)

    def _hear(self, update: Update) -> None:
        """Show what is left to the key once that is read."""
        if update.link.quota_left != self._left:
            self._show_cost()

    async def _learn_price(self) -> None:
        self._price = await self._start.submissions.price_of(self._form.makes)
        self._show_cost()

    async def _submission(self) -> Submission:
        """Return the request of the form, with the task that made the clip where it is known. Raises FormError."""
        submission = submission_of(self._form)
        clip = clip_of_unknown_task(submission)
        if clip is not None and clip not in self._makers:
            await self._find_maker(clip)
        return with_task(submission, self._makers.get(clip or ""))

    async def _send_form(self) -> None:
        """Send it, unless it is not complete or is to be asked about first, and say what became of it."""
        try:
            sent = await self._sent(await self._submission())
        except FormError as error:
            self._complain(error)
        except (StoreError, SettingsError) as error:
            self._say(sentences(tr("Nothing was sent."), str(error)), Phase.FAILED)
        else:
            if sent is not None:
                await self._tell_outcome(sent)
        finally:
            self._under_way = False
            self._fields.disabled = False

    async def _sent(self, submission: Submission) -> Sent | None:
        submissions, now = self._start.submissions, self.context.session.clock.now()
        self._receipts = await submissions.read_receipts()
        repetition = repetition_of(submission, self._receipts, submissions.gateway, now)
        if repetition is not None and self._confirmed != submission.digest:
            self._ask(repetition, submission)
            return None
        await in_thread(self._keep_now)
        self._fields.disabled = True
        self._say(tr(SENDING), Tone.STRONG)
        draft = Draft(self._start.draft_name(self._kind), self._draft)
        again, label = repetition is not None, clean_line(self._form.label)
        try:
            return await submissions.send(submission, draft, label=label, again=again)
        except RepeatedError as error:
            self._ask(Repetition(error.receipt, exact=True), submission)
            return None

    def _ask(self, repetition: Repetition, submission: Submission) -> None:
        self._confirmed = submission.digest
        self._told.show([self._warning(sentences(repetition.warning(self.context.session.clock.now()), tr(MEANT)))])

    async def _tell_outcome(self, sent: Sent) -> None:
        outcome = sent.outcome
        told = outcome.told
        self._confirmed = ""
        if outcome.verdict is Verdict.ACCEPTED:
            await self._take_accepted(sent)
            accepted = tr("Accepted as {ids}.", ids=" ".join(outcome.ids))
            watched = tr("It is watched now.") if outcome.task_id else ""
            self._tell(sentences(accepted, watched, told, *sent.troubles), Phase.DONE)
        elif outcome.verdict is Verdict.REFUSED:
            self._tell(sentences(told, outcome.detail and tr('"{words}"', words=outcome.detail)), Phase.FAILED)
        else:
            self._tell(sentences(told, tr(LOOK_AT_ROW)), Phase.UNKNOWN)

    async def _take_accepted(self, sent: Sent) -> None:
        self._accepted = sent.outcome.task_id
        if self.is_attached:
            self._send.say(tr("Close"))
            self._keep.display = self._costs.display = False
            self.tell("")
            self._keys.on_resize()
        if sent.outcome.task_id and self._form.then == DOWNLOAD:
            self._start.keep_files(sent.outcome.task_id)
        if sent.outcome.task_id and not sent.troubles:
            await self.context.session.engine.add([sent.outcome.task_id])  # on the list already: shown and asked for

    def _complain(self, error: FormError) -> None:
        self._say(str(error), Phase.FAILED)
        self._fields.disabled = False
        self._fields.go_to(error.entry)

    def _show_cost(self) -> None:
        self._left = self.context.session.state.link.quota_left
        told = cost_line(self._form, self._price, self._left)
        self._costs.lay_out(lambda _: line(told, Tone.MUTED))

    def _show_standing(self) -> None:
        """Say what Send would cost, and what is to be known of the form as it is now before it is pressed."""
        self._show_cost()
        if self._under_way or self._accepted is not None:
            return
        try:
            submission = submission_of(self._form)
        except FormError:
            self._told.show(())
            return
        clip = clip_of_unknown_task(submission)
        if clip is not None and clip not in self._makers:
            self.run_worker(self._find_maker(clip), group="maker", exclusive=True)
            return
        submission, now = with_task(submission, self._makers.get(clip or "")), self.context.session.clock.now()
        repetition = repetition_of(submission, self._receipts, self._start.submissions.gateway, now)
        self._told.show([self._warning(text) for text in warnings_before(submission, repetition, now)])

    async def _find_maker(self, clip: str) -> None:
        self._makers[clip] = await self.context.session.worker.run(lambda replica: replica.task_of_clip(clip))
        self._show_standing()

    def _warning(self, text: str) -> Line:
        sign = glyph_of(Phase.UNKNOWN, ascii_only=self.context.options.ascii)
        return line(f"{sign} {text}", Phase.PARTIAL)

    def _tell(self, text: str, phase: Phase) -> None:
        """Say what became of a submission, also where the dialog was left meanwhile."""
        if self.is_attached:
            self._say(text, phase)
        else:
            self.context.say(text, gravity="information" if phase is Phase.DONE else "error")

    def _say(self, text: str, tone: Phase | Tone) -> None:
        sign = f"{glyph_of(tone, ascii_only=self.context.options.ascii)} " if isinstance(tone, Phase) else ""
        self._told.show([Line((Span(sign, tone), Span(text, Tone.PLAIN if sign else tone)))])


def _fitting(breakpoints: Sequence[tuple[int, str]], cells: int) -> str:
    return next(name for least, name in reversed(breakpoints) if cells >= least)
