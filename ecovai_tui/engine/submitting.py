"""A submission from its receipt to the watch list: written down, sent once, written down again."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from contextlib import aclosing, suppress
from typing import NamedTuple

from ecovai_tui.engine.worker import Clock, in_thread
from ecovai_tui.gateway.billing import Charge, Price
from ecovai_tui.gateway.client import Endpoint, Gateway
from ecovai_tui.gateway.errors import GatewayError
from ecovai_tui.gateway.submission import PRICED_AS, Kind, Submission
from ecovai_tui.gateway.submit import PATIENCE, Outcome, Patience, Verdict, submit
from ecovai_tui.language import said, tr
from ecovai_tui.store.credentials import Secret, origin
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.files import Paths
from ecovai_tui.store.receipt_file import DraftFile, Receipt, ReceiptFile, Request, State
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile

QUOTA_PATIENCE = 5.0
"""Seconds for what is asked beside the submission itself."""


_STATES = {Verdict.ACCEPTED: State.ACCEPTED, Verdict.REFUSED: State.REFUSED, Verdict.UNKNOWN: State.UNKNOWN}


def left_early() -> str:
    """Return what is told where the user left before the answer came."""
    return said("You left before the answer came.")


class Sent(NamedTuple):
    """What became of a submission, and what of it could not be written down."""

    receipt: Receipt
    outcome: Outcome
    troubles: tuple[str, ...] = ()


class Submitter:
    """Submits for one profile. Nothing is sent without a receipt, and one that is left without an end is unknown."""

    def __init__(
        self,
        settings: Settings,
        key: Secret,
        receipts: ReceiptFile,
        *,
        clock: Callable[[], float] = time.time,
        patience: Patience = PATIENCE,
    ) -> None:
        self._settings = settings
        self._endpoint = Endpoint(settings.base_url, key.reveal(), settings.ca_file)
        self._receipts = receipts
        self._watch_list = WatchListFile(settings.watchlist)
        self._clock = clock
        self._patience = patience
        self.under_way = False
        """The request may have been sent, and its outcome is not known yet."""

    async def send(self, submission: Submission, *, label: str = "", again: bool = False) -> Sent:
        """Submit, and put the id on the watch list.

        Raises RepeatedError where the same was sent of late, unless ``again``, and StoreError where no receipt can be
        written; nothing was sent then. A cancellation while it is under way ends it as unknown, and returns.
        """
        request = self._request(submission, label)
        if not again:
            self._receipts.refuse_repetition(request, self._clock())
        used = await self._used()
        receipt = self._receipts.begin(request, self._clock(), again=again, used_before=used)
        self.under_way = True
        try:
            outcome = await submit(self._endpoint, submission, patience=self._patience, clock=self._clock)
        except asyncio.CancelledError:
            outcome = Outcome(Verdict.UNKNOWN, left_early())
        finally:
            self.under_way = False
        return Sent(receipt, outcome, tuple(self._write_down(receipt, outcome)))

    async def note_used(self, receipt: Receipt) -> float | None:
        """Ask what the key has used by now, and write it behind the receipt; None where that is not told."""
        used = await self._used()
        if used is not None:
            self._receipts.note_used(receipt.number, used)
        return used

    def _request(self, submission: Submission, label: str) -> Request:
        settings = self._settings
        key = json.dumps(self._endpoint.api_key)[1:-1]
        if key in submission.body or self._endpoint.api_key in label:
            raise StoreError(tr("The API key stands in what is to be submitted, so nothing was sent: take it out."))
        return Request(
            submission.kind,
            submission.path,
            submission.body,
            submission.digest,
            origin(settings.base_url),
            settings.profile,
            label,
            str(settings.watchlist),
        )

    def _write_down(self, receipt: Receipt, outcome: Outcome) -> list[str]:
        """Write the outcome into the receipt and the id onto the watch list, and return what failed."""
        troubles = []
        try:
            state = _STATES[outcome.verdict]
            self._receipts.end(receipt.number, state, self._clock(), ids=outcome.ids, told=outcome.told)
        except StoreError as error:
            troubles.append(str(error))
        try:
            if outcome.task_id:
                self._watch_list.add([outcome.task_id], receipt.request.label, now=self._clock())
        except StoreError as error:
            troubles.append(str(error))
        return troubles

    async def _used(self) -> float | None:
        """Return what the key has used, where that can be read soon."""
        async with aclosing(Gateway(self._endpoint, clock=self._clock)) as gateway:
            try:
                async with asyncio.timeout(QUOTA_PATIENCE):
                    quota = await gateway.quota()
            except (GatewayError, TimeoutError):
                return None
        return None if quota is None else quota.used


async def price_of(settings: Settings, kind: Kind) -> Price | None:
    """Return what a submission of a kind costs, where the gateway tells it soon; this takes no key."""
    model = PRICED_AS.get(kind)
    if model is None:
        return None
    async with aclosing(Gateway(Endpoint(settings.base_url, "", settings.ca_file))) as gateway:
        try:
            async with asyncio.timeout(QUOTA_PATIENCE):
                return await gateway.price(model)
        except (GatewayError, TimeoutError):
            return None


async def charges_of(settings: Settings, key: Secret) -> tuple[Charge, ...] | None:
    """Return what the key was charged of late, newest first; None where the gateway does not tell.

    Raises GatewayError.
    """
    async with aclosing(Gateway(Endpoint(settings.base_url, key.reveal(), settings.ca_file))) as gateway:
        return await gateway.charges()


RENEWED_AFTER = 600.0
"""Seconds for which the price of a kind counts as known."""


class Draft(NamedTuple):
    """What a submission was written as."""

    kind: str
    values: Mapping[str, str]


class Submissions:
    """Submits for one profile; what is under way goes on until it is over, whatever became of its form."""

    def __init__(
        self, settings: Settings, paths: Paths, key: Callable[[], Secret], clock: Clock, patience: Patience = PATIENCE
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
