"""The one thread of a process that works with the replica once the first screen is painted."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeVar

from ecovai_tui.store.database import DatabaseLocked
from ecovai_tui.store.replica import Replica

Result = TypeVar("Result")


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
