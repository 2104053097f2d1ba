"""The observing side of the engine: what the user's editor, scripts and other instances changed on disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ecovai_tui.monitor.clock import Clock, let_others_work
from ecovai_tui.monitor.threads import in_thread
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchList, WatchListFile
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

    def __bool__(self) -> bool:
        return bool(self.others_wrote or self.added or self.removed or self.changed or self.changes or self.notice)


@dataclass(slots=True)
class Observer:
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
        """Return the tasks that are watched in place of the watch list, also those that nobody has heard of yet."""
        known = self.replica.watched_tasks(self.ids)
        now = self.clock.now()
        return [known.get(task_id) or WatchedTask(TaskSummary(task_id), added_at=now) for task_id in self.ids]

    async def look(self) -> Observed:
        """Return what changed since the last look."""
        if self.replica.heal(self.clock.now()):
            self._start_anew()
        wrote, others = self._changes_of_others()
        listed = await self._watch_list_changes()
        return Observed(
            wrote,
            listed.added,
            listed.removed,
            listed.changed | {change.id for change in others} & self.ids,
            self._seen_by_others() if wrote else _NOTHING,
            tuple(change for change in others if change.id in self.ids),
            "\n".join(filter(None, (listed.notice, self._new_problem()))),
        )

    def wrote(self, rows: range) -> None:
        """Note that these rows of the ledger are our own."""
        if rows.start == self._row + 1:
            self._row = rows.stop - 1
        elif rows:
            self._own.append(rows)

    def _start_anew(self) -> None:
        """Read everything again: the replica is another file than before."""
        self._fingerprint, self._own = object(), []
        self._version, self._row = -1, self.replica.last_change()

    def _new_problem(self) -> str:
        """Return the sentence why the replica works from memory, once."""
        before, self._problem = self._problem, self.replica.problem
        return self._problem if self._problem != before else ""

    def _changes_of_others(self) -> tuple[bool, list[Change]]:
        version = self.replica.data_version()
        if version == self._version:
            return False, []
        entries = self.replica.changes_after(self._row)
        self._version = version
        own, self._own = self._own, []
        if entries:
            self._row = entries[-1][0]
        return True, [change for row, change in entries if not any(row in rows for rows in own)]

    def _seen_by_others(self) -> frozenset[str]:
        seen = self.replica.seen_since(min(self._seen_at, self.clock.now()))
        self._seen_at = max(seen.values(), default=self._seen_at)
        return frozenset(seen)

    async def _watch_list_changes(self) -> Observed:
        if self.watch_list is None:
            return Observed()
        fingerprint = self.watch_list.fingerprint()
        if fingerprint == self._fingerprint:
            return Observed()
        try:
            watch_list = await in_thread(self.watch_list.read)
        except StoreError as error:
            self._fingerprint, self.list_problem = fingerprint, str(error)
            return Observed(notice=str(error))
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

    async def _mirror(self, watch_list: WatchList) -> frozenset[str]:
        """Bring the replica up to the watch list, a slice at a turn, and return the ids that got another label."""
        relabelled = _NOTHING
        for part in self.replica.mirror_in_slices(watch_list, self.clock.now()):
            relabelled |= part.changed
            await let_others_work()
        return relabelled
