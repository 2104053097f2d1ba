"""What the user's editor, scripts and other instances changed on disk."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from ecovai_tui.engine.clock import Clock, in_thread, let_others_work
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile
from ecovai_tui.store.watchlist_document import WatchList, WatchListError
from ecovai_tui.tasks.changes import Change
from ecovai_tui.tasks.model import TaskSummary, WatchedTask

MENDED = "The watch list can be read again."
_NOTHING: frozenset[str] = frozenset()


class Observed(NamedTuple):
    """What was found changed on disk."""

    others_wrote: bool = False
    """Another instance wrote to the replica."""
    added: frozenset[str] = _NOTHING
    removed: frozenset[str] = _NOTHING
    changed: frozenset[str] = _NOTHING
    """Ids whose state or label others wrote."""
    seen: frozenset[str] = _NOTHING
    """Ids of open tasks of which the gateway told others, changed or not."""
    changes: tuple[Change, ...] = ()
    notice: str = ""
    anew: bool = False
    """The replica is another file than before: nothing that was known of it holds."""

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
            self.anew or later.anew,
        )

    def __bool__(self) -> bool:
        listed = self.added or self.removed or self.changed
        return bool(listed or self.others_wrote or self.changes or self.notice or self.anew)


@dataclass(slots=True)
class DiskWatcher:
    """Compares the watch list's file and the replica with what this instance knows of them."""

    watch_list: WatchListFile | None
    """None when a command watches ids of its own."""
    replica: Replica
    clock: Clock
    ids: frozenset[str] = _NOTHING
    """The ids that this instance watches."""
    known_row: int | None = None
    """The row of the ledger up to which the front end read before the start; None where it could not read."""
    list_problem: str = ""
    """The sentence why the watch list cannot be read now, or ""."""
    _fingerprint: object = field(default_factory=object)
    _version: int = -1
    _seen_at: float = 0.0
    """When the gateway told last of any task, as far as is known here."""
    _row: int = 0
    """All rows of the ledger up to this one are known."""
    _own: list[range] = field(default_factory=list)
    """Rows beyond it that are our own."""
    _problem: str = ""
    _found: Observed = field(default_factory=Observed)
    """What a look found that could not be brought to its end."""

    async def start(self) -> None:
        """Take what the front end has read as known, a slice of the ids at a turn; the first look finds the rest."""
        self._row = self.replica.last_change() if self.known_row is None else self.known_row
        self._seen_at = self.clock.now()
        if self.watch_list is None:
            return
        ids: set[str] = set()
        for part in self.replica.watched_ids_in_slices():
            ids.update(part)
            await let_others_work()
        self.ids = frozenset(ids)

    def own_tasks(self) -> list[WatchedTask]:
        """Return the tasks that are watched in place of the watch list, also those that nobody has heard of yet.

        Where another program is in the way they are all such: better asked for once too often than never.
        """
        known, now = dict[str, WatchedTask](), self.clock.now()
        with suppress(ReplicaBusy):
            known = self.replica.watched_tasks(self.ids)
        return [known.get(task_id) or WatchedTask(TaskSummary(task_id), added_at=now) for task_id in self.ids]

    async def look(self) -> Observed:
        """Return what changed since the last look.

        Raises ReplicaBusy where another program is in the way; the next look then returns what this one found as well.
        """
        if self.replica.heal(self.clock.now()):
            self._start_anew()
        self._found = self._found.joined(await self._watch_list_changes())
        self._found = self._found.joined(self._news_of_others())
        self._found = self._found.joined(Observed(notice=self._new_problem()))
        found, self._found = self._found, Observed()
        return found

    def wrote(self, rows: range) -> None:
        """Note that these rows of the ledger are our own."""
        if rows.start == self._row + 1:
            self._row = rows.stop - 1
        elif rows:
            self._own.append(rows)

    def _start_anew(self) -> None:
        """Read everything again: the replica is another file than before."""
        self._found = self._found._replace(anew=True)
        self._fingerprint, self._own, self._version, self._row = object(), [], -1, 0
        self._row = self.replica.last_change()

    def _new_problem(self) -> str:
        """Return the sentence why the replica works from memory, once."""
        before, self._problem = self._problem, self.replica.problem
        return self._problem if self._problem != before else ""

    def _news_of_others(self) -> Observed:
        version = self.replica.data_version()
        if version == self._version:
            return Observed()
        entries = self.replica.changes_after(self._row)
        seen = self.replica.seen_since(min(self._seen_at, self.clock.now()))
        self._version, self._seen_at = version, max(seen.values(), default=self._seen_at)
        own, self._own = self._own, []
        if entries:
            self._row = entries[-1][0]
        changes = tuple(
            change for row, change in entries if change.id in self.ids and not any(row in rows for rows in own)
        )
        changed = frozenset(change.id for change in changes)
        return Observed(others_wrote=True, changed=changed, seen=frozenset(seen), changes=changes)

    async def _watch_list_changes(self) -> Observed:
        if self.watch_list is None:
            return Observed()
        fingerprint = self.watch_list.fingerprint()
        if fingerprint == self._fingerprint:
            return Observed()
        try:
            watch_list = await in_thread(self.watch_list.read)
        except StoreError as error:
            return self._unreadable(error, fingerprint)
        mended, self.list_problem = bool(self.list_problem), ""
        relabelled = await self._mirror(watch_list)
        self._fingerprint = fingerprint
        before, self.ids = self.ids, frozenset(watch_list.ids)
        return Observed(
            added=self.ids - before,
            removed=before - self.ids,
            changed=relabelled & before & self.ids,
            notice="\n".join((*watch_list.notes, *([MENDED] if mended else []))),
        )

    def _unreadable(self, error: StoreError, fingerprint: object) -> Observed:
        """Say once why the file cannot be read; what its text is not to blame for may have passed at the next look."""
        self._fingerprint = fingerprint if isinstance(error, WatchListError) else object()
        told, self.list_problem = self.list_problem, str(error)
        return Observed(notice="" if told == self.list_problem else self.list_problem)

    async def _mirror(self, watch_list: WatchList) -> frozenset[str]:
        """Bring the replica up to the watch list, a slice at a turn, and return the ids that got another label."""
        relabelled = _NOTHING
        for part in self.replica.mirror_in_slices(watch_list, self.clock.now()):
            relabelled |= part.changed
            await let_others_work()
        return relabelled
