"""What a simulator can be told."""

from __future__ import annotations

from dataclasses import dataclass

from ecovai_tui.simulator.dialects import DIALECTS
from ecovai_tui.simulator.faults import Fault


@dataclass(frozen=True, slots=True)
class Options:
    """How a simulated gateway behaves; raises ValueError for a value that makes no sense.

    ``speed`` is simulated seconds a real second; ``population`` the number of tasks at the start; ``log_size`` the
    number of requests remembered. A ``slow`` answer comes after ``slow_seconds``, a ``hang`` ends without an answer
    after ``hang_seconds`` at the latest; both are real seconds.
    """

    seed: int = 1
    speed: float = 1.0
    dialect: str = "new-api-2026"
    faults: tuple[Fault, ...] = ()
    arrivals: bool = True
    population: int = 20
    log_size: int = 10_000
    slow_seconds: float = 3.0
    hang_seconds: float = 90.0

    def __post_init__(self) -> None:
        if self.dialect not in DIALECTS:
            raise ValueError(f"no dialect is called {self.dialect!r}; known: {', '.join(DIALECTS)}")
        if not 0 < self.speed <= 1_000_000:  # noqa: PLR2004 - far beyond any use, and still a clock
            raise ValueError(f"the speed must be more than 0 and at most 1,000,000, not {self.speed:g}")
        if self.population < 0:
            raise ValueError(f"the population cannot be {self.population}: it is a number of tasks, from 0 up")
