"""The simulator as others use it: a gateway on a port, its tasks, and the truth about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from random import Random
from threading import Event, Thread
from typing import Self

from ecovai_tui.simulator.dialect import short_id
from ecovai_tui.simulator.gateway import Gateway
from ecovai_tui.simulator.options import Options, RequestLog, RequestRecord
from ecovai_tui.simulator.repertoire import find_script
from ecovai_tui.simulator.scripts import KindName
from ecovai_tui.simulator.server import LOOPBACK, Server
from ecovai_tui.simulator.songs import song_at
from ecovai_tui.simulator.world import World

SCRIPT_OF_KIND = {"music": "song", "lyrics": "lyrics"}
SHORTEST_NAP, LONGEST_NAP = 0.01, 1.0
JOIN_SECONDS = 0.5


class Simulator:
    """A gateway to practise on, at ``base_url`` from ``start`` to ``stop``; also a context manager.

    ``clock`` gives Unix seconds. ``on_new_id`` is called, from any thread, with each id that comes after the start:
    those that arrive by themselves and those submitted. The port is kept when the simulator is started again.
    """

    def __init__(
        self,
        options: Options,
        *,
        port: int = 0,
        key: str | None = None,
        clock: Callable[[], float] = time.time,
        on_new_id: Callable[[str], None] | None = None,
    ) -> None:
        self.options = options
        self.key = key if key is not None else f"sk-sim-{short_id(Random(f'{options.seed}:key'), 24)}"
        self._port = port
        self._clock = clock
        self._world = World(options, clock, on_new_id or (lambda _task_id: None))
        self._gateway = Gateway(options, self._world, self.key, clock)
        self._log = RequestLog(options.log_size)
        self._server: Server | None = None
        self._stopping = Event()
        self._arrivals: Thread | None = None

    def start(self) -> Self:
        """Begin to serve; starting twice changes nothing.

        Raises OSError if the port is taken, OverflowError if it is above 65535.
        """
        if self._server is None:
            self._server = Server(self._port, self._gateway, self._log, self.options, self._clock)
            self._port = self._server.server_port
            self._server.start()
            self._stopping.clear()
            self._arrivals = Thread(target=self._watch_arrivals, name="simulator arrivals", daemon=True)
            self._arrivals.start()
        return self

    def stop(self) -> None:
        """End the service with all its connections; the tasks go on. Stopping twice changes nothing."""
        self._stopping.set()
        server, self._server = self._server, None
        if server:
            server.stop()
        if self._arrivals:
            self._arrivals.join(JOIN_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_details: object) -> None:
        self.stop()

    @property
    def base_url(self) -> str:
        """Return where the gateway is; raises RuntimeError before the first start, when there is no port yet."""
        if not self._port:
            raise RuntimeError("the simulator has no address before it is started")
        return f"http://{LOOPBACK}:{self._port}"

    @property
    def ids(self) -> tuple[str, ...]:
        """Return all ids handed out by now, oldest first, those of lost tasks included."""
        self._world.advance()
        return self._world.ids

    @property
    def poison_id(self) -> str:
        """Return the id that the fault ``poison`` cannot bear in a batch: the youngest at the start, "" if none."""
        return self._world.poison_id

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """Return the last requests that were answered or given up, oldest first."""
        return self._log.records

    @property
    def under_way(self) -> int:
        """Return how many requests wait for their answer now."""
        return self._log.under_way

    def submit(self, kind: KindName = "music", script: str | None = None, title: str | None = None) -> str:
        """Begin a task now and return its id; a ``script`` decides the kind, and an unknown one raises ValueError."""
        chosen = find_script(script or SCRIPT_OF_KIND[kind])
        song = None if title is None else replace(song_at(len(self.ids), sung=chosen.kind == "lyrics"), title=title)
        return self._world.submit(chosen, song)

    def truth(self, task_id: str) -> str:
        """Return the phase that a perfect reader reports of this id now; "missing" for an id unknown here."""
        return self._world.truth(task_id)

    def _watch_arrivals(self) -> None:
        while self.options.arrivals and not self._stopping.wait(self._nap()):
            self._world.advance()

    def _nap(self) -> float:
        """Return how many real seconds to sleep until the next arrival, or until the clock is worth another look."""
        return min(max(self._world.next_arrival - self._clock(), SHORTEST_NAP), LONGEST_NAP)
