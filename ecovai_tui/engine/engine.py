"""The engine: polls what is due, watches the files, and reports to its listeners what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from ecovai_tui.engine.clock import Clock, ClockJump, let_others_work
from ecovai_tui.engine.disk_watcher import DiskWatcher, Observed
from ecovai_tui.engine.editing import Editing
from ecovai_tui.engine.leader import Leadership
from ecovai_tui.engine.panes import Panes
from ecovai_tui.engine.plan import Planner
from ecovai_tui.engine.poller import UNATTENDED_INTERVAL, Poller
from ecovai_tui.engine.schedule import MINIMUM_INTERVAL
from ecovai_tui.engine.updates import EngineState, Link, Listener, Listeners, Role
from ecovai_tui.store.database import ReplicaBusy
from ecovai_tui.store.ledger import Recorded
from ecovai_tui.store.replica import Replica
from ecovai_tui.store.watchlist import WatchListFile

TICK = 2.0
"""Seconds between two looks at the files of an instance that leads."""

FOLLOWER_TICK = 1.0
PRUNE_INTERVAL = 3600.0
"""Seconds between two clean-ups of the replica."""


class Engine(Editing):
    """Watches tasks for listeners, who are called on the event loop once the replica holds the news."""

    def __init__(
        self, *, poller: Poller, disk_watcher: DiskWatcher, leadership: Leadership, clock: Clock, may_ask: bool = True
    ) -> None:
        """``may_ask`` is False without a key: then the monitor only shows what is known."""
        super().__init__()
        self._poller = poller
        self._disk_watcher = disk_watcher
        self._planner = Planner(poller.plan, disk_watcher.replica, clock)
        self._panes = Panes(leadership, disk_watcher.replica, clock, may_ask=may_ask)
        self._clock = clock
        self._asking_since: float | None = None
        self._told_of: float | None = None
        """When the request went out of which it was told that no answer comes."""
        self._wake = asyncio.Event()
        self._look_again = asyncio.Event()
        self._looking = asyncio.Lock()
        self._pruned_at = float("-inf")
        self._clock_jump = ClockJump()
        self._listeners = Listeners()

    @property
    def replica(self) -> Replica:
        """The last known state of every task."""
        return self._disk_watcher.replica

    @property
    def role(self) -> Role:
        """What this instance does among all on the same profile."""
        return self._panes.role

    @property
    def link(self) -> Link:
        """How things stand between us and the gateway; a follower has it from the instance that leads."""
        if self.role is Role.FOLLOWING:
            return self._panes.link_of_leader
        return Link(
            trouble=self._poller.backoff.trouble,
            asking_since=self._asking_since,
            paused=self._panes.paused,
            next_poll=self._next_poll,
            last_reply=self._poller.last_reply,
            skew=self._poller.skew,
            unattended=not self._poller.attended,
        )

    @property
    def state(self) -> EngineState:
        """How things stand, all at once."""
        return EngineState(self.link, self.role, self.pace, self.problem)

    @property
    def problem(self) -> str:
        """Why the watch list cannot be read or the replica works from memory, for as long as it is so; else ""."""
        return "\n".join(filter(None, (self._disk_watcher.list_problem, self.replica.problem)))

    @property
    def interval(self) -> float:
        """Seconds between two looks at a young task."""
        return self._poller.plan.interval

    @interval.setter
    def interval(self, seconds: float) -> None:
        self._poller.plan.interval = max(MINIMUM_INTERVAL, seconds)

    @property
    def pace(self) -> float:
        """Seconds between two looks at a young task as things stand, which is more while nobody looks."""
        return max(self.interval, UNATTENDED_INTERVAL if self.link.unattended else 0.0)

    def look_away(self) -> None:
        """Ask seldom from now on, as nobody looks at this instance; one that is looked at gets the lead."""
        self._poller.attended = False
        self._publish()

    def look_back(self) -> None:
        """Ask as usual again, and at once for what fell due meanwhile."""
        self._poller.attended = True
        self._wake.set()
        self._publish()
        self._wish_for_lead()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener with every Update from now on; the function returned ends it."""
        return self._listeners.subscribe(listener)

    async def run(self) -> None:
        """Keep the watched tasks up to date until cancelled."""
        await self._begin()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._keep_watch())
                group.create_task(self._keep_asking())
        finally:
            self._panes.step_down()
            await self._poller.connection.close()

    def refresh(self, ids: Iterable[str] = ()) -> None:
        """Ask for everything that is open at once, and for these ids even if they are settled."""
        if self.role is Role.FOLLOWING:
            self._panes.wish(tuple(ids))
        else:
            self._poller.hurry(ids)
            self._wake.set()

    def pause(self) -> None:
        """Send no more requests by ourselves, and let another instance lead meanwhile."""
        self._panes.paused = True
        self.step_down()

    def resume(self) -> None:
        """Go on after a pause."""
        self._panes.paused = False
        with suppress(ReplicaBusy):
            self._claim_lead()
        self._look_again.set()
        self._publish()

    def step_down(self) -> None:
        """Let another instance lead until our next tick, as when this one is suspended."""
        self._panes.step_down()
        self._publish()

    @property
    def _next_poll(self) -> float | None:
        """When this instance itself asks; None where another one does, or nothing is due."""
        return self._poller.next_poll() if self._panes.leading and not self._panes.paused else None

    @property
    def _watch_list(self) -> WatchListFile:
        if self._disk_watcher.watch_list is None:
            raise RuntimeError("ids that were named on the command line cannot be changed")
        return self._disk_watcher.watch_list

    async def _begin(self) -> None:
        while True:
            with suppress(ReplicaBusy):
                async with self._looking:
                    await self._disk_watcher.start()
                if not self._claim_lead():  # where nobody leads, what the last one told is of no account any more
                    self._panes.hear()
                    self._wish_for_lead()
                return
            await self._clock.wait(asyncio.Event(), FOLLOWER_TICK)

    async def _keep_watch(self) -> None:
        while True:
            self._look_again.clear()
            if self._clock_jump.put_back(self._clock.now()):
                self._start_over()
            self._tell_of_no_answer()
            with suppress(ReplicaBusy):  # another look at the next tick
                await self._observe()
                if self._panes.owes_word:
                    self._panes.tell(self.link)
                self._panes.listen_for_leader()
                if self._claim_lead():
                    await self._plan_in_slices()
                    if self._panes.followed:
                        self._heed_wishes()
            await self._clock.wait(self._look_again, TICK if self._panes.leading else FOLLOWER_TICK)

    def _start_over(self) -> None:
        """Ask anew for everything: the clock was put back, so all that was planned would come that much too late."""
        self._poller.start_over()
        self._pruned_at = float("-inf")
        self._wake.set()

    async def _keep_asking(self) -> None:
        while True:
            self._wake.clear()
            look = self._next_poll
            if look is not None and look <= self._clock.now():
                look = await self._ask()
            await self._clock.wait(self._wake, None if look is None else look - self._clock.now())

    async def _ask(self) -> float | None:
        """Send one request, and return when to look again."""
        self._asking_since = self._clock.now()
        try:
            recorded = await self._poller.ask()
        except ReplicaBusy:
            return self._clock.now() + TICK
        finally:
            self._asking_since = None
        self._disk_watcher.wrote(recorded.rows)
        self._poller.plan.drop(recorded.seen - self._disk_watcher.ids)
        self._publish(recorded)
        return self._next_poll

    def _tell_of_no_answer(self) -> None:
        """Tell, once, of a request that takes unusually long, the other instances too."""
        asked_at, link = self._asking_since, self.link
        if asked_at not in {None, self._told_of} and link.unanswered(self._clock.now()):
            self._told_of = asked_at
            self._publish()

    async def _observe(self) -> None:
        async with self._looking:
            observed = await self._disk_watcher.look()
        self._poller.plan.drop(observed.removed)
        if self._panes.leading:
            self._plan(observed)
        elif observed.others_wrote:
            with suppress(ReplicaBusy):  # what was observed is told in any case
                self._panes.hear()
        if observed or self._panes.role_is_news:
            self._publish(observed=observed)
        if self._panes.leading:
            self._lead()
        else:
            self._follow(observed)
        await self._plan_in_slices()

    def _plan(self, observed: Observed) -> None:
        self._planner.add(observed.added | observed.changed)
        if observed.anew and self._disk_watcher.watch_list is not None:
            self._planner.add_all_open()

    def _lead(self) -> None:
        """Do what only one of all instances does."""
        if not self._panes.followed:
            return
        self._heed_wishes()
        self.replica.set_aside_if_damaged()
        if self._clock.now() - self._pruned_at >= PRUNE_INTERVAL:
            self._pruned_at = self._clock.now()
            self.replica.prune(self._pruned_at)

    def _heed_wishes(self) -> None:
        wanted = self._panes.wishes(gives_way=not self._poller.attended or self._poller.backoff.key_refused)
        if wanted is not None:
            self._poller.hurry(wanted)
            self._wake.set()

    def _follow(self, observed: Observed) -> None:
        """Leave to the leader what it has to do, and see that it does."""
        if observed.added:
            self._panes.miss()
        if observed.others_wrote:
            self._wish_for_lead()

    def _wish_for_lead(self) -> None:
        self._panes.wish_for_lead(attended=self._poller.attended, refused=self._poller.backoff.key_refused)

    def _claim_lead(self) -> bool:
        if not self._panes.claim():
            return False
        if self._disk_watcher.watch_list is None:
            self._ask_for_own()
        else:
            self._planner.add_all_open()
        self._publish()
        return True

    def _ask_for_own(self) -> None:
        """Ask at once for what was named in place of the watch list."""
        now, tasks = self._clock.now(), self._disk_watcher.own_tasks()
        for watched in tasks:
            self._poller.plan.put(watched, now)
        self._poller.hurry(watched.id for watched in tasks if not watched.summary.phase.final)
        self._wake.set()

    async def _plan_in_slices(self) -> None:
        """Plan what is waiting for it, and then tell when the gateway is asked next."""
        planned = False
        while self._planner.behind:
            await let_others_work()
            await self._planner.plan_slice()
            planned = True
            self._wake.set()
        if planned:
            self._publish()

    def _publish(self, recorded: Recorded | None = None, observed: Observed | None = None) -> None:
        link = self.link
        self._panes.tell(link)
        self._listeners.tell(link, self.role, recorded or Recorded(), observed or Observed())
