"""What a simulator can be told, and what it remembers of the requests it got."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from threading import Lock

from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.replies import Fault

NO_ANSWER = 0
"""The status of a request that was never answered."""


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request: when it was answered (Unix seconds), what it asked for, and how many were under way with it.

    ``concurrent`` counts the request itself: 1 means that it was alone. ``status`` is 0 if it got no answer.
    """

    at: float
    method: str
    path: str
    ids: tuple[str, ...]
    status: int
    concurrent: int


class RequestLog:
    """The last requests, oldest first, and the count of those under way; safe to use from many threads."""

    def __init__(self, size: int) -> None:
        self._records: deque[RequestRecord] = deque(maxlen=size)
        self._lock = Lock()
        self._under_way = 0
        self._begun = 0

    def begin(self) -> tuple[int, int]:
        """Note that a request came; return its number, from 1, and how many are now under way."""
        with self._lock:
            self._begun += 1
            self._under_way += 1
            return self._begun, self._under_way

    def end(self, record: RequestRecord) -> None:
        """Note how a request ended. To be called before its answer leaves, so that a client never overtakes it."""
        with self._lock:
            self._under_way -= 1
            self._records.append(record)

    @property
    def records(self) -> tuple[RequestRecord, ...]:
        """Return the requests that were answered or given up, oldest first."""
        with self._lock:
            return tuple(self._records)

    @property
    def under_way(self) -> int:
        """Return how many requests have come and not ended."""
        with self._lock:
            return self._under_way


@dataclass(frozen=True, slots=True)
class Options:
    """How a simulated gateway behaves; raises ValueError for a value that makes no sense.

    ``speed`` is simulated seconds a real second; ``population`` the number of tasks at the start; ``log_size`` the
    number of requests remembered. A ``slow`` answer comes after ``slow_seconds``, that of ``slow-60`` after
    ``very_slow_seconds``, a ``hang`` ends without an answer after ``hang_seconds`` at the latest; all are real seconds.
    ``own_files`` puts the addresses of the clips' files at this server, ``file_rate`` is their bytes a second.
    ``without`` are beginnings of paths that this gateway does not have, such as ``/mj/``. The addresses of
    pictures and videos work for so many seconds as ``lives`` says.
    """

    seed: int = 1
    speed: float = 1.0
    dialect: str = "new-api-2026"
    faults: tuple[Fault, ...] = ()
    arrivals: bool = True
    population: int = 20
    log_size: int = 10_000
    slow_seconds: float = 3.0
    very_slow_seconds: float = 60.0
    hang_seconds: float = 90.0
    own_files: bool = True
    file_rate: float | None = None
    without: tuple[str, ...] = ()
    lives: float = 86_400.0

    def __post_init__(self) -> None:
        if self.dialect not in DIALECTS:
            raise ValueError(f"no dialect is called {self.dialect!r}; known: {', '.join(DIALECTS)}")
        if not 0 < self.speed <= 1_000_000:  # noqa: PLR2004 - far beyond any use, and still a clock
            raise ValueError(f"the speed must be more than 0 and at most 1,000,000, not {self.speed:g}")
        if self.population < 0:
            raise ValueError(f"the population cannot be {self.population}: it is a number of tasks, from 0 up")
