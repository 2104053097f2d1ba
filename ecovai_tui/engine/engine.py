"""The engine: polls what is due, watches the files, and reports to its listeners what came of it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from functools import partial
from math import inf
from typing import TypeVar

from ecovai_tui.engine.disk_watcher import DiskWatcher, Observed, OtherFiles
from ecovai_tui.engine.poller import Poller, QuotaReader
from ecovai_tui.engine.schedule import MINIMUM_INTERVAL
from ecovai_tui.engine.updates import LATENCIES_KEPT, EngineState, Link, Listener, Listeners, read_trouble
from ecovai_tui.engine.worker import Clock, PendingWrites, ReplicaWorker
from ecovai_tui.language import tr
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.requests import UNATTENDED_REST
from ecovai_tui.store.turns import Batch, GatewayState
from ecovai_tui.store.watchlist import Added, Undone, WatchListFile

TICK = 2.0
"""Seconds between two looks at the files."""

LAST_WORD = 0.5
"""Seconds that the other instances' database has to be told that this one asks no more."""

FIRST_WAIT = 1.0
"""Seconds after which what the user asked for counts as done though another program holds it up."""

Result = TypeVar("Result")


class Engine:
    """Watches tasks for listeners, who are called on the event loop once the replica holds the news."""

    def __init__(
        self,
        *,
        poller: Poller,
        disk_watcher: DiskWatcher,
        worker: ReplicaWorker,
        clock: Clock,
        may_ask: bool = True,
        quota: QuotaReader | None = None,
    ) -> None:
        """``may_ask`` is False without a key: then the engine only shows what is known."""
        self._quota = quota
        self._poller = poller
        self._disk_watcher = disk_watcher
        self._worker = worker
        self._clock = clock
        self._may_ask = may_ask
        self._attended = True
        self._paused = False
        self._runs = False
        self._batch: Batch | None = None
        """What is asked for now."""
        self._state = GatewayState()
        self._latencies = deque[float](maxlen=LATENCIES_KEPT)
        self._replica_problem = ""
        self._reported = Link()
        self._wake = asyncio.Event()
        self._look_again = asyncio.Event()
        self._pending_writes = PendingWrites()
        self._running: set[asyncio.Future[None]] = set()
        """What the user asked for and is not done yet."""
        self._listeners = Listeners()

    @property
    def link(self) -> Link:
        """How things stand between us and the gateway."""
        state, asking, key = self._state, self._batch is not None, self._poller.key
        served = (state.last_reply or 0.0) > key.refused_at  # by an instance whose key works
        return Link(
            trouble=(None if served else key.trouble) or read_trouble(state.trouble),
            asking_since=self._batch.at if self._batch else state.asking_since,
            paused=self._paused,
            next_poll=None if self._paused or not self._may_ask or asking else state.next_poll,
            last_reply=state.last_reply,
            skew=state.skew,
            unattended=not self._attended,
            read_only=not self._may_ask,
            quota_left=None if self._quota is None else self._quota.left,
            latencies=tuple(self._latencies),
        )

    @property
    def state(self) -> EngineState:
        """How things stand, all at once."""
        return EngineState(self.link, self.pace, self.problem)

    @property
    def problem(self) -> str:
        """Why the watch list cannot be read or the replica works from memory, for as long as it is so; else ""."""
        return "\n".join(filter(None, (self._disk_watcher.list_problem, self._replica_problem)))

    @property
    def interval(self) -> float:
        """Seconds between two looks at a young task."""
        return self._poller.interval

    @interval.setter
    def interval(self, seconds: float) -> None:
        self._poller.interval = max(MINIMUM_INTERVAL, seconds)

    @property
    def pace(self) -> float:
        """Seconds between two looks at a young task as things stand, which is more while nobody looks."""
        return self.interval if self._attended else max(self.interval, UNATTENDED_REST)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with every Update from now on; the function returned ends it."""
        return self._listeners.subscribe(listener)

    async def run(self) -> None:
        """Keep the watched tasks up to date until cancelled."""
        self._runs = True
        await self._observe()
        if self._disk_watcher.watch_list is None:
            await self._worker.run(self._make_own_due)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_watch())
                group.create_task(self._keep_asking())
                if self._quota is not None and self._may_ask:
                    group.create_task(self._quota.run())
                    self._want_quota()
        finally:
            self._runs = False
            self.step_down()
            await self._poller.connection.close()

    def look_also(self, fingerprint: Callable[[], object], changed: Callable[[], None]) -> None:
        """Look at other files of the user at each tick, and call back when they are other than before."""
        self._disk_watcher.others.append(OtherFiles(fingerprint, changed))

    def look_away(self) -> None:
        """Ask less often from now on, as nobody looks at this instance."""
        self._attended = False
        self._report()

    def look_back(self) -> None:
        """Ask as usual again, and at once for what fell due meanwhile."""
        self._attended = True
        self._want_quota()
        self._wake.set()
        self._report()

    async def refresh(self, ids: Iterable[str] = ()) -> None:
        """Have everything asked for at once that is open, and these ids even if they are settled, by any pane."""
        await self._soon(self._refresh(tuple(ids)))

    async def ask_for(self, task_id: str) -> None:
        """Ask for one task, whether it is due or not, and also where the engine does not run; the replica tells more.

        A failure is told as any other. In a pause nothing is asked.
        """
        if self._may_ask and not self._paused:
            batch = await self._poller.claim_for((task_id,))
            await self._observe(await self._poller.ask(batch, None))
            if not self._runs:
                await self._poller.connection.close()

    def pause(self) -> None:
        """Send no more requests by ourselves."""
        self._paused = True
        self._report()

    def resume(self) -> None:
        """Go on after a pause."""
        self._paused = False
        self._look_again.set()
        self._wake.set()
        self._report()

    def step_down(self) -> None:
        """Leave a request under way to the other instances, as when this one is suspended or ends."""
        self._worker.finish(self._give_back, LAST_WORD)

    async def add(self, ids: Iterable[str], label: str = "") -> Added:
        """Put ids on the watch list; those that were given up are asked for again. Raises StoreError."""
        added = await self._edit(partial(self._watch_list.add, tuple(ids), label=label, now=self._clock.now()))
        if added.already:
            await self.refresh(added.already)
        return added

    async def remove(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Take ids off the watch list, and return those that were on it. Raises StoreError."""
        return await self._edit(partial(self._watch_list.remove, tuple(ids), now=self._clock.now()))

    async def undo(self) -> Undone:
        """Take back the last removal, or the labels given since, and return which. Raises StoreError."""
        return await self._edit(partial(self._watch_list.undo_last, now=self._clock.now()))

    async def set_labels(self, ids: Iterable[str], label: str) -> None:
        """Give tasks a label, or take theirs away with an empty one. Raises StoreError."""
        await self._edit(partial(self._watch_list.set_labels, tuple(ids), label, now=self._clock.now()))

    def unsaved(self, seconds: float) -> str:
        """Return why a change came to nothing when the event loop ended before it, after so many seconds at most."""
        return self._pending_writes.problem(seconds)

    @property
    def _watch_list(self) -> WatchListFile:
        if self._disk_watcher.watch_list is None:
            raise RuntimeError(tr("ids that were named on the command line cannot be changed"))
        return self._disk_watcher.watch_list

    async def _edit(self, change: Callable[[], Result]) -> Result:
        """Change the watch list's file, and take that in at once, unless another program holds that up."""
        result = await self._pending_writes.save(change)
        await self._soon(self._observe())
        return result

    async def _soon(self, work: Coroutine[None, None, None]) -> None:
        """Wait for the end of some work, unless another program holds it up; then it ends without us."""
        running = asyncio.ensure_future(work)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        await asyncio.wait({running}, timeout=FIRST_WAIT)

    async def _refresh(self, ids: tuple[str, ...]) -> None:
        self._poller.key.hurry()
        await self._worker.run(lambda _: self._poller.lease.refresh(ids))
        self._wake.set()
        await self._observe()

    async def _keep_watch(self) -> None:
        while True:
            self._look_again.clear()
            await self._clock.wait(self._look_again, TICK)
            await self._observe()
            for other in self._disk_watcher.others:
                other.tell()

    async def _keep_asking(self) -> None:
        while True:
            self._wake.clear()
            claimed = await self._claim()
            if isinstance(claimed, Batch):
                await self._ask(claimed)
            else:
                await self._clock.wait(self._wake, None if claimed is None else claimed - self._clock.now())

    async def _claim(self) -> Batch | float | None:
        if self._paused or not self._may_ask:
            return None
        return await self._worker.run(self._claim_in_thread)

    def _claim_in_thread(self, _: Replica) -> Batch | float | None:
        """Claim, and note it where ``step_down`` finds it, even if nobody waits for the outcome any more."""
        claimed = self._poller.claim(attended=self._attended)
        self._batch = claimed if isinstance(claimed, Batch) else None
        return claimed

    def _give_back(self, _: Replica) -> None:
        if self._batch is not None:
            self._poller.lease.give_back(self._batch)

    async def _ask(self, batch: Batch) -> None:
        trouble = read_trouble(self._state.trouble)
        recorded = await self._poller.ask(batch, trouble.since if trouble else None)
        self._batch = None
        if recorded:
            self._want_quota()
        await self._observe(recorded)

    def _want_quota(self) -> None:
        """Have the quota read, as it may be another one, where somebody looks at it."""
        if self._quota is not None and self._attended and not self._paused:
            self._quota.want()

    async def _observe(self, recorded: frozenset[str] = frozenset()) -> None:
        """Take in what changed on disk, also by a request of our own, and report it."""
        before = self._state
        observed, self._state, self._replica_problem = await self._worker.run(partial(self._look, recorded=recorded))
        notice, self._poller.notice = self._poller.notice, ""
        if notice:
            observed = observed._replace(notice="\n".join(filter(None, (observed.notice, notice))))
        self._note_latency(before)
        due = self._state.next_poll
        if observed.others_wrote or observed.added or (due is not None and due <= self._clock.now()):
            self._wake.set()
        self._report(observed)

    def _note_latency(self, before: GatewayState) -> None:
        """Keep how long the last reply took, or that none came."""
        state = self._state
        if state.last_reply != before.last_reply and state.latency is not None:
            self._latencies.append(state.latency)
        elif state.trouble and not before.trouble:
            self._latencies.append(inf)

    def _look(self, replica: Replica, recorded: frozenset[str]) -> tuple[Observed, GatewayState, str]:
        observed = self._disk_watcher.look(replica, recorded)
        if self._quota is not None:
            self._quota.look(replica)
        return observed, self._poller.lease.state(attended=self._attended), replica.problem

    def _make_own_due(self, replica: Replica) -> None:
        """Make those due at once that were named in place of the watch list."""
        known = replica.summaries(self._disk_watcher.ids)
        open_ids = [name for name in self._disk_watcher.ids if name not in known or not known[name].phase.final]
        if open_ids:
            self._poller.lease.refresh(open_ids)

    def _report(self, observed: Observed | None = None) -> None:
        """Report what was observed, or how things stand if that is news; a request that is soon answered is none."""
        link = self.link
        if not link.unanswered(self._clock.now()):
            link = link._replace(asking_since=None)
        if observed or link != self._reported:
            self._reported = link
            self._listeners.report(link, observed or Observed())
