"""The clock that the engine lives by, and what works beside its event loop: threads, and the one for the replica."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, ParamSpec, Protocol, TypeVar

from ecovai_tui.language import later, tr
from ecovai_tui.store.database import DatabaseLocked
from ecovai_tui.store.errors import StoreError
from ecovai_tui.store.replica import Replica


class Clock(Protocol):
    """The time, and waiting for it."""

    def now(self) -> float:
        """Return the time in Unix seconds."""

    def monotonic(self) -> float:
        """Return seconds since some moment, by a clock that nobody sets."""

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set or the time is over, whichever comes first; None waits for the event alone."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Return the time in Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds since the machine was started."""
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Return when the event is set or so many seconds are over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await event.wait()


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


async def in_thread(work: Callable[Parameters, Result], *args: Parameters.args, **named: Parameters.kwargs) -> Result:
    """Return what blocking work returns, or raise what it raises.

    Unlike the default executor's, the thread is a daemon: a key command that hangs does not delay the exit.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Result] = loop.create_future()

    def settle(settle_outcome: Callable[[], None]) -> None:
        if not outcome.done():
            settle_outcome()

    def run() -> None:
        try:
            result = work(*args, **named)
        except Exception as error:  # noqa: BLE001 the caller gets it, whatever it is
            failure = error
            _hand_over(loop, settle, lambda: outcome.set_exception(failure))
        else:
            _hand_over(loop, settle, lambda: outcome.set_result(result))

    threading.Thread(target=run, daemon=True).start()
    return await outcome


def _hand_over(
    loop: asyncio.AbstractEventLoop, settle: Callable[[Callable[[], None]], None], settle_outcome: Callable[[], None]
) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle, settle_outcome)


class ReplicaWorker:
    """Runs work on a replica in the order in which it was handed in; from the first on nobody else may touch it.

    What another program's lock is in the way of comes again behind the rest until it is done, so a caller only waits.
    The thread is a daemon: a lock that is never released delays no exit.
    """

    def __init__(self, replica: Replica) -> None:
        self._replica = replica
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[Replica], Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._stopped = False

    async def run(self, work: Callable[[Replica], Result]) -> Result:
        """Return what the work returns, or raise what it raises."""
        return await asyncio.wrap_future(self._begin(work))

    def finish(self, work: Callable[[Replica], object], seconds: float) -> None:
        """Wait for the end of some work, but so many seconds at most."""
        with suppress(TimeoutError, CancelledError):
            self._begin(work).result(seconds)

    def stop(self, seconds: float) -> bool:
        """End the thread, and return whether it ended within so many seconds, so that the replica is free again."""
        self._stopped = True
        if self._thread is None:
            return True
        self._jobs.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _begin(self, work: Callable[[Replica], Result]) -> Future[Result]:
        outcome: Future[Result] = Future()
        if self._stopped:
            outcome.cancel()
            return outcome
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()
        self._jobs.put((outcome, work))
        return outcome

    def _work(self) -> None:
        self._replica.be_patient()
        while (job := self._jobs.get()) is not None:
            outcome, work = job
            if outcome.cancelled():
                continue
            try:
                result = work(self._replica)
            except DatabaseLocked:
                self._jobs.put(job)
            except Exception as error:  # noqa: BLE001 the caller gets it, whatever it is
                with suppress(InvalidStateError):
                    outcome.set_exception(error)
            else:
                with suppress(InvalidStateError):
                    outcome.set_result(result)


CUT_SHORT = later(
    "The last change of the watch list was not saved: something has held it up. Check it with: ecovai-tui ls"
)


class PendingWrites:
    """Knows which changes are not on disk yet. They are saved in threads, which go on when the event loop has ended."""

    def __init__(self) -> None:
        self._under_way: set[threading.Event] = set()
        self._problem = ""

    async def save(self, change: Callable[[], Result]) -> Result:
        """Return what a change returns that writes to the disk, or raise what it raises."""
        over = threading.Event()
        self._under_way.add(over)
        try:
            result = await in_thread(lambda: self._noted(change, over))
        except StoreError:
            self._heard()
            raise
        self._heard()
        return result

    def problem(self, seconds: float) -> str:
        """Return why a change that nobody has heard of came to nothing, waiting so many seconds at most; else ""."""
        end = time.monotonic() + seconds
        saved = all(over.wait(max(0.0, end - time.monotonic())) for over in self._under_way)
        return self._problem if saved else tr(CUT_SHORT)

    def _noted(self, change: Callable[[], Result], over: threading.Event) -> Result:
        try:
            return change()
        except StoreError as error:
            self._problem = str(error)
            raise
        finally:
            over.set()

    def _heard(self) -> None:
        """Note that who asked for the changes knows how they ended."""
        self._under_way = {over for over in self._under_way if not over.is_set()}
        self._problem = ""
