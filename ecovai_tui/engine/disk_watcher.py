"""What the user's editor, scripts and other instances changed on disk: the watch list, the replica, the receipts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ecovai_tui.engine.worker import Clock
from ecovai_tui.language import later, tr
from ecovai_tui.store.credentials import origin
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.receipt_file import Receipt, ReceiptFile, State
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.settings import Settings
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.store.watchlist_document import WatchListError
from ecovai_tui.tasks.judging import Change
from ecovai_tui.tasks.model import Kind, Phase, TaskSummary, WatchedTask
from ecovai_tui.tasks.text import clean_line

MENDED = later("The watch list can be read again.")
PRUNE_INTERVAL = 3600.0
"""Seconds between two clean-ups of the replica."""

_NOTHING: frozenset[str] = frozenset()


class Observed(NamedTuple):
    """What was found changed on disk."""

    others_wrote: bool = False
    """Another instance wrote to the replica."""
    added: frozenset[str] = _NOTHING
    removed: frozenset[str] = _NOTHING
    changed: frozenset[str] = _NOTHING
    """Ids with another label or state."""
    seen: frozenset[str] = _NOTHING
    """Ids of open tasks of which the gateway told, changed or not."""
    changes: tuple[Change, ...] = ()
    notice: str = ""
    tasks: tuple[WatchedTask, ...] = ()
    """How those of all these that are watched are now."""
    unknown: tuple[WatchedTask, ...] | None = None
    """Rows of the submissions of which nobody knows what became, None where they are as before."""

    def joined(self, later: Observed) -> Observed:
        """Return what two looks found, the one after the other."""
        return Observed(
            self.others_wrote or later.others_wrote,
            later.added | (self.added - later.removed),
            later.removed | (self.removed - later.added),
            self.changed | later.changed,
            self.seen | later.seen,
            self.changes + later.changes,
            "\n".join(filter(None, (self.notice, later.notice))),
            unknown=self.unknown if later.unknown is None else later.unknown,
        )

    def __bool__(self) -> bool:
        listed = self.added or self.removed or self.changed or self.unknown is not None
        return bool(listed or self.others_wrote or self.seen or self.changes or self.notice)


class OtherFiles:
    """Files that are none of the engine's own: whether they are other than at the last look."""

    def __init__(self, fingerprint: Callable[[], object], changed: Callable[[], None]) -> None:
        """``fingerprint`` looks at the disk, on the worker's thread; ``changed`` is called on the event loop."""
        self._fingerprint = fingerprint
        self._changed = changed
        self._known: object = None
        self._begun = self._news = False

    def look(self) -> None:
        """Look at the disk; the first look only remembers what there is."""
        found = self._fingerprint()
        self._news = self._news or (self._begun and found != self._known)
        self._begun, self._known = True, found

    def tell(self) -> None:
        """Call back if a look found something."""
        if self._news:
            self._news = False
            self._changed()


@dataclass(slots=True)
class DiskWatcher:
    """Compares the watch list's file and the replica with what this instance knows; works where the replica does."""

    watch_list: WatchListFile | None
    """None when a command watches ids of its own."""
    clock: Clock
    ids: frozenset[str] = _NOTHING
    """The ids that this instance watches."""
    receipts: ReceiptWatcher | None = None
    """None when a command watches ids of its own."""
    others: list[OtherFiles] = field(default_factory=list)
    """What a front end wants to be looked at as well."""
    known_row: int | None = None
    """All rows of the ledger up to this one are known; None for those of before the start."""
    list_problem: str = ""
    """The sentence why the watch list cannot be read now, or ""."""
    _begun: bool = False
    _fingerprint: object = field(default_factory=object)
    _version: int = -1
    _seen_at: float = 0.0
    """When the gateway told last of any task, as far as is known here."""
    _pruned_at: float = float("-inf")
    _problem: str = ""
    _found: Observed = field(default_factory=Observed)
    """What a look found that was held up before its end."""

    def look(self, replica: Replica, recorded: frozenset[str] = _NOTHING) -> Observed:
        """Return what changed since the last look; ``recorded`` are ids of which this instance was just told itself.

        Where another program is in the way, the next look returns what this one found as well.
        """
        if not self._begun:
            self._begin(replica)
        for other in self.others:
            other.look()
        if replica.heal(self.clock.now()):
            self._start_again(replica)
        self._found = self._found.joined(self._new_receipts())
        self._found = self._found.joined(self._watch_list_changes(replica))
        self._found = self._found.joined(self._news(replica, recorded))
        self._found = self._found.joined(Observed(notice=self._new_problem(replica)))
        self._prune(replica)
        named = self._found.added | self._found.changed | self._found.seen
        tasks = replica.watched_of(named) if named and self.watch_list else ()
        found, self._found = self._found, Observed()
        return found._replace(tasks=tuple(tasks))

    def _begin(self, replica: Replica) -> None:
        """Take what the front end has read as known; the first look finds the rest."""
        if self.known_row is None:
            self.known_row = replica.last_change()
        if self.watch_list is not None:
            self.ids = frozenset(replica.watched_ids())
        self._begun, self._seen_at = True, self.clock.now()

    def _start_again(self, replica: Replica) -> None:
        """Read everything again: the replica is another file than before."""
        self._fingerprint, self._version = object(), -1
        self.known_row = replica.last_change()

    def _prune(self, replica: Replica) -> None:
        now = self.clock.now()
        if not 0 <= now - self._pruned_at < PRUNE_INTERVAL:
            replica.prune(now)
            self._pruned_at = now

    def _new_problem(self, replica: Replica) -> str:
        """Return the sentence why the replica works from memory, once."""
        before, self._problem = self._problem, replica.problem
        return self._problem if self._problem != before else ""

    def _news(self, replica: Replica, recorded: frozenset[str]) -> Observed:
        version = replica.data_version()
        others_wrote = version != self._version
        if not others_wrote and not recorded:
            return Observed()
        entries = replica.changes_after(self.known_row or 0)
        seen = replica.seen_since(min(self._seen_at, self.clock.now())) if others_wrote else {}
        self._version, self._seen_at = version, max(seen.values(), default=self._seen_at)
        if entries:
            self.known_row = entries[-1][0]
        changes = tuple(change for _, change in entries if change.id in self.ids)
        changed = frozenset(change.id for change in changes)
        return Observed(others_wrote, changed=changed, seen=recorded.union(seen) & self.ids, changes=changes)

    def _new_receipts(self) -> Observed:
        if self.receipts is None:
            return Observed()
        try:
            return Observed(unknown=self.receipts.look(self.clock.now()))
        except StoreError as error:
            return Observed(notice=str(error))

    def _watch_list_changes(self, replica: Replica) -> Observed:
        if self.watch_list is None:
            return Observed()
        fingerprint = self.watch_list.fingerprint()
        if fingerprint == self._fingerprint:
            return Observed()
        try:
            watch_list = self.watch_list.read()
        except StoreError as error:
            return self._unreadable(error, fingerprint)
        mirrored = replica.mirror(watch_list, self.clock.now())
        mended, self.list_problem = bool(self.list_problem), ""
        self._fingerprint = fingerprint
        before, self.ids = self.ids, frozenset(watch_list.ids)
        return Observed(
            added=self.ids - before,
            removed=before - self.ids,
            changed=mirrored.changed & before & self.ids,
            notice="\n".join((*watch_list.notes, *([tr(MENDED)] if mended else []))),
        )

    def _unreadable(self, error: StoreError, fingerprint: object) -> Observed:
        """Say once why the file cannot be read; what its text is not to blame for may have passed at the next look."""
        self._fingerprint = fingerprint if isinstance(error, WatchListError) else object()
        said, self.list_problem = self.list_problem, str(error)
        return Observed(notice="" if said == self.list_problem else self.list_problem)


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
