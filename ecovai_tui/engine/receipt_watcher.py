"""What the receipts ask of a front end: to watch ids that were paid, and to tell of outcomes that nobody knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ecovai_tui.language import later
from ecovai_tui.store.credentials import origin
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile, State
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import clean_line

TAKEN_UP_WITHIN = 86_000.0
"""Seconds from the submission: within the day for which the watch list remembers what was removed from it."""


@dataclass(slots=True)
class ReceiptWatcher:
    """Reads the receipts of one profile at one gateway whenever there are new ones."""

    receipts: ReceiptFile
    gateway: str
    """Its origin."""
    profile: str | None
    watch_list: WatchListFile
    may_write: bool = True
    """Whether paid ids are put on the watch list."""
    _fingerprint: object = None
    _some_under_way: bool = False
    _unknown: tuple[WatchedTask, ...] = ()

    def look(self, now: float) -> tuple[WatchedTask, ...] | None:
        """Take up what was paid, and return rows of what has an unknown outcome, None where they are as before.

        Raises StoreError, once for each change of a file.
        """
        fingerprint = self.receipts.fingerprint()
        if fingerprint == self._fingerprint and not self._some_under_way:
            return None
        self._fingerprint, self._some_under_way = fingerprint, False
        mine = self._mine(now)
        self._some_under_way = any(receipt.state is State.SENDING for receipt in mine)
        self._take_up(mine, now)
        unknown = [receipt for receipt in reversed(mine) if receipt.state is State.UNKNOWN]
        before, self._unknown = self._unknown, tuple(map(row_of, unknown))
        return None if self._unknown == before else self._unknown

    def take_up(self, now: float) -> None:
        """Put ids onto the watch list that were paid and never got there, as after a kill. Raises StoreError."""
        self._take_up(self._mine(now), now)

    def _mine(self, now: float) -> list[Receipt]:
        here = self.gateway, self.profile
        return [each for each in self.receipts.read(now) if (each.request.gateway, each.request.profile) == here]

    def _take_up(self, receipts: Iterable[Receipt], now: float) -> None:
        paid = [*self._paid_of_late(receipts, now)] if self.may_write else []
        if not paid:
            return
        known = self.watch_list.read()
        for receipt in paid:
            missing = [name for name in receipt.ids if name not in known.ids and name not in known.removed]
            if missing:
                self.watch_list.add(missing, receipt.request.label, now=now)

    def _paid_of_late(self, receipts: Iterable[Receipt], now: float) -> Iterator[Receipt]:
        own = {"", str(self.watch_list.path)}
        for receipt in receipts:
            of_late = abs(now - receipt.at) < TAKEN_UP_WITHIN and receipt.request.watch_list in own
            if of_late and receipt.state is State.ACCEPTED and receipt.ids:
                yield receipt


_ROW = "receipt "
"""Begins what stands for an id in the row of a receipt; the blank in it is in no id."""

MAYBE_CHARGED = later("may have been charged")


def row_of(receipt: Receipt) -> WatchedTask:
    """Return a submission of which nobody knows what became of it as a row among tasks."""
    kind = Kind.LYRICS if receipt.request.kind == Kind.LYRICS.value else Kind.MUSIC
    model, tags = (clean_line(str(receipt.fields.get(name) or "")) for name in ("mv", "tags"))
    summary = TaskSummary(
        f"{_ROW}{receipt.number}",
        kind,
        Phase.UNKNOWN,
        title=receipt.title,
        model=model,
        tags=tags,
        note=MAYBE_CHARGED,
        submitted_at=receipt.at,
        seen_at=receipt.at,
    )
    return WatchedTask(summary, receipt.request.label, receipt.at)


def receipt_of_row(row_id: str) -> int | None:
    """Return the number of the receipt that a row stands for, None for the id of a task."""
    number = row_id.removeprefix(_ROW)
    return int(number) if number != row_id and number.isdecimal() else None


def of_profile(settings: Settings, receipts: Path, watch_list: WatchListFile) -> ReceiptWatcher:
    """Return what watches a file of receipts for a profile."""
    gateway = origin(settings.base_url)
    return ReceiptWatcher(ReceiptFile(receipts), gateway, settings.profile, watch_list, may_write=not settings.readonly)
