"""All queries and updates of the replica, as methods of one object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from ecovai_tui.store import ledger, requests, task_rows, text_search, watched_mirror
from ecovai_tui.store.database import Database, ReplicaBusy
from ecovai_tui.store.ledger import Learned, Recorded
from ecovai_tui.store.watched_mirror import Mirrored
from ecovai_tui.store.watchlist_document import WatchList
from ecovai_tui.tasks.changes import Aspect, Change
from ecovai_tui.tasks.model import Kind, Phase, Task, TaskSummary, WatchedTask


class Replica:
    """The last known state of the tasks of one gateway, shared by all panes of a profile.

    ``path`` is None for a replica in memory. ``origin`` is the gateway's origin, so that two gateways never mix; ""
    takes the one that was used last. Where the file cannot be used, or can no longer be used, the methods go on from
    memory, and ``problem`` says why. Of what can become of a file they raise only ReplicaBusy, as the constructor does
    without an origin: another program is writing, nothing was changed, and the same call works at the next tick.
    """

    def __init__(self, path: Path | None, origin: str = "") -> None:
        self._path = path
        self._database = Database(path)
        self.origin = origin or self._database.run(watched_mirror.newest_origin)

    @property
    def problem(self) -> str:
        """The sentence why the replica works from memory, or ""."""
        return self._database.problem

    def snapshot(self) -> AbstractContextManager[None]:
        """Let all that is read in a ``with`` belong to one moment, however long it takes; nothing is written in it."""
        return self._database.snapshot()

    def watched(self, limit: int | None = None, offset: int = 0) -> list[WatchedTask]:
        """Return the watched tasks as the first screen shows them: those without data, then the newest first."""
        return self._database.run(lambda connection: task_rows.watched(connection, self.origin, limit, offset))

    def watched_behind(self, last: WatchedTask, limit: int) -> list[WatchedTask]:
        """Return those that follow a task in that order; where it stands may have changed since it was read."""
        return self._database.run(lambda connection: task_rows.watched_behind(connection, self.origin, last, limit))

    def unsettled_ids_in_slices(self) -> Iterator[list[str]]:
        """Return the ids of the watched tasks of which something is still to come, a thousand or so at a time."""
        return task_rows.unsettled_ids_in_slices(self._database, self.origin)

    def seen_since(self, moment: float) -> dict[str, float]:
        """Return of which unsettled tasks the gateway told since a moment, and when it did so last."""
        return self._database.run(lambda connection: task_rows.seen_since(connection, self.origin, moment))

    def watched_ids(self) -> list[str]:
        """Return the ids of the watched tasks in the order of the watch list."""
        return self._database.run(lambda connection: task_rows.watched_ids(connection, self.origin))

    def watched_ids_in_slices(self) -> Iterator[list[str]]:
        """Return the watched ids in no certain order, about a thousand at a time, so that the event loop goes on."""
        return task_rows.watched_ids_in_slices(self._database, self.origin)

    def watched_of(self, ids: Iterable[str]) -> list[WatchedTask]:
        """Return what is known of those of the ids that are watched."""
        asked = list(ids)
        return self._database.run(lambda connection: task_rows.watched_of(connection, self.origin, asked))

    def watched_tasks(self, ids: Iterable[str]) -> dict[str, WatchedTask]:
        """Return what is known of ids, watched or not; ids that the replica never heard of are left out."""
        asked = list(ids)
        return self._database.run(lambda connection: task_rows.watched_tasks(connection, self.origin, asked))

    def summaries(self, ids: Iterable[str]) -> dict[str, TaskSummary]:
        """Return the summaries of ids; ids that the replica never heard of are left out."""
        asked = list(ids)
        return self._database.run(lambda connection: task_rows.summaries(connection, self.origin, asked))

    def task(self, task_id: str) -> Task | None:
        """Return the whole task with its source, or None where none is stored that can be read."""
        return self._database.run(lambda connection: task_rows.task(connection, self.origin, task_id))

    def find_lyrics(self, texts: Iterable[str]) -> text_search.Found:
        """Return which tasks have each of some folded texts in their lyrics; with many tasks, a matter of a second."""
        return self._database.run(lambda connection: text_search.find_lyrics(connection, self.origin, texts))

    @property
    def file(self) -> Path | None:
        """The file that is in use; None while the replica works from memory."""
        return None if self.problem else self._path

    def history(self, task_id: str) -> list[Change]:
        """Return everything that changed of a task, oldest first."""
        return self._database.run(lambda connection: ledger.history(connection, self.origin, task_id))

    def changes_after(self, row: int) -> list[tuple[int, Change]]:
        """Return the ledger behind a row, with the row of each entry, oldest first."""
        return self._database.run(lambda connection: ledger.changes_after(connection, self.origin, row))

    def last_change(self) -> int:
        """Return the row of the ledger's newest entry; 0 while it is empty."""
        return self._database.run(ledger.last_change)

    def durations(self, kind: Kind, model: str = "") -> Learned | None:
        """Return how long tasks of a kind took that ended well; of any model if ``model`` is empty."""
        return self._database.run(lambda connection: ledger.durations(connection, self.origin, kind, model))

    def record(self, tasks: Iterable[Task], now: float) -> Recorded:
        """Store the tasks of a reply, and return what changed by them."""
        told = list(tasks)
        return self._database.run(lambda connection: ledger.record(connection, self.origin, told, now))

    def record_missing(self, ids: Iterable[str], now: float) -> Recorded:
        """Store that the gateway answered not to know these ids."""
        asked = list(ids)
        return self._database.run(lambda connection: ledger.record_missing(connection, self.origin, asked, now))

    def note(self, ids: Iterable[str], text: str, now: float) -> Recorded:
        """Store a remark of our own on ids; it stays until the gateway reports them again."""
        asked = list(ids)
        return self._database.run(lambda connection: ledger.note(connection, self.origin, asked, text, now))

    def mirror(self, watch_list: WatchList, now: float) -> Mirrored:
        """Bring the mirror to the state of the watch list, and return how it differed."""
        return watched_mirror.Mirrored.union(self.mirror_in_slices(watch_list, now))

    def mirror_in_slices(self, watch_list: WatchList, now: float) -> Iterator[Mirrored]:
        """Mirror a few hundred ids at a time, so that a long list does not hold up the event loop."""
        return watched_mirror.mirror_in_slices(self._database, self.origin, watch_list, now)

    def claim_request(self, clock: Callable[[], float], may_go: requests.Rule) -> float | None:
        """Claim one of the requests that all panes share, and return its time; None where the rule is against it.

        The rule is given the times of all requests of the last minute and the present one.
        """
        return self._database.run(lambda connection: requests.claim_request(connection, self.origin, clock, may_go))

    def requests_since(self, at: float) -> list[float]:
        """Return when requests were made by any pane after a moment, oldest first."""
        return self._database.run(lambda connection: requests.requests_since(connection, self.origin, at))

    def ask(self, intent: str, now: float) -> None:
        """Leave a wish, such as "refresh", for the pane that asks the gateway."""
        self._database.run(lambda connection: requests.ask(connection, self.origin, intent, now))

    def take_intents(self) -> list[str]:
        """Return the waiting wishes, each to one taker only."""
        return self._database.run(lambda connection: requests.take_intents(connection, self.origin))

    def oldest_intent(self) -> tuple[int, float] | None:
        """Return what tells the wish that has been waiting longest from all others; None if none is."""
        return self._database.run(lambda connection: requests.oldest_intent(connection, self.origin))

    def publish_link(self, told: str) -> None:
        """Tell the other panes how the link to the gateway is."""
        self._database.run(lambda connection: requests.publish_link(connection, self.origin, told))

    def published_link(self) -> str:
        """Return how the link is by the pane that asks; "" if none ever told."""
        return self._database.run(lambda connection: requests.published_link(connection, self.origin))

    def data_version(self) -> int:
        """Return a number that differs after another pane has written."""
        return self._database.run(lambda connection: int(connection.execute("PRAGMA data_version").fetchone()[0]))

    def prune(self, now: float) -> None:
        """Forget what has been kept long enough; a call now and then is enough."""
        self._database.run(lambda connection: requests.prune(connection, now))

    def heal(self, now: float) -> bool:
        """Take up the file again after it was set aside, deleted or out of reach; a look costs one stat.

        True means that everything read before may be out of date, and that the watch list wants mirroring again.
        """
        return self._database.heal(now)

    def set_aside_if_damaged(self) -> Path | None:
        """Move a damaged file out of the way, for the leading pane alone; return where it is now, or None."""
        return self._database.set_aside_if_damaged()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


_FINAL = frozenset(phase.value for phase in Phase if phase.final)


class Estimates:
    """Asks the replica once for each kind and model."""

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._learned: dict[tuple[Kind, str], Learned | None] = {}

    def of(self, summary: TaskSummary) -> Learned | None:
        """Return how long tasks like this one took, of any model while its own is not known; None if nobody knows."""
        if not summary.phase.active or summary.kind is Kind.UNKNOWN:
            return None
        key = summary.kind, summary.model
        if key not in self._learned:
            try:
                self._learned[key] = self._replica.durations(*key)
            except ReplicaBusy:
                return None
        return self._learned[key]

    def learn(self, changes: Iterable[Change]) -> None:
        """Query again if a task became final, or was when it was first seen."""
        if any(change.what in {Aspect.PHASE, Aspect.APPEARED} and change.after in _FINAL for change in changes):
            self._learned.clear()
