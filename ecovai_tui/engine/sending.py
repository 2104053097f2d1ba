"""What a front end submits with: drafts, receipts, prices, and submissions that outlive the form they are of."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import NamedTuple

from ecovai_tui.engine.clock import Clock, in_thread
from ecovai_tui.engine.submitting import Sent, Submitter, charges_of, left_early, price_of
from ecovai_tui.gateway.prices import Charge, Price
from ecovai_tui.gateway.submission import Kind, Submission
from ecovai_tui.gateway.submit import PATIENCE, Patience
from ecovai_tui.gateway.submit_replies import Verdict
from ecovai_tui.store.credentials import Secret, origin
from ecovai_tui.store.drafts import DraftFile
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.paths import Paths
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile
from ecovai_tui.store.settings import Settings

RENEWED_AFTER = 600.0
"""Seconds for which the price of a kind counts as known."""


class Draft(NamedTuple):
    """What a submission was written as."""

    kind: str
    values: Mapping[str, str]


class Submissions:
    """Submits for one profile; what is under way goes on until it is over, whatever became of its form."""

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        key: Callable[[], Secret],
        clock: Clock,
        patience: Patience = PATIENCE,
    ) -> None:
        """``key`` returns the key in use, and may take its time."""
        self.gateway = origin(settings.base_url)
        self.receipts = ReceiptFile(paths.receipts)
        self.drafts = DraftFile(paths.drafts(settings.profile))
        self._settings = settings
        self._key = key
        self._clock = clock
        self._patience = patience
        self._running: dict[asyncio.Task[Sent], Submitter] = {}
        self._noting: set[asyncio.Task[None]] = set()
        self._prices: dict[Kind, tuple[float, Price | None]] = {}

    @property
    def under_way(self) -> bool:
        """Whether the answer to something is awaited that may have been taken."""
        return any(submitter.under_way for submitter in self._running.values())

    async def read_receipts(self) -> tuple[Receipt, ...]:
        """Return all receipts, oldest first. Raises StoreError."""
        return await in_thread(self.receipts.read, self._clock.now())

    async def price_of(self, kind: Kind) -> Price | None:
        """Return what a submission of a kind costs, where the gateway tells; asked for at most every few minutes."""
        at, price = self._prices.get(kind, (float("-inf"), None))
        if not 0 <= self._clock.monotonic() - at < RENEWED_AFTER:
            price = await price_of(self._settings, kind)
            self._prices[kind] = self._clock.monotonic(), price
        return price

    async def send(self, submission: Submission, draft: Draft, *, label: str = "", again: bool = False) -> Sent:
        """Submit, put the id on the watch list, and forget the draft that was accepted.

        Raises RepeatedError, StoreError and SettingsError; nothing was sent then. If only the caller is cancelled, the
        submission goes on.
        """
        key = await in_thread(self._key)
        submitter = Submitter(self._settings, key, self.receipts, clock=self._clock.now, patience=self._patience)
        task = asyncio.create_task(submitter.send(submission, label=label, again=again))
        self._running[task] = submitter
        task.add_done_callback(lambda _: self._running.pop(task, None))
        task.add_done_callback(lambda _: self._after(task, submitter, draft))
        return await asyncio.shield(task)

    async def all_over(self) -> None:
        """Return once nothing is under way any more."""
        while self._running:
            await asyncio.wait(list(self._running))

    async def charges(self) -> tuple[Charge, ...] | None:
        """Return what the key was charged of late; None where the gateway does not tell. Raises GatewayError."""
        return await charges_of(self._settings, await in_thread(self._key))

    def _after(self, task: asyncio.Task[Sent], submitter: Submitter, draft: Draft) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        sent = task.result()
        if sent.outcome.verdict is Verdict.ACCEPTED:
            with suppress(StoreError):  # a draft that stays costs nothing: sending it again asks first
                self.drafts.forget(draft.kind, draft.values)
        if sent.outcome.verdict is not Verdict.REFUSED and sent.outcome.told != left_early():
            noting = asyncio.create_task(self._note_used(submitter, sent.receipt))
            self._noting.add(noting)
            noting.add_done_callback(self._noting.discard)

    async def _note_used(self, submitter: Submitter, receipt: Receipt) -> None:
        with suppress(StoreError):  # the receipt says what became of it already
            await submitter.note_used(receipt)
